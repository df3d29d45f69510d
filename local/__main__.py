"""`make run`: the function behind HTTP, with its page and an S3 server, until Ctrl-C."""

import argparse
import asyncio
import contextlib
import errno
import json
import os
import secrets
import signal
import socket
import sys
from pathlib import Path
from typing import AsyncIterator, Callable, Dict, Iterator, List, Mapping, Optional

from aiohttp import web

from .arrivals import Arrival
from .cors import origins
from .environment import function_environment, passed_through
from .events import Claims
from .front import application
from .notify import App, NotifyProblem, chosen_app, object_created, telling
from .runtime_api import FunctionFailed, RuntimeApi
from .screen import complain, say
from .store import StoreError
from .target import Target, own_store, users_store
from .versitygw import start

HOST = "127.0.0.1"
LOOK_EACH_SECONDS = 1.0
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Tell = Callable[[Arrival], object]

SCREEN = """
Countersign runs on this machine. Ctrl-C stops it.

{addresses}  Files  {files}
"""
API = "  API    {api}\n"
PAGE = "  Page   {api}/\n         (drop a file on it)\n"
EXAMPLE = """
Upload a file from another terminal:

  url=$(curl -sS '{api}/signed_url?file_name=hello.txt&file_type=text/plain' |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["url"])')
  echo 'Hello, world' |
    curl -sS -i -X PUT -H 'Content-Type: text/plain' --data-binary @- "$url"
"""


def claims(text: str) -> Claims:
    with contextlib.suppress(ValueError):
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    raise argparse.ArgumentTypeError('must be a JSON object of claims, such as {"sub":"ann"}')


def arguments(argv: Optional[List[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--bootstrap", type=Path, required=True, help="the function's executable")
    parser.add_argument("--store", type=Path, help="folder of the S3 server to start")
    parser.add_argument("--store-url", help="the S3 endpoint to use instead")
    parser.add_argument("--port", type=int, default=8080, help="the API's port (8080)")
    parser.add_argument(
        "--caller",
        type=claims,
        default=os.environ.get("CALLER") or None,
        help="whose requests these are, as an authorizer would say ($CALLER)",
    )
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("build/local"),
        help="where uploads are copied to, and the store keeps its data (build/local)",
    )
    options = parser.parse_args(argv)
    if not options.store and not options.store_url:
        parser.error("one of --store and --store-url is needed")
    return options


def bound(port: int) -> socket.socket:
    """A socket at this port, or at another one when it is taken. Who connects waits for serving()."""
    try:
        return _bound(port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
    other = _bound(0)
    say(f"Port {port} is taken: using {other.getsockname()[1]} instead.")
    return other


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


def url_of(listener: socket.socket, host: str = HOST) -> str:
    return f"http://{host}:{listener.getsockname()[1]}"


@contextlib.asynccontextmanager
async def serving(app: web.Application, listener: socket.socket) -> AsyncIterator[str]:
    """Serves `app` at a bound socket, which is closed in the end."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield url_of(listener)
    finally:
        await runner.cleanup()


async def until_stopped(target: Target, stopped: asyncio.Event, tell: Tell) -> None:
    while not stopped.is_set():
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopped.wait(), LOOK_EACH_SECONDS)
        for arrival in await asyncio.to_thread(target.look):
            tell(arrival)


@contextlib.asynccontextmanager
async def telling_of(target: Target, app: Optional[App]) -> AsyncIterator[Tell]:
    """Yields what is to be called with each file that arrives."""
    if app is None:
        yield lambda arrival: None
        return
    async with telling(app) as notifier:
        say(f"Each file that is stored is told to {app.shown}")
        yield lambda arrival: notifier.tell(
            arrival.shown, object_created(arrival, target.bucket, target.region)
        )


def settings(listener: socket.socket) -> Dict[str, str]:
    """With a page, and with a secret of its own, so that multipart uploads work out of the box."""
    usual = {
        "UPLOAD_PAGE": "on",
        "UPLOAD_PAGE_ORIGIN": page_origins(listener),
        "UPLOAD_SEAL_SECRET": secrets.token_hex(32),
    }
    return {**usual, **passed_through(os.environ)}


def page_origins(listener: socket.socket) -> str:
    """Where the page is: at an address without TLS, which no event of AWS's tells of."""
    return ",".join(url_of(listener, host) for host in (HOST, "localhost"))


def screen(url: str, environment: Mapping[str, str], files: str) -> str:
    """Each profile has an address of its own, and what it takes the example can't know."""
    profiles = json.loads(environment.get("UPLOAD_PROFILES") or "{}")
    shown = PAGE + API if environment["UPLOAD_PAGE"] == "on" else API
    places = [f"{url}/{name}" for name in profiles] or [url]
    addresses = "".join(shown.format(api=place) for place in places)
    example = "" if profiles else EXAMPLE.format(api=url)
    return SCREEN.format(addresses=addresses, files=files) + example


async def serve(options: argparse.Namespace, target: Target, app: Optional[App]) -> None:
    stopped = asyncio.Event()
    for number in STOPPING_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    listener = bound(options.port)
    chosen = settings(listener)
    environment = function_environment(
        options.bootstrap,
        target.credentials,
        target.bucket,
        target.url,
        chosen,
        target.region,
    )
    api = RuntimeApi([str(options.bootstrap.resolve())], environment)
    await api.start()
    try:
        await api.init()
        await asyncio.to_thread(target.allow, origins(chosen))
        async with serving(application(api.invoke, claims=options.caller), listener) as url:
            say(screen(url, environment, target.files))
            async with telling_of(target, app) as tell:
                await until_stopped(target, stopped, tell)
    finally:
        listener.close()
        await api.stop()


@contextlib.contextmanager
def chosen_target(options: argparse.Namespace, looks: bool) -> Iterator[Target]:
    if options.store_url:
        yield users_store(options.store_url, os.environ, looks)
        return
    with start(options.store, options.work) as store:
        yield own_store(store, options.work, os.environ)


def main(argv: Optional[List[str]] = None) -> int:
    options = arguments(argv)
    if not os.access(options.bootstrap, os.X_OK):
        complain(f"no function at {options.bootstrap}: `make` builds it")
        return 1
    for number in STOPPING_SIGNALS:  # while the store starts; serve() has its own
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        app = chosen_app(os.environ)
        with chosen_target(options, looks=app is not None) as target:
            asyncio.run(serve(options, target, app))
            for number in STOPPING_SIGNALS:  # it stops: no need to press twice
                signal.signal(number, signal.SIG_IGN)
    except (NotifyProblem, StoreError) as error:
        complain(str(error))
        return 1
    except FunctionFailed as error:
        complain(f"the function does not start: {error}")
        return 1
    say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
