"""The ways that files take to the upload page, beside those of test_page.py: pasted, a folder that is chosen, the
picker that gives handles."""

from pathlib import Path
from typing import Any, List

from conftest import OpenPage
from playwright.sync_api import Route
from stored import stored
from upload_page import OTHER, SMALL, UploadPage

PASTE = """([name, type, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', 'no file');
  clipboardData.items.add(new File([text], name, { type }));
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
}"""


def check(s3: Any, page: UploadPage, shown: str, body: bytes) -> Any:
    found = stored(s3, page.key_of(shown))
    assert found["Body"].read() == body
    return found


def test_a_file_is_pasted(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    page.page.evaluate(PASTE, [OTHER.name, OTHER.type, OTHER.body.decode()])
    check(s3, page, OTHER.name, OTHER.body)
    assert page.rows.count() == 1


def test_a_folder_is_chosen(open_page: OpenPage, s3: Any, tmp_path: Path) -> None:
    """In the order that a person counts."""
    folder = tmp_path / "Holiday 2024"
    paths = ["2.txt", "10.txt", "day 1/żółw.txt"]
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    page = open_page()
    page.page.set_input_files("#folder", folder)
    for path in paths:
        found = check(s3, page, f"Holiday 2024/{path}", path.encode())
        assert "path" in found["Metadata"]
    assert page.rows.locator(".name").all_text_contents() == [f"Holiday 2024/{path}" for path in paths]


def test_a_file_is_chosen_before_the_script_has_run(open_page: OpenPage, s3: Any) -> None:
    page = open_page()
    held: List[Route] = []
    page.page.route("**/page.js", lambda route: held.append(route))
    page.page.goto(f"{page.url}/", wait_until="commit")
    page.choose(SMALL)
    page.tab.wait_until(lambda: held, "the page asks for no script")
    held[0].continue_()
    check(s3, page, SMALL.name, SMALL.body)


def test_where_no_folder_can_be_chosen(open_page: OpenPage) -> None:
    page = open_page()
    page.page.add_init_script("delete HTMLInputElement.prototype.webkitdirectory")
    page.page.reload()
    page.page.get_by_text("Choose files").wait_for()
    assert not page.page.get_by_text("Choose a folder").is_visible()


# What a person picks, no test can: the handle is a real one, of the browser's own files.
PICK = """([name, text]) => {
  window.showOpenFilePicker = async (options) => {
    window.asked = options;
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle(name, { create: true });
    const writer = await handle.createWritable();
    await writer.write(text);
    await writer.close();
    return [handle];
  };
}"""


def picking(page: UploadPage, script: str) -> None:
    page.page.add_init_script(script)
    page.page.reload()
    page.page.get_by_text("Choose files").click()


def test_a_file_is_picked(open_page: OpenPage, s3: Any) -> None:
    page = open_page(UPLOAD_TYPES="text/*")
    picking(page, f"({PICK})(['picked.txt', 'of a handle'])")
    check(s3, page, "picked.txt", b"of a handle")
    assert page.page.evaluate("asked") == {"multiple": True, "types": [{"accept": {"text/*": []}}]}


def test_nothing_is_picked(open_page: OpenPage) -> None:
    page = open_page()
    with page.page.expect_event("console") as said:
        picking(page, """window.showOpenFilePicker = async () => {
          setTimeout(() => console.log('asked'));
          throw new DOMException('', 'AbortError');
        }""")
    assert said.value.text == "asked"
    assert page.rows.count() == 0 and page.tab.complaints == []


def test_where_nothing_may_be_picked(open_page: OpenPage, s3: Any) -> None:
    """As in a frame of another site: the old way is left."""
    page = open_page()
    with page.page.expect_file_chooser() as chooser:
        picking(page, "window.showOpenFilePicker = async () => { throw new DOMException('', 'SecurityError'); }")
    chooser.value.set_files([SMALL.payload()])
    check(s3, page, SMALL.name, SMALL.body)
