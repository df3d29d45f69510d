"""A wire to a server that a test can cut or hold, on a port of its own."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Awaitable, Callable, Iterator, List, Optional, Set
from urllib.parse import parse_qs, urlsplit

from harness import LoopThread

PIECE_BYTES = 64 * 1024
# What becomes of a PUT, while other requests go on.
PASSED_ON, STALLED, SWALLOWED, UNANSWERED = "passed on", "stalled", "swallowed", "unanswered"
GIVEN_UP = "given up"  # by a proxy that does not wait for the answer
GATEWAY_TIMEOUT = (
    b"HTTP/1.1 504 Gateway Timeout\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n"
)


@dataclass
class Put:
    """A PUT, and what came over the wire of it."""

    target: str
    sent_bytes: int = 0
    is_stored: bool = False


class Wire:
    """Passes bytes on. While it is cut, every connection is reset. A PUT can be held: its bytes are
    not read, or are read and lost, or only its answer waits, or is another one."""

    def __init__(self, loop: LoopThread, target_url: str) -> None:
        self._loop = loop
        self._target = urlsplit(target_url)
        self._ends: Set[asyncio.StreamWriter] = set()
        self._cut = False
        self._puts = PASSED_ON
        self._free_puts = 0
        self.puts: List[Put] = []
        self.url = ""
        self.answers_held = 0

    def cut(self) -> None:
        self._loop.run(self._set_cut(True))

    def mend(self) -> None:
        self._loop.run(self._set_cut(False))

    def hold_puts(self, how: str, after: int = 0) -> None:
        """Those that begin from now on, but for the first few."""
        self._free_puts = after
        self._loop.run(self._set_puts(how))

    def pass_on(self) -> None:
        """What was stalled or not answered goes on."""
        self._loop.run(self._set_puts(PASSED_ON))

    async def start(self) -> asyncio.AbstractServer:
        self._changed = asyncio.Condition()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def _set_cut(self, cut: bool) -> None:
        self._cut = cut
        for end in list(self._ends) if cut else ():
            end.transport.abort()

    async def _set_puts(self, how: str) -> None:
        async with self._changed:
            self._puts = how
            self._changed.notify_all()

    def _begin_put(self, target: str) -> bool:
        """Whether it is one of those that are not held."""
        self.puts.append(Put(target))
        self._free_puts -= 1
        return self._free_puts >= 0

    async def _while(self, how: str) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._puts != how)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        out_reader, out_writer = await asyncio.open_connection(
            self._target.hostname, self._target.port
        )
        ends = {writer, out_writer}
        self._ends |= ends
        connection = _Connection(self)
        await asyncio.gather(
            _pump(reader, out_writer, connection.on_sent),
            _pump(out_reader, writer, connection.on_answered),
        )
        self._ends -= ends


class _Connection:
    """A client sends a request when it has the last one's answer, so each starts a piece."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._put: Optional[Put] = None
        self._is_held = False

    async def on_sent(self, piece: bytes) -> bytes:
        method, _, rest = piece.partition(b" ")
        if method in (b"GET", b"OPTIONS", b"POST", b"PUT", b"DELETE"):
            self._begin(method, rest.partition(b" ")[0].decode())
        if self._is_held:
            await self._wire._while(STALLED)
        if self._is_held and self._wire._puts == SWALLOWED:
            return b""
        if self._put:
            self._put.sent_bytes += len(piece)
        return piece

    def _begin(self, method: bytes, target: str) -> None:
        is_put = method == b"PUT"
        self._is_held = is_put and not self._wire._begin_put(target)
        self._put = self._wire.puts[-1] if is_put else None

    async def on_answered(self, piece: bytes) -> bytes:
        if self._is_held and self._wire._puts == UNANSWERED:
            self._wire.answers_held += 1
            await self._wire._while(UNANSWERED)
        if self._put and piece.startswith(b"HTTP/1.1 200"):
            self._put.is_stored = True
        return GATEWAY_TIMEOUT if self._is_held and self._wire._puts == GIVEN_UP else piece


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    let: Callable[[bytes], Awaitable[bytes]],
) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE_BYTES):
            writer.write(await let(piece))
            await writer.drain()
    writer.close()


@contextlib.contextmanager
def wire(loop: LoopThread, target_url: str) -> Iterator[Wire]:
    opened = Wire(loop, target_url)
    server = loop.run(opened.start())
    try:
        yield opened
    finally:
        opened.pass_on()
        opened.cut()
        server.close()


def sent_twice(puts: List[Put]) -> List[Put]:
    """Those of which a byte came after the same was stored."""
    stored: Set[str] = set()
    again = []
    for put in puts:
        place = _place(put)
        if place in stored and put.sent_bytes > 0:
            again.append(put)
        if put.is_stored:
            stored.add(place)
    return again


def _place(put: Put) -> str:
    """Without what is signed anew each time."""
    path, _, query = put.target.partition("?")
    return f"{path} {parse_qs(query).get('partNumber')}"
