"""The origins of the page and of the API. The store has a third one."""

import contextlib
from pathlib import Path
from typing import Iterator, Mapping

from aiohttp import web
from harness import FUNCTION_SECONDS, LoopThread, entered

from local.__main__ import bound, page_origins, serving
from local.front import application
from local.runtime_api import RuntimeApi

PAGE = Path(__file__).resolve().parent / "page"


@contextlib.contextmanager
def pages(loop: LoopThread, clients: Path, examples: Path) -> Iterator[str]:
    """Serves the page, the upload clients and what tests put among the examples."""
    app = web.Application()
    app.router.add_static("/clients", clients.resolve())
    app.router.add_static("/examples", examples)
    app.router.add_static("/", PAGE)
    with entered(loop, serving(app, bound(0))) as url:
        yield url


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
