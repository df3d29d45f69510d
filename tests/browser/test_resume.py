"""An upload in parts outlives its page: it goes on with what S3 has of it."""

import shutil
from pathlib import Path
from typing import Any, Dict, List

import pytest
import receipts
from conftest import BUCKET, OpenPage, Resume
from harness import ROOT
from playwright.sync_api import Route
from resuming import Resuming
from upload_page import MIB
from wire import sent_twice


@pytest.fixture
def here(resuming: Resume) -> Resuming:
    return resuming("resume/{id}/{name}")


def check_stored(s3: Any, outcome: Dict[str, Any], path: Path) -> None:
    assert "key" in outcome, outcome
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == path.read_bytes()


def begun(s3: Any) -> List[Dict[str, Any]]:
    """What was begun in parts, and neither joined nor aborted."""
    return list(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))


def keys_begun(s3: Any) -> List[str]:
    return [upload["Key"] for upload in begun(s3)]


@pytest.fixture(autouse=True)
def none_begun(s3: Any) -> None:
    for upload in begun(s3):
        s3.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])


def test_it_goes_on_after_a_reload(here: Resuming, s3: Any, equal_parts: Path) -> None:
    here.start_until(equal_parts, 2)
    here.reload()
    here.start(equal_parts)
    outcome = here.outcome()
    check_stored(s3, outcome, equal_parts)
    assert outcome["resumedBytes"] == 2 * here.part_bytes
    assert here.tab.page.evaluate("seen[1]") == 2 * here.part_bytes
    assert sent_twice(here.wire.puts) == []
    assert (here.kept(), begun(s3)) == ([], [])


def test_a_paused_one_goes_on_after_a_reload(here: Resuming, s3: Any, equal_parts: Path) -> None:
    here.start_until(equal_parts, 3)
    here.tab.page.evaluate("upload.pause()")
    here.reload()
    here.start(equal_parts)
    outcome = here.outcome()
    check_stored(s3, outcome, equal_parts)
    assert outcome["resumedBytes"] == 3 * here.part_bytes
    assert sent_twice(here.wire.puts) == []


def test_parts_with_checksums(
    resuming: Resume, s3: Any, equal_parts: Path, examples: Path
) -> None:
    """Their worker must be of the page's own origin."""
    for name in ("countersign.js", "sha256_worker.js"):
        shutil.copy(ROOT / "build/web" / name, examples)
    here = resuming("resume/{id}/{name}", UPLOAD_REQUIRE="sha256")
    here.module = "/examples/countersign.js"
    here.start_until(equal_parts, 2)
    here.reload()
    here.start(equal_parts)
    check_stored(s3, here.outcome(), equal_parts)
    assert sent_twice(here.wire.puts) == []


def test_a_receipt_comes_all_the_same(resuming: Resume, equal_parts: Path) -> None:
    here = resuming("resume/{id}/{name}", **receipts.ON)
    receipts.without_the_completions(here.tab)
    here.start_until(equal_parts, 2)
    here.reload()
    here.start(equal_parts)
    outcome = here.outcome()
    size = equal_parts.stat().st_size
    assert receipts.proved(outcome["receipt"]) == (outcome["key"], size)


def test_a_file_that_changed_starts_anew(here: Resuming, s3: Any, tmp_path: Path) -> None:
    """The parts of the old one are deleted."""
    path = tmp_path / "holiday.mp4"
    path.write_bytes(b"old" * (10 * MIB))
    here.start_until(path, 2)
    here.reload()
    path.write_bytes(b"new" * (10 * MIB))
    here.start(path)
    outcome = here.outcome()
    check_stored(s3, outcome, path)
    assert outcome["resumedBytes"] == 0
    here.tab.wait_until(lambda: not begun(s3), "the old parts are not deleted")
    assert here.kept() == []


def test_other_metadata_start_anew(here: Resuming, s3: Any, equal_parts: Path) -> None:
    here.start_until(equal_parts, 2)
    here.reload()
    here.options = {"metadata": {"album": "2"}}
    here.start(equal_parts)
    outcome = here.outcome()
    assert outcome["resumedBytes"] == 0
    assert s3.head_object(Bucket=BUCKET, Key=outcome["key"])["Metadata"] == {"album": "2"}


def test_what_was_given_up_is_not_kept(here: Resuming, s3: Any, equal_parts: Path) -> None:
    here.start_until(equal_parts, 2)
    here.tab.page.evaluate("abort.abort()")
    assert here.outcome()["name"] == "AbortError"
    here.tab.wait_until(lambda: not (here.kept() or begun(s3)), "it is kept")
    here.reload()
    here.start(equal_parts)
    outcome = here.outcome()
    check_stored(s3, outcome, equal_parts)
    assert outcome["resumedBytes"] == 0


def test_what_s3_has_no_more_begins_anew(here: Resuming, s3: Any, equal_parts: Path) -> None:
    """Silently: a lifecycle rule deletes parts, too."""
    here.start_until(equal_parts, 2)
    (upload,) = begun(s3)
    s3.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
    here.reload()
    here.start(equal_parts)
    outcome = here.outcome()
    check_stored(s3, outcome, equal_parts)
    assert (outcome["resumedBytes"], here.kept()) == (0, [])


def test_an_id_that_the_service_does_not_take_begins_anew(
    here: Resuming, s3: Any, equal_parts: Path
) -> None:
    """Its secret may have changed."""
    here.start_until(equal_parts, 2)
    here.reload()
    here.change_kept(uploadId="AwAAAABr")
    here.start(equal_parts)
    check_stored(s3, here.outcome(), equal_parts)
    assert [r.status for r in here.tab.responses if "/AwAAAABr?" in r.url] == [403]


def test_a_login_that_ended_loses_nothing(here: Resuming, s3: Any, equal_parts: Path) -> None:
    """What stands before the service refuses then: it says nothing of the upload."""
    here.start_until(equal_parts, 2)
    here.reload()
    refusal = {"status": 401, "headers": receipts.ANYBODY, "json": {"message": "Unauthorized"}}
    here.tab.page.route("**/s3/multipart/*?key=*", lambda route: route.fulfill(**refusal), times=1)
    here.start(equal_parts)
    assert here.outcome()["message"] == "Unauthorized"
    here.tab.page.evaluate("start()")
    outcome = here.outcome()
    check_stored(s3, outcome, equal_parts)
    assert outcome["resumedBytes"] == 2 * here.part_bytes


def test_a_part_of_another_size_is_sent_again(here: Resuming, s3: Any, equal_parts: Path) -> None:
    def cut_short(route: Route) -> None:
        response = route.fetch()
        parts = response.json()
        parts[0]["Size"] -= 1
        route.fulfill(response=response, json=parts)

    here.start_until(equal_parts, 2)
    here.reload()
    here.tab.page.route("**/s3/multipart/*?key=*", cut_short, times=1)
    here.start(equal_parts)
    outcome = here.outcome()
    check_stored(s3, outcome, equal_parts)
    assert outcome["resumedBytes"] == here.part_bytes


def test_nothing_is_kept_where_it_is_not_wanted(here: Resuming, s3: Any, equal_parts: Path) -> None:
    here.options = {"resume": False}
    assert here.databases() == []
    here.start(equal_parts)
    check_stored(s3, here.outcome(), equal_parts)
    assert here.databases() == []


def test_leaving_the_page_while_files_are_under_way_asks_first(
    open_page: OpenPage, equal_parts: Path
) -> None:
    page = open_page()
    page.page.locator("h1").click()  # browsers ask nobody who did nothing on a page
    page.tab.limit_upload(MIB)
    page.choose(equal_parts)
    page.wait_for_progress(equal_parts.name)
    with page.page.expect_event("dialog") as asked:
        page.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()
