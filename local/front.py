"""The HTTP front: any request becomes an invocation of the function."""

import json
import time
from typing import Awaitable, Callable, Optional, Tuple

from aiohttp import web

from . import events, replies
from .runtime_api import FunctionFailed, FunctionTimedOut
from .screen import complain, say

REQUEST_MAX_BYTES = 10 * 1024 * 1024  # API Gateway's limit
EVENT_MAX_BYTES = 6 * 1024 * 1024  # Lambda's limit
# These belong to a connection, or the server sets them itself.
NOT_PASSED_ON = frozenset(
    ("connection", "content-length", "date", "keep-alive", "server", "transfer-encoding")
)

CLAIMS = web.RequestKey("claims", dict)
Invoke = Callable[[bytes], Awaitable[bytes]]


def application(
    invoke: Invoke, kind: str = "http-v2", claims: Optional[events.Claims] = None
) -> web.Application:
    """Serves every method and path by `invoke`, in the event form `kind`. With `claims` all requests
    are that caller's, as if an authorizer had let them in; one that does may put a request's own
    under CLAIMS."""

    async def handle(request: web.Request) -> web.Response:
        started = time.monotonic()
        response = await _answer(request, invoke, kind, request.get(CLAIMS, claims))
        milliseconds = (time.monotonic() - started) * 1000
        path = _shown(_split(request)[0])
        say(f"{request.method} {path} -> {response.status}, {milliseconds:.0f} ms")
        return _to_aiohttp(response)

    served = web.Application(client_max_size=REQUEST_MAX_BYTES)
    served.router.add_route("*", "/{path:.*}", handle)
    return served


async def _answer(
    request: web.Request, invoke: Invoke, kind: str, claims: Optional[events.Claims]
) -> replies.Response:
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return replies.message(413, "Request Entity Too Large")
    event = json.dumps(events.KINDS[kind](_to_request(request, body, claims))).encode()
    if len(event) > EVENT_MAX_BYTES:
        return replies.message(413, "Request Entity Too Large")
    try:
        return replies.KINDS[kind](await invoke(event))
    except FunctionTimedOut as error:
        complain(f"the function failed: {error}")
        return replies.message(504, "Endpoint request timed out")
    except FunctionFailed as error:
        complain(f"the function failed: {error}")
    except replies.MalformedReply as error:
        complain(f"the function failed: API Gateway would not take its reply: {error}")
    return replies.internal_error()


def _shown(path: str) -> str:
    """Without the query, which holds file names, and the length of sealed upload ids."""
    return "/".join(part if len(part) <= 40 else f"{part[:8]}…" for part in path.split("/"))


def _split(request: web.Request) -> Tuple[str, str]:
    path, _, query = request.raw_path.partition("?")
    return path, query


def _to_request(
    request: web.Request, body: bytes, claims: Optional[events.Claims]
) -> events.Request:
    path, query = _split(request)
    return events.Request(
        method=request.method,
        path=path,
        query=query,
        headers=list(request.headers.items()),
        body=body,
        source_ip=request.remote or "127.0.0.1",
        host=request.url.host or "127.0.0.1",
        port=request.url.port or 80,
        claims=claims,
    )


def _to_aiohttp(response: replies.Response) -> web.Response:
    answer = web.Response(status=response.status, body=response.body)
    answer.headers.popall("Content-Type", None)
    for name, value in response.headers:
        if name.lower() not in NOT_PASSED_ON:
            answer.headers.add(name, value)
    return answer
