"""Two tabs with the same file, and what is unfinished."""

from pathlib import Path
from typing import Any, Iterator

import pytest
from browser import Tab
from conftest import BUCKET, Deploy, Resume
from playwright.sync_api import BrowserContext
from resuming import Resuming
from upload_page import MIB
from wire import Wire, sent_twice

WEEK_MS = 7 * 24 * 3600 * 1000
IN_THE_BROWSERS_OWN = """async (size) => {
  const folder = await navigator.storage.getDirectory();
  window.handle = await folder.getFileHandle('own.bin', { create: true });
  const writable = await handle.createWritable();
  await writable.write(new Uint8Array(size).map((_, i) => i / 65536));
  await writable.close();
}"""


@pytest.fixture
def here(resuming: Resume) -> Resuming:
    return resuming("resume/{id}/{name}")


@pytest.fixture
def there(profile: BrowserContext, pages: str, here: Resuming) -> Iterator[Resuming]:
    """Another tab with the same page."""
    tab = Tab(profile.new_page())
    tab.open(pages)
    yield Resuming(tab, here.wire, here.api)
    tab.page.close()


def wait_for_two(here: Resuming) -> None:
    """One tab has the lock, and another waits for it."""
    query = "navigator.locks.query().then(({ held, pending }) => held.length + pending.length)"
    here.tab.wait_until(lambda: here.tab.page.evaluate(query) == 2, "the second does not wait")


def body_of(s3: Any, key: str) -> Any:
    return s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def test_the_second_tab_gets_what_the_first_stored(
    here: Resuming, there: Resuming, s3: Any, equal_parts: Path
) -> None:
    here.start_until(equal_parts, 2)
    there.start(equal_parts)
    wait_for_two(here)
    here.wire.pass_on()
    outcome = here.outcome()
    assert there.outcome()["key"] == outcome["key"]
    assert body_of(s3, outcome["key"]) == equal_parts.read_bytes()
    assert there.tab.sent("PUT", "") == []
    assert here.kept() == []


def test_the_second_tab_goes_on_when_the_first_is_closed(
    here: Resuming, there: Resuming, s3: Any, equal_parts: Path
) -> None:
    here.start_until(equal_parts, 2)
    there.start(equal_parts)
    wait_for_two(here)
    here.tab.page.goto("about:blank")
    there.lose_what_is_held()
    outcome = there.outcome()
    assert body_of(s3, outcome["key"]) == equal_parts.read_bytes()
    assert outcome["resumedBytes"] == 2 * here.part_bytes
    assert sent_twice(here.wire.puts) == []


def test_a_tab_that_waits_can_be_given_up(
    here: Resuming, there: Resuming, s3: Any, equal_parts: Path
) -> None:
    """The other's parts are its own."""
    here.start_until(equal_parts, 2)
    there.start(equal_parts)
    wait_for_two(here)
    there.tab.page.evaluate("abort.abort()")
    assert there.outcome()["name"] == "AbortError"
    here.wire.pass_on()
    assert body_of(s3, here.outcome()["key"]) == equal_parts.read_bytes()


def test_what_is_stored_can_be_sent_once_more(here: Resuming, five_parts: Path) -> None:
    here.start(five_parts)
    first = here.outcome()
    here.start(five_parts)
    second = here.outcome()
    assert first["key"] != second["key"]


def test_a_result_that_nobody_took_is_nobodys(
    here: Resuming, s3: Any, equal_parts: Path
) -> None:
    """The tab that waited was closed just then."""
    for look in (True, False):
        here.start_until(equal_parts, 2)
        here.reload()
        here.change_kept(sent={"key": "of another"})
        if look:
            assert here.unfinished() == []
            here.tab.wait_until(lambda: not here.kept(), "it is kept")
    here.start(equal_parts)
    assert body_of(s3, here.outcome()["key"]) == equal_parts.read_bytes()


def test_one_that_failed_goes_on_after_another_tab_stored_it(
    here: Resuming, there: Resuming, s3: Any, equal_parts: Path
) -> None:
    """It was begun there and ended here: what it knew of it is over."""
    refusal = {"status": 403, "headers": {"Access-Control-Allow-Origin": "*"}, "body": ""}
    here.tab.page.route("**/*partNumber=5&*", lambda route: route.fulfill(**refusal), times=1)
    here.start(equal_parts)
    assert "status 403" in here.outcome()["message"]
    there.start(equal_parts)
    first = there.outcome()
    assert first["resumedBytes"] > 0
    here.tab.page.evaluate("start()")
    second = here.outcome()
    assert body_of(s3, second["key"]) == body_of(s3, first["key"]) == equal_parts.read_bytes()


def test_what_is_unfinished(here: Resuming, s3: Any, equal_parts: Path, tmp_path: Path) -> None:
    here.options = {"name": "album/large.bin", "metadata": {"path": "album/large.bin"}}
    here.start_until(equal_parts, 3)
    assert here.unfinished() == []  # it is under way
    here.reload()
    (kept,) = here.kept()
    here.tab.choose_from_disk(equal_parts)
    assert here.unfinished() == [
        {
            "name": "album/large.bin",
            "metadata": {"path": "album/large.bin"},
            "type": "application/octet-stream",
            "size": equal_parts.stat().st_size,
            "storedBytes": 3 * here.part_bytes,
            "startedAt": kept["startedAt"],
            "fits": True,
        }
    ]
    other = tmp_path / "large.bin"
    other.write_bytes(equal_parts.read_bytes()[:-1] + b"!")
    here.tab.choose_from_disk(other)
    assert [one["fits"] for one in here.unfinished()] == [False]
    here.tab.page.evaluate("found[0].forget()")
    assert (here.unfinished(), here.kept()) == ([], [])
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET, Prefix=kept["key"])


def test_of_other_endpoints_nothing_is_told(
    here: Resuming, deploy_to: Deploy, equal_parts: Path
) -> None:
    here.start_until(equal_parts, 1)
    here.reload()
    assert len(here.unfinished()) == 1
    here.api = deploy_to("other/{id}/{name}")
    assert here.unfinished() == []


def test_a_handle_is_kept(here: Resuming, s3: Any) -> None:
    """So that nothing need be chosen again."""
    here.tab.page.evaluate(IN_THE_BROWSERS_OWN, 30 * MIB)
    here.wire.hold_puts("stalled", after=2)
    here.start_chosen(from_handle=True)
    here.wait_for_parts(2)
    here.reload()
    assert len(here.unfinished()) == 1
    here.tab.page.evaluate("() => { window.handle = found[0].handle; }")
    here.start_chosen(from_handle=True)
    outcome = here.outcome()
    assert outcome["resumedBytes"] == 2 * here.part_bytes
    assert len(body_of(s3, outcome["key"])) == 30 * MIB


def test_after_a_week_nothing_is_kept(here: Resuming, s3: Any, equal_parts: Path) -> None:
    """Nothing can be done with its id any more."""
    here.start_until(equal_parts, 2)
    here.reload()
    (kept,) = here.kept()
    here.tab.page.clock.set_fixed_time((kept["startedAt"] + WEEK_MS - 1) / 1000)
    assert len(here.unfinished()) == 1
    here.tab.page.clock.set_fixed_time((kept["startedAt"] + WEEK_MS) / 1000)
    assert here.unfinished() == []
    here.tab.wait_until(lambda: not here.kept(), "it is kept")
    here.start(equal_parts)
    outcome = here.outcome()
    assert (outcome["resumedBytes"], outcome["key"] != kept["key"]) == (0, True)
