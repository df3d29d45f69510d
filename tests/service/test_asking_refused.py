"""Nothing is signed unless the app says so in the very words."""

import gzip
import json
import re
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from asking import asking, log_of
from fake_app import ALLOWED, CLOSE, HANG, TRICKLE, Answer, StartApp, chunked, says
from grants import ASKED, File, ask, granted
from multipart import refused
from uploads import StartFunction, put

# ---- Answers that are none --------------------------------------------------------

LIMIT = 64 * 1024


def padded(size: int) -> bytes:
    """An answer of so many bytes that allows the upload."""
    empty = json.dumps({"allow": True, "pad": ""}).encode()
    return json.dumps({"allow": True, "pad": "x" * (size - len(empty))}).encode()


TWO_MB = padded(2 * 1024 * 1024)
YES = b'{"allow":true}'
BROKEN: Dict[str, Answer] = {
    "500": says({"allow": True}, 500),
    "401": says({"allow": True}, 401, {"WWW-Authenticate": "Basic"}),
    "407": says({"allow": True}, 407, {"Proxy-Authenticate": "Basic"}),
    "403": says({"allow": False, "message": "private words"}, 403),
    "404": says(b"private words", 404),
    "201": says({"allow": True}, 201),
    "204": Answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "206": says({"allow": True}, 206),
    "429": says({"allow": True}, 429, {"Retry-After": "1"}),
    "closes at once": Answer(b"", CLOSE),
    "closes within the head": Answer(b"HTTP/1.1 200 OK\r\nContent-Le", CLOSE),
    "closes within the body": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + YES, CLOSE),
    "no HTTP": Answer(b"private words of no protocol\r\n\r\n" + YES, CLOSE),
    "HTTP 0.9": Answer(YES, CLOSE),
    "2 MB": says(TWO_MB),
    "2 MB that is not told": Answer(b"HTTP/1.1 200 OK\r\n\r\n" + TWO_MB, CLOSE),
    "2 MB of head": Answer(b"HTTP/1.1 200 OK\r\nX: " + TWO_MB + b"\r\n\r\n" + YES, CLOSE),
    "2 MB in chunks": chunked(*[TWO_MB[i : i + 4096] for i in range(0, len(TWO_MB), 4096)]),
    "a byte too much": says(padded(LIMIT + 1)),
    "chunks without end": chunked(YES, end=b"ZZ\r\n"),
    "gzip": says(gzip.compress(YES), headers={"Content-Encoding": "gzip"}),
    "gzip that is not told": says(gzip.compress(YES)),
    "empty": says(b""),
    "HTML": says(b"<html>private words</html>"),
    "no JSON": says(b"private words"),
    "JSON broken off": says(YES[:-1]),
    "JSON and more": says(YES + b"x"),
    "JSON and a NUL": says(YES + b"\0"),
    "JSON twice": says(YES + YES),
    "a list": says([{"allow": True}]),
    "true": says(True),
    "null": says(None),
    "a text": says("allow"),
    "deep": says(b'{"allow":true,"x":' + b"[" * 20000 + b"]" * 20000 + b"}"),
    "no decision": says({}),
    "a text decides": says({"allow": "true"}),
    "a number decides": says({"allow": 1}),
    "nothing decides": says({"allow": None}),
    "in capitals": says({"Allow": True}),
    "no UTF-8": says(b'{"allow":true,"key":"\xff\xfe"}'),
}


@pytest.mark.parametrize("answer", BROKEN)
def test_anything_else_is_no_answer(
    function: StartFunction, app: StartApp, tmp_path: Path, answer: str
) -> None:
    asked = app(BROKEN[answer])
    reply = ask(asking(function, asked), "GET /signed_url", File(size=1))
    refused(reply, 503, "AppUnreachable")
    assert "private" not in reply.json()["message"]
    assert len(asked.asked) == 1
    assert "private" not in log_of(tmp_path)
    assert re.search("WARN|ERROR", log_of(tmp_path))


def test_no_route_passes_without_an_answer(function: StartFunction, app: StartApp) -> None:
    answers = [(b"?", 503, "AppUnreachable"), ({"allow": False}, 403, "NotAllowed")]
    for answer, status, code in answers:
        running = asking(function, app(answer))
        for route in ASKED:
            refused(ask(running, route), status, code)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(
    function: StartFunction, app: StartApp, status: int
) -> None:
    asked, other = app({}), app()
    asked.answers[:] = [says(b"", status, {"Location": other.url}), ALLOWED]
    refused(ask(asking(function, asked), "GET /signed_url"), 503, "AppUnreachable")
    assert (len(asked.asked), len(other.asked)) == (1, 0)


SLOW: Dict[str, Answer] = {
    "says nothing": Answer(b"", HANG),
    "stops within the head": Answer(b"HTTP/1.1 200 OK\r\nContent-Le", HANG),
    "stops within the body": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + YES, HANG),
    "goes on in small steps": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", TRICKLE),
}


@pytest.mark.parametrize("answer", SLOW)
def test_an_app_that_is_too_slow(function: StartFunction, app: StartApp, answer: str) -> None:
    """It answers fully only when the test is over."""
    asked = app(SLOW[answer])
    running = asking(function, asked, UPLOAD_ASK_TIMEOUT_MS="300")
    refused(ask(running, "GET /signed_url"), 503, "AppUnreachable")
    assert len(asked.asked) == 1


def test_no_app_at_all(function: StartFunction, app: StartApp) -> None:
    asked = app()
    for url in ("http://127.0.0.1:9/ask", "https://127.0.0.1:9/"):
        running = asking(function, asked, UPLOAD_ASK_URL=url)
        refused(ask(running, "GET /signed_url"), 503, "AppUnreachable")


@pytest.mark.parametrize(
    "answer",
    [
        says(padded(LIMIT)),
        chunked(b'{"al', b'low":', b"true}"),
        Answer(b"HTTP/1.1 200 OK\r\n\r\n" + YES, CLOSE),
        Answer(b"HTTP/1.0 200 OK\r\nContent-Length: 14\r\n\r\n" + YES, CLOSE),
        Answer(b"HTTP/1.1 200\r\ncontent-length: 14\r\n\r\n" + YES),
        says(b' \r\n\t{ "allow" : true } \n'),
        says({"allow": True, "message": "all right", "other": [1, {"a": None}]}),
        says({"allow": True}, headers={"Content-Type": "text/plain"}),
    ],
    ids=["64 kB", "chunks", "to the end", "HTTP 1.0", "no reason", "spaces", "more", "any type"],
)
def test_other_ways_to_say_yes(function: StartFunction, app: StartApp, answer: Answer) -> None:
    asked = app(answer)
    assert put(granted(asking(function, asked), "GET /signed_url")).status == 200
    assert len(asked.asked) == 1


# ---- No ---------------------------------------------------------------------------

DEFAULT = "the app does not allow this upload"


MESSAGES: List[Tuple[Any, str]] = [
    ("Only three files a day.", "Only three files a day."),
    ('Kein Platz für 🐢 "mehr"', 'Kein Platz für 🐢 "mehr"'),
    ("x" * 512, "x" * 512),
    ("x" * 513, DEFAULT),
    ("🐢" * 128, "🐢" * 128),
    ("🐢" * 129, DEFAULT),
    ("x" * 10_000, DEFAULT),
    ("", DEFAULT),
    ("a\nb", DEFAULT),
    ("a\x00b", DEFAULT),
    ("a\x1b[31mb", DEFAULT),
    ("a\x7fb", DEFAULT),
    ("a\x85b", DEFAULT),
    (5, DEFAULT),
    (None, DEFAULT),
    (["no"], DEFAULT),
]


def test_no(function: StartFunction, app: StartApp) -> None:
    running = asking(function, app(*({"allow": False, "message": each} for each, _ in MESSAGES)))
    for _, told in MESSAGES:
        reply = ask(running, "GET /signed_url")
        refused(reply, 403, "NotAllowed")
        assert reply.json()["message"] == reply.json()["error"] == told


def test_no_without_words(function: StartFunction, app: StartApp) -> None:
    asked = app({"allow": False}, says(b'{"allow":false,"message":"\xff"}'))
    running = asking(function, asked)
    for _ in range(2):
        reply = ask(running, "GET /signed_url")
        refused(reply, 403, "NotAllowed")
        assert reply.json()["message"] == DEFAULT
        assert reply.json()["requestId"] == asked.questions()[-1]["request_id"]


@pytest.mark.parametrize(
    "answer",
    [
        b'{"allow":true,"allow":false}',
        b'{"allow":true,"max_bytes":1000,"max_bytes":1}',
        b'{"allow":true,"types":null,"types":"text/plain"}',
    ],
)
def test_a_member_that_is_there_twice(
    function: StartFunction, app: StartApp, answer: bytes
) -> None:
    """JSON.parse, Python and Go take the last one; here the first one counted."""
    running = asking(function, app(says(answer)))
    refused(ask(running, "GET /signed_url", File(size=100)), 503, "AppUnreachable")
