"""An app that is asked and answers as it is told, byte for byte if need be."""

import asyncio
import contextlib
import json
import ssl
from dataclasses import dataclass
from typing import Any, AsyncIterator, Callable, Dict, Iterator, List, Mapping, Optional, Union

from harness import LoopThread

from local.processes import free_port

KEEP, CLOSE, HANG, TRICKLE = "keep", "close", "hang", "trickle"


@dataclass(frozen=True)
class Answer:
    raw: bytes
    # With the connection, after that: keeps it, closes it, leaves it open with nothing more on it,
    # or sends on, a byte at a time, until the other side has enough.
    then: str = KEEP


@dataclass(frozen=True)
class Question:
    connection: int  # which one it came on, from 0
    method: str
    target: str
    headers: Dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def says(
    body: Any, status: int = 200, headers: Optional[Mapping[str, str]] = None, then: str = KEEP
) -> Answer:
    """`body` as it is when it is bytes, else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(data))}
    lines = [f"{name}: {value}" for name, value in {**fields, **(headers or {})}.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} Words", *lines, "", ""])
    return Answer(head.encode() + data, then)


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> Answer:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return Answer(head + b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + end)


ALLOWED = says({"allow": True})


def _made(answer: Any) -> Answer:
    return answer if isinstance(answer, Answer) else says(answer)


class FakeApp:
    """Gives these answers one after the other; the last one stays."""

    def __init__(self, loop: LoopThread, answers: List[Answer]) -> None:
        self._loop = loop
        self.answers = answers
        self._writers: List[asyncio.StreamWriter] = []
        self._ended = asyncio.Event()
        self.asked: List[Question] = []
        self.url = ""

    @property
    def connections(self) -> int:
        return len(self._writers)

    def questions(self) -> List[Any]:
        return [each.json() for each in self.asked]

    def answer_now(self, answer: Any) -> None:
        """From now on this, as for starting()."""
        self.answers[:] = [_made(answer)]

    def drop_connections(self) -> None:
        """As a server does that has waited long enough."""
        self._loop.run(self._drop())

    async def _drop(self) -> None:
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def end(self) -> None:
        self._ended.set()
        for writer in self._writers:
            writer.transport.abort()  # TLS would wait for the other side

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = len(self._writers)
        self._writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._answer(connection, reader, writer):
                pass
        writer.close()

    async def _answer(
        self, connection: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """One question; whether there may be another one on this connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        fields = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in fields}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.asked.append(Question(connection, method, target, headers, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        writer.write(answer.raw)
        await writer.drain()
        if answer.then == HANG:
            await self._ended.wait()
        while answer.then == TRICKLE and not self._ended.is_set():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)
        return answer.then == KEEP

    @contextlib.asynccontextmanager
    async def listening(self, tls: Optional[ssl.SSLContext]) -> AsyncIterator[None]:
        port = free_port()
        server = await asyncio.start_server(self.serve, "127.0.0.1", port, ssl=tls)
        self.url = f"{'https' if tls else 'http'}://localhost:{port}/ask"
        try:
            yield
        finally:
            server.close()
            self.end()


StartApp = Callable[..., FakeApp]


@contextlib.contextmanager
def starting(loop: LoopThread) -> Iterator[StartApp]:
    """start(says(...), ..., tls=None) starts one, which ends with the context."""
    stack = contextlib.AsyncExitStack()

    def start(*answers: Union[Answer, Any], tls: Optional[ssl.SSLContext] = None) -> FakeApp:
        app = FakeApp(loop, [_made(each) for each in answers or [ALLOWED]])
        loop.run(stack.enter_async_context(app.listening(tls)))
        return app

    try:
        yield start
    finally:
        loop.run(stack.aclose())
