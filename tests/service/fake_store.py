"""A store that answers as it is told: what a real one does seldom."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from typing import AsyncIterator, Callable, Iterator, List, Mapping, Optional, Sequence, Union

from aiohttp import web
from harness import LoopThread

from local.processes import free_port

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def error(code: str, extra: str = "") -> str:
    return f"{HEAD}<Error><Code>{code}</Code><Message>private words</Message>{extra}</Error>"


CREATED = (
    f"{HEAD}<InitiateMultipartUploadResult><UploadId>upload-1</UploadId>"
    "</InitiateMultipartUploadResult>"
)
COMPLETED = (
    f"{HEAD}<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
)
NO_PARTS = f"{HEAD}<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>"


@dataclass
class Says:
    status: int
    body: Union[str, bytes] = ""
    after_seconds: float = 0.0
    hang_up: bool = False  # closes the connection in the place of an answer
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeStore:
    """Gives these answers one after the other; the last one stays."""

    def __init__(self, answers: Sequence[Says]) -> None:
        self.answers = list(answers)
        self.requests: List[str] = []  # "METHOD path?query"
        self.bodies: List[bytes] = []
        self.connections = 0
        self.url = ""

    def choose(self, request: web.Request) -> Says:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.raw_path}")
        self.bodies.append(await request.read())
        says = self.choose(request)
        await asyncio.sleep(says.after_seconds)
        if says.hang_up:
            assert request.transport is not None
            request.transport.close()
            raise asyncio.CancelledError
        body = says.body.encode() if isinstance(says.body, str) else says.body
        headers = {"Content-Type": "application/xml", **says.headers}
        return web.Response(status=says.status, body=body, headers=headers)


@contextlib.asynccontextmanager
async def _serve(store: FakeStore, tls: Optional[ssl.SSLContext]) -> AsyncIterator[None]:
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", store.answer)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    server = runner.server
    assert server is not None

    def connected() -> asyncio.Protocol:
        store.connections += 1
        return server()

    port = free_port()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(connected, "127.0.0.1", port, ssl=tls)
    store.url = f"{'https' if tls else 'http'}://localhost:{port}"
    try:
        yield
    finally:
        listening.close()
        await runner.cleanup()


class FakeBucket(FakeStore):
    """Answers by what is asked: "cors", "location", ... for a GET of that setting, "OPTIONS PUT"
    for a preflight of a PUT, and "PUT copy" for one of an object of that name in whatever folder.
    What is not named is not implemented."""

    def __init__(self, answers: Mapping[str, Says]) -> None:
        super().__init__([Says(501, error("NotImplemented"))])
        self._by_call = answers

    def choose(self, request: web.Request) -> Says:
        call = next((name for name, value in request.query.items() if not value), "")
        if request.method == "OPTIONS":
            call = f"OPTIONS {request.headers['Access-Control-Request-Method']}"
        elif not call:
            call = f"{request.method} {request.path.rpartition('/')[2]}"
        return self._by_call.get(call) or super().choose(request)


StartStore = Callable[..., FakeStore]


@contextlib.contextmanager
def starting(loop: LoopThread) -> Iterator[StartStore]:
    """start(Says(...), ..., tls=None) starts one, start({"cors": Says(...), ...}) a
    FakeBucket; it ends with the context."""
    stack = contextlib.AsyncExitStack()

    def start(
        *answers: Union[Says, Mapping[str, Says]], tls: Optional[ssl.SSLContext] = None
    ) -> FakeStore:
        first = answers[0]
        if isinstance(first, Says):
            store = FakeStore([says for says in answers if isinstance(says, Says)])
        else:
            store = FakeBucket(first)
        loop.run(stack.enter_async_context(_serve(store, tls)))
        return store

    try:
        yield start
    finally:
        loop.run(stack.aclose())
