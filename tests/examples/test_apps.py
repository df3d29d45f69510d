"""Each example app of the web, in a browser, against what `make run` starts."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest
from browser import File, Tab, chromium
from playwright.sync_api import BrowserContext, Route
from service import made_run
from web_apps import PAGES, Page, served

from local.processes import free_ports

RECEIPT_SECRET = "only-the-tests-of-the-examples-have-this-one"
MAX_BYTES = 2_000_000
# Stock Uppy makes no checksums, and a module of the API's has no worker on another origin.
UNCHECKED = ("html", "uppy")
BY_ROWS = ("html", "react", "vue", "nextjs")
WITH_SERVER = ("nextjs", "htmx")
PROFILES = {"plain": {}, "checked": {"require": "sha256"}}

pytestmark = pytest.mark.timeout(90)


@dataclass(frozen=True)
class Service:
    api: str
    work: Path
    ports: "dict[str, int]"

    def stored(self, name: str) -> "list[Path]":
        return list((self.work / "work/files").rglob(name))

    def type_of(self, path: Path) -> str:
        """As the store has it, which is told with each file that arrives."""
        key = path.relative_to(self.work / "work/files")
        found = re.search(rf"stored {re.escape(str(key))} \(\d+ bytes, (.*)\)", (self.work / "log").read_text())
        return found[1] if found else ""


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    work = tmp_path_factory.mktemp("run")
    port, *others = free_ports(1 + len(PAGES))
    ports = dict(zip(PAGES, others))
    settings = {
        "UPLOAD_ORIGINS": ",".join(f"http://127.0.0.1:{each}" for each in others),
        "UPLOAD_MAX_BYTES": str(MAX_BYTES),
        "UPLOAD_TYPES": "image/*,text/plain",
        "UPLOAD_RECEIPT_SECRET": RECEIPT_SECRET,
        "UPLOAD_PROFILES": json.dumps(PROFILES),
    }
    with made_run(port, work, **settings) as api:
        yield Service(api, work, ports)


@pytest.fixture(scope="session")
def opened_browser() -> Iterator[BrowserContext]:
    with chromium() as running:
        yield running.new_context()


@pytest.fixture(scope="module", params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def url(name: str, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    api = f"{service.api}/{'plain' if name in UNCHECKED else 'checked'}"
    settings = {"UPLOAD_RECEIPT_SECRET": RECEIPT_SECRET, "UPLOAD_BUCKET": "countersign-local"}
    with served(name, api, service.ports[name], tmp_path_factory.mktemp("served"), settings) as running:
        yield running


@pytest.fixture
def page(name: str, url: str, opened_browser: BrowserContext) -> Iterator[Page]:
    tab = Tab(opened_browser.new_page())
    tab.page.goto(url, wait_until="networkidle")  # a page from a server is not alive at once
    yield PAGES[name](tab)
    tab.page.close()


def test_a_file_is_stored(name: str, page: Page, service: Service) -> None:
    file = File(f"cat-{name}.png", "image/png", b"\x89PNG and so on")
    page.send(file)
    page.wait_until_stored()
    (found,) = page.tab.wait_until(lambda: service.stored(file.name), "it is not in the store")
    assert found.read_bytes() == file.body
    page.tab.wait_until(lambda: service.type_of(found) == "image/png", "its type is another one")
    assert page.tab.complaints == []


def test_a_refusal_is_told_in_words(name: str, page: Page, service: Service) -> None:
    file = File(f"program-{name}.exe", "application/x-msdownload", b"MZ")
    page.send(file)
    page.wait_for("must be one of" if name == "uppy" else "Files of this kind are not taken.")
    assert not page.offers("Cancel") or name == "uppy"
    assert service.stored(file.name) == []


def test_a_file_is_given_up(name: str, page: Page, service: Service) -> None:
    if name == "uppy":
        pytest.skip("its own button")
    file = File(f"slow-{name}.png", "image/png", bytes(MAX_BYTES))
    page.tab.limit_upload(20_000)
    page.send(file)
    page.tab.wait_until(lambda: 0 < page.progress() < 1, "no progress is shown")
    page.press("Cancel")
    page.wait_for("Canceled")
    assert not page.offers("Cancel")
    assert service.stored(file.name) == []
    assert page.tab.sent("PUT", "") and not [r for r in page.tab.finished if r.method == "PUT"]
