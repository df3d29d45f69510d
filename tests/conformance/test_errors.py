"""What is posted when an invocation fails."""

from __future__ import annotations

import json
from typing import Callable

import pytest
from conftest import Run
from requests_read import Request
from runtime_api import REQUEST_ID, invocation

Serve = Callable[..., Run]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def error_of(run: Run) -> Request:
    """The one /error that was posted; its body and headers are as they have to be."""
    assert run.goes_on(), run.logs
    (request,) = run.of("response", "error")
    assert request.path == f"invocation/{REQUEST_ID}/error"
    body = json.loads(request.body.decode("utf-8"))
    assert set(body) == {"errorMessage", "errorType", "stackTrace"}
    assert body["stackTrace"] == []
    assert request.header("Lambda-Runtime-Function-Error-Type") == body["errorType"]
    return request


def failed_with(serve: Serve, type_: str, message: bytes) -> dict:
    run = serve(next=[invocation(b"!fail " + type_.encode() + b"|" + message)])
    return json.loads(error_of(run).body)


MESSAGES = {
    "plain": "something broke",
    "empty": "",
    "umlauts": "Größe überschritten",
    "emoji": "no bucket 🪣🙂",
    "chinese": "文件太大",
    "right to left": "الملف كبير \u202e",
    "U+FFFF": "\uffff",
    "the highest code point": "\U0010ffff",
    "quotes": 'say "no" \\ \' /',
    "lines": "one\r\ntwo\n\tthree",
    "control bytes": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "line separators": "\u2028\u2029\u0085",
    "percent": "%s%n%d 100%",
    "markup": "</script><!--",
    "60 kB": "long 🙂 " * 6_000,
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_message_arrives(serve: Serve, message: str) -> None:
    body = failed_with(serve, "Function.Broken", message.encode())
    assert body == {"errorMessage": message, "errorType": "Function.Broken", "stackTrace": []}


BAD_UTF8 = {
    "a lone continuation": b"a\x80b",
    "an overlong slash": b"a\xc0\xafb",
    "an overlong NUL of three": b"a\xe0\x80\x80b",
    "a surrogate": b"a\xed\xa0\x80b",
    "beyond U+10FFFF": b"a\xf4\x90\x80\x80b",
    "cut short in the middle": b"a\xf0\x9f\x99b",
    "cut short at the end": b"ab\xf0\x9f\x99",
    "FE and FF": b"a\xfe\xffb",
    "latin-1": "aÖb".encode("latin-1"),
}


@pytest.mark.parametrize("message", BAD_UTF8.values(), ids=BAD_UTF8)
def test_bad_utf8_is_replaced(serve: Serve, message: bytes) -> None:
    told = failed_with(serve, "Function.Broken", message)["errorMessage"]
    assert told.replace(REPLACEMENT, "").replace("?", "") == "ab"
    assert told != "ab"


@pytest.mark.parametrize("type_", ["Function.Broken", "Runtime.Broken", "Function.Ab", "Function.CamelCaseWord"])
def test_type_is_kept(serve: Serve, type_: str) -> None:
    assert failed_with(serve, type_, b"message")["errorType"] == type_


BAD_TYPES = {
    "empty": "",
    "a word": "Broken",
    "another prefix": "Other.Broken",
    "no word": "Function.",
    "one letter": "Function.A",
    "lower case": "Function.broken",
    "the prefix in lower case": "function.Broken",
    "a digit": "Function.Broken2",
    "two dots": "Function.Broken.Twice",
    "a blank": "Function.Bro ken",
    "a line break": "Function.Broken\r\nX-Forged: 1",
    "a quote": 'Function.Broken"',
    "beyond ASCII": "Function.Kaputtß",
    "something before": " Function.Broken",
}


@pytest.mark.parametrize("type_", BAD_TYPES.values(), ids=BAD_TYPES)
def test_a_type_that_is_none_is_unknown(serve: Serve, type_: str) -> None:
    run = serve(next=[invocation(f"!fail {type_}|message".encode())])
    request = error_of(run)
    assert json.loads(request.body)["errorType"] == "Function.Unknown"
    assert json.loads(request.body)["errorMessage"] == "message"
    assert request.header("X-Forged") is None


def test_another_status_of_the_handler(serve: Serve) -> None:
    body = json.loads(error_of(serve(next=[invocation(b"!status")])).body)
    assert body["errorType"] == "Function.HandlerFailed"
    assert body["errorMessage"]


@pytest.mark.parametrize("shift", range(4), ids=lambda n: f"shifted by {n}")
def test_a_message_too_long_ends_between_characters(serve: Serve, shift: int) -> None:
    message = "x" * shift + "🙂" * 50_000
    told = failed_with(serve, "Function.Broken", message.encode())["errorMessage"]
    assert message.startswith(told)
    assert len(told.encode()) > 60_000


def test_a_message_of_megabytes_is_still_an_error(serve: Serve) -> None:
    """6 MB of bytes that JSON writes as six each: more than the Runtime API takes."""
    run = serve(next=[invocation(b"!fail Function.Broken|" + b"\x01" * 6_000_000)])
    request = error_of(run)
    assert json.loads(request.body)["errorType"] == "Function.Broken"
    assert len(request.body) <= 6_291_556


def test_failures_do_not_mix_with_the_replies_after_them(serve: Serve) -> None:
    events = [b"!fail Function.Broken|message", b"fine", b"!status", b"fine too"]
    run = serve(next=[invocation(event) for event in events])
    assert [request.call for request in run.of("response", "error")] == ["error", "response"] * 2
    assert [body for path, body in run.posts if path.endswith("response")] == [b"fine", b"fine too"]
    for request in run.of("response"):
        assert request.header("Lambda-Runtime-Function-Error-Type") is None
