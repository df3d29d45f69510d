"""What the tests of streams share: an event that makes one, and how it has to come."""

from __future__ import annotations

from typing import Any

from conftest import Run
from requests_read import Request
from runtime_api import REQUEST_ID, Reply, invocation

RESPONSE = f"invocation/{REQUEST_ID}/response"
ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
ERROR_BODY = "Lambda-Runtime-Function-Error-Body"
MEBIBYTE = 1024 * 1024
AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")


def do(*steps: str, request_id: str = REQUEST_ID, **reply: Any) -> Reply:
    return invocation(f"!do {'|'.join(steps)}".encode(), request_id, **reply)


def stream_of(run: Run) -> Request:
    """The one stream that was posted, whose framing is as it has to be."""
    (request,) = run.of("response", "error")
    check_head(request)
    assert request.path == RESPONSE
    assert request.complete
    return request


def check_head(request: Request) -> None:
    assert request.header("Lambda-Runtime-Function-Response-Mode") == "streaming"
    assert request.header("Transfer-Encoding") == "chunked"
    assert request.header("Content-Length") is None
    assert request.header("Expect") is None
    assert request.header(ERROR_TYPE) is None
    announced = [name.strip().lower() for name in (request.header("Trailer") or "").split(",")]
    assert sorted(announced) == sorted([ERROR_TYPE.lower(), ERROR_BODY.lower()])
