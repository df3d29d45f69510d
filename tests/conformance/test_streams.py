"""Replies that are sent while they are made."""

from __future__ import annotations

import json
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, Run
from runtime_api import invocation
from streams import AFTER, AFTER_POST, MEBIBYTE, RESPONSE, check_head, do, stream_of

Serve = Callable[..., Run]

STREAMS = {
    "one write": (["stream text/plain", "write hello"], b"hello"),
    "several": (["stream text/plain", *(f"write {i} " for i in range(100))], b"".join(b"%d " % i for i in range(100))),
    "empty writes in between": (["stream text/plain", "write ", "write a", "write ", "write b"], b"ab"),
    "by appending": (["stream text/plain", "append a", "write b", "append c"], b"abc"),
    "only empty writes": (["stream text/plain", "write ", "write "], b""),
    "nothing": (["stream text/plain"], b""),
    "one byte at a time": (["stream text/plain", *["write x"] * 2000], b"x" * 2000),
    "chunk headers as text": (
        ["stream text/plain", "write 0\r\n\r\n", "write 5\r\nhello\r\n"],
        b"0\r\n\r\n5\r\nhello\r\n",
    ),
    "64 KiB and one": (["stream text/plain", "once 65537"], bytes(65537)),
    "5 MiB in one write": (["stream text/plain", f"once {5 * MEBIBYTE}", "write end"], bytes(5 * MEBIBYTE) + b"end"),
}


@pytest.mark.parametrize(("steps", "body"), STREAMS.values(), ids=STREAMS)
def test_stream(serve: Serve, steps: list[str], body: bytes) -> None:
    run = serve(next=[do(*steps)])
    request = stream_of(run)
    assert request.body == body
    assert request.trailers == ()
    assert request.header("Content-Type") == "text/plain"
    assert run.goes_on() and run.logs == ""


def test_content_type_is_that_of_the_options(serve: Serve) -> None:
    run = serve(next=[do("stream ", "write x")], ECHO_REPLY_CONTENT_TYPE="text/x-test")
    assert stream_of(run).header("Content-Type") == "text/x-test"


def test_content_type_is_json_otherwise(serve: Serve) -> None:
    assert stream_of(serve(next=[do("stream ", "write x")])).header("Content-Type") == "application/json"


@pytest.mark.parametrize("size", [1, 100, 65_536, 300_000])
def test_each_write_arrives_before_the_next(launch: Serve, size: int) -> None:
    """The handler is stopped after each write: nothing of it may wait for company."""
    count = 5
    steps = [f"once {size}|gate {i}" for i in range(count)]
    run = launch(next=[do("stream text/plain", *steps)])
    for i in range(count):
        run.wait_for_body(RESPONSE, bytes(size * (i + 1)))
        run.wait_for_gates(str(i))
        run.open_gates(str(i))
    run.settle()
    assert len(stream_of(run).body) == count * size


def test_streams_and_plain_replies_share_a_connection(serve: Serve) -> None:
    events = [
        do("stream text/plain", "write a"),
        invocation(b"b"),
        do("stream text/plain"),
        do("fail Function.Broken c"),
    ]
    run = serve(next=events * 5)
    assert [body for path, body in run.posts if path.endswith("response")] == [b"a", b"b", b""] * 5
    assert {request.connection for request in run.api.requests} == {0}


@pytest.mark.parametrize("header", [{}, {"Connection": "close"}], ids=["without a word", "with Connection: close"])
def test_a_connection_that_was_closed_before_the_stream(launch: Serve, header: dict) -> None:
    run = launch(next=[do("sleep 50", "stream text/plain", "write whole", closes=True, headers=header), AFTER])
    run.settle()
    (path, body), after = run.posts
    assert (path, body) == (RESPONSE, b"whole")
    assert after == AFTER_POST


def test_20_mebibytes(serve: Serve) -> None:
    run = serve(next=[do("stream application/octet-stream", f"bytes {20 * MEBIBYTE}"), AFTER])
    first, after = run.of("response")
    check_head(first)
    assert first.body == bytes(20 * MEBIBYTE)
    assert after.body == b"after"


def test_four_streams_at_once(launch: Serve) -> None:
    names = ["a", "b", "c", "d"]
    events = [do("stream text/plain", f"write {n}1", f"gate {n}", f"write {n}2", request_id=f"id-{n}") for n in names]
    run = launch(next=events, **FOUR_WORKERS)
    run.wait_for_gates(*names)
    for name in names:
        run.wait_for_body(f"invocation/id-{name}/response", f"{name}1".encode())
    for name in reversed(names):
        run.open_gates(name)
    run.settle()
    assert run.answers() == {f"id-{name}": f"{name}1{name}2".encode() for name in names}
    for request in run.of("response"):
        check_head(request)


# ---- What is no stream ----

REFUSED = {
    "after an append": ["append a", "stream text/plain", "append b"],
    "HTTP after an append": ["append a", "http 200", "append b"],
}


@pytest.mark.parametrize("steps", REFUSED.values(), ids=REFUSED)
def test_no_stream_after_an_append(serve: Serve, steps: list[str]) -> None:
    run = serve(next=[do(*steps)])
    (request,) = run.of("response", "error")
    assert "no stream" in run.logs
    assert request.body == b"ab"
    assert request.header("Lambda-Runtime-Function-Response-Mode") is None
    assert request.header("Content-Length") == "2"


TWICE = {
    "before a write": ["stream text/plain", "stream text/html", "write ab"],
    "after a write": ["stream text/plain", "write a", "stream text/html", "write b"],
    "HTTP": ["stream text/plain", "write a", "http 200", "write b"],
}


@pytest.mark.parametrize("steps", TWICE.values(), ids=TWICE)
def test_a_second_stream_is_refused(serve: Serve, steps: list[str]) -> None:
    run = serve(next=[do(*steps)])
    request = stream_of(run)
    assert "no stream" in run.logs
    assert (request.body, request.header("Content-Type")) == (b"ab", "text/plain")


def test_a_write_without_a_stream_fails(serve: Serve) -> None:
    run = serve(next=[do("write lost", "append kept")])
    assert run.posts == [(RESPONSE, b"kept")]
    assert "a write failed" in run.logs


# ---- The head of an HTTP reply ----

HTTP_TYPE = "application/vnd.awslambda.http-integration-response"


def http_of(run: Run) -> tuple[dict, bytes]:
    request = stream_of(run)
    assert request.header("Content-Type") == HTTP_TYPE
    head, nuls, body = request.body.partition(b"\0" * 8)
    assert nuls
    return json.loads(head.decode("utf-8")), body


def test_http(serve: Serve) -> None:
    steps = [
        "http 201\nContent-Type:text/html\nX-Odd:1\nSet-Cookie:a=1; Path=/\nSet-Cookie:b=2",
        "write <p>",
        "write hello",
    ]
    head, body = http_of(serve(next=[do(*steps)]))
    assert head == {
        "statusCode": 201,
        "headers": {"Content-Type": "text/html", "X-Odd": "1"},
        "cookies": ["a=1; Path=/", "b=2"],
    }
    assert body == b"<p>hello"


@pytest.mark.parametrize("steps", [["http 204"], ["http 204", "write "]], ids=["no write", "an empty write"])
def test_http_without_a_body(serve: Serve, steps: list[str]) -> None:
    head, body = http_of(serve(next=[do(*steps)]))
    assert head["statusCode"] == 204
    assert not head.get("headers") and not head.get("cookies")
    assert body == b""


VALUES = {
    "quotes": 'attachment; filename="a\\b.txt"',
    "beyond ASCII": "Größe 🪣",
    "empty": "",
    "control bytes": "\x01\x7f",
    "8 kB": "x" * 8192,
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_http_values_are_escaped(serve: Serve, value: str) -> None:
    head, body = http_of(serve(next=[do(f"http 200\nX-Odd:{value}\nSet-Cookie:{value}", "write body")]))
    assert (head["headers"], head["cookies"]) == ({"X-Odd": value}, [value])
    assert body == b"body"


def test_http_body_may_hold_the_separator(serve: Serve) -> None:
    head, body = http_of(serve(next=[do("http 200", "write " + "\0" * 9, "write x")]))
    assert head["statusCode"] == 200
    assert body == b"\0" * 9 + b"x"


def test_http_head_goes_out_with_the_first_bytes(launch: Serve) -> None:
    run = launch(next=[do("http 200", "gate before", "write first", "gate after")])
    run.wait_for_gates("before")
    assert run.of("response") == [] and run.api.arrived(RESPONSE) == b""
    run.open_gates("before")
    run.wait_for(lambda: run.api.arrived(RESPONSE).endswith(b"\0" * 8 + b"first"), "the first bytes")
    run.open_gates("after")
    run.settle()
    assert http_of(run)[1] == b"first"


@pytest.mark.parametrize("size", [32_000, 65_000])
def test_a_large_http_head_goes_out_whole(serve: Serve, size: int) -> None:
    head, body = http_of(serve(next=[do("http 200\nX-Odd:" + "x" * size, "write body")]))
    assert (head["headers"], body) == ({"X-Odd": "x" * size}, b"body")


@pytest.mark.parametrize("size", [65_536, 1_000_000])
@pytest.mark.parametrize("pairs", ["X-Odd:{0}", "X-Odd:1\nX-Large:{0}\nX-Even:2", "Set-Cookie:a\nSet-Cookie:{0}"])
def test_an_http_head_that_is_too_large_makes_no_stream(serve: Serve, pairs: str, size: int) -> None:
    """And leaves nothing of itself."""
    steps = ["http 200\n" + pairs.format("x" * size), "write lost", "append an ordinary reply"]
    run = serve(next=[do(*steps), do(*steps[:1], "stream text/plain", "write a stream", request_id="id-after")])
    first, second = run.of("response", "error")
    assert first.body == b"an ordinary reply"
    assert first.header("Lambda-Runtime-Function-Response-Mode") is None
    assert (second.body, second.header("Content-Type")) == (b"a stream", "text/plain")
    assert run.logs.count("no stream") == 2
    assert run.logs.count("a write failed") == 1
