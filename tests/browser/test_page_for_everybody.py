"""The upload page by keyboard and screen reader, in the dark, on a phone; its policy, types and size."""

from pathlib import Path
from typing import Any, Iterator

import pytest
from browser import File, Tab
from conftest import Deploy, OpenPage
from harness import ROOT, built
from playwright.sync_api import BrowserContext
from upload_page import UploadPage

WEB = ROOT / "build/web"
SIZE_MAX_BYTES = 20_000
MODULE_MAX_BYTES = 9_000
MESSAGES_MAX_BYTES = 7_000
FILE = File("a rather long name of a file, without any meaning " * 3 + ".txt", "text/plain", b"text")


@pytest.fixture
def open_page(profile: BrowserContext, deploy: Deploy) -> Iterator[OpenPage]:
    """open_page(color_scheme=..., width=...) -> the page, which is told so."""
    opened = []

    def open_one(scheme: str = "light", width: int = 1000, **settings: str) -> UploadPage:
        tab = Tab(profile.new_page())
        opened.append(tab)
        tab.page.set_viewport_size({"width": width, "height": 700})
        tab.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        return UploadPage(tab, deploy(UPLOAD_PAGE="on", UPLOAD_ORIGINS="*", **settings))

    yield open_one
    for tab in opened:
        tab.page.close()


@pytest.fixture(scope="session")
def checkers() -> Path:
    return built("COUNTERSIGN_CLIENTS", "build/clients")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 320])
def test_axe_finds_nothing(
    open_page: OpenPage, checkers: Path, tmp_path: Path, scheme: str, width: int
) -> None:
    empty_folder = tmp_path / "empty"
    empty_folder.mkdir()
    page = open_page(scheme, width, UPLOAD_TYPES="text/*", UPLOAD_DOWNLOADS="on")
    assert page.violations(checkers / "axe.js") == []
    paused, running = tmp_path / "paused.txt", tmp_path / "running.txt"
    for path in (paused, running):
        path.write_bytes(bytes(17 * 1024 * 1024))
    page.tab.limit_upload(1024 * 1024)
    page.choose(paused)
    page.press(paused.name, "Pause")
    page.choose(FILE, File("refused.png", "image/png", b""))
    page.wait_for(FILE.name, "stored")
    page.row(FILE.name).locator("summary").click()
    page.wait_for("refused.png", "failed")
    page.choose(running)
    page.wait_for(running.name, "running", "/s")
    page.tab.drop_from_disk(empty_folder)
    page.wait_for(empty_folder.name, "failed")
    assert page.page.get_by_role("button", name="Clear the stored ones").is_visible()
    assert page.violations(checkers / "axe.js") == []


def test_the_dark_page_is_dark(open_page: OpenPage) -> None:
    brightness = "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    assert open_page("light").page.evaluate(brightness) > 200
    assert open_page("dark").page.evaluate(brightness) < 50


@pytest.mark.parametrize("width", [320, 1000])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    page.choose(FILE)
    page.wait_for(FILE.name, "stored")
    assert page.page.evaluate("document.documentElement.scrollWidth") == width


def focused(page: UploadPage) -> str:
    active = "(({ ariaLabel, id, textContent }) => ariaLabel || id || textContent)(document.activeElement)"
    return str(page.page.evaluate(active))


def test_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(UPLOAD_KEY="keyboard/{id}/{name}")  # where no upload was begun
    page.page.add_init_script("delete window.showOpenFilePicker")  # no test can use it
    page.page.reload()
    page.page.keyboard.press("Tab")
    assert focused(page) == "files"
    outline = "getComputedStyle(document.querySelector('label')).outlineStyle"
    assert page.page.evaluate(outline) == "solid"
    with page.page.expect_file_chooser() as chooser:
        page.page.keyboard.press("Enter")
    chooser.value.set_files([File(name, "", b"x").payload() for name in ("1.txt", "2.txt")])
    for name in ("1.txt", "2.txt"):
        page.wait_for(name, "stored")
    page.page.get_by_role("button", name="Clear the stored ones").wait_for()
    for stop in ("folder", "Clear the stored ones", "Details 1.txt", "Remove 1.txt"):
        page.page.keyboard.press("Tab")
        assert focused(page) == stop
    page.page.keyboard.press("Enter")
    assert focused(page) == "Remove 2.txt"
    page.page.keyboard.press("Space")
    assert focused(page) == "files"
    assert page.rows.count() == 0


def test_the_focus_stays_when_a_button_goes(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(17 * 1024 * 1024))
    page.tab.limit_upload(1024 * 1024)
    page.choose(path)
    page.wait_for_progress(path.name, 0.1)
    page.page.get_by_role("button", name=f"Pause {path.name}").focus()
    page.tab.limit_upload(-1)
    page.wait_for(path.name, "stored")
    assert focused(page) == f"Remove {path.name}"


def test_a_screen_reader_is_told(open_page: OpenPage) -> None:
    page = open_page()
    page.choose(FILE)
    page.wait_for(FILE.name, "stored")
    assert page.news == f"{FILE.name}: Stored"
    bar = page.page.get_by_role("progressbar", name=f"Progress of {FILE.name}")
    assert bar.count() == 1


def test_the_policy(open_page: OpenPage, store: Any) -> None:
    page = open_page()
    with page.page.expect_response(page.page.url) as response:
        page.page.reload()
    policy = response.value.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert policy.endswith(f"connect-src 'self' {store.url}")
    assert "unsafe" not in policy
    page.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=/x onerror=\"window.ran = true\">')"
    )
    other = store.url.replace("127.0.0.1", "localhost")
    assert page.page.evaluate(f"fetch('{other}/').then(() => 'reached', () => 'refused')") == "refused"
    page.tab.wait_until(lambda: len(page.tab.complaints) >= 2, "the policy is not enforced")
    assert page.page.evaluate("window.ran === undefined")


def test_the_page_is_small() -> None:
    """As the function sends it; messages.js goes to those alone who do not read English."""
    sizes = {path.name: path.stat().st_size for path in WEB.glob("*.gz")}
    assert sizes["countersign.min.js.gz"] <= MODULE_MAX_BYTES
    assert sizes.pop("messages.js.gz") <= MESSAGES_MAX_BYTES
    assert sum(sizes.values()) < SIZE_MAX_BYTES
