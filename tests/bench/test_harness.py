"""The harness measures what it says, with the function, and refuses a reply that is none."""

import platform
from pathlib import Path
from typing import Any, Dict

import growth_events
import pytest
from growth_events import SEAL_SECRET, compact, of_parts, of_size
from measurements import Samples
from peer_builds import SIGNED, Program
from programs import ECHO, EVENT, FUNCTION, RAW, Harness, files_event, ours, variants, written

FOLDER = Path("build") / {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


def measured(mode: str, *arguments: object, programs: Any = None) -> Samples:
    samples = Samples()
    Harness(FOLDER)(samples, mode, *arguments, programs=programs or ours(FOLDER))
    return samples


def test_starts() -> None:
    samples = measured("start", 3)
    assert samples.names("start") == [RAW, ECHO, FUNCTION]
    for name in samples.names("start"):
        assert len(samples["start", name]) == 3
        assert all(0 < cpu for cpu in samples["start", name, 1]) and all(0 < faults for faults in samples["start", name, 2])


def test_warm_calls_with_settings() -> None:
    samples = measured("warm", 2, 1, 5, EVENT, programs=[*ours(FOLDER), *variants(FOLDER)])
    assert len(samples.names("warm")) == 5
    for name in samples.names("warm"):
        assert (len(samples["warm", name]), len(samples["cpu", name]), len(samples["resident", name])) == (10, 2, 1)


def test_a_rate_counts_answers() -> None:
    function = ours(FOLDER)[2]
    several = Program(FUNCTION, f"AWS_LAMBDA_MAX_CONCURRENCY=3 {function.command}", SIGNED)
    samples = measured("rate", 1, 1, EVENT, programs=[several])
    (answered,), (resident,) = samples["rate", FUNCTION], samples["rate", FUNCTION, 3]
    assert answered > 0 and resident > 0


def test_a_reply_without_a_url_ends_it(capfd: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit, match="harness: an echo: POST"):
        measured("warm", 1, 0, 1, EVENT, programs=[Program("an echo", str(FOLDER / "bench" / "echo"), SIGNED)])


@pytest.mark.parametrize("bytes_", [1000, 6 * 1024 * 1024])
def test_events_of_a_size(bytes_: int) -> None:
    event = written(FOLDER, "event-of-test.json", of_size(bytes_))
    assert event.stat().st_size == bytes_
    assert len(measured("warm", 1, 0, 1, event).names("warm")) == 3


@pytest.mark.parametrize("count", [1, 500])
def test_events_of_parts(count: int) -> None:
    event = written(FOLDER, "parts-of-test.json", of_parts(count))
    function = Program(FUNCTION, f"UPLOAD_SEAL_SECRET={SEAL_SECRET} {FOLDER / 'bootstrap'}", f'\\"{count}\\":\\"https://')
    assert measured("warm", 1, 0, 1, event, programs=[function]).names("warm") == [FUNCTION]


def test_the_events_leave_the_samples_as_they_are() -> None:
    first: Dict[str, Any] = of_parts(2)
    assert compact(first) == compact(of_parts(2)) != compact(of_parts(3))
    assert growth_events.PARTS_EVENT.exists() and files_event(FOLDER).exists()
