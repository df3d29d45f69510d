"""The upload page's list: what is told of all files together, links, keys, small pictures and limits."""

import struct
import zlib
from typing import Any

import pytest
from browser import File
from conftest import OpenPage
from stored import stored
from upload_page import OTHER, SMALL, UploadPage

TEXTS = [File(f"{name}.txt", "text/plain", b"text") for name in ("first", "second")]
REFUSED = File("refused.png", "image/png", b"")


def overall(page: UploadPage, text: str) -> None:
    page.page.locator("#overall p").get_by_text(text, exact=True).wait_for()


def test_what_is_told_of_all_together(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_TYPES="text/*")
    page.choose(TEXTS[0])
    page.wait_for(TEXTS[0].name, "stored")
    assert not page.page.locator("#overall").is_visible()
    page.choose(TEXTS[1], REFUSED)
    overall(page, "2 of 3 stored, 1 failed")
    page.press(REFUSED.name, "Remove")
    overall(page, "2 of 2 stored")


def test_the_rate_of_all_together(open_page: OpenPage) -> None:
    page = open_page()
    page.tab.limit_upload(20_000)
    page.choose(File("1.bin", "", bytes(100_000)), File("2.bin", "", bytes(100_000)))
    line = page.page.locator("#overall p").filter(has_text="B/s")
    line.wait_for()
    assert line.inner_text().startswith("0 of 2 stored, ")
    assert line.inner_text().endswith(" left")


def test_the_stored_ones_are_cleared(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_TYPES="text/*")
    page.choose(*TEXTS, REFUSED)
    overall(page, "2 of 3 stored, 1 failed")
    page.page.get_by_role("button", name="Clear the stored ones").click()
    assert page.rows.locator(".name").all_text_contents() == [REFUSED.name]
    assert page.page.evaluate("document.activeElement.id") == "files"
    assert not page.page.locator("#overall").is_visible()


def test_of_many_the_sum_is_told(open_page: OpenPage) -> None:
    """To those who hear the page: not each of hundreds."""
    page = open_page()
    page.page.evaluate("""() => {
      window.told = [];
      const news = document.getElementById('news');
      new MutationObserver(() => told.push(news.textContent)).observe(news, { childList: true });
    }""")
    page.choose(*[File(f"{i}.txt", "text/plain", b"text") for i in range(25)])
    page.tab.wait_until(lambda: page.news == "25 of 25 stored", "the end is not told")
    assert page.page.evaluate("told") == ["25 of 25 stored"]


def test_the_key_is_a_detail(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    page.choose(SMALL)
    assert page.wait_for(SMALL.name, "stored") == "Stored"
    key = page.row(SMALL.name).locator(".key")
    assert not key.is_visible()
    page.row(SMALL.name).locator("summary").press("Enter")
    assert key.is_visible()
    assert stored(s3, key.inner_text().replace("Stored as ", "", 1))["Body"].read() == SMALL.body


def test_a_link_is_copied(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_DOWNLOADS="on")
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.choose(OTHER)
    page.wait_for(OTHER.name, "stored")
    page.press(OTHER.name, "Copy link")
    page.wait_for(OTHER.name, "stored", "^Link copied$")
    assert page.news == f"{OTHER.name}: Link copied"
    link = page.page.evaluate("navigator.clipboard.readText()")
    assert page.page.request.get(link).body() == OTHER.body


def test_a_link_that_is_refused(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_DOWNLOADS="on")
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.choose(SMALL)
    page.wait_for(SMALL.name, "stored")
    page.page.route("**/signed_download?*", lambda route: route.fulfill(status=403, json={}))
    page.press(SMALL.name, "Copy link")
    page.wait_for(SMALL.name, "stored", "^The link can’t be copied.$")


def test_without_downloads_there_is_no_link(open_page: OpenPage) -> None:
    page = open_page()
    page.choose(SMALL)
    page.wait_for(SMALL.name, "stored")
    assert not page.row(SMALL.name).get_by_role("button", name="Copy").is_visible()


# ---- Small pictures


def png(red: int, green: int, blue: int, more: bytes = b"") -> bytes:
    """A picture of one color, with so much more in the file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 200, 100, 8, 2, 0, 0, 0)
    lines = zlib.compress((b"\0" + bytes((red, green, blue)) * 200) * 100)
    chunks = [(b"IHDR", head), (b"IDAT", lines), (b"teXt", more), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


COLOR = """(canvas) => {
  const drawn = new OffscreenCanvas(1, 1).getContext('2d');
  drawn.drawImage(canvas, 0, 0, 1, 1);
  return [canvas.width, canvas.height, ...drawn.getImageData(0, 0, 1, 1).data];
}"""


def test_images_have_small_pictures(open_page: OpenPage) -> None:
    page = open_page()
    page.choose(File("red.png", "image/png", png(255, 0, 0)), SMALL)
    canvas = page.row("red.png").locator("canvas")
    canvas.wait_for()
    assert canvas.evaluate(COLOR) == [96, 48, 255, 0, 0, 255]
    assert not page.row(SMALL.name).locator("canvas").is_visible()


@pytest.mark.parametrize(
    "file",
    [
        File("large.png", "image/png", png(255, 0, 0, bytes(8_000_000))),
        File("broken.png", "image/png", b"no picture"),
        File("drawing.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
    ids=lambda file: file.name,
)
def test_what_has_no_small_picture(open_page: OpenPage, file: File) -> None:
    """Those before and after it have."""
    page = open_page()
    page.choose(File("1.png", "image/png", png(0, 0, 255)), file, File("2.png", "image/png", png(0, 255, 0)))
    page.row("2.png").locator("canvas").wait_for()
    assert page.row("1.png").locator("canvas").is_visible()
    assert not page.row(file.name).locator("canvas").is_visible()
    page.wait_for(file.name, "stored")
    assert page.tab.complaints == []


# ---- Limits


def limits(page: UploadPage) -> str:
    page.page.locator("#limits:not(:empty)").wait_for()
    return page.page.locator("#limits").inner_text()


def test_limits_are_told_before_a_file_is_chosen(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_TYPES="image/*,application/pdf", UPLOAD_MAX_BYTES="5000000")
    assert limits(page) == "Allowed: images and PDF. At most 5 MB each."
    assert page.page.get_attribute("#files", "accept") == "image/*,application/pdf"


def test_limits_are_those_of_the_profile(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_PROFILES='{"avatar":{"types":"image/*"},"document":{"max_bytes":5}}')
    for profile, told in (("avatar", "Allowed: images."), ("document", "At most 5 bytes each.")):
        page.page.goto(f"{page.url}/{profile}/")
        assert limits(page) == told


def test_what_can_not_be_taken_is_told_without_asking(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_TYPES="text/*", UPLOAD_MAX_BYTES="5")
    page.choose(REFUSED, SMALL)
    assert page.wait_for(REFUSED.name, "failed") == "Files of this kind are not allowed. Allowed: texts."
    words = "The file is too large: it has 13 bytes, and 5 bytes are allowed."
    assert page.wait_for(SMALL.name, "failed") == words
    assert page.tab.sent("GET", "signed_url?") + page.tab.sent("POST", "signed_urls") == []


@pytest.mark.parametrize("answer", [{"status": 404, "json": {}}, {"status": 200, "body": "{"}], ids=["none", "broken"])
def test_a_function_that_tells_no_limits(open_page: OpenPage, s3: Any, answer: Any) -> None:
    page = open_page()
    page.page.route("**/page.json", lambda route: route.fulfill(**answer))
    page.page.reload()
    page.choose(SMALL)
    assert stored(s3, page.key_of(SMALL.name))["Body"].read() == SMALL.body
    assert page.page.locator("#limits").inner_text() == ""
