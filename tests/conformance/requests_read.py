"""What the runtime sends, read off the wire whole or as far as it comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO, Callable

PREFIX = "/2018-06-01/runtime/"
PIECE_BYTES = 65536
LINE_MAX_BYTES = 1024 * 1024

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """What the runtime sent. Header values are as they came, read as latin-1."""

    method: str
    target: str
    version: str
    headers: Pairs
    body: bytes
    connection: int  # counted from 0 in the order they were opened
    trailers: Pairs = ()
    complete: bool = True  # the body came to its end

    @property
    def path(self) -> str:
        """The target without the part that all calls share."""
        return self.target[len(PREFIX) :] if self.target.startswith(PREFIX) else self.target

    @property
    def call(self) -> str:
        if self.path in ("invocation/next", "init/error"):
            return {"invocation/next": "next", "init/error": "init_error"}[self.path]
        last = self.path.rpartition("/")[2]
        return last if last in ("response", "error") else "unknown"

    def header(self, name: str) -> str | None:
        return only(self.headers, name)

    def trailer(self, name: str) -> str | None:
        return only(self.trailers, name)


def only(pairs: Pairs, name: str) -> str | None:
    values = [value for key, value in pairs if key.lower() == name.lower()]
    assert len(values) < 2, f"{name} was sent {len(values)} times"
    return values[0] if values else None


def read_head(stream: BinaryIO, connection: int) -> Request | None:
    line = stream.readline(LINE_MAX_BYTES)
    if not line.endswith(b"\r\n"):
        return None
    method, target, version = line.decode("latin-1").rstrip("\r\n").split(" ")
    headers = _read_pairs(stream)
    return None if headers is None else Request(method, target, version, headers, b"", connection)


def _read_pairs(stream: BinaryIO) -> Pairs | None:
    """Lines up to an empty one; None when they end before it."""
    pairs = []
    for line in iter(lambda: stream.readline(LINE_MAX_BYTES), b"\r\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not line.endswith(b"\r\n"):
            return None
        pairs.append((name, value.strip(" \t\r\n")))
    return tuple(pairs)


class BodyReader:
    """Reads the body of one request, in pieces of 64 KiB at most.

    `seen` is told each piece when it has come.
    """

    def __init__(self, stream: BinaryIO, request: Request, seen: Callable[[bytes], None]) -> None:
        self._stream = stream
        self._request = request
        self._seen = seen
        self._body = bytearray()
        self._ended = False
        self._left = 0  # of a chunk
        self._trailers: Pairs | None = None

    def read(self, at_least: int | None = None) -> None:
        """Up to the end, or until that many bytes have come."""
        while not self._ended and (at_least is None or len(self._body) < at_least):
            try:
                piece = self._next_piece()
            except OSError:
                piece = None
            if not piece:
                self._ended = True
            else:
                self._body += piece
                self._seen(piece)

    def _next_piece(self) -> bytes | None:
        """Empty at the end of the body, None when the connection ends before it."""
        if (self._request.header("Transfer-Encoding") or "").lower() != "chunked":
            length = int(self._request.header("Content-Length") or "0")
            piece = self._stream.read(min(length - len(self._body), PIECE_BYTES))
            if len(self._body) == length:
                self._trailers = ()
            return piece
        if self._left == 0:
            line = self._stream.readline(1024)
            if not line.endswith(b"\r\n"):
                return None
            self._left = int(line.split(b";")[0], 16)
        if self._left == 0:
            self._trailers = _read_pairs(self._stream)
            return b""
        piece = self._stream.read(min(self._left, PIECE_BYTES))
        self._left -= len(piece)
        return piece if self._left > 0 or self._stream.readline(1024) == b"\r\n" else None

    def request(self) -> Request:
        """The request with what has come of its body."""
        return replace(
            self._request,
            body=bytes(self._body),
            trailers=self._trailers or (),
            complete=self._trailers is not None,
        )
