"""The upload page, as a person uses it, on the store."""

import re
import shutil
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy
from harness import LoopThread
from playwright.sync_api import BrowserContext, Request, Route
from upload_page import MIB, UploadPage
from wire import Wire, wire

from local.store import Store

SLOW_BYTES_PER_SECOND = 6 * MIB
SMALL = File("hello world.txt", "text/plain", b"Hello, world\n")
OTHER = File("żółw 🐢 1+1 100%41.png", "image/png", b"other bytes")

OpenPage = Callable[..., UploadPage]


@pytest.fixture
def new_tab(profile: BrowserContext) -> Iterator[Tab]:
    opened = Tab(profile.new_page())
    yield opened
    opened.page.close()


@pytest.fixture
def open_page(new_tab: Tab, deploy: Deploy) -> OpenPage:
    """open_page(UPLOAD_X="y", ...) -> the page of a function that runs so."""
    return lambda **settings: UploadPage(
        new_tab, deploy(**{"UPLOAD_PAGE": "on", "UPLOAD_ORIGINS": "*", **settings})
    )


@pytest.fixture
def wire_to_store(store: Store, loop_thread: LoopThread) -> Iterator[Wire]:
    with wire(loop_thread, store.url) as opened:
        yield opened


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of five parts, whose parts all differ."""
    path = tmp_path_factory.mktemp("files") / "large.bin"
    path.write_bytes(b"".join(bytes([i]) * MIB for i in range(33)))
    return path


@pytest.fixture
def copies(large: Path, tmp_path: Path) -> List[Path]:
    """As many large files as go up at once."""
    return [Path(shutil.copyfile(large, tmp_path / f"{i}.bin")) for i in range(3)]


def stored(s3: Any, key: str) -> Any:
    return s3.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")


def check_stored(s3: Any, page: UploadPage, path: Path) -> Any:
    found = stored(s3, page.key_of(path.name))
    assert found["Body"].read() == path.read_bytes()
    return found


def test_a_file_is_chosen(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    page.choose(SMALL)
    key = page.key_of(SMALL.name)
    assert key.endswith(f"/{SMALL.name}")
    found = stored(s3, key)
    assert (found["Body"].read(), found["ContentType"]) == (SMALL.body, SMALL.type)
    assert page.progress(SMALL.name) == 1
    assert page.tab.complaints == []


def test_files_are_dropped(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    page.drop(SMALL, OTHER, File("empty.txt", "", b""))
    for file in (SMALL, OTHER, File("empty.txt", "application/octet-stream", b"")):
        found = stored(s3, page.key_of(file.name))
        assert (found["Body"].read(), found["ContentType"]) == (file.body, file.type)
    assert page.tab.complaints == []


def test_three_go_up_at_once(open_page: OpenPage) -> None:
    page = open_page()
    page.tab.limit_upload(20_000)
    files = [File(f"{i}.bin", "", bytes(20_000)) for i in range(5)]
    page.choose(*files)
    running = page.page.locator("#uploads > .running")
    most = 0
    while page.page.locator("#uploads > .stored").count() < len(files):
        most = max(most, running.count())
        page.page.wait_for_timeout(20)
    assert most == 3


def test_progress_and_rate(open_page: OpenPage, large: Path) -> None:
    page = open_page()
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(large)
    said = page.wait_for(large.name, "running", "/s")
    assert re.fullmatch(r"[\d.]+ [kM]?B of 34\.6 MB, [\d.]+ [kM]?B/s, \d+ (s|min) left", said)
    page.wait_for_progress(large.name, 0.2)
    assert 0.2 <= page.progress(large.name) < 1


def test_from_16_mib_on_in_parts(open_page: OpenPage, s3: Any, tmp_path: Path) -> None:
    page = open_page()
    whole, parts = tmp_path / "whole.bin", tmp_path / "parts.bin"
    whole.write_bytes(b"w" * (16 * MIB - 1))
    parts.write_bytes(b"p" * (16 * MIB))
    page.choose(whole)
    check_stored(s3, page, whole)
    assert page.parts_sent() == []
    page.choose(parts)
    check_stored(s3, page, parts)
    assert sorted(page.parts_sent()) == [1, 2]
    assert page.tab.complaints == []


def test_pause_and_resume(open_page: OpenPage, s3: Any, tmp_path: Path) -> None:
    """What is kept is what the page knows to be stored: an answer that comes as it pauses may be lost on it."""
    page = open_page()
    larger = tmp_path / "larger.bin"
    larger.write_bytes(b"".join(bytes([i]) * MIB for i in range(64)))
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(larger)
    page.tab.wait_until(lambda: page.parts_done(), "no part gets through")
    page.press(larger.name, "Pause")
    page.wait_for(larger.name, "running", "^Paused$")
    assert page.news == f"{larger.name}: Paused"
    asked = len(page.tab.requests)
    page.page.wait_for_timeout(1000)
    assert len(page.tab.requests) == asked
    assert page.row(larger.name).locator(".state").inner_text() == "Paused"
    kept, sent = page.progress(larger.name) * 8, len(page.parts_sent())
    assert kept in range(1, 8)
    page.tab.limit_upload(-1)
    page.press(larger.name, "Resume")
    check_stored(s3, page, larger)
    sent_again = page.parts_sent()[sent:]
    assert len(sent_again) == len(set(sent_again)) == 8 - kept


def test_a_small_file_has_no_pause(open_page: OpenPage) -> None:
    page = open_page()
    page.tab.limit_upload(1000)
    page.choose(File("small.bin", "", bytes(5000)))
    page.wait_for("small.bin", "running")
    assert not page.row("small.bin").get_by_role("button", name="Pause").is_visible()


def test_cancel(open_page: OpenPage, s3: Any, large: Path) -> None:
    page = open_page(UPLOAD_KEY="cancelled/{id}/{name}")

    def open_uploads() -> int:
        return len(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))

    before = open_uploads()
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(large)
    page.wait_for_progress(large.name, 0.1)
    assert open_uploads() == before + 1
    page.tab.limit_upload(-1)
    page.press(large.name, "Cancel")
    assert page.rows.count() == 0
    page.tab.wait_until(lambda: open_uploads() == before, "the upload stays open")
    assert not s3.list_objects_v2(Bucket=BUCKET, Prefix="cancelled/").get("Contents")


def test_the_connection_is_lost(
    open_page: OpenPage, s3: Any, large: Path, wire_to_store: Wire
) -> None:
    page = open_page(AWS_ENDPOINT_URL_S3=wire_to_store.url)
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(large)
    page.choose(SMALL)
    page.wait_for_progress(large.name, 0.3)
    wire_to_store.cut()
    page.choose(OTHER)
    for name in (large.name, OTHER.name):
        page.wait_for(name, "running", "Trying again…$")
    wire_to_store.mend()
    page.tab.limit_upload(-1)
    check_stored(s3, page, large)
    for file in (SMALL, OTHER):
        assert stored(s3, page.key_of(file.name))["Body"].read() == file.body


def test_the_network_is_lost(open_page: OpenPage, s3: Any) -> None:
    """However long it takes to come back."""
    page = open_page()
    page.page.context.set_offline(True)
    try:
        page.choose(SMALL)
        page.wait_for(SMALL.name, "running", "Waiting for the network…$")
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


def test_nobody_waits_for_a_paused_one(open_page: OpenPage, copies: List[Path]) -> None:
    page = open_page()
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(*copies)
    for copy in copies:
        page.press(copy.name, "Pause")
    page.tab.limit_upload(-1)
    page.choose(SMALL)
    page.wait_for(SMALL.name, "stored")


def test_no_more_puts_than_connections(open_page: OpenPage, copies: List[Path]) -> None:
    """One that waited in the browser would be signed too early."""
    page = open_page()
    open_puts, most = set(), 0

    def began(request: Request) -> None:
        nonlocal most
        if request.method == "PUT":
            open_puts.add(request)
            most = max(most, len(open_puts))

    page.page.on("request", began)
    page.page.on("requestfinished", lambda request: open_puts.discard(request))
    page.tab.limit_upload(4 * SLOW_BYTES_PER_SECOND)
    page.choose(*copies)
    for copy in copies:
        page.wait_for(copy.name, "stored")
    assert most == 6


def test_the_answer_to_the_last_request_is_lost(open_page: OpenPage, s3: Any, large: Path) -> None:
    page = open_page()

    def lose(route: Route) -> None:
        assert route.fetch().ok
        route.abort()

    page.page.route("**/complete?*", lose, times=1)
    page.choose(large)
    check_stored(s3, page, large)


CONFLICT = {
    "status": 409,
    "headers": {"Access-Control-Allow-Origin": "*"},
    "json": {"message": "another request came between", "code": "ConditionalRequestConflict"},
}
GONE = {**CONFLICT, "status": 404, "json": {"message": "it is gone", "code": "NoSuchUpload"}}


def test_a_conflict_when_parts_are_joined(open_page: OpenPage, s3: Any, large: Path) -> None:
    page = open_page()
    page.page.route("**/complete?*", lambda route: route.fulfill(**CONFLICT), times=1)
    page.choose(large)
    check_stored(s3, page, large)


def test_a_conflict_that_took_the_upload(open_page: OpenPage, s3: Any, large: Path) -> None:
    """The upload is gone by it, and not because its parts were joined."""
    page = open_page()
    answers = iter([CONFLICT, GONE])
    page.page.route("**/complete?*", lambda route: route.fulfill(**next(answers)), times=2)
    page.choose(large)
    page.wait_for(large.name, "failed")
    page.press(large.name, "Try again")
    check_stored(s3, page, large)


def test_the_store_ended_the_upload(open_page: OpenPage, s3: Any, large: Path) -> None:
    """As a lifecycle rule does with one that was paused for days."""
    page = open_page(UPLOAD_KEY="ended/{id}/{name}")
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(large)
    page.wait_for_progress(large.name, 0.1)
    page.press(large.name, "Pause")
    uploads = s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    (found,) = (upload for upload in uploads if upload["Key"].startswith("ended/"))
    s3.abort_multipart_upload(Bucket=BUCKET, Key=found["Key"], UploadId=found["UploadId"])
    page.tab.limit_upload(-1)
    page.press(large.name, "Resume")
    page.wait_for(large.name, "failed")
    page.press(large.name, "Try again")
    check_stored(s3, page, large)


REFUSALS = {
    "type": ({"UPLOAD_TYPES": "image/*"}, "Files of this kind are not allowed. Allowed: image/*."),
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


def test_the_page_need_not_be_among_the_origins(
    open_page: OpenPage, s3: Any, large: Path
) -> None:
    """The browser names the page's origin when it asks for a module and when it posts."""
    page = open_page(UPLOAD_ORIGINS="https://app.example.com")
    page.choose(large)
    check_stored(s3, page, large)


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


@pytest.mark.parametrize("size", [13, 17 * MIB])
def test_checksums_where_they_are_required(
    open_page: OpenPage, s3: Any, tmp_path: Path, size: int
) -> None:
    page = open_page(UPLOAD_REQUIRE="sha256")
    path = tmp_path / "file.bin"
    path.write_bytes(b"x" * size)
    page.choose(path)
    found = check_stored(s3, page, path)
    assert found["ChecksumSHA256"]
    assert len(page.page.workers) == 1
    put = [r for r in page.tab.requests if r.method == "PUT"]
    assert all("x-amz-checksum-sha256" in request.headers for request in put)


def test_one_put_where_there_is_no_multipart(open_page: OpenPage, s3: Any, large: Path) -> None:
    page = open_page(UPLOAD_SEAL_SECRET="")
    page.choose(large)
    check_stored(s3, page, large)
    assert len(page.tab.sent("PUT", "X-Amz-Signature")) == 1


def test_a_bucket_that_hides_etags(open_page: OpenPage, large: Path) -> None:
    page = open_page()
    unexposed = {"status": 200, "headers": {"Access-Control-Allow-Origin": "*", "ETag": '"1"'}}
    page.page.route("**/*partNumber=*", lambda route: route.fulfill(**unexposed))
    page.choose(large)
    assert "expose it" in page.wait_for(large.name, "failed", "CORS rules hide the ETag")
