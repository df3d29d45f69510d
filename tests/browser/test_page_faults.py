"""What goes wrong while the upload page sends a file, and what a person hears of it."""

from pathlib import Path
from typing import Any

import pytest
from conftest import BUCKET, OpenPage
from playwright.sync_api import Route
from stored import check_stored, stored
from upload_page import MIB, OTHER, SLOW_BYTES_PER_SECOND, SMALL, UploadPage
from wire import STALLED, UNANSWERED, Wire


def test_the_connection_is_lost(
    open_page: OpenPage, s3: Any, five_parts: Path, wire_to_store: Wire
) -> None:
    page = open_page(AWS_ENDPOINT_URL_S3=wire_to_store.url)
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(five_parts)
    page.choose(SMALL)
    page.wait_for_progress(five_parts.name, 0.3)
    wire_to_store.cut()
    page.choose(OTHER)
    for name in (five_parts.name, OTHER.name):
        page.wait_for(name, "running", "Trying again…$")
    wire_to_store.mend()
    page.tab.limit_upload(-1)
    check_stored(s3, page, five_parts)
    for file in (SMALL, OTHER):
        assert stored(s3, page.key_of(file.name))["Body"].read() == file.body


@pytest.mark.parametrize(
    ("parts", "seconds"), [(False, 170), (True, 1500)], ids=["a file", "parts"]
)
def test_an_answer_that_takes_its_time(
    open_page: OpenPage, s3: Any, five_parts: Path, wire_to_store: Wire, parts: bool, seconds: int
) -> None:
    """A virus scanner in between has all the bytes, and looks at them or sends them on slowly."""
    page = open_page(AWS_ENDPOINT_URL_S3=wire_to_store.url)
    page.page.clock.install()
    wire_to_store.hold_puts(UNANSWERED)
    page.choose(five_parts if parts else SMALL)
    name = five_parts.name if parts else SMALL.name
    puts = 5 if parts else 1
    page.tab.wait_until(lambda: wire_to_store.answers_held == puts, "the store does not answer")
    page.page.clock.run_for(seconds * 1000)
    wire_to_store.pass_on()
    key = page.key_of(name)
    assert stored(s3, key)["Body"].read() == (five_parts.read_bytes() if parts else SMALL.body)
    assert len(page.tab.sent("PUT", "X-Amz-Signature")) == puts


def test_bytes_that_stand_still(
    open_page: OpenPage, s3: Any, five_parts: Path, wire_to_store: Wire
) -> None:
    """As they do for minutes when several are sent over a slow line."""
    page = open_page(AWS_ENDPOINT_URL_S3=wire_to_store.url)
    page.page.clock.install()
    wire_to_store.hold_puts(STALLED)
    page.choose(five_parts)
    page.wait_for_progress(five_parts.name)
    page.page.clock.run_for(250_000)
    wire_to_store.pass_on()
    check_stored(s3, page, five_parts)
    assert sorted(page.parts_sent()) == [1, 2, 3, 4, 5]


def a_second_passes(page: UploadPage, name: str) -> bool:
    """For the pauses between tries, which may be long by now; whether the file is stored then."""
    page.page.clock.run_for(1000)
    return page.row(name).and_(page.page.locator(".stored")).count() > 0


def test_a_part_that_arrived_is_not_sent_again(
    open_page: OpenPage, s3: Any, five_parts: Path, wire_to_store: Wire
) -> None:
    """Its answer never comes: S3's list of the parts tells."""
    page = open_page(AWS_ENDPOINT_URL_S3=wire_to_store.url)
    page.page.clock.install()
    wire_to_store.hold_puts(UNANSWERED)
    page.choose(five_parts)
    page.tab.wait_until(lambda: wire_to_store.answers_held == 5, "the store does not answer")
    page.page.clock.run_for((180 + 5 * MIB / 5000 + 2) * 1000)
    wire_to_store.pass_on()
    page.tab.wait_until(lambda: a_second_passes(page, five_parts.name), "it is not stored")
    check_stored(s3, page, five_parts)
    assert sorted(page.parts_sent()) == [1, 2, 3, 4, 5]


def test_the_network_is_lost(open_page: OpenPage, s3: Any) -> None:
    """However long it takes to come back."""
    page = open_page()
    page.page.context.set_offline(True)
    try:
        page.choose(SMALL)
        page.wait_for(SMALL.name, "running", "^Offline. Waiting for the network…$")
        asked = len(page.tab.requests)
        page.page.wait_for_timeout(2000)
        assert len(page.tab.requests) == asked
    finally:
        page.page.context.set_offline(False)
    assert stored(s3, page.key_of(SMALL.name))["Body"].read() == SMALL.body


def test_a_url_expires(open_page: OpenPage, s3: Any) -> None:
    """The first PUT is held back until the store no longer takes its URL."""
    page = open_page(UPLOAD_EXPIRES_SECONDS="5")
    held = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT" and not held:
            held.append(route.request.url)
            page.page.wait_for_timeout(6500)
        route.continue_()

    page.page.route("**/*X-Amz-Signature*", hold)
    page.choose(SMALL)
    assert stored(s3, page.key_of(SMALL.name))["Body"].read() == SMALL.body
    refused, taken = [r for r in page.tab.responses if r.request.method == "PUT"]
    assert (refused.status, taken.status) == (403, 200)
    assert refused.url != taken.url


@pytest.mark.parametrize("where", ["the service", "the store"])
def test_a_busy_server_is_tried_again(open_page: OpenPage, s3: Any, where: str) -> None:
    page = open_page()
    glob = {"the service": "**/signed_url?*", "the store": "**/*X-Amz-Signature*"}[where]
    busy = {"status": 503, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "busy"}
    page.page.route(glob, lambda route: route.fulfill(**busy), times=2)
    page.choose(SMALL)
    assert stored(s3, page.key_of(SMALL.name))["Body"].read() == SMALL.body


def test_try_again(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    page.page.clock.install()
    page.page.route("**/*X-Amz-Signature*", lambda route: route.abort())
    page.choose(SMALL)
    failed = page.page.locator("#uploads > .failed")
    page.tab.wait_until(lambda: failed.count() or page.page.clock.run_for(5000), "it never ends")
    assert "CORS" in page.wait_for(SMALL.name, "failed", "S3 can’t be reached")
    assert len(page.tab.sent("PUT", "X-Amz-Signature")) == 8
    page.page.unroute("**/*X-Amz-Signature*")
    page.press(SMALL.name, "Try again")
    assert stored(s3, page.key_of(SMALL.name))["Body"].read() == SMALL.body


@pytest.mark.parametrize("overwrite", ["allow", "deny"])
def test_the_answer_to_the_last_request_is_lost(
    open_page: OpenPage, s3: Any, five_parts: Path, overwrite: str
) -> None:
    page = open_page(UPLOAD_OVERWRITE=overwrite)

    def lose(route: Route) -> None:
        assert route.fetch().ok
        route.abort()

    page.page.route("**/complete?*", lose, times=1)
    page.choose(five_parts)
    check_stored(s3, page, five_parts)


CONFLICT = {
    "status": 409,
    "headers": {"Access-Control-Allow-Origin": "*"},
    "json": {"message": "another request came between", "code": "ConditionalRequestConflict"},
}
GONE = {**CONFLICT, "status": 404, "json": {"message": "it is gone", "code": "NoSuchUpload"}}


def test_a_conflict_when_parts_are_joined(open_page: OpenPage, s3: Any, five_parts: Path) -> None:
    page = open_page()
    page.page.route("**/complete?*", lambda route: route.fulfill(**CONFLICT), times=1)
    page.choose(five_parts)
    check_stored(s3, page, five_parts)


def test_a_conflict_that_took_the_upload(open_page: OpenPage, s3: Any, five_parts: Path) -> None:
    """The upload is gone by it, and not because its parts were joined."""
    page = open_page()
    answers = iter([CONFLICT, GONE])
    page.page.route("**/complete?*", lambda route: route.fulfill(**next(answers)), times=2)
    page.choose(five_parts)
    page.wait_for(five_parts.name, "failed")
    page.press(five_parts.name, "Try again")
    check_stored(s3, page, five_parts)


def test_a_conflict_that_stays(open_page: OpenPage, s3: Any, five_parts: Path) -> None:
    """What can't be joined is deleted."""
    page = open_page(UPLOAD_KEY="conflict/{id}/{name}")
    page.page.clock.install()
    page.page.route("**/complete?*", lambda route: route.fulfill(**CONFLICT))
    page.choose(five_parts)
    failed = page.page.locator("#uploads > .failed")
    page.tab.wait_until(lambda: failed.count() or page.page.clock.run_for(5000), "it never ends")

    def open_uploads() -> list:
        uploads = s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return [upload for upload in uploads if upload["Key"].startswith("conflict/")]

    page.tab.wait_until(lambda: not open_uploads(), "the upload stays open")
    page.page.unroute("**/complete?*")
    page.press(five_parts.name, "Try again")
    check_stored(s3, page, five_parts)


def test_the_store_ended_the_upload(open_page: OpenPage, s3: Any, five_parts: Path) -> None:
    """As a lifecycle rule does with one that was paused for days."""
    page = open_page(UPLOAD_KEY="ended/{id}/{name}")
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(five_parts)
    page.wait_for_progress(five_parts.name, 0.1)
    page.press(five_parts.name, "Pause")
    uploads = s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    (found,) = (upload for upload in uploads if upload["Key"].startswith("ended/"))
    s3.abort_multipart_upload(Bucket=BUCKET, Key=found["Key"], UploadId=found["UploadId"])
    page.tab.limit_upload(-1)
    page.press(five_parts.name, "Resume")
    page.wait_for(five_parts.name, "failed")
    page.press(five_parts.name, "Try again")
    check_stored(s3, page, five_parts)


REFUSALS = {
    "type": ({"UPLOAD_TYPES": "image/*"}, "Files of this kind are not allowed. Allowed: images."),
    "size": (
        {"UPLOAD_MAX_BYTES": "5"},
        "The file is too large: it has 13 bytes, and 5 bytes are allowed.",
    ),
}


@pytest.mark.parametrize(("settings", "words"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_in_plain_words(open_page: OpenPage, settings: Any, words: str) -> None:
    page = open_page(**settings)
    page.choose(SMALL)
    assert page.wait_for(SMALL.name, "failed") == words
    assert page.news == f"{SMALL.name}: {words}"
    assert not page.row(SMALL.name).get_by_role("button", name="Try again").is_visible()
    page.press(SMALL.name, "Remove")
    assert page.rows.count() == 0


def test_a_file_that_is_gone(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    gone = tmp_path / "gone.txt"
    gone.write_bytes(b"here for now")

    def delete(route: Route) -> None:
        gone.unlink()
        route.continue_()

    page.page.route("**/signed_url?*", delete, times=1)
    page.choose(gone)
    assert "can’t be read" in page.wait_for(gone.name, "failed")


def test_a_bucket_that_hides_etags(open_page: OpenPage, five_parts: Path) -> None:
    page = open_page()
    unexposed = {"status": 200, "headers": {"Access-Control-Allow-Origin": "*", "ETag": '"1"'}}
    page.page.route("**/*partNumber=*", lambda route: route.fulfill(**unexposed))
    page.choose(five_parts)
    assert "expose it" in page.wait_for(five_parts.name, "failed", "CORS rules hide the ETag")
