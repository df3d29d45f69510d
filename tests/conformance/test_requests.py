"""The runtime's requests, to the byte where it matters."""

from __future__ import annotations

import json
from typing import Callable
from urllib.parse import unquote_to_bytes

import pytest
from conftest import Run
from requests_read import PREFIX, Request
from runtime_api import REQUEST_ID, invocation

Serve = Callable[..., Run]

JSON = "application/json"
ERROR_JSON = "application/vnd.aws.lambda.error+json"
KINDS = {
    "response": (b"reply", "response", JSON),
    "a large response": (b"!bytes 6000000", "response", JSON),
    "an empty response": (b"", "response", JSON),
    "error": (b"!fail Function.Broken|message", "error", ERROR_JSON),
    "a large error": (b"!fail Function.Broken|" + b"x" * 2_000_000, "error", ERROR_JSON),
}


def check_head(run: Run, request: Request) -> None:
    assert request.version == "HTTP/1.1"
    assert request.header("Host") == run.api.address
    assert request.header("User-Agent")
    for name in ("Expect", "Transfer-Encoding", "Cookie", "Authorization", "Accept-Encoding"):
        assert request.header(name) is None


def test_next(serve: Serve) -> None:
    run = serve()
    (request,) = run.api.requests
    assert (request.method, request.target, request.body) == ("GET", PREFIX + "invocation/next", b"")
    check_head(run, request)


@pytest.mark.parametrize(("event", "call", "content_type"), KINDS.values(), ids=KINDS)
def test_post(serve: Serve, event: bytes, call: str, content_type: str) -> None:
    run = serve(next=[invocation(event)])
    first, request, after = run.api.requests
    assert (first.call, after.call) == ("next", "next")
    assert (request.method, request.target) == ("POST", f"{PREFIX}invocation/{REQUEST_ID}/{call}")
    assert request.header("Content-Type") == content_type
    assert request.header("Content-Length") == str(len(request.body))
    check_head(run, request)


def test_reply_content_type_is_an_option(serve: Serve) -> None:
    run = serve(next=[invocation(), invocation(b"!status")], ECHO_REPLY_CONTENT_TYPE="text/x-test")
    response, error = run.of("response", "error")
    assert response.header("Content-Type") == "text/x-test"
    assert error.header("Content-Type") == ERROR_JSON


@pytest.mark.parametrize("none", ["", "text/plain\nX-Forged: 1", "\x7f"], ids=ascii)
@pytest.mark.parametrize("event", [b"a reply", b"", b"!do stream |write a stream"], ids=ascii)
def test_what_is_no_content_type_is_left_out(serve: Serve, event: bytes, none: str) -> None:
    (request,) = serve(next=[invocation(event)], ECHO_REPLY_CONTENT_TYPE=none).of("response")
    assert request.header("Content-Type") is None
    assert request.header("X-Forged") is None


def test_user_agent_names_the_version(serve: Serve) -> None:
    (request,) = (run := serve(next=[invocation(b"!fields")])).of("response")
    version = json.loads(request.body)["version"]
    assert version.count(".") == 2
    assert version in (request.header("User-Agent") or "")
    assert len({request.header("User-Agent") for request in run.api.requests}) == 1


ODD_IDS = {
    "the way up": "../../init/error",
    "two dots": "..",
    "one dot": ".",
    "the way up, encoded": "%2e%2e%2finit%2ferror",
    "dots in between": "a/../../../init",
    "a slash": "a/b",
    "a backslash": "a\\b",
    "a query": "a?b=c",
    "a fragment": "a#b",
    "a blank": "a b",
    "a percent": "a%b",
    "another request line": "a HTTP/1.1",
    "a quote": 'a"b',
    "a control byte": "a\x01b",
    "DEL": "a\x7fb",
    "beyond ASCII": "a🙂b",
    "beyond UTF-8": b"a\xff\xfeb",
    "braces": "{a,b}[1-3]",
    "an at sign": "user@host:1",
    "2,000 bytes": "x" * 2000,
}


@pytest.mark.parametrize("request_id", ODD_IDS.values(), ids=ODD_IDS)
def test_an_odd_request_id_is_no_way_to_another_path(serve: Serve, request_id: str | bytes) -> None:
    """It is either one segment of the path, encoded, or refused like a missing one."""
    run = serve(next=[invocation(b"odd", request_id), invocation(b"after", "id-after")])
    assert run.goes_on(), run.logs
    *odd, after = run.of("response", "error", "unknown", "init_error")
    assert after.path == "invocation/id-after/response"
    for request in odd:
        invocation_, segment, call = request.target[len(PREFIX) :].split("/")
        assert (invocation_, call) == ("invocation", "response")
        assert segment not in (".", "..")
        assert not set(segment) & set('?#\\ "{}[]')
        assert unquote_to_bytes(segment) == (request_id if isinstance(request_id, bytes) else request_id.encode())
    assert odd or run.logs, "a refused event is logged"


def test_the_usual_request_id_goes_as_it_is(serve: Serve) -> None:
    usual = "aZ09-_.~"
    assert serve(next=[invocation(b"x", usual)]).posts == [(f"invocation/{usual}/response", b"x")]
