"""A double of the Lambda Runtime API that hands out very many events, and keeps books.

Where runtime_api.py is scripted to the byte, this one is fast: one thread, no
stream objects, and a few kinds of events and faults that are drawn at random from
a fixed seed. Each event has an id and one right answer; the books say for each how
often it was posted, and how often the API took it.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Callable

HEAD_END = b"\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
POST = re.compile(rb"POST /2018-06-01/runtime/invocation/([0-9]+)/(response|error) HTTP/1\.1\r\n")
NEXT = b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n"
LAST_CHUNK = b"0\r\n\r\n"
REFUSALS = (400, 403, 413)
SLOW_SECONDS = 0.003
TCP_CLOSE = 7  # of the kernel's states: neither side sends any more


@dataclass
class Event:
    """One invocation: what is asked, and how it has to be answered."""

    body: bytes
    call: bytes
    answer: bytes
    posted: int = 0
    taken: int = 0
    refused: int = 0
    dropped: int = 0  # without being taken
    unread: bool = False  # the runtime closed the connection and has not read it

    def is_right(self, call: bytes, body: bytes) -> bool:
        if call == b"error":
            body = json.loads(body)["errorMessage"].encode()
        return call == self.call and body == self.answer


def make_event(number: int, draw: random.Random) -> Event:
    text = b"%d-%d" % (number, draw.getrandbits(32))
    kind = draw.random()
    if kind < 0.70:
        body = text * draw.randrange(1, 8)
        return Event(body, b"response", body)
    if kind < 0.80:
        return Event(b"!fail Function.Broken|" + text, b"error", text)
    if kind < 0.90:
        return Event(b"!do stream text/plain|write %s|write .|write %s" % (text, text), b"response", text + b"." + text)
    if kind < 0.95:
        return Event(text * 2000, b"response", text * 2000)
    return Event(b"!do sleep 1|append " + text, b"response", text)


@dataclass
class Books:
    events: list[Event] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    faults: Counter = field(default_factory=Counter)
    unanswered: int = 0  # handed out, and neither taken nor refused
    most_at_once: int = 0


@dataclass(frozen=True)
class Plan:
    """How many events, and how often which fault comes; 0 is never."""

    events: int
    together: int = 0  # the first events are handed out when so many workers have asked
    seed: int = 1
    fault_rate: float = 0.1
    fatal_post_after: int | None = None  # so many posts, one is answered with 500
    dropped_next_after: int | None = None  # so many events have been asked for, each /next is dropped

    @property
    def is_fatal(self) -> bool:
        return self.fatal_post_after is not None or self.dropped_next_after is not None


class BusyRuntimeApi:
    """Runs on a thread of its own while it is in a `with`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.books = Books()
        self.draw = random.Random(plan.seed)
        self.gathered: list[_Connection] = []
        self.waiting: set[_Connection] = set()
        self.posts = 0
        self.nexts = 0
        self.was_fatal = False
        self.address = ""
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> BusyRuntimeApi:
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        self._loop.close()

    def wait(self, stopped: Callable[[], bool], seconds: float, workers: int) -> bool:
        """Until all has been handed out and answered and every worker asks for more, or `stopped()`."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if stopped() or (len(self.books.events) == self.plan.events and len(self.waiting) == workers):
                return True
            time.sleep(0.05)
        return False

    def next_event(self) -> tuple[int, Event] | None:
        number = len(self.books.events)
        if number == self.plan.events:
            return None
        event = make_event(number, self.draw)
        self.books.events.append(event)
        self.books.unanswered += 1
        self.books.most_at_once = max(self.books.most_at_once, self.books.unanswered)
        return number, event

    def fault(self, *kinds: str) -> str:
        """One of the kinds, or usually none."""
        if self.draw.random() >= self.plan.fault_rate:
            return ""
        kind = self.draw.choice(kinds)
        self.books.faults[kind] += 1
        return kind


class _Connection(asyncio.Protocol):
    def __init__(self, api: BusyRuntimeApi) -> None:
        self._api = api
        self._buffer = b""
        self._was_refused = False
        self._handed: Event | None = None  # sent here, and not answered yet
        self._is_late = False  # it is not sent yet

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        """A connection that the other side closes with bytes unread, or before they come, is reset."""
        self._api.waiting.discard(self)
        if self._handed and (self._is_late or error or self._is_reset()):
            self._handed.unread = True
            self._api.books.unanswered -= 1

    def _is_reset(self) -> bool:
        """Where an end of file was read before the reset was seen."""
        info = self._transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
        return info[0] == TCP_CLOSE

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_end = self._buffer.find(HEAD_END)
        if head_end < 0:
            return
        head, rest = self._buffer[: head_end + 2], self._buffer[head_end + 4 :]
        if head.startswith(NEXT):
            self._buffer = b""
            self._answer_next()
            return
        body = _whole_body(head, rest)
        if body is not None:
            self._buffer = b""
            self._answer_post(head, body)

    # ---- /next ----

    def _answer_next(self) -> None:
        gathered, together = self._api.gathered, self._api.plan.together
        if len(gathered) >= together:
            self._answer_one()
            return
        gathered.append(self)
        for connection in gathered if len(gathered) == together else []:
            connection._hand_out("")

    def _answer_one(self) -> None:
        api = self._api
        api.nexts += 1
        if api.plan.dropped_next_after is not None and api.nexts > api.plan.dropped_next_after:
            self._transport.close()
            return
        kinds = ["slow next", "half next", "refused next", "closed next"]
        # Who closes a connection can't see whether the other side has read what it sent last.
        fault = api.fault(*(kinds[:3] if api.plan.is_fatal else kinds))
        if fault == "refused next" and not self._was_refused:
            self._was_refused = True  # three in a row end a worker
            self._send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}")
            return
        self._was_refused = False
        self._hand_out(fault)

    def _hand_out(self, fault: str) -> None:
        api = self._api
        handed = api.next_event()
        if handed is None:
            api.waiting.add(self)
            return
        number, event = handed
        self._handed = event
        wire = b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: %d\r\nContent-Length: %d\r\n\r\n%s" % (
            number,
            len(event.body),
            event.body,
        )
        self._send(wire, fault)

    def _send(self, wire: bytes, fault: str = "") -> None:
        if fault.startswith("slow"):
            self._is_late = True
            asyncio.get_event_loop().call_later(SLOW_SECONDS, self._write, wire)
        elif fault.startswith("half"):
            half = len(wire) // 2
            self._write(wire[:half])
            asyncio.get_event_loop().call_later(SLOW_SECONDS, self._write, wire[half:])
        else:
            self._write(wire)
            if fault.startswith("closed"):
                self._transport.close()

    def _write(self, wire: bytes) -> None:
        if not self._transport.is_closing():
            self._is_late = False
            self._transport.write(wire)

    # ---- /response and /error ----

    def _answer_post(self, head: bytes, body: bytes) -> None:
        api = self._api
        api.posts += 1
        self._handed = None
        event = self._check(head, body)
        if event is None:
            self._send(_status(400))
            return
        if event.taken:
            self._send(_status(403))  # as the real one, which has the answer already
            return
        if api.plan.fatal_post_after is not None and api.posts > api.plan.fatal_post_after and not api.was_fatal:
            api.was_fatal = True
            api.books.unanswered -= 1
            event.refused += 1
            self._send(_status(500))
            return
        self._take(event)

    def _take(self, event: Event) -> None:
        kinds = [
            "slow post",
            "half post",
            "closed post",
            "refused post",
            "dropped before",
            "dropped within",
            "dropped after",
        ]
        # The second try of an answer that was dropped gets through: there is no third.
        fault = self._api.fault(*(kinds[:3] if event.posted > 1 else kinds))
        if fault == "dropped before":
            event.dropped += 1
            self._transport.abort()
            return
        self._api.books.unanswered -= 1
        if fault == "refused post":
            event.refused += 1
            self._send(_status(self._api.draw.choice(REFUSALS)))
            return
        event.taken += 1
        if fault == "dropped within":
            self._write(_status(202)[:20])
            self._transport.close()
        elif fault == "dropped after":
            self._transport.close()
        else:
            self._send(_status(202), fault)

    def _check(self, head: bytes, body: bytes) -> Event | None:
        """The event that this answers; whatever is wrong about it is written down."""
        books = self._api.books
        found = POST.match(head)
        number = int(found[1]) if found else -1
        if not found or number >= len(books.events):
            books.wrong.append(f"an answer to nothing: {head[:200]!r}")
            return None
        event = books.events[number]
        event.posted += 1
        if not event.is_right(found[2], body):
            books.wrong.append(f"a wrong answer to {number}: {found[2]!r} {body[:200]!r}")
            return None
        return event


def _status(status: int) -> bytes:
    return b"HTTP/1.1 %d Text\r\nContent-Length: 2\r\n\r\n{}" % status


def _whole_body(head: bytes, rest: bytes) -> bytes | None:
    """None while there is more to come."""
    length = CONTENT_LENGTH.search(head)
    if length:
        return rest if len(rest) == int(length[1]) else None
    if not CHUNKED.search(head) or not rest.endswith(LAST_CHUNK):
        return None
    body, at = b"", 0
    while True:
        line_end = rest.find(b"\r\n", at)
        size = int(rest[at:line_end], 16)
        if size == 0:
            return body
        body += rest[line_end + 2 : line_end + 2 + size]
        at = line_end + 2 + size + 2
