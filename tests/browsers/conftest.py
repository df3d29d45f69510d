"""Firefox and WebKitGTK, the upload page, the function behind HTTP and the store, shared by the tests here."""

import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, List
from urllib.parse import parse_qs, urlsplit

import pytest

# What the tests of the service use to run the function is used here too.
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("shared", "service")]

from firefox import Firefox, firefox as starting_firefox  # noqa: E402
from page import Browser, Page  # noqa: E402
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
from webkit import WebKit, webkit as starting_webkit  # noqa: E402
from wire import Wire  # noqa: E402


@dataclass
class Site:
    """The page of a function whose store is behind a wire, and what this test alone has there."""

    page: Page
    wire: Wire
    s3: Any
    folder: str

    def keys(self) -> List[str]:
        found = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{self.folder}/").get("Contents", [])
        return [item["Key"] for item in found]

    def stored(self, name: str) -> Any:
        """The object of a file that the page says is stored."""
        self.page.wait_for(name, "stored")
        (key,) = [key for key in self.keys() if key.endswith(f"/{name}")]
        return self.s3.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")

    def check_stored(self, path: Path) -> Any:
        found = self.stored(path.name)
        assert found["Body"].read() == path.read_bytes()
        return found

    def parts_sent(self) -> List[int]:
        """The part's number of each PUT of a part, in their order."""
        queries = [parse_qs(urlsplit(put.target).query) for put in self.wire.puts]
        return [int(query["partNumber"][0]) for query in queries if "partNumber" in query]

    def open_uploads(self) -> int:
        uploads = self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return sum(upload["Key"].startswith(f"{self.folder}/") for upload in uploads)


SELENIUMS_OWN = "ignore:setting remote_server_addr:DeprecationWarning"

OpenSite = Callable[..., Site]


def pytest_collection_modifyitems(items: Any) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(120))
            item.add_marker(pytest.mark.filterwarnings(SELENIUMS_OWN))


@pytest.fixture(scope="session")
def origins() -> str:
    return "*"


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with starting_firefox(tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture(scope="session")
def webkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    with starting_webkit(tmp_path_factory.mktemp("webkit")) as running:
        yield running


@pytest.fixture(scope="session", params=["firefox", "webkit"])
def browser(request: pytest.FixtureRequest) -> Browser:
    running: Browser = request.getfixturevalue(request.param)
    return running


@pytest.fixture
def open_site(browser: Browser, deploy_to: Deploy, wire_to_store: Wire, s3: Any) -> OpenSite:
    """open_site(UPLOAD_X="y", ...) -> the page of a function that runs so."""

    def opened(**settings: str) -> Site:
        folder = uuid.uuid4().hex
        url = deploy_to(f"{folder}/{{id}}/{{name}}", **settings)
        return Site(Page(browser, url), wire_to_store, s3, folder)

    return opened
