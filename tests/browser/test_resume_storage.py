"""Where a browser keeps nothing, files are uploaded all the same; and what it keeps outlives it."""

from pathlib import Path
from typing import Any, Iterator

import pytest
from browser import Tab
from conftest import BUCKET, Deploy, Resume
from playwright.sync_api import BrowserContext
from resuming import Resuming, chromium_of, kill_chromium_of
from upload_page import MIB
from wire import STALLED, Wire, sent_twice

# What is done to the page, and what is so then.
WITHOUT = {
    "no database": (
        "() => { delete Window.prototype.indexedDB; delete window.indexedDB; }",
        "typeof indexedDB === 'undefined'",
    ),
    "a database that is denied": (
        """() => { Object.defineProperty(window, 'indexedDB', {
          get() { throw new DOMException('denied', 'SecurityError'); } }); }""",
        "() => { try { return !indexedDB; } catch { return true; } }",
    ),
    "no locks": ("() => { delete Navigator.prototype.locks; }", "navigator.locks === undefined"),
    "locks that are denied": (
        """() => { LockManager.prototype.request = LockManager.prototype.query =
          async () => { throw new DOMException('denied', 'SecurityError'); }; }""",
        "navigator.locks.query().then(() => false, () => true)",
    ),
    "no checksums": ("() => { delete Crypto.prototype.subtle; }", "crypto.subtle === undefined"),
}
ANOTHER = """() => new Promise((resolve) => {
  const opening = indexedDB.open('countersign', 1);
  opening.onsuccess = () => { opening.result.close(); resolve(); };
})"""
# A deletion waits for what is open, and whoever opens it now waits for the deletion.
HANGING = """() => new Promise((resolve) => {
  const opening = indexedDB.open('countersign', 1);
  opening.onsuccess = () => { indexedDB.deleteDatabase('countersign').onblocked = resolve; };
})"""


@pytest.fixture
def here(resuming: Resume) -> Iterator[Resuming]:
    opened = resuming("storage/{id}/{name}")
    yield opened
    opened.tab.page.goto("about:blank")


def check_stored(here: Resuming, s3: Any, path: Path) -> None:
    outcome = here.outcome()
    assert "key" in outcome, outcome
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == path.read_bytes()


@pytest.mark.parametrize(("change", "is_so"), WITHOUT.values(), ids=WITHOUT)
def test_without(here: Resuming, s3: Any, five_parts: Path, change: str, is_so: str) -> None:
    here.tab.page.evaluate(change)
    assert here.tab.page.evaluate(is_so) is True
    here.start(five_parts)
    check_stored(here, s3, five_parts)
    assert here.tab.complaints == []


@pytest.mark.parametrize("how", ["no locks", "locks that are denied"])
def test_it_goes_on_without_locks(here: Resuming, s3: Any, equal_parts: Path, how: str) -> None:
    here.tab.page.add_init_script(f"({WITHOUT[how][0]})()")
    here.tab.page.reload()
    here.start_until(equal_parts, 2)
    here.reload()
    assert len(here.unfinished()) == 1
    here.start(equal_parts)
    check_stored(here, s3, equal_parts)
    assert here.outcome()["resumedBytes"] == 2 * here.part_bytes


def test_a_database_that_is_another(here: Resuming, s3: Any, five_parts: Path) -> None:
    here.tab.page.evaluate(ANOTHER)
    here.start(five_parts)
    check_stored(here, s3, five_parts)
    assert here.unfinished() == []


def test_a_database_that_hangs(here: Resuming, s3: Any, five_parts: Path) -> None:
    """It is given up after some seconds, which the page's clock has soon."""
    here.tab.page.evaluate(HANGING)
    here.tab.page.clock.install()
    here.start(five_parts)

    def outcome_of_next_second() -> Any:
        here.tab.page.clock.run_for(1000)
        return here.tab.page.evaluate("outcome")

    here.tab.wait_until(outcome_of_next_second, "it hangs, too")
    check_stored(here, s3, five_parts)


def test_a_disk_that_is_full(here: Resuming, s3: Any, equal_parts: Path) -> None:
    origin = here.tab.page.evaluate("location.origin")
    session = here.tab.page.context.new_cdp_session(here.tab.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    here.wire.hold_puts(STALLED, after=2)
    here.start(equal_parts)
    here.tab.wait_until(lambda: [put.is_stored for put in here.wire.puts].count(True) == 2, "")
    assert here.kept() == []
    here.wire.pass_on()
    check_stored(here, s3, equal_parts)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})


def test_a_handle_that_cannot_be_kept(here: Resuming, s3: Any, five_parts: Path) -> None:
    here.tab.page.evaluate(
        "window.handle = { getFile: () => document.getElementById('files').files[0] }"
    )
    here.tab.choose_from_disk(five_parts)
    here.start_chosen(from_handle=True)
    check_stored(here, s3, five_parts)


@pytest.mark.timeout(180)
def test_a_browser_is_killed(
    profile: BrowserContext, wire_to_store: Wire, deploy_to: Deploy, pages: str, s3: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    """At 62 % of 201 MB. No byte of a part that is stored comes twice."""
    path = tmp_path / "holiday.mp4"
    path.write_bytes(b"".join(i.to_bytes(4, "big") * (MIB // 16) for i in range(24 * 32)))
    api = deploy_to("killed/{id}/{name}")
    browsers = profile.browser.browser_type
    with chromium_of(browsers, tmp_path / "profile") as first:
        here = Resuming(Tab(first.new_page()), wire_to_store, api)
        here.tab.open(pages)
        here.start_until(path, 15)
        stored_bytes = 15 * here.part_bytes
        kill_chromium_of(tmp_path / "profile")
    here.lose_what_is_held()
    with chromium_of(browsers, tmp_path / "profile") as second:
        here = Resuming(Tab(second.new_page()), wire_to_store, api)
        here.tab.open(pages)
        here.start(path)
        outcome = here.outcome()
    assert outcome["resumedBytes"] == stored_bytes
    assert sent_twice(wire_to_store.puts) == []
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == path.read_bytes()
