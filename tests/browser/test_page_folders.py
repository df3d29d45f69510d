"""Folders that are dropped on the upload page: their files are stored, and what can't be is said."""

from pathlib import Path
from typing import Any, Dict

import pytest
from conftest import OpenPage
from stored import stored
from upload_page import SMALL, UploadPage

# More than Chromium gives of a folder at a time.
MANY = 230


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "Holiday 2024"
    for path, body in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return folder


FILES: Dict[str, bytes] = {
    "a.txt": b"first",
    "day 1/IMG_1.HEIC": b"photo",
    "day 1/żółw/a.txt": b"another of this name",
    "day 2/empty.txt": b"",
}


# Root, who may run the tests, may read everything: here the browser's answers are those of a person who may not.
UNREADABLE = """() => {
  const fails = (done, failed) => failed(new DOMException('', 'NotReadableError'));
  const spoil = (entry) => {
    if (entry.name === 'a.txt') entry.file = fails;
    if (entry.name === 'day 1') entry.createReader = () => ({ readEntries: fails });
    return entry;
  };
  const { webkitGetAsEntry } = DataTransferItem.prototype;
  DataTransferItem.prototype.webkitGetAsEntry = function () {
    const folder = webkitGetAsEntry.call(this);
    const reader = folder.createReader();
    const readEntries = (done, failed) =>
      reader.readEntries((entries) => done(entries.map(spoil)), failed);
    folder.createReader = () => ({ readEntries });
    return folder;
  };
}"""


def check(page: UploadPage, s3: Any, folder: Path, path: str) -> None:
    shown = f"{folder.name}/{path}"
    key = page.key_of(shown)
    assert key.endswith("/" + shown.replace("/", "_"))
    found = stored(s3, key)
    assert found["Body"].read() == (folder / path).read_bytes()
    assert "path" in found["Metadata"]


def test_all_files_of_a_folder_with_their_paths(
    open_page: OpenPage, s3: Any, tree: Path
) -> None:
    page = open_page()
    page.tab.drop_from_disk(tree)
    for path in FILES:
        check(page, s3, tree, path)
    assert page.rows.count() == len(FILES)
    found = stored(s3, page.key_of("Holiday 2024/day 1/IMG_1.HEIC"))
    assert found["ContentType"] == "image/heic"
    assert found["Metadata"]["path"] == "Holiday 2024/day 1/IMG_1.HEIC"
    assert page.tab.complaints == []


def test_a_folder_beside_files(open_page: OpenPage, s3: Any, tree: Path, tmp_path: Path) -> None:
    page = open_page()
    (tmp_path / SMALL.name).write_bytes(SMALL.body)
    page.tab.drop_from_disk(tree, tmp_path / SMALL.name)
    check(page, s3, tree, "a.txt")
    found = stored(s3, page.key_of(SMALL.name))
    assert (found["Body"].read(), found["Metadata"]) == (SMALL.body, {})


def test_more_files_than_a_browser_gives_at_once(open_page: OpenPage, tmp_path: Path) -> None:
    """In the order that a person counts."""
    page = open_page()
    page.page.route("**/signed_url?*", lambda route: route.abort())
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(MANY):
        (folder / f"{i}.txt").touch()
    page.tab.drop_from_disk(folder)
    page.tab.wait_until(lambda: page.rows.count() == MANY, "not all are taken")
    names = page.rows.locator(".name").all_text_contents()
    assert names == [f"many/{i}.txt" for i in range(MANY)]


def test_a_link_is_no_way_round(open_page: OpenPage, s3: Any, tree: Path) -> None:
    (tree / "day 1" / "back").symlink_to(tree)
    page = open_page()
    page.tab.drop_from_disk(tree)
    for path in FILES:
        check(page, s3, tree, path)
    assert page.rows.count() == len(FILES)


def test_a_folder_in_parts(open_page: OpenPage, s3: Any, five_parts: Path) -> None:
    page = open_page()
    page.tab.drop_from_disk(five_parts.parent)
    check(page, s3, five_parts.parent, five_parts.name)
    assert sorted(page.parts_sent()) == [1, 2, 3, 4, 5]


def test_empty_folders_are_said(open_page: OpenPage, s3: Any, tree: Path) -> None:
    page = open_page()
    empty = tree / "day 3"
    empty.mkdir()
    page.tab.drop_from_disk(tree)
    words = "day 3 is an empty folder: there is nothing to store."
    assert page.wait_for("Holiday 2024/day 3", "failed") == words
    for path in FILES:
        check(page, s3, tree, path)
    assert page.rows.count() == len(FILES) + 1
    page.tab.drop_from_disk(empty)
    assert page.wait_for("day 3", "failed") == words
    assert page.news == f"day 3: {words}"
    assert not page.row("day 3").get_by_role("progressbar").is_visible()
    page.press("day 3", "Remove")
    assert page.row("day 3").count() == 0


def test_a_folder_of_no_size(open_page: OpenPage, folder_of_no_size: Path) -> None:
    """It is no empty file."""
    page = open_page()
    page.page.route("**/signed_url?*", lambda route: route.abort())
    page.tab.drop_from_disk(folder_of_no_size)
    page.rows.filter(has_text="sys/kernel/").first.wait_for()
    assert page.row("sys").count() == 0


def test_what_can_not_be_read_is_said(open_page: OpenPage, s3: Any, tree: Path) -> None:
    page = open_page()
    page.page.evaluate(UNREADABLE)
    page.tab.drop_from_disk(tree)
    assert page.wait_for("Holiday 2024/day 1", "failed") == "The folder can’t be read."
    assert page.wait_for("Holiday 2024/a.txt", "failed") == "The file can’t be read."
    check(page, s3, tree, "day 2/empty.txt")
    assert page.rows.count() == 3


def test_a_dropped_text_is_nothing(open_page: OpenPage) -> None:
    page = open_page()
    page.drop_text("no file")
    page.drop(SMALL)
    page.wait_for(SMALL.name, "stored")
    assert page.rows.count() == 1
    assert page.tab.complaints == []
