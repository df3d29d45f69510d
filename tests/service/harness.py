"""The function under test, behind the local Runtime API."""

import asyncio
import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Any, Coroutine, Dict, Iterator, Mapping, TypeVar
from urllib.parse import urlencode

import minio
import pytest

from local import events, replies, versitygw
from local.events import Request
from local.runtime_api import RuntimeApi
from local.store import Store, StoreError

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
FUNCTION_SECONDS = 10.0


def built(variable: str, default: str) -> Path:
    """Something that `make` builds; the environment may name another place."""
    path = Path(os.environ.get(variable) or ROOT / default)
    if not path.exists():
        pytest.fail(f"{path} is missing: run `make test`, or name another with {variable}")
    return path


# By the store that a test is parametrized with; the one of `make run` is the default.
ON_MINIO = pytest.mark.parametrize("store", ["minio"], indirect=True, scope="session")
ON_BOTH = pytest.mark.parametrize("store", ["versitygw", "minio"], indirect=True, scope="session")
SERVERS = {
    "versitygw": (versitygw.start, "COUNTERSIGN_STORE", "build/store"),
    "minio": (minio.start, "COUNTERSIGN_STORE_MINIO", "build/store-minio"),
}


@contextlib.contextmanager
def store_with(bucket: str, work: Path, name: str = "versitygw") -> Iterator[Store]:
    """A real S3 server with an empty bucket that has the template's CORS rules."""
    start, variable, folder = SERVERS[name]
    try:
        with start(built(variable, folder), work) as running_store:
            running_store.make_bucket(bucket)
            running_store.allow(bucket, ["*"])
            yield running_store
    except StoreError as error:
        pytest.fail(str(error))


class LoopThread:
    """An event loop that runs beside synchronous tests. It lives for the session:
    the functions it starts end with its thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextlib.contextmanager
def entered(
    loop: LoopThread, context: "contextlib.AbstractAsyncContextManager[str]"
) -> Iterator[str]:
    """An asynchronous context manager of the loop's thread, for synchronous tests."""
    yielded = loop.run(context.__aenter__())
    try:
        yield yielded
    finally:
        loop.run(context.__aexit__(None, None, None))


class Function:
    """A running function. Calls raise FunctionFailed when it fails."""

    def __init__(self, loop: LoopThread, api: RuntimeApi) -> None:
        self._loop = loop
        self._api = api

    def invoke_raw(self, event: bytes) -> bytes:
        return self._loop.run(self._api.invoke(event))

    def invoke(self, event: Mapping[str, Any], kind: str = "http-v2") -> replies.Response:
        """An event's reply, as the HTTP response that this kind of front makes of it."""
        return replies.KINDS[kind](self.invoke_raw(json.dumps(event).encode()))

    def request(self, request: Request, kind: str = "http-v2") -> replies.Response:
        return self.invoke(events.KINDS[kind](request), kind)

    def get(self, path: str, **query: str) -> replies.Response:
        return self.request(Request("GET", path, urlencode(query)))


@contextlib.contextmanager
def running(
    loop: LoopThread, bootstrap: Path, environment: Mapping[str, str], log: Path
) -> Iterator[Function]:
    """Starts the function; raises FunctionFailed when it does not start."""
    with open(log, "ab") as output:
        api = RuntimeApi([str(bootstrap)], environment, FUNCTION_SECONDS, output)
        loop.run(api.start())
        try:
            loop.run(api.init())
            yield Function(loop, api)
        finally:
            loop.run(api.stop())


def environment_for_rie(environment: Mapping[str, str]) -> Dict[str, str]:
    """The emulator sets the Lambda variables itself and hands on the rest."""
    return {k: v for k, v in environment.items() if not k.startswith(("AWS_LAMBDA_", "_HANDLER"))}
