"""Each example app of the web, in a browser, against what `make run` starts."""

import json
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, List

import pytest
from browser import File, Tab, chromium
from playwright.sync_api import BrowserContext, Route
from service import made_run
from web_apps import DEVELOPED, PAGES, ROOT, Page, served

from local.processes import free_ports

RECEIPT_SECRET = "only-the-tests-of-the-examples-have-this-one"
MAX_BYTES = 20_000_000
SLOW_BYTES = 2_000_000
UNCHECKED = ("uppy",)  # as it is, it makes no checksums
WITHOUT_WORKER = ("html", "uppy")  # a module of the API's can start none on another origin
BY_ROWS = ("html", "react", "vue", "nextjs")
WITH_MODULE = [name for name in PAGES if name != "uppy"]
WITH_SERVER = ("nextjs", "htmx")
STORE = "**/countersign-local/**"  # the bucket that `make run` makes
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
PROFILES: Any = {"plain": {}, "checked": {"require": "sha256"}}

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
    assert len(page.tab.page.workers) == (0 if name in WITHOUT_WORKER else 1)
    # The module learns by a refusal that checksums are wanted.
    unexpected = [each for each in page.tab.complaints if name in UNCHECKED or "400 (Bad Request)" not in each]
    assert unexpected == []


def test_a_refusal_is_told_in_words(page: Page, name: str, service: Service) -> None:
    file = File(f"program-{name}.exe", "application/x-msdownload", b"MZ")
    page.send(file)
    page.wait_for("Files of this kind are not taken.")
    assert page.tab.sent("PUT", "") == []
    assert service.stored(file.name) == []


@pytest.mark.parametrize("name", ["nextjs"], indirect=True)
def test_a_server_renders_it(url: str) -> None:
    """The component with the hook, which has no files there."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        page = answer.read().decode()
    assert re.search(r'<input type="file" [^>]*aria-label="Files"/?><ul></ul>', page)


@pytest.mark.parametrize("name", WITH_MODULE, indirect=True)
def test_what_has_no_words_here_is_told_in_the_modules(page: Page) -> None:
    denied = "<Error><Code>AccessDenied</Code></Error>"
    page.tab.page.route(STORE, lambda route: route.fulfill(status=403, body=denied, headers=ANY_ORIGIN))
    page.send(File("cat.png", "image/png", b"\x89PNG"))
    page.wait_for("S3 refused the file: access denied.")


@pytest.mark.parametrize("name", ["uppy"], indirect=True)
def test_what_has_no_words_here_is_told_in_the_services(page: Page) -> None:
    refusal = {"code": "NotAllowed", "message": "You have 5 bytes left."}
    page.tab.page.route("**/sign", lambda route: route.fulfill(status=403, json=refusal, headers=ANY_ORIGIN))
    page.send(File("cat.png", "image/png", b"\x89PNG"))
    page.wait_for("You have 5 bytes left.")


@pytest.mark.parametrize("name", WITH_MODULE, indirect=True)
def test_a_file_is_given_up(page: Page, name: str, service: Service) -> None:
    file = File(f"slow-{name}.png", "image/png", bytes(SLOW_BYTES))
    page.tab.limit_upload(20_000)
    page.send(file)
    page.tab.wait_until(lambda: 0 < page.progress() < 1, "no progress is shown")
    page.press("Cancel")
    page.wait_for("Canceled")
    assert not page.offers("Cancel")
    (put,) = page.tab.sent("PUT", "")
    assert put not in page.tab.finished
    assert service.stored(file.name) == []


@pytest.mark.parametrize("name", [DEVELOPED], indirect=True)
def test_a_large_file_is_paused(page: Page, name: str, service: Service, tmp_path: Path) -> None:
    """And goes on, with a checksum of each part."""
    path = tmp_path / f"large-{name}.png"
    path.write_bytes(bytes(range(250)) * 72_000)
    held: List[Route] = []
    page.tab.page.route(STORE, lambda route: held.append(route))
    page.tab.page.set_input_files("input[type=file]", path)
    page.tab.wait_until(lambda: held, "no part is sent")
    page.press("Pause")
    page.wait_for("Paused")
    page.tab.page.unroute(STORE)
    asked = len(page.tab.sent("PUT", ""))
    page.press("Resume")
    page.wait_until_stored()
    (found,) = page.tab.wait_until(lambda: service.stored(path.name), "it is not in the store")
    assert found.read_bytes() == path.read_bytes()
    parts = [re.findall(r"partNumber=(\d+)", put.url) for put in page.tab.sent("PUT", "")[asked:]]
    assert len(parts) > 1 and sorted(parts) == [[str(number + 1)] for number in range(len(parts))]


@pytest.mark.parametrize("name", BY_ROWS, indirect=True)
def test_what_failed_is_tried_again(page: Page, name: str, service: Service) -> None:
    file = File(f"twice-{name}.png", "image/png", b"\x89PNG")
    page.tab.page.clock.install()  # or else a minute of tries
    page.tab.page.reload(wait_until="networkidle")
    page.tab.page.route(STORE, lambda route: route.abort())
    page.send(file)

    def given_up() -> bool:
        page.tab.page.clock.fast_forward(20_000)
        return page.offers("Try again")

    page.tab.wait_until(given_up, "it is not given up")
    page.wait_for("S3 can’t be reached.")
    page.tab.page.unroute(STORE)
    page.press("Try again")
    page.wait_until_stored()
    assert len(page.tab.wait_until(lambda: service.stored(file.name), "it is not in the store")) == 1


@pytest.mark.parametrize("name", WITH_SERVER, indirect=True)
def test_the_apps_server_knows_what_is_stored(page: Page, name: str, service: Service) -> None:
    file = File(f"known-{name}.txt", "text/plain", b"known")
    page.send(file)
    page.wait_until_stored()
    page.tab.wait_until(lambda: file.name in page.known(), "the server does not know it")
    page.tab.page.reload()
    assert re.search(rf"uploads/checked/\w+/{file.name}\W+5 bytes", page.known())


@pytest.mark.parametrize("name", WITH_SERVER, indirect=True)
def test_the_apps_server_takes_no_other_receipt(page: Page, name: str) -> None:
    """That of what was allowed says nothing of what is stored."""

    def granted(route: Route) -> None:
        receipt = route.request.post_data_json["receipt"]
        told = {"key": "uploads/any", "size": 5, "receipt": receipt}
        route.fulfill(json=told, headers=ANY_ORIGIN)

    page.tab.page.route("**/confirm", granted)
    page.send(File("any.txt", "text/plain", b"known"))
    page.tab.page.get_by_text("That is no receipt for a file of yours.").wait_for()
    page.tab.page.reload()
    assert "any.txt" not in page.known()


@pytest.mark.parametrize("name", WITH_MODULE, indirect=True)
def test_it_is_for_everybody(page: Page) -> None:
    """What axe-core finds; of Uppy's own elements it says more."""
    page.send(File("program.exe", "application/x-msdownload", b"MZ"))
    page.wait_for("Files of this kind are not taken.")
    page.tab.page.evaluate((ROOT / "build/clients/axe.js").read_text("utf-8"))
    found = page.tab.page.evaluate("axe.run()")["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_they_look_alike() -> None:
    """Each is whole, so each has a copy of the same style, and what it needs more behind that."""
    examples = ROOT / "examples/web"
    styles = {path.relative_to(examples): path.read_text() for path in examples.rglob("style.css")}
    assert len(styles) == 5
    common = styles[Path("html/style.css")]
    assert [path for path, style in styles.items() if not style.startswith(common)] == []
