"""A wire to a server that a test can cut, on a port of its own."""

import asyncio
import contextlib
from typing import Iterator, Set
from urllib.parse import urlsplit

from harness import LoopThread

PIECE_BYTES = 64 * 1024


class Wire:
    """Passes bytes on. While it is cut, every connection is reset."""

    def __init__(self, loop: LoopThread, target_url: str) -> None:
        self._loop = loop
        self._target = urlsplit(target_url)
        self._ends: Set[asyncio.StreamWriter] = set()
        self._cut = False
        self.url = ""

    def cut(self) -> None:
        self._loop.run(self._set_cut(True))

    def mend(self) -> None:
        self._loop.run(self._set_cut(False))

    async def start(self) -> asyncio.AbstractServer:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def _set_cut(self, cut: bool) -> None:
        self._cut = cut
        for end in list(self._ends) if cut else ():
            end.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        out_reader, out_writer = await asyncio.open_connection(
            self._target.hostname, self._target.port
        )
        ends = {writer, out_writer}
        self._ends |= ends
        await asyncio.gather(_pump(reader, out_writer), _pump(out_reader, writer))
        self._ends -= ends


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextlib.contextmanager
def wire(loop: LoopThread, target_url: str) -> Iterator[Wire]:
    opened = Wire(loop, target_url)
    server = loop.run(opened.start())
    try:
        yield opened
    finally:
        opened.cut()
        server.close()
