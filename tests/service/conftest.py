"""The store, the credentials and the function under test, shared by the tests here."""

import contextlib
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterator

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

import fake_app  # noqa: E402
import multipart  # noqa: E402
import receipts  # noqa: E402
import samples  # noqa: E402
from fake_app import StartApp  # noqa: E402
from fake_store import FakeStore, StartStore, starting  # noqa: E402
from harness import (  # noqa: E402
    Function,
    LoopThread,
    built,
    environment_for_rie,
    running,
    store_with,
)
from rie import Emulator, emulate  # noqa: E402

from local.environment import function_environment  # noqa: E402
from local.store import Credentials, Store  # noqa: E402

BUCKET = "countersign-test"

StartFunction = Callable[..., Function]


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Store]]:
    """stores("versitygw") or stores("minio") -> a running one, the same each time."""
    running: Dict[str, Store] = {}
    with contextlib.ExitStack() as stack:

        def one(name: str) -> Store:
            if name not in running:
                start = store_with(BUCKET, tmp_path_factory.mktemp(name), name)
                running[name] = stack.enter_context(start)
            return running[name]

        yield one


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest, stores: Callable[[str], Store]) -> Store:
    """The one of `make run`; a test that is parametrized by `store` names another."""
    return stores(getattr(request, "param", "versitygw"))


@pytest.fixture(scope="session")
def bucket(store: Store) -> str:
    return BUCKET


@pytest.fixture(scope="session")
def credentials(store: Store, bucket: str) -> Credentials:
    """Temporary credentials with a session token, limited as the function's are."""
    return store.temporary_credentials(bucket)


@pytest.fixture(scope="session")
def reading(store: Store, bucket: str) -> Dict[str, str]:
    """As environment variables, those of a function that may get objects as well."""
    reader = store.temporary_credentials(bucket, reads=True)
    return reader.variables()


@pytest.fixture(scope="session")
def s3(store: Store) -> Any:
    """A boto3 client with all rights, to look at what was stored."""
    return store.s3


@pytest.fixture(scope="session")
def bootstrap() -> Path:
    return built("COUNTERSIGN_BOOTSTRAP", "build/bootstrap")


@pytest.fixture(scope="session")
def loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.close()


@pytest.fixture
def start(loop_thread: LoopThread) -> Iterator[StartStore]:
    """start(Says(...), ...) starts a store that answers so."""
    with starting(loop_thread) as start_one:
        yield start_one


@pytest.fixture
def environment(
    store: Store, bucket: str, credentials: Credentials, bootstrap: Path
) -> Callable[..., Dict[str, str]]:
    """environment(UPLOAD_X="y", ...) -> all that the function's process gets. What is
    named goes before everything else, the store's address and credentials too."""

    def make(**extra: str) -> Dict[str, str]:
        usual = function_environment(bootstrap, credentials, bucket, store.url, {})
        return {**usual, **extra}

    return make


@pytest.fixture
def function(
    loop_thread: LoopThread,
    bootstrap: Path,
    environment: Callable[..., Dict[str, str]],
    tmp_path: Path,
) -> Iterator[StartFunction]:
    """function(UPLOAD_X="y", ...) starts one, which ends with the test."""
    with contextlib.ExitStack() as stack:

        def start_one(**extra: str) -> Function:
            log = tmp_path / "function.log"
            run = running(loop_thread, bootstrap, environment(**extra), log)
            return stack.enter_context(run)

        yield start_one


@pytest.fixture
def app(loop_thread: LoopThread) -> Iterator[StartApp]:
    """app(answer, ...) starts one that answers so: a JSON value, or an Answer."""
    with fake_app.starting(loop_thread) as start_one:
        yield start_one


@pytest.fixture
def confirming(function: StartFunction, reading: Dict[str, str]) -> receipts.Confirming:
    """One with receipts, whose role may look at objects."""

    def start_one(**settings: str) -> Function:
        usual = {"UPLOAD_RECEIPT_SECRET": receipts.SECRET, "UPLOAD_SEAL_SECRET": multipart.SECRET}
        return function(**{**usual, **reading, **settings})

    return start_one


@pytest.fixture
def at_fake(function: StartFunction) -> receipts.AtFake:
    """One whose store is a FakeStore."""

    def start_one(store: FakeStore, **settings: str) -> Function:
        usual = {
            "AWS_ENDPOINT_URL_S3": store.url,
            "UPLOAD_RECEIPT_SECRET": receipts.SECRET,
            "UPLOAD_SEAL_SECRET": multipart.SECRET,
        }
        return function(**{**usual, **settings})

    return start_one


@pytest.fixture
def rie(
    reading: Dict[str, str],
    bootstrap: Path,
    environment: Callable[..., Dict[str, str]],
    tmp_path: Path,
) -> Iterator[Emulator]:
    """The function under the real runtime interface emulator, with all that the sample events need."""
    handed = environment_for_rie(environment(**samples.SETTINGS, **reading))
    with emulate(bootstrap, "handler", handed, tmp_path / "rie.log") as ready:
        yield ready
