"""The origin of the page. The API has another one, and the store a third."""

import contextlib
from pathlib import Path
from typing import Iterator

from aiohttp import web
from harness import LoopThread, entered

from local.__main__ import bound, serving

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
