"""The upload page in Firefox and in WebKitGTK, as a person uses it, on the store."""

from pathlib import Path

import pytest
from conftest import OpenSite
from upload_site import MIB
from wire import STALLED, sent_twice


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "hello world.txt"
    path.write_bytes(b"Hello, world\n")
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "żółw 🐢 1+1 100%41.png"
    path.write_bytes(b"other bytes")
    return path


def test_files_are_chosen(open_site: OpenSite, small: Path, other: Path) -> None:
    site = open_site()
    site.page.choose(small, other)
    assert site.check_stored(small)["ContentType"] == "text/plain"
    assert site.check_stored(other)["ContentType"] == "image/png"
    assert site.page.progress(small.name) == 1
    assert site.page.watched("complaints") == []


def test_a_large_one_goes_up_in_parts(open_site: OpenSite, five_parts: Path) -> None:
    site = open_site()
    site.page.choose(five_parts)
    site.check_stored(five_parts)
    assert sorted(site.parts_sent()) == [1, 2, 3, 4, 5]
    assert site.page.watched("complaints") == []


def test_pause_and_resume(open_site: OpenSite, five_parts: Path) -> None:
    """What the page knows to be stored is not sent again."""
    site = open_site()
    site.wire.hold_puts(STALLED, after=2)
    site.page.choose(five_parts)
    site.page.wait_until(lambda: len(site.page.watched("parts")) == 2, lambda: "no two parts get through")
    site.page.press(five_parts.name, "Pause")
    site.page.wait_for(five_parts.name, "running", "^Paused$")
    site.wire.pass_on()
    site.page.press(five_parts.name, "Resume")
    site.check_stored(five_parts)
    assert set(site.parts_sent()) == {1, 2, 3, 4, 5}
    assert sent_twice(site.wire.puts) == []


def test_it_goes_on_after_a_reload(open_site: OpenSite, five_parts: Path) -> None:
    """With what the store has."""
    site = open_site()
    site.wire.hold_puts(STALLED, after=2)
    site.page.choose(five_parts)
    site.page.wait_until(lambda: len(site.page.watched("parts")) == 2, lambda: "no two parts get through")
    site.page.open()
    site.wire.cut()
    site.wire.pass_on()
    site.wire.mend()
    (said,) = site.page.wait_until(site.page.unfinished, lambda: "nothing is said of it")
    assert five_parts.name in said and "%" in said
    site.page.choose(five_parts)
    site.check_stored(five_parts)
    assert site.page.unfinished() == []
    assert set(site.parts_sent()) == {1, 2, 3, 4, 5}
    assert sent_twice(site.wire.puts) == []


def test_cancel(open_site: OpenSite, five_parts: Path) -> None:
    site = open_site()
    site.wire.hold_puts(STALLED, after=1)
    site.page.choose(five_parts)
    site.page.wait_until(lambda: site.page.watched("parts"), lambda: "no part gets through")
    assert site.open_uploads() == 1
    site.page.press(five_parts.name, "Cancel")
    assert site.page.state(five_parts.name)[0] == "gone"
    site.page.wait_until(lambda: site.open_uploads() == 0, lambda: "the upload stays open")
    assert site.keys() == []


def test_a_type_that_is_not_allowed(open_site: OpenSite, small: Path) -> None:
    site = open_site(UPLOAD_TYPES="image/*")
    site.page.choose(small)
    assert "image" in site.page.wait_for(small.name, "failed", "not allowed")
    assert site.wire.puts == [] and site.keys() == []


def test_the_connection_is_lost(open_site: OpenSite, five_parts: Path, small: Path) -> None:
    site = open_site()
    site.wire.hold_puts(STALLED, after=1)
    site.page.choose(five_parts)
    site.page.wait_until(lambda: site.page.watched("parts"), lambda: "no part gets through")
    site.wire.cut()
    site.page.choose(small)
    for path in (five_parts, small):
        site.page.wait_for(path.name, "running", "Trying again")
    site.wire.pass_on()
    site.wire.mend()
    site.check_stored(five_parts)
    site.check_stored(small)
    assert sent_twice(site.wire.puts) == []


@pytest.mark.parametrize("size", [13, 17 * MIB], ids=["one PUT", "in parts"])
def test_checksums_where_they_are_required(open_site: OpenSite, tmp_path: Path, size: int) -> None:
    site = open_site(UPLOAD_REQUIRE="sha256")
    path = tmp_path / "file.bin"
    path.write_bytes(b"x" * size)
    site.page.choose(path)
    assert site.check_stored(path)["ChecksumSHA256"]
    assert site.page.watched("workers") == 1
    assert site.page.watched("complaints") == []
