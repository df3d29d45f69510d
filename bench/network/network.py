"""The servers, and the network that a browser has before them."""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), *(str(ROOT / "tests" / name) for name in ("shared", "service", "browser"))]

import servers  # noqa: E402
from browser import FLAGS, executable  # noqa: E402
from harness import LoopThread, built  # noqa: E402
from link import Shape  # noqa: E402
from playwright.sync_api import Browser, Playwright  # noqa: E402
from upload_site import api  # noqa: E402

from local import versitygw  # noqa: E402
from local.environment import function_environment  # noqa: E402
from local.processes import stop, tie_to_parent  # noqa: E402
from local.store import Store  # noqa: E402

BUCKET = "countersign-bench"
START_SECONDS = 20


@dataclass(frozen=True)
class Site:
    """Three origins."""

    pages: str
    api: str
    store: Store
    work: Path  # for files

    @property
    def module(self) -> str:
        """By another name of the API, which no network is before: it is loaded before the clock runs, and leaves no
        connection behind."""
        return f"http://localhost:{urlsplit(self.api).port}/countersign.js"

    def stored(self) -> list[tuple[str, int]]:
        """Keys and sizes."""
        pages = self.store.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [(item["Key"], item["Size"]) for page in pages for item in page.get("Contents", [])]

    def empty(self) -> None:
        for key, _ in self.stored():
            self.store.s3.delete_object(Bucket=BUCKET, Key=key)


@contextlib.contextmanager
def site(work: Path) -> Iterator[Site]:
    loop = LoopThread()
    bootstrap = built("COUNTERSIGN_BOOTSTRAP", "build/bootstrap")
    clients = built("COUNTERSIGN_CLIENTS", "build/clients")
    # S3 keeps connections; this store does when it is told to.
    running = versitygw.start(built("COUNTERSIGN_STORE", "build/store"), work, "--keep-alive")
    with running as store, servers.pages(loop, clients, HERE) as pages:
        store.make_bucket(BUCKET)
        store.allow(BUCKET, [pages])
        settings = {"UPLOAD_PAGE": "on", "UPLOAD_ORIGINS": pages, "UPLOAD_SEAL_SECRET": secrets.token_hex(32)}
        role = store.temporary_credentials(BUCKET)
        environment = function_environment(bootstrap, role, BUCKET, store.url, settings)
        with api(loop, bootstrap, environment, work / "function.log") as url:
            yield Site(pages, url, store, work)
    loop.close()


class Proxy:
    """The network's process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.ports: dict[str, int] = self._read()

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def _ask(self, line: str) -> dict[str, int]:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        counted: dict[str, int] = self._read()
        return counted

    def counted(self) -> dict[str, int]:
        return self._ask("count")

    def begin(self) -> dict[str, int]:
        """Ends all connections, and begins anew; what was counted until then."""
        return self._ask("begin")


@contextlib.contextmanager
def network(shape: Shape, **targets: str) -> Iterator[Proxy]:
    """One before these servers, which are named with their URLs."""
    told = {"shape": asdict(shape), "targets": {name: urlsplit(url).port for name, url in targets.items()}}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "proxy.py"), json.dumps(told)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=tie_to_parent(),
    )
    try:
        yield Proxy(process)
    finally:
        stop(process)


@contextlib.contextmanager
def browser_behind(playwright: Playwright, proxy: Proxy, here: Site) -> Iterator[Browser]:
    """A Chromium that finds the network where the servers are. What is signed names the servers themselves, and the
    function, which is beside its store, finds them there."""
    maps = [
        f"MAP 127.0.0.1:{urlsplit(url).port} 127.0.0.1:{proxy.ports[name]}"
        for name, url in (("api", here.api), ("store", here.store.url))
    ]
    args = [*FLAGS, f"--host-resolver-rules={','.join(maps)}"]
    browser = playwright.chromium.launch(executable_path=executable(), args=args, timeout=START_SECONDS * 1000)
    try:
        yield browser
    finally:
        browser.close()
