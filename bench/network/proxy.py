#!/usr/bin/env python3
"""A network between a browser and the servers: passes bytes on as slowly, as late and as badly as it is told.

    proxy.py '{"shape": {…}, "targets": {"api": PORT, "store": PORT}}'

Says where it listens in a line of JSON. To each line that it reads it answers with what it has counted. After `begin` all
connections have ended, and all is as at the start: the counts, and the faults to come. It ends with its input.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import socket
import struct
import sys
from typing import Callable, Coroutine, Counter, Optional

from link import RESET, STALL, Faults, Line, Shape

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
HOST = "127.0.0.1"
LINGER_NOT = struct.pack("ii", 1, 0)  # so that a close is a reset


class Broken(Exception):
    """The network has taken the connection away."""


class Network:
    """What all connections share."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.connections: set[asyncio.Task[None]] = set()
        self._accepting: list[asyncio.Task[None]] = []
        self.begin()

    def begin(self) -> None:
        self.up, self.down = (Line(self.shape.bytes_per_second) for _ in range(2))
        self.faults = Faults(self.shape)
        self.counts: Counter[str] = collections.Counter()

    async def end(self) -> None:
        for task in self.connections:
            task.cancel()
        await asyncio.gather(*self.connections, return_exceptions=True)

    def counted(self) -> dict[str, int]:
        return {**self.counts, "faults": self.faults.count}

    def listen(self, name: str, target_port: int) -> int:
        listener = socket.socket()
        # Else the browser would have sent megabytes before the network took the first.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.shape.window_bytes)
        listener.bind((HOST, 0))
        listener.listen(256)
        listener.setblocking(False)
        self._accepting.append(asyncio.ensure_future(self._accept(listener, name, target_port)))
        return int(listener.getsockname()[1])

    async def _accept(self, listener: socket.socket, name: str, target_port: int) -> None:
        while True:
            client, _ = await asyncio.get_running_loop().sock_accept(listener)
            task = asyncio.ensure_future(Connection(self, name, client).run(target_port))
            self.connections.add(task)
            task.add_done_callback(self.connections.discard)


class Connection:
    def __init__(self, network: Network, name: str, client: socket.socket) -> None:
        self._network = network
        self._name = name
        self._client = client
        self._server = socket.socket()
        self._asks = True  # what is sent next is a request

    async def run(self, target_port: int) -> None:
        network, ends = self._network, (self._client, self._server)
        network.counts[f"{self._name} connections"] += 1
        for end in ends:
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await asyncio.sleep(2 * network.shape.delay_seconds)  # the handshake
            await asyncio.get_running_loop().sock_connect(self._server, (HOST, target_port))
            up = Direction(network.shape, network.up, self._client, self._server, self._on_sent)
            down = Direction(network.shape, network.down, self._server, self._client, self._on_answered)
            await all_of(up.depart(), up.arrive(), down.depart(), down.arrive())
        except (Broken, OSError, asyncio.CancelledError):
            for end in ends:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        finally:
            for end in ends:
                end.close()

    def _on_sent(self, piece: bytes) -> Optional[str]:
        method = piece[:8].partition(b" ")[0].decode("latin-1")
        if self._asks and method in METHODS:
            self._network.counts[f"{self._name} {method}"] += 1
            self._asks = False
        return self._network.faults.of(len(piece))

    def _on_answered(self, _piece: bytes) -> None:
        self._asks = True


class Direction:
    """Of one connection: pieces depart one after the other, and arrive later."""

    def __init__(
        self,
        shape: Shape,
        shared: Line,
        source: socket.socket,
        target: socket.socket,
        on_piece: Callable[[bytes], Optional[str]],
    ) -> None:
        self._shape = shape
        self._lines = (Line(shape.connection_bytes_per_second), shared)
        self._source, self._target = source, target
        self._on_piece = on_piece
        self._loop = asyncio.get_running_loop()
        self._under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self._under_way_bytes = 0
        self._arrived = asyncio.Event()

    async def depart(self) -> None:
        free_at = self._loop.time()
        while True:
            piece, ready_at = await self._next(free_at)
            fault = self._on_piece(piece)
            if fault == STALL:
                await asyncio.Event().wait()
            if fault == RESET:
                raise Broken
            free_at = max(line.passed_at(len(piece), ready_at) for line in self._lines)
            self._under_way.put_nowait((free_at + self._shape.delay_seconds, piece))
            if not piece:
                return
            self._under_way_bytes += len(piece)
            await self._until(free_at)
            while self._under_way_bytes > self._shape.window_bytes:
                self._arrived.clear()
                await self._arrived.wait()
                free_at = self._loop.time()

    async def _next(self, free_at: float) -> tuple[bytes, float]:
        """A piece, and since when it could depart. What is there already has waited since then: timers are late, and
        bytes must not lose time by it."""
        size = self._shape.piece_bytes
        try:
            return self._source.recv(size), free_at
        except BlockingIOError:
            return await self._loop.sock_recv(self._source, size), self._loop.time()

    async def arrive(self) -> None:
        while True:
            arrives_at, piece = await self._under_way.get()
            await self._until(arrives_at)
            if not piece:
                self._target.shutdown(socket.SHUT_WR)
                return
            await self._loop.sock_sendall(self._target, piece)
            self._under_way_bytes -= len(piece)
            self._arrived.set()

    async def _until(self, moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - self._loop.time()))


async def all_of(*work: Coroutine[None, None, None]) -> None:
    """Ends all when one fails, before their sockets are closed."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def serve(shape: Shape, targets: dict[str, int]) -> None:
    network = Network(shape)
    say({name: network.listen(name, port) for name, port in targets.items()})
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        begins = line.strip() == b"begin"
        if begins:
            await network.end()
        say(network.counted())
        if begins:
            network.begin()


def say(what: dict[str, int]) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    told = json.loads(sys.argv[1])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Shape(**told["shape"]), told["targets"]))


if __name__ == "__main__":
    main()
