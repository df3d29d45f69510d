"""The double itself: what a plain HTTP client sees of it, and what it records."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

import pytest
from requests_read import PREFIX
from runtime_api import DROPS, REQUEST_ID, Gate, Reply, RuntimeApi, answer, dropped, invocation

NEXT = PREFIX + "invocation/next"


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    with RuntimeApi() as double:
        yield double


def connect(api: RuntimeApi) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(api.address, timeout=5)


def raw_reply(api: RuntimeApi, request: bytes) -> bytes:
    """Everything that comes back until the double ends the connection."""
    host, port = api.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request)
        received = b""
        while True:
            try:
                piece = connection.recv(65536)
            except ConnectionResetError:
                return received
            if not piece:
                return received
            received += piece


def test_serves_an_invocation_and_records_the_post(api: RuntimeApi) -> None:
    api.extend(next=[invocation(b"\0event")])
    client = connect(api)
    client.request("GET", NEXT)
    reply = client.getresponse()
    assert (reply.status, reply.read()) == (200, b"\0event")
    assert reply.headers["Lambda-Runtime-Aws-Request-Id"] == REQUEST_ID
    client.request("POST", f"{PREFIX}invocation/{REQUEST_ID}/response", b"\0reply", {"X-Odd": "1"})
    assert client.getresponse().status == 202
    assert api.posts == [(f"invocation/{REQUEST_ID}/response", b"\0reply")]
    request = api.of("response")[0]
    assert (request.method, request.header("x-odd"), request.connection) == ("POST", "1", 0)


def test_reads_a_chunked_request(api: RuntimeApi) -> None:
    client = connect(api)
    client.request("POST", PREFIX + "init/error", iter([b"ab", b"c"]), encode_chunked=True)
    assert client.getresponse().status == 202
    assert api.posts == [("init/error", b"abc")]


@pytest.mark.parametrize("size", [1, 7, 100_000], ids=lambda size: f"chunks of {size}")
def test_sends_chunks(api: RuntimeApi, size: int) -> None:
    body = bytes(range(256)) * 8
    api.extend(next=[invocation(body, framing="chunked", chunk_bytes=size)])
    client = connect(api)
    client.request("GET", NEXT)
    assert client.getresponse().read() == body


def test_spells_and_leaves_out_headers(api: RuntimeApi) -> None:
    odd = invocation(b"", spelling=str.upper, without=["Content-Type"], closes=True)
    api.extend(next=[odd])
    head = raw_reply(api, f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
    assert b"LAMBDA-RUNTIME-DEADLINE-MS: " in head
    assert b"content-type" not in head.lower()


@pytest.mark.parametrize("drop", DROPS)
@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
def test_drops(api: RuntimeApi, drop: str, resets: bool) -> None:
    whole = Reply(body=b"0123456789")
    api.extend(next=[Reply(body=whole.body, drop=drop, resets=resets)])
    received = raw_reply(api, f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
    sent = len(b"".join(Reply(body=whole.body, drop=drop).wire()))
    wire = b"".join(whole.wire())
    assert wire.startswith(received)
    assert sent < len(wire)
    # A reset may discard what has been sent.
    assert resets or len(received) == sent


def test_drops_in_the_middle_of_a_request(api: RuntimeApi) -> None:
    api.extend(response=[dropped(reads_bytes=0)])
    head = f"POST {PREFIX}invocation/1/response HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"
    assert raw_reply(api, head.encode()) == b""
    assert api.posts == [("invocation/1/response", b"")]


def test_lies_about_the_length(api: RuntimeApi) -> None:
    api.extend(next=[invocation(b"abcdef", content_length=3, closes=True)])
    received = raw_reply(api, f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
    assert b"Content-Length: 3\r\n" in received and received.endswith(b"abcdef")


def test_holds_next_until_there_is_more(api: RuntimeApi) -> None:
    client = connect(api)
    client.request("GET", NEXT)
    assert api.wait_until_idle(lambda: False, 5)
    api.extend(next=[answer(403)])
    assert client.getresponse().status == 403


def test_shows_a_body_while_it_comes(api: RuntimeApi) -> None:
    path = "invocation/1/response"
    api.extend(response=[answer(413, reads_bytes=5)])
    host, port = api.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"POST {PREFIX}{path} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n".encode())
        assert api.wait_until(lambda: api.arrived(path) == b"abc", 5)
        assert api.requests == []
        connection.sendall(b"2\r\nde\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert [(request.body, request.complete) for request in api.requests] == [(b"abcde", False)]


def test_reads_trailers(api: RuntimeApi) -> None:
    head = f"POST {PREFIX}init/error HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    api.extend(init_error=[answer(202, closes=True)])
    assert b" 202 " in raw_reply(api, head.encode() + b"1\r\nx\r\n0\r\nX-Odd: 1\r\n\r\n")
    (request,) = api.requests
    assert (request.body, request.trailer("x-odd"), request.complete) == (b"x", "1", True)


@pytest.mark.parametrize("body", [b"", b"3\r\nab", b"3\r\nabc\r\n", b"1\r\nx\r\n0\r\n", b"1\r\nx\r\n0\r\nX: 1\r\n"])
def test_tells_a_body_that_breaks_off(api: RuntimeApi, body: bytes) -> None:
    host, port = api.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"POST {PREFIX}init/error HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + body)
    assert api.wait_until(lambda: bool(api.requests), 5)
    assert not api.requests[0].complete


@pytest.mark.parametrize("where", DROPS)
def test_stops_at_a_gate(api: RuntimeApi, where: str) -> None:
    gate = Gate()
    reply = Reply(body=b"0123456789", holds=gate, holds_at=where, closes=True)
    before, after = reply.wire()
    api.extend(next=[reply])
    host, port = api.address.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
        gate.wait_until_reached()
        assert not before or connection.recv(65536) == before
        connection.settimeout(0.2)
        with pytest.raises(socket.timeout):
            connection.recv(65536)
        connection.settimeout(20)
        gate.open()
        assert connection.recv(65536) == after


def test_counts_connections_and_ends_them(api: RuntimeApi) -> None:
    api.extend(next=[invocation(closes=True), invocation()])
    for _ in range(2):
        client = connect(api)
        client.request("GET", NEXT)
        client.getresponse().read()
    assert [request.connection for request in api.of("next")] == [0, 1]


def test_sends_what_belongs_to_no_answer(api: RuntimeApi) -> None:
    odd = Reply(body=b"x", framing="chunked", interim=b"HTTP/1.1 103 Text\r\n\r\n", trailers=(("X-Odd", "1"),))
    api.extend(next=[Reply(**{**vars(odd), "behind": b"behind", "closes": True})])
    received = raw_reply(api, f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
    assert received.startswith(b"HTTP/1.1 103 Text\r\n\r\nHTTP/1.1 200 Text\r\n")
    assert received.endswith(b"\r\n\r\n1\r\nx\r\n0\r\nX-Odd: 1\r\n\r\nbehind")


def test_knows_what_the_other_end_has_of_it(api: RuntimeApi) -> None:
    gate = Gate()
    api.extend(next=[Reply(body=b"0123456789", half_closes=True, holds=gate, holds_at="in the body")])
    host, port = api.address.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
        gate.wait_until_reached()
        assert api.wait_until(lambda: api.other_end(0).unread_bytes > 10)
        assert not api.has_been_read(0) and not api.other_end(0).has_seen_the_end
        connection.recv(65536)
        assert api.has_been_read(0)
        gate.open()
        assert api.wait_until(lambda: api.other_end(0).has_seen_the_end)
        assert connection.recv(65536) == b"56789"
    assert api.wait_until(lambda: api.other_end(0).has_seen_the_end)
