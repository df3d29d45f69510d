"""A browser, the page, the function behind HTTP and the store, shared by the tests here."""

import sys
from pathlib import Path
from typing import Any, Callable, Generator, Iterator

import pytest

# What the tests of the service use to run the function is used here too.
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("shared", "service")]

import servers  # noqa: E402
from browser import Tab, chromium  # noqa: E402
from fake_app import FakeApp, starting  # noqa: E402
from harness import LoopThread, built  # noqa: E402
from playwright.sync_api import BrowserContext  # noqa: E402
from resuming import Resuming  # noqa: E402
from upload_page import MIB, UploadPage  # noqa: E402
from upload_site import (  # noqa: E402, F401
    BUCKET,
    Deploy,
    deploy,
    deploy_to,
    five_parts,
    loop_thread,
    s3,
    store,
    wire_to_store,
)
from wire import Wire  # noqa: E402

FAILED = pytest.StashKey[bool]()

OpenPage = Callable[..., UploadPage]
Resume = Callable[..., Resuming]


def pytest_collection_modifyitems(items: Any) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(90))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, None]:
    """Lets fixtures know how the test went."""
    report = (yield).get_result()
    if report.when == "call":
        item.stash[FAILED] = report.failed


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder behind /examples of the page's origin."""
    return tmp_path_factory.mktemp("examples")


@pytest.fixture(scope="session")
def pages(loop_thread: LoopThread, examples: Path) -> Iterator[str]:
    """The origin of the page."""
    with servers.pages(loop_thread, built("COUNTERSIGN_CLIENTS", "build/clients"), examples) as url:
        yield url


@pytest.fixture(scope="session")
def origins(pages: str) -> str:
    return pages


@pytest.fixture
def resuming(tab: Tab, wire_to_store: Wire, deploy_to: Deploy) -> Resume:
    """resuming("FOLDER/{id}/{name}", ...) -> the page with nothing kept, and a function behind it."""
    origin = tab.page.evaluate("location.origin")
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "indexeddb"})
    return lambda key, **settings: Resuming(tab, wire_to_store, deploy_to(key, **settings))


@pytest.fixture
def app(loop_thread: LoopThread) -> Iterator[FakeApp]:
    """Lets all in that it is asked about, until it is told otherwise."""
    with starting(loop_thread) as start_one:
        yield start_one()


@pytest.fixture(scope="session")
def profile() -> Iterator[BrowserContext]:
    with chromium() as running:
        yield running.new_context()


@pytest.fixture
def tab(profile: BrowserContext, pages: str, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """The page, opened anew. What it sent and received is shown when the test fails."""
    opened = Tab(profile.new_page())
    opened.open(pages)
    yield opened
    if request.node.stash.get(FAILED, True):
        print(opened.traffic(pages))
    opened.page.close()


@pytest.fixture
def open_page(profile: BrowserContext, deploy: Deploy) -> Iterator[OpenPage]:
    """open_page(UPLOAD_X="y", ...) -> the page of a function that runs so."""
    tab = Tab(profile.new_page())
    yield lambda **settings: UploadPage(
        tab, deploy(**{"UPLOAD_PAGE": "on", "UPLOAD_ORIGINS": "*", **settings})
    )
    tab.page.close()


@pytest.fixture
def folder_of_no_size() -> Path:
    """Linux gives those of /proc the size 0, which other systems give all of them."""
    folder = Path("/proc/sys")
    if not folder.is_dir() or folder.stat().st_size:
        pytest.skip("no folder here has the size 0")
    return folder


@pytest.fixture(scope="session")
def equal_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that goes up in six parts of 5 MiB."""
    path = tmp_path_factory.mktemp("files") / "large.bin"
    path.write_bytes(b"".join(bytes([i]) * MIB for i in range(30)))
    return path
