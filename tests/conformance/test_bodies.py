"""Events and replies of every size and framing."""

from __future__ import annotations

import json
import random
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, Run
from runtime_api import Reply, invocation

Serve = Callable[..., Run]

REPLY_MAX_BYTES = 6_291_556
MEBIBYTE = 1024 * 1024
AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")


def binary(size: int) -> bytes:
    return random.Random(size).randbytes(size)


EVENTS = {
    "empty": invocation(b""),
    "empty, chunked": invocation(b"", framing="chunked"),
    "one NUL": invocation(b"\0"),
    "every byte": invocation(bytes(range(256))),
    "every byte, chunked": invocation(bytes(range(256)), framing="chunked", chunk_bytes=7),
    "bytes beyond UTF-8": invocation(b"\xff\xfe\x00\xc3(\xf0\x9f"),
    "chunks of 1 byte": invocation(binary(20_000), framing="chunked", chunk_bytes=1),
    "up to the end of the connection": invocation(binary(5_000), framing="close"),
    "6 MiB": invocation(binary(6 * MEBIBYTE)),
    "6 MiB, chunked": invocation(binary(6 * MEBIBYTE), framing="chunked"),
    "6 MiB, chunks of 1,000 bytes": invocation(binary(6 * MEBIBYTE), framing="chunked", chunk_bytes=1000),
    "after an interim head": invocation(b"event", interim=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "slow pieces": invocation(b"slow" * 20, piece_bytes=40, pause_seconds=0.01),
    "slow chunks": invocation(b"slow" * 20, framing="chunked", chunk_bytes=8, piece_bytes=40, pause_seconds=0.01),
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_echo(serve: Serve, event: Reply) -> None:
    run = serve(next=[event, AFTER])
    assert run.goes_on(), run.logs
    (_, echoed), after = run.posts
    assert echoed == event.body
    assert after == AFTER_POST


def test_a_small_event_after_a_large_one_is_not_mixed_with_it(serve: Serve) -> None:
    sizes = [MEBIBYTE, 10, 0, 3 * MEBIBYTE, 1]
    run = serve(next=[invocation(binary(size)) for size in sizes])
    assert [body for _, body in run.posts] == [binary(size) for size in sizes]


HALVES = {
    "length": invocation(b"secret" * 100, "id-cut", drop="in the body"),
    "length, reset": invocation(b"secret" * 100, "id-cut", drop="in the body", resets=True),
    "until the end, reset": Reply(
        headers=(("Lambda-Runtime-Aws-Request-Id", "id-cut"),), body=b"secret" * 100, framing="close", resets=True
    ),
    "chunked, reset": invocation(b"secret" * 100, "id-cut", framing="chunked", drop="in the body", resets=True),
    "length, nothing of the body": invocation(b"", "id-cut", content_length=600, closes=True),
    "a length of terabytes": invocation(b"secret", "id-cut", content_length=1 << 42, closes=True),
    "chunked, between chunks": Reply(
        headers=(("Lambda-Runtime-Aws-Request-Id", "id-cut"), ("Transfer-Encoding", "chunked")),
        body=b"6\r\nsecret\r\n",
        framing="close",
    ),
    "chunked, in a chunk": invocation(b"secret" * 100, "id-cut", framing="chunked", drop="in the body"),
    "chunked, a size that is none": Reply(
        headers=(("Lambda-Runtime-Aws-Request-Id", "id-cut"), ("Transfer-Encoding", "chunked")),
        body=b"6\r\nsecret\r\nodd\r\n",
        framing="close",
    ),
}


def check_not_handled(run: Run) -> None:
    """No reply was made from the half; and the caller is told, by an /error or by the end of the process."""
    assert run.logs
    paths = [path for path, _ in run.posts]
    assert "invocation/id-cut/response" not in paths
    assert run.exit_status == 1 or "invocation/id-cut/error" in paths


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_an_event_is_not_handled(serve: Serve, half: Reply) -> None:
    run = serve(next=[half, AFTER])
    check_not_handled(run)
    assert run.exit_status == 1 or run.posts[-1] == AFTER_POST


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_an_event_always_ends_the_process(serve: Serve, half: Reply) -> None:
    run = serve(next=[half] * 50)
    check_not_handled(run)
    assert run.exit_status == 1
    assert len(run.of("next")) <= 6


def test_more_bytes_than_the_content_length_are_no_part_of_anything(serve: Serve) -> None:
    run = serve(next=[invocation(b"12345678", content_length=4), AFTER])
    assert [body for _, body in run.posts] == [b"1234", b"after"]


@pytest.mark.parametrize("length", ["abc", "-1", "9" * 30, "1, 2"])
def test_a_content_length_that_is_none_is_survived(serve: Serve, length: str) -> None:
    run = serve(next=[invocation(b"event", "id-odd", content_length=length, closes=True), AFTER])
    assert run.exit_status in (None, 1), run.logs
    assert len(run.of("next")) <= 4
    assert all(body in (b"event", b"after") for path, body in run.posts if path.endswith("/response"))


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_an_event_larger_than_the_arena_fails_and_the_loop_goes_on(serve: Serve, framing: str) -> None:
    event = invocation(binary(2 * MEBIBYTE), "id-large", framing=framing)
    run = serve(next=[event, AFTER], ECHO_ARENA_BYTES=str(MEBIBYTE))
    assert run.goes_on(), run.logs
    (path, body), after = run.posts
    assert path == "invocation/id-large/error"
    assert json.loads(body)["errorType"].startswith("Runtime.")
    assert json.loads(body)["errorMessage"]
    assert after == AFTER_POST


@pytest.mark.parametrize("size", [0, 1, 65_536, REPLY_MAX_BYTES - 1, REPLY_MAX_BYTES])
def test_reply_of(serve: Serve, size: int) -> None:
    run = serve(next=[invocation(b"!bytes %d" % size), AFTER])
    assert run.goes_on(), run.logs
    (path, body), after = run.posts
    assert path.endswith("/response")
    assert body == (b"abcdefghijklmnopqrstuvwxyz012345" * (size // 32 + 1))[:size]
    assert after == AFTER_POST


@pytest.mark.parametrize("size", [REPLY_MAX_BYTES + 1, 10_000_000, 100_000_000])
def test_a_reply_too_large_fails_and_the_loop_goes_on(serve: Serve, size: int) -> None:
    run = serve(next=[invocation(b"!bytes %d" % size, "id-large"), AFTER])
    assert run.goes_on(), run.logs
    (path, body), after = run.posts
    assert path == "invocation/id-large/error"
    assert json.loads(body)["errorType"] == "Function.ResponseSizeTooLarge"
    assert after == AFTER_POST


def test_a_reply_is_not_limited_by_the_arena(serve: Serve) -> None:
    run = serve(next=[invocation(b"!bytes 6291556")], ECHO_ARENA_BYTES=str(MEBIBYTE))
    ((path, body),) = run.posts
    assert path.endswith("/response")
    assert len(body) == REPLY_MAX_BYTES


def test_the_arena_is_emptied_after_each_invocation(serve: Serve) -> None:
    run = serve(next=[invocation(b"!allocate %d" % (30 * MEBIBYTE))] * 5)
    assert [body for _, body in run.posts] == [b"allocated"] * 5


STARVED = {
    "one piece": b"!allocate 60000000",
    "to the last byte": b"!do starve",
    "more than an address": b"!allocate 18446744073709551615",
    "half of all addresses": b"!allocate 9223372036854775808",
    "after 5 MB of a reply": b"!do append " + b"x" * 5_000_000 + b"|starve",
    "in a stream before any byte": b"!do stream text/plain|starve",
}


@pytest.mark.parametrize("event", STARVED.values(), ids=STARVED)
def test_more_memory_than_the_arena_has(serve: Serve, event: bytes) -> None:
    run = serve(next=[invocation(event, "id-large"), AFTER])
    assert run.goes_on(), run.logs
    (path, body), after = run.posts
    assert path == "invocation/id-large/error"
    assert json.loads(body)["errorType"] == "Function.OutOfMemory"
    assert after == AFTER_POST


def test_more_memory_than_the_arena_has_in_mid_stream(serve: Serve) -> None:
    run = serve(next=[invocation(b"!do stream text/plain|write some|starve"), AFTER])
    assert run.goes_on(), run.logs
    stream, after = run.of("response")
    assert (stream.body, stream.trailer("Lambda-Runtime-Function-Error-Type")) == (b"some", "Function.OutOfMemory")
    assert (after.path, after.body) == AFTER_POST


def test_the_memory_of_each_worker_is_its_own_to_exhaust(serve: Serve) -> None:
    run = serve(next=[invocation(b"!do starve"), AFTER] * 20, **FOUR_WORKERS)
    assert len(run.of("error")) == 20
    assert run.posts.count(AFTER_POST) == 20
