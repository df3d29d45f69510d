"""Posts that are never answered, and answers that never end."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, Run
from echo_process import EchoProcess
from runtime_api import REQUEST_ID, Gate, Reply, RuntimeApi, answer, invocation

Launch = Callable[..., Run]
Serve = Callable[..., Run]
Start = Callable[..., EchoProcess]

DEADLINE = "Lambda-Runtime-Deadline-Ms"
RESPONSE = f"invocation/{REQUEST_ID}/response"
AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")
# In milliseconds. The runtime looks at its clock again when it has waited for a minute.
MARGIN, A_MINUTE, AN_HOUR = 10_000, 60_000, 3_600_000
PASSED = {DEADLINE: "1"}
WORKERS = {"one worker": {}, "four workers": FOUR_WORKERS}
POSTS = {
    "response": (b"reply", "response"),
    "error": (b"!fail Function.Broken|message", "error"),
    "stream": (b"!do stream text/plain|write reply", "response"),
    "stream that fails": (b"!do stream text/plain|write reply|fail Function.Broken x", "response"),
}

workers = pytest.mark.parametrize("workers", WORKERS.values(), ids=WORKERS)
posts = pytest.mark.parametrize(("event", "call"), POSTS.values(), ids=POSTS)


def never(**reply: object) -> Reply:
    return answer(202, holds=Gate(), **reply)


@pytest.fixture
def clock(preload: Callable[[str], str]) -> Callable[..., dict]:
    """A clock that passes over waits of up to so many milliseconds, when nothing ends them."""

    def passing(up_to_ms: int) -> dict:
        return {"LD_PRELOAD": preload("passing_clock"), "PASSING_MS": str(up_to_ms)}

    return passing


@posts
@pytest.mark.parametrize("where", ["before the status", "in the headers", "in the body"])
def test_after_the_deadline_an_answer_is_given_up(
    serve: Serve, clock: Callable[..., dict], event: bytes, call: str, where: str
) -> None:
    """It is told, and the next event is asked for on another connection."""
    run = serve(
        next=[invocation(event, headers=PASSED), AFTER], **{call: [never(holds_at=where)]}, **clock(up_to_ms=MARGIN)
    )
    lost, after = run.of("response", "error")
    assert lost.path == f"invocation/{REQUEST_ID}/{call}"
    assert (after.path, after.body) == AFTER_POST
    assert lost.connection != run.of("next")[1].connection
    assert REQUEST_ID in run.logs and "in time" in run.logs


DRIP: dict = {"piece_bytes": 1, "pause_seconds": 0.005}


@pytest.fixture
def jumping(preload: Callable[[str], str]) -> dict:
    """A clock on which each look at it takes a tenth of a second."""
    return {"LD_PRELOAD": preload("passing_clock"), "PASSING_MS": "0", "JUMP_MS": "100"}


@posts
@pytest.mark.parametrize("where", ["body", "interim"])
def test_an_answer_that_comes_byte_by_byte_is_given_up_as_well(
    serve: Serve, jumping: dict, event: bytes, call: str, where: str
) -> None:
    """Far more bytes than there are looks at the clock until the limit."""
    slow = {"body": {"body": b"x" * 5000}, "interim": {"interim": b"HTTP/1.1 102 Wait\r\n\r\n" * 300}}[where]
    run = serve(
        next=[invocation(event, headers=PASSED), AFTER], **{call: [Reply(202, **slow, **DRIP)]}, **jumping
    )
    assert run.posts[1:] == [AFTER_POST]
    assert REQUEST_ID in run.logs and "in time" in run.logs


@workers
def test_after_a_sigterm_interim_heads_are_not_waited_for(launch: Launch, workers: dict) -> None:
    """However long they go on."""
    endless = invocation(b"event", interim=b"HTTP/1.1 102 Wait\r\n\r\n" * 2000, piece_bytes=23, pause_seconds=0.01)
    run = launch(next=[endless], **workers)
    run.wait_for(lambda: len(run.of("next")) == run.workers, "each has asked")
    run.process.send_signal(signal.SIGTERM)
    assert run.wait_for_exit() == 0
    assert run.posts == []


DEADLINES = {"far away": {}, "not told": {"without": [DEADLINE]}, "no number": {"headers": {DEADLINE: "soon"}}}


@posts
@pytest.mark.parametrize("deadline", DEADLINES.values(), ids=DEADLINES)
def test_no_answer_is_waited_for_longer_than_an_invocation_lasts(
    serve: Serve, clock: Callable[..., dict], event: bytes, call: str, deadline: dict
) -> None:
    run = serve(next=[invocation(event, **deadline)], **{call: [never()]}, **clock(up_to_ms=A_MINUTE))
    assert len(run.posts) == 1
    assert run.goes_on()
    assert REQUEST_ID in run.logs and "in time" in run.logs


def test_the_deadline_is_that_of_the_invocation_in_hand(serve: Serve, clock: Callable[..., dict]) -> None:
    """The one before had one that is far away."""
    events = [AFTER, invocation(b"x", headers=PASSED), AFTER, invocation(b"x", headers=PASSED)]
    run = serve(next=events, response=[answer(202), never()] * 2, **clock(up_to_ms=MARGIN))
    assert [path for path, _ in run.posts] == [AFTER_POST[0], RESPONSE] * 2
    assert run.logs.count("in time") == 2


@posts
@workers
def test_after_a_sigterm_no_answer_is_waited_for(
    launch: Launch, clock: Callable[..., dict], event: bytes, call: str, workers: dict
) -> None:
    run = launch(next=[invocation(event)], **{call: [never()]}, **workers, **clock(up_to_ms=MARGIN))
    run.wait_for(lambda: len(run.of(call)) == 1, "the post")
    run.process.send_signal(signal.SIGTERM)
    assert run.wait_for_exit() == 0
    assert REQUEST_ID in run.logs and "in time" in run.logs


@workers
@pytest.mark.parametrize("where", ["in the headers", "in the body"])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_after_a_sigterm_half_an_event_is_not_waited_for(
    launch: Launch, clock: Callable[..., dict], workers: dict, where: str, framing: str
) -> None:
    gate = Gate()
    half = invocation(b"event", framing=framing, holds=gate, holds_at=where)
    run = launch(next=[half], **workers, **clock(up_to_ms=MARGIN))
    gate.wait_until_reached()
    number = next(request.connection for request in run.of("next"))
    run.wait_for(lambda: run.api.has_been_read(number), "the half is read")
    run.process.send_signal(signal.SIGTERM)
    assert run.wait_for_exit() == 0
    # Whose event it is has come, so its caller is told; nobody knows whose half a head is.
    lost = [json.loads(body)["errorType"] for _, body in run.posts]
    assert lost == (["Runtime.EventLost"] if where == "in the body" else [])
    assert "in time" in run.logs


STEPS = "!do stream text/plain|bytes 100000000|write more"


def test_a_stream_that_nobody_reads_is_given_up(serve: Serve, clock: Callable[..., dict]) -> None:
    """A write that waits is a wait as well."""
    stuck = Reply(202, stalls=Gate(), stalls_at=1000)
    run = serve(next=[invocation(STEPS.encode(), headers=PASSED), AFTER], response=[stuck], **clock(up_to_ms=MARGIN))
    assert AFTER_POST in run.posts
    assert run.logs.count("a write failed") == 2
    assert REQUEST_ID in run.logs and "in time" in run.logs


def test_a_report_of_the_start_is_not_waited_for(start: Start, clock: Callable[..., dict]) -> None:
    with RuntimeApi(init_error=[never()]) as api:
        process = start(
            AWS_LAMBDA_RUNTIME_API=api.address, ECHO_INIT_ERROR="Function.Broken|no start", **clock(up_to_ms=MARGIN)
        )
        assert process.wait(60) == 1
        assert "no start" in process.logs and "in time" in process.logs
        assert len(api.posts) == 1


@pytest.mark.parametrize("where", ["before the status", "in the headers", "in the body"])
def test_an_event_is_waited_for_without_end(
    launch: Launch, clock: Callable[..., dict], tmp_path: Path, where: str
) -> None:
    """Also the rest of one, as long as nobody wants to stop."""
    gate = Gate()
    passed = tmp_path / "passed"
    run = launch(
        next=[invocation(b"!do gate a", holds=gate, holds_at=where)],
        **clock(up_to_ms=A_MINUTE),
        PASSED_FILE=str(passed),
        PASSED_MS=str(AN_HOUR),
    )
    run.wait_for(passed.exists, "an hour has passed")
    gate.open()
    run.wait_for_gates("a")
    assert len(run.of("next")) == 1
    assert run.logs == ""
