"""An HTTP proxy that writes down what it is asked: CONNECT, and GET of a whole URL."""

import asyncio
import base64
import contextlib
from typing import AsyncIterator, Callable, Iterator, List, Optional
from urllib.parse import urlsplit

from harness import LoopThread


class HttpProxy:
    """Lets through all, or those with `user` ("name:password") alone; or answers `refuses`, the head
    of an answer, or hangs up when that is empty; or is `silent`. It finds every host on this machine."""

    def __init__(self, user: Optional[str], refuses: Optional[str], silent: bool) -> None:
        self._silent = silent
        self._user = user
        self._refuses = refuses
        self.port = 0
        self.requests: List[str] = []  # "METHOD target"
        self.heads: List[str] = []

    @property
    def address(self) -> str:
        return f"localhost:{self.port}"

    def _refusal(self, head: str) -> Optional[str]:
        if self._refuses is not None:
            return self._refuses
        if self._user is None:
            return None
        told = base64.b64encode(self._user.encode()).decode()
        if f"proxy-authorization: basic {told}".lower() in head.lower().split("\r\n"):
            return None
        return 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, _, fields = head.partition("\r\n")
        method, target, _ = line.split(" ")
        self.requests.append(f"{method} {target}")
        self.heads.append(head)
        if self._silent:
            await reader.read()
            return
        refusal = self._refusal(head)
        if refusal is not None:
            writer.write(refusal.encode())
            await writer.drain()
            return
        if method == "CONNECT":
            port = int(target.rpartition(":")[2])
            store = await asyncio.open_connection("127.0.0.1", port)
            # In two pieces, with a header, as proxies have them.
            writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1")
            await writer.drain()
            writer.write(b" test\r\n\r\n")
        else:
            url = urlsplit(target)
            store = await asyncio.open_connection("127.0.0.1", url.port)
            path = target[len(f"{url.scheme}://{url.netloc}") :]
            kept = [f for f in fields.split("\r\n") if not f.lower().startswith("proxy-")]
            store[1].write("\r\n".join([f"{method} {path} HTTP/1.1", *kept]).encode())
        await asyncio.gather(_copy(reader, store[1]), _copy(store[0], writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(64 * 1024):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(ConnectionError, OSError):
        writer.close()


StartProxy = Callable[..., HttpProxy]


@contextlib.asynccontextmanager
async def _listening(proxy: HttpProxy) -> AsyncIterator[None]:
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()


@contextlib.contextmanager
def proxies(loop: LoopThread) -> Iterator[StartProxy]:
    """start(user="name:password", refuses=..., silent=...) starts one; it ends with the context."""
    stack = contextlib.AsyncExitStack()

    def start(
        user: Optional[str] = None, refuses: Optional[str] = None, silent: bool = False
    ) -> HttpProxy:
        proxy = HttpProxy(user, refuses, silent)
        loop.run(stack.enter_async_context(_listening(proxy)))
        return proxy

    try:
        yield start
    finally:
        loop.run(stack.aclose())
