"""The upload page, as a person uses it, on the store."""

import re
import shutil
from pathlib import Path
from typing import Any, List
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import File
from conftest import BUCKET, OpenPage
from stored import check_stored, stored
from upload_page import MIB, OTHER, SLOW_BYTES_PER_SECOND, SMALL
from wire import STALLED, Wire, sent_twice


@pytest.fixture
def copies(five_parts: Path, tmp_path: Path) -> List[Path]:
    """As many large files as go up at once."""
    return [Path(shutil.copyfile(five_parts, tmp_path / f"{i}.bin")) for i in range(3)]


def test_a_file_is_chosen(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    page.choose(SMALL)
    key = page.key_of(SMALL.name)
    assert key.endswith(f"/{SMALL.name}")
    found = stored(s3, key)
    assert (found["Body"].read(), found["ContentType"]) == (SMALL.body, SMALL.type)
    assert page.progress(SMALL.name) == 1
    assert page.tab.complaints == []


@pytest.mark.parametrize("size", [8, 16 * MIB], ids=["one PUT", "in parts"])
def test_a_photo_without_a_type(open_page: OpenPage, s3: Any, tmp_path: Path, size: int) -> None:
    """Chromium on Linux knows none of an iPhone's."""
    page = open_page(UPLOAD_TYPES="image/*")
    photo = tmp_path / "IMG_1.HEIC"
    photo.write_bytes(bytes(size))
    page.choose(photo)
    assert check_stored(s3, page, photo)["ContentType"] == "image/heic"
    (asked,) = page.tab.sent("GET", "signed_url?") or page.tab.sent("POST", "s3/multipart")[:1]
    query = parse_qs(urlsplit(asked.url).query, keep_blank_values=True)
    told = query["file_type"] if query else [asked.post_data_json["type"]]
    assert told == [""]


def test_files_are_dropped(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    page.drop(SMALL, OTHER, File("empty.txt", "", b""))
    for file in (SMALL, OTHER, File("empty.txt", "text/plain", b"")):
        found = stored(s3, page.key_of(file.name))
        assert (found["Body"].read(), found["ContentType"]) == (file.body, file.type)
    assert page.tab.complaints == []


def test_a_hundred_are_under_way_at_once(open_page: OpenPage) -> None:
    """The rest waits until one is through."""
    page = open_page()
    page.tab.limit_upload(10_000)
    page.choose(*[File(f"{i}.txt", "text/plain", bytes(2000)) for i in range(103)])
    waiting, running, stored = (page.page.locator(f"#uploads > .{state}") for state in ("waiting", "running", "stored"))
    waiting.first.wait_for()
    assert (waiting.count(), running.count()) == (3, 100)
    page.tab.limit_upload(-1)
    page.tab.wait_until(lambda: waiting.count() == 0, "the rest does not start")
    assert stored.count() >= 3


def test_progress_and_rate(open_page: OpenPage, five_parts: Path) -> None:
    page = open_page()
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(five_parts)
    said = page.wait_for(five_parts.name, "running", "/s")
    assert re.fullmatch(r"[\d.]+ (byte|kB|MB) of 25\.2 MB, [\d.]+ [kM]B/s, \d+ (sec|min) left", said)
    page.wait_for_progress(five_parts.name, 0.2)
    assert 0.2 <= page.progress(five_parts.name) < 1


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
    assert sorted(page.parts_sent()) == [1, 2, 3, 4]
    assert page.tab.complaints == []


# The least that the bar shows from now on.
WATCH = """() => {
  const bar = document.querySelector('#uploads progress');
  window.least = bar.value;
  const look = () => { window.least = Math.min(window.least, bar.value); };
  new MutationObserver(look).observe(bar, { attributes: true });
}"""


def test_pause_and_resume(
    open_page: OpenPage, s3: Any, five_parts: Path, wire_to_store: Wire
) -> None:
    """Parts that are stored are not sent again, and the bar stays where it is, whatever of a part is lost."""
    page = open_page(AWS_ENDPOINT_URL_S3=wire_to_store.url)
    wire_to_store.hold_puts(STALLED, after=2)
    page.choose(five_parts)
    page.tab.wait_until(lambda: len(page.parts_done()) == 2, "no two parts get through")
    page.tab.wait_until(lambda: len(page.parts_sent()) == 5, "the others are not sent")
    page.press(five_parts.name, "Pause")
    page.wait_for(five_parts.name, "running", "^Paused$")
    assert page.news == f"{five_parts.name}: Paused"
    page.page.evaluate(WATCH)
    shown, asked = page.progress(five_parts.name), len(page.tab.requests)
    wire_to_store.pass_on()
    page.page.wait_for_timeout(1000)
    assert len(page.tab.requests) == asked
    assert page.row(five_parts.name).locator(".state").inner_text() == "Paused"
    page.press(five_parts.name, "Resume")
    check_stored(s3, page, five_parts)
    assert page.page.evaluate("least") >= shown > 2 / 5
    assert len(page.parts_sent()) > 5
    assert sent_twice(wire_to_store.puts) == []


def test_a_small_file_has_no_pause(open_page: OpenPage) -> None:
    page = open_page()
    page.tab.limit_upload(1000)
    page.choose(File("small.bin", "", bytes(5000)))
    page.wait_for("small.bin", "running")
    assert not page.row("small.bin").get_by_role("button", name="Pause").is_visible()


def test_cancel(open_page: OpenPage, s3: Any, five_parts: Path) -> None:
    page = open_page(UPLOAD_KEY="cancelled/{id}/{name}")

    def open_uploads() -> int:
        return len(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))

    before = open_uploads()
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(five_parts)
    page.wait_for_progress(five_parts.name, 0.1)
    assert open_uploads() == before + 1
    page.tab.limit_upload(-1)
    page.press(five_parts.name, "Cancel")
    assert page.rows.count() == 0
    page.tab.wait_until(lambda: open_uploads() == before, "the upload stays open")
    assert not s3.list_objects_v2(Bucket=BUCKET, Prefix="cancelled/").get("Contents")


def test_nobody_waits_for_a_paused_one(open_page: OpenPage, copies: List[Path]) -> None:
    page = open_page()
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(*copies)
    for copy in copies:
        page.press(copy.name, "Pause")
    page.tab.limit_upload(-1)
    page.choose(SMALL)
    page.wait_for(SMALL.name, "stored")


COUNT_REQUESTS = """
  let now = 0;
  window.most = 0;
  window.XMLHttpRequest = class extends XMLHttpRequest {
    constructor() {
      super();
      for (const end of ['load', 'error', 'abort']) this.addEventListener(end, () => { now--; });
    }
    send(body) {
      window.most = Math.max(window.most, ++now);
      super.send(body);
    }
  };"""


def test_no_more_puts_than_connections(open_page: OpenPage, copies: List[Path]) -> None:
    """One that waited in the browser would hold up what is more urgent."""
    page = open_page()
    page.page.add_init_script(COUNT_REQUESTS)
    page.page.reload()
    page.tab.limit_upload(4 * SLOW_BYTES_PER_SECOND)
    page.choose(*copies)
    for copy in copies:
        page.wait_for(copy.name, "stored")
    assert page.page.evaluate("most") == 6


def test_the_page_need_not_be_among_the_origins(
    open_page: OpenPage, s3: Any, five_parts: Path
) -> None:
    """The browser names the page's origin when it asks for a module and when it posts."""
    page = open_page(UPLOAD_ORIGINS="https://app.example.com")
    page.choose(five_parts)
    check_stored(s3, page, five_parts)


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


def test_one_put_where_there_is_no_multipart(open_page: OpenPage, s3: Any, five_parts: Path) -> None:
    page = open_page(UPLOAD_SEAL_SECRET="")
    page.choose(five_parts)
    check_stored(s3, page, five_parts)
    assert len(page.tab.sent("PUT", "X-Amz-Signature")) == 1
