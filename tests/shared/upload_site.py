"""The store and the function behind HTTP, for the suites that open a page in a browser. Each has a fixture `origins`,
of the pages that are let in beside the function's own."""

import contextlib
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Mapping

import pytest
from harness import FUNCTION_SECONDS, LoopThread, built, entered, store_with
from wire import Wire, wire

from local.__main__ import bound, page_origins, serving
from local.environment import function_environment
from local.front import application
from local.runtime_api import RuntimeApi
from local.store import Store
from local.target import reads_objects

BUCKET = "countersign-browser"
SEAL_SECRET = "only-the-tests-in-a-browser-have-this-one"
MIB = 1024 * 1024

Deploy = Callable[..., str]


@contextlib.contextmanager
def api(
    loop: LoopThread, bootstrap: Path, environment: Mapping[str, str], log: Path
) -> Iterator[str]:
    """Serves the function behind the local front."""
    with open(log, "ab") as output, contextlib.closing(bound(0)) as listener:
        settings = {"UPLOAD_PAGE_ORIGIN": page_origins(listener), **environment}
        running = RuntimeApi([str(bootstrap)], settings, FUNCTION_SECONDS, output)
        loop.run(running.start())
        try:
            loop.run(running.init())
            with entered(loop, serving(application(running.invoke), listener)) as url:
                yield url
        finally:
            loop.run(running.stop())


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with store_with(BUCKET, tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="session")
def s3(store: Store) -> Any:
    """A boto3 client with all rights, to look at what was stored."""
    return store.s3


@pytest.fixture(scope="session")
def loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.close()


@pytest.fixture
def wire_to_store(store: Store, loop_thread: LoopThread) -> Iterator[Wire]:
    with wire(loop_thread, store.url) as opened:
        yield opened


@pytest.fixture(scope="session")
def deploy(
    store: Store, loop_thread: LoopThread, origins: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deploy]:
    """deploy(UPLOAD_X="y", ...) -> the URL of a function that runs so; one of each kind."""
    bootstrap = built("COUNTERSIGN_BOOTSTRAP", "build/bootstrap")
    usual = {"UPLOAD_ORIGINS": origins, "UPLOAD_SEAL_SECRET": SEAL_SECRET}
    credentials = {on: store.temporary_credentials(BUCKET, reads=on) for on in (False, True)}
    log = tmp_path_factory.mktemp("function") / "log"
    running: Dict[Any, str] = {}
    with contextlib.ExitStack() as stack:

        def start_one(**extra: str) -> str:
            settings = {**usual, **extra}
            kind = tuple(sorted(settings.items()))
            if kind not in running:
                endpoint = settings.get("AWS_ENDPOINT_URL_S3", store.url)
                role = credentials[reads_objects(settings)]
                environment = function_environment(bootstrap, role, BUCKET, endpoint, settings)
                run = api(loop_thread, bootstrap, environment, log)
                running[kind] = stack.enter_context(run)
            return running[kind]

        yield start_one


@pytest.fixture
def deploy_to(deploy: Deploy, wire_to_store: Wire) -> Deploy:
    """deploy_to("FOLDER/{id}/{name}", ...) -> a function's URL; its store is behind the wire."""
    usual = {"UPLOAD_PAGE": "on", "AWS_ENDPOINT_URL_S3": wire_to_store.url}
    return lambda key, **settings: deploy(**usual, UPLOAD_KEY=key, **settings)


@pytest.fixture(scope="session")
def five_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that goes up in five parts, which all differ."""
    path = tmp_path_factory.mktemp("files") / "large.bin"
    path.write_bytes(b"".join(bytes([i]) * MIB for i in range(24)))
    return path
