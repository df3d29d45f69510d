"""A scripted double of the Lambda Runtime API, on raw sockets.

A test gives each call (next, response, error, init_error) a list of replies. When
a list has come to its end, /next waits, as the real one does between events, and
the posts are answered with 202. Every request is recorded whole.

Replies are sent as the exact bytes that the test asked for, right or wrong: the
double is there to be worse than the real one ever is. A Gate stops it at any point
until the test goes on.
"""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct
import termios
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Callable, Union

from other_ends import OtherEnd, other_end
from requests_read import BodyReader, Request, read_head

REQUEST_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
INVOCATION_HEADERS = {
    "Content-Type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": REQUEST_ID,
    "Lambda-Runtime-Deadline-Ms": "4102444800000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:123456789012:function:echo",
    "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1",
    "Lambda-Runtime-Client-Context": '{"client":{"app_title":"test"}}',
    "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"eu-west-1:1"}',
    "Lambda-Runtime-Aws-Tenant-Id": "tenant-1",
}
DROPS = ("before the status", "in the status", "in the headers", "in the body")

# No socket operation of the double takes longer, whatever the other side does.
IO_SECONDS = 60.0
# Longer than anything that a test waits for takes on a busy machine; only a broken runtime waits for it.
SETTLE_SECONDS = 60.0

Text = Union[str, bytes]


def _bytes(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")


class Gate:
    """Where the double waits until the test opens it, or until it has waited for long enough."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._open = threading.Event()

    def pass_through(self) -> None:
        self._reached.set()
        self._open.wait(IO_SECONDS)

    def wait_until_reached(self) -> None:
        assert self._reached.wait(IO_SECONDS), "the double has never come to this gate"

    def open(self) -> None:
        self._open.set()


@dataclass(frozen=True)
class Reply:
    """What the double sends for one request."""

    status: int = 200
    headers: tuple[tuple[str, Text], ...] = ()
    body: bytes = b""
    interim: bytes = b""  # sent before the head
    trailers: tuple[tuple[str, Text], ...] = ()  # of a chunked body
    behind: bytes = b""  # sent after the end, where nothing belongs
    framing: str = "length"  # or "chunked", or "close": the body ends with the connection
    chunk_bytes: int = 65536
    content_length: Text | None = None  # instead of the true one
    drop: str = ""  # one of DROPS: where the connection ends
    resets: bool = False  # it ends with a reset
    half_closes: bool = False  # sends no more after the reply, and takes what comes
    closes: bool = False  # it is closed after the reply, without a word in the headers
    piece_bytes: int = 0  # sent in pieces of that size, with a pause after each
    pause_seconds: float = 0.0
    wait_seconds: float = 0.0  # before the first byte
    holds: Gate | None = None  # where it waits, and
    holds_at: str = "before the status"  # one of DROPS: when; or "": when all was sent
    reads_bytes: int | None = None  # answers when that much of the request's body has come
    early: bytes = b""  # sent when something of the request's body has come, of which the rest is read then
    stalls: Gate | None = None  # where it waits in the middle of reading, and
    stalls_at: int = 0  # after how many bytes of the body

    def parts(self) -> tuple[bytes, bytes]:
        """The head and the body as they go over the wire."""
        lines = [b"HTTP/1.1 %d Text" % self.status, *_lines(self.headers)]
        if self.framing == "chunked":
            lines.append(b"Transfer-Encoding: chunked")
        elif self.framing == "length":
            length = len(self.body) if self.content_length is None else self.content_length
            lines.append(b"Content-Length: " + _bytes(str(length)))
        body = _chunked(self.body, self.chunk_bytes, self.trailers) if self.framing == "chunked" else self.body
        return b"\r\n".join(lines) + b"\r\n\r\n", body

    def wire(self) -> tuple[bytes, bytes]:
        """What is sent before the gate, and what after it."""
        head, body = self.parts()
        ends = {
            "": len(head) + len(body),
            "before the status": 0,
            "in the status": 8,
            "in the headers": len(head) - 9,
            "in the body": len(head) + len(body) // 2,
        }
        sent = self.interim + (head + body)[: ends[self.drop]] + self.behind
        gate = len(self.interim) + ends[self.holds_at]
        return sent[:gate], sent[gate:]

    @property
    def ends_connection(self) -> bool:
        return self.closes or bool(self.drop) or self.framing == "close"


def _lines(pairs: tuple[tuple[str, Text], ...]) -> list[bytes]:
    return [_bytes(name) + b": " + _bytes(value) for name, value in pairs]


def _chunked(body: bytes, size: int, trailers: tuple[tuple[str, Text], ...]) -> bytes:
    chunks = [body[i : i + size] for i in range(0, len(body), size)]
    last = b"\r\n".join([b"0", *_lines(trailers), b"", b""])
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + last


def invocation(
    body: bytes = b"{}",
    request_id: Text = REQUEST_ID,
    *,
    without: Iterable[str] = (),
    headers: Mapping[str, Text] | None = None,
    spelling: Callable[[str], str] = str,
    **reply: object,
) -> Reply:
    """A reply to /next with all headers, but for those in `without`."""
    fields: dict[str, Text] = {**INVOCATION_HEADERS, "Lambda-Runtime-Aws-Request-Id": request_id, **(headers or {})}
    pairs = tuple((spelling(name), value) for name, value in fields.items() if name not in without)
    return Reply(headers=pairs, body=body, **reply)  # type: ignore[arg-type]


def answer(status: int, **reply: object) -> Reply:
    """A reply with the body that the Runtime API sends with this status."""
    body = b'{"status":"OK"}' if status < 300 else b'{"errorMessage":"told by the double","errorType":"Told"}'
    return Reply(status=status, headers=(("Content-Type", "application/json"),), **{"body": body, **reply})  # type: ignore[arg-type]


def dropped(drop: str = "before the status", **reply: object) -> Reply:
    return Reply(status=202, body=b'{"status":"OK"}', drop=drop, **reply)  # type: ignore[arg-type]


class RuntimeApi:
    """The double. Use it in a `with`; nothing that it does can block for long."""

    def __init__(self, **script: Iterable[Reply]) -> None:
        self.requests: list[Request] = []
        self._replies: dict[str, deque[Reply]] = {call: deque() for call in ("next", "response", "error", "init_error")}
        self._arrived: dict[str, bytearray] = {}
        self._held = 0
        self._closing = False
        self._changed = threading.Condition()
        self._connections: list[socket.socket] = []
        self._ports: list[int] = []  # of their other ends
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self.extend(**script)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> RuntimeApi:
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            ends = [self._listener, *self._connections]
        for end in ends:
            _shut(end)
        self._listener.close()

    def extend(self, **script: Iterable[Reply]) -> None:
        """Adds to the script; a /next that waits is answered."""
        with self._changed:
            for call, replies in script.items():
                self._replies[call].extend(replies)
            self._changed.notify_all()

    def wait_until_idle(self, stopped: Callable[[], bool], seconds: float, workers: int = 1) -> bool:
        """Waits until each worker's /next is held with no reply left for it, or `stopped()`."""
        return self.wait_until(lambda: stopped() or (self._held == workers and not self._replies["next"]), seconds)

    def wait_until(self, condition: Callable[[], bool], seconds: float = IO_SECONDS) -> bool:
        """The condition may look at this double, and at anything else."""
        limit = time.monotonic() + seconds
        with self._changed:
            while not condition():
                if time.monotonic() > limit:
                    return False
                self._changed.wait(0.02)
            return True

    def arrived(self, path: str) -> bytes:
        """What has come so far of the body of the last post to `path`."""
        with self._changed:
            return bytes(self._arrived.get(path, b""))

    @property
    def held(self) -> int:
        """How many /next wait."""
        with self._changed:
            return self._held

    def other_end(self, number: int) -> OtherEnd:
        """What the other side has of a connection."""
        with self._changed:
            port = self._ports[number]
        return other_end(port, int(self.address.rpartition(":")[2]))

    def has_been_read(self, number: int) -> bool:
        """Whether the other side has all that was sent, and has read it."""
        with self._changed:
            connection = self._connections[number]
        unsent = struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0]
        return unsent == 0 and self.other_end(number).unread_bytes == 0

    def of(self, *calls: str) -> list[Request]:
        with self._changed:
            return [request for request in self.requests if request.call in calls]

    @property
    def posts(self) -> list[tuple[str, bytes]]:
        """Path and body of each request that is not a /next."""
        with self._changed:
            return [(request.path, request.body) for request in self.requests if request.call != "next"]

    def _accept(self) -> None:
        while True:
            try:
                connection, address = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self._ports.append(address[1])
                number = len(self._connections)
                self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.settimeout(IO_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with connection, connection.makefile("rb") as stream:
                while self._answer(connection, stream, number):
                    pass
        except (OSError, ValueError):
            pass  # the other side has gone, or did not speak HTTP: the test sees what was recorded

    def _answer(self, connection: socket.socket, stream: BinaryIO, number: int) -> bool:
        """Answers one request; False when the connection is to end."""
        head = read_head(stream, number)
        if head is None:
            return False
        # The reply is chosen before the body is read, because it says how much of it
        # to read. A /next has no body and is recorded before it waits.
        reply = None if head.call == "next" else self._take(head.call)
        body = self._body_reader(stream, head, reply)
        if reply and reply.early:
            body.read(1)
            connection.sendall(reply.early)
        body.read(reply.reads_bytes if reply else None)
        request = body.request()
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        reply = reply or self._hold()
        if reply is None or not (request.complete or reply.reads_bytes is not None):
            return False
        _send(connection, reply)
        if reply.ends_connection:
            return False
        if reply.half_closes:
            connection.shutdown(socket.SHUT_WR)
        body.read()
        return body.request().complete

    def _body_reader(self, stream: BinaryIO, head: Request, reply: Reply | None) -> BodyReader:
        arrived = bytearray()

        def seen(piece: bytes) -> None:
            arrived.extend(piece)
            with self._changed:
                self._arrived[head.path] = arrived
                self._changed.notify_all()
            if reply and reply.stalls and len(arrived) >= reply.stalls_at:
                reply.stalls.pass_through()

        return BodyReader(stream, head, seen)

    def _take(self, call: str) -> Reply:
        with self._changed:
            replies = self._replies.get(call)
            if replies is None:
                return answer(404)
            return replies.popleft() if replies else answer(202)

    def _hold(self) -> Reply | None:
        replies = self._replies["next"]
        with self._changed:
            self._held += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: replies or self._closing, IO_SECONDS)
            self._held -= 1
            return replies.popleft() if replies and not self._closing else None


def _send(connection: socket.socket, reply: Reply) -> None:
    time.sleep(reply.wait_seconds)
    before, after = reply.wire() if reply.holds else (b"", b"".join(reply.wire()))
    connection.sendall(before)
    if reply.holds:
        reply.holds.pass_through()
    size = reply.piece_bytes or max(len(after), 1)
    for i in range(0, len(after), size):
        connection.sendall(after[i : i + size])
        time.sleep(reply.pause_seconds)
    if reply.resets:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is already closed
        end.shutdown(socket.SHUT_RDWR)
