"""Uploads that an earlier visit to the upload page began."""

import re
from pathlib import Path
from typing import Any, Callable, List

import pytest
from conftest import BUCKET, OpenPage
from harness import built
from playwright.sync_api import Locator
from resuming import IN_KEPT
from stored import check_stored
from upload_page import UploadPage
from wire import STALLED, Wire, sent_twice


OpenUploads = Callable[[], List[str]]


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)


@pytest.fixture
def page(open_page: OpenPage, wire_to_store: Wire, folder: str) -> UploadPage:
    return open_page(UPLOAD_KEY=f"{folder}/{{id}}/{{name}}", AWS_ENDPOINT_URL_S3=wire_to_store.url)


@pytest.fixture
def open_uploads(s3: Any, folder: str) -> OpenUploads:
    """The keys of those that are neither joined nor deleted."""

    def found() -> List[str]:
        uploads = s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return [upload["Key"] for upload in uploads if upload["Key"].startswith(f"{folder}/")]

    return found


def begun(page: UploadPage) -> Locator:
    return page.page.locator("#unfinished li")


def told(page: UploadPage) -> List[str]:
    begun(page).first.wait_for()
    return begun(page).locator(".name, .state").all_inner_texts()


def leave(page: UploadPage, wire: Wire, path: Path, drop: bool = False) -> None:
    """With three parts stored and known to be."""
    wire.hold_puts(STALLED, after=3)
    page.tab.drop_from_disk(path) if drop else page.choose(path)
    page.tab.wait_until(
        lambda: any(kept["storedBytes"] > 2 * kept["partSize"] for kept in page.page.evaluate(IN_KEPT)),
        "there are not three parts",
    )
    page.page.reload()
    wire.cut()
    wire.pass_on()
    wire.mend()


def test_the_same_file_goes_on(
    page: UploadPage, s3: Any, open_uploads: OpenUploads, five_parts: Path, wire_to_store: Wire
) -> None:
    leave(page, wire_to_store, five_parts)
    name, said = told(page)
    assert name == five_parts.name
    assert re.fullmatch(r"\d\d% is stored\. Choose it again to go on\.", said)
    assert not page.page.get_by_role("button", name=f"Go on {five_parts.name}").is_visible()
    assert page.violations(built("COUNTERSIGN_CLIENTS", "build/clients") / "axe.js") == []
    page.choose(five_parts)
    check_stored(s3, page, five_parts)
    assert not sent_twice(wire_to_store.puts)
    assert not page.page.locator("#unfinished").is_visible()
    assert open_uploads() == []


def test_another_file_does_not(
    page: UploadPage,
    s3: Any,
    open_uploads: OpenUploads,
    five_parts: Path,
    wire_to_store: Wire,
    tmp_path: Path,
) -> None:
    leave(page, wire_to_store, five_parts)
    told(page)
    other = tmp_path / "other.bin"
    other.write_bytes(five_parts.read_bytes()[::-1])
    page.choose(other)
    check_stored(s3, page, other)
    assert told(page)[0] == five_parts.name
    page.page.get_by_role("button", name=f"Discard {five_parts.name}").click()
    page.tab.wait_until(lambda: open_uploads() == [], "its parts stay")


def test_a_file_of_a_folder_goes_on(page: UploadPage, s3: Any, five_parts: Path, wire_to_store: Wire) -> None:
    """Chosen by itself it is the same upload, with the path of then."""
    name = f"{five_parts.parent.name}/{five_parts.name}"
    leave(page, wire_to_store, five_parts.parent, drop=True)
    assert told(page)[0] == name
    page.choose(five_parts)
    key = page.key_of(name)
    assert s3.head_object(Bucket=BUCKET, Key=key)["Metadata"]["path"] == name
    assert not sent_twice(wire_to_store.puts)


def test_the_same_file_in_a_folder_is_another(
    page: UploadPage, five_parts: Path, wire_to_store: Wire
) -> None:
    leave(page, wire_to_store, five_parts)
    told(page)
    page.tab.drop_from_disk(five_parts.parent)
    page.key_of(f"{five_parts.parent.name}/{five_parts.name}")
    assert told(page)[0] == five_parts.name


def test_it_is_discarded(
    page: UploadPage, open_uploads: OpenUploads, five_parts: Path, wire_to_store: Wire
) -> None:
    leave(page, wire_to_store, five_parts)
    assert len(open_uploads()) == 1
    told(page)
    page.page.get_by_role("button", name=f"Discard {five_parts.name}").press("Enter")
    page.tab.wait_until(lambda: open_uploads() == [], "its parts stay")
    assert page.news == f"{five_parts.name}: Removed"
    assert page.page.evaluate("document.activeElement.id") == "files"
    page.page.reload()
    page.page.get_by_text("Choose files").wait_for()
    assert begun(page).count() == 0


def test_it_goes_on_by_a_click(page: UploadPage, s3: Any, five_parts: Path, wire_to_store: Wire) -> None:
    """Where the browser keeps a handle of what was dropped."""
    leave(page, wire_to_store, five_parts, drop=True)
    assert re.fullmatch(r"\d\d% is stored\.", told(page)[1])
    page.page.get_by_role("button", name=f"Go on {five_parts.name}").click()
    check_stored(s3, page, five_parts)
    assert not sent_twice(wire_to_store.puts)
    assert begun(page).count() == 0
