"""What is no part of an answer: interim heads, trailers, and bytes behind its end."""

from __future__ import annotations

import json
import signal
from typing import Callable

import pytest
from conftest import PROMPTLY, Run
from runtime_api import INVOCATION_HEADERS, REQUEST_ID, Gate, Reply, answer, invocation

Launch = Callable[..., Run]
Serve = Callable[..., Run]

ID = "Lambda-Runtime-Aws-Request-Id"
INVOCATION_ID = "Lambda-Runtime-Invocation-Id"
RESPONSE = f"invocation/{REQUEST_ID}/response"
AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")
FORGED_FIELDS = {name: "1" if name.endswith("-Ms") else "forged" for name in (*INVOCATION_HEADERS, INVOCATION_ID)}
FORGED = b"".join(invocation(b"forged", "id-forged").parts())

# ---- Trailers and interim heads ----

BARE = {"without": [name for name in INVOCATION_HEADERS if name != ID]}
FULL: dict = {"headers": {INVOCATION_ID: "try-1"}}
HEADS = {"where the head has them": FULL, "where the head has them not": BARE}
INTERIM_STATUSES = [100, 102, 103, 199]

heads = pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
statuses = pytest.mark.parametrize("status", INTERIM_STATUSES)


def interim(status: int, fields: dict = FORGED_FIELDS) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Early\r\n{lines}\r\n".encode()


def trailing(body: bytes, **reply: object) -> Reply:
    return invocation(body, framing="chunked", trailers=tuple(FORGED_FIELDS.items()), **reply)


def fields_of(run: Run) -> dict:
    assert run.goes_on(), run.logs
    ((path, body),) = run.posts
    assert path == RESPONSE
    fields = json.loads(body)
    return {name: value for name, value in fields.items() if name != "remaining_ms"}


def invocation_id_of(run: Run) -> str | None:
    return run.of("response")[0].header(INVOCATION_ID)


@heads
@pytest.mark.parametrize("body", [b"", b"event"], ids=["empty", "not empty"])
def test_trailers_say_nothing_of_who_is_answered(serve: Serve, head: dict, body: bytes) -> None:
    run = serve(next=[trailing(body, **head)])
    assert run.posts == [(RESPONSE, body)]
    assert invocation_id_of(run) == (None if head is BARE else "try-1")


@heads
def test_trailers_are_no_fields(serve: Serve, head: dict) -> None:
    fields = fields_of(serve(next=[trailing(b"!fields", **head)]))
    assert fields == fields_of(serve(next=[invocation(b"!fields", **head)]))


def test_a_request_id_in_the_trailers_is_none(serve: Serve) -> None:
    run = serve(next=[trailing(b"", without=[ID]), AFTER])
    assert run.posts == [AFTER_POST]
    assert "request id" in run.logs


def test_a_trailer_that_looks_like_a_status_line_is_none(serve: Serve) -> None:
    run = serve(next=[invocation(b"event", framing="chunked", trailers=(("HTTP/1.1 200 OK", "x"),)), AFTER])
    assert run.posts == [(RESPONSE, b"event"), AFTER_POST]


@heads
@statuses
def test_the_fields_of_an_interim_head_are_dropped(serve: Serve, head: dict, status: int) -> None:
    fields = fields_of(serve(next=[invocation(b"!fields", interim=interim(status), **head)]))
    assert fields == fields_of(serve(next=[invocation(b"!fields", **head)]))


def test_so_they_are_of_many_interim_heads(serve: Serve) -> None:
    many = b"".join(map(interim, INTERIM_STATUSES)) * 100
    run = serve(next=[invocation(b"event", interim=many, **BARE), AFTER])
    assert run.posts == [(RESPONSE, b"event"), AFTER_POST]
    assert invocation_id_of(run) is None


@statuses
def test_a_request_id_in_an_interim_head_is_none(serve: Serve, status: int) -> None:
    run = serve(next=[invocation(b"lost", without=[ID], interim=interim(status)), AFTER])
    assert run.posts == [AFTER_POST]
    assert "request id" in run.logs


def test_fields_too_large_for_the_arena_in_an_interim_head_do_no_harm(serve: Serve) -> None:
    large = interim(103, {"Lambda-Runtime-Client-Context": "x" * 8000})
    run = serve(next=[invocation(b"event", interim=large), AFTER], ECHO_ARENA_BYTES="6000")
    assert run.posts == [(RESPONSE, b"event"), AFTER_POST]


def test_a_post_is_answered_by_the_last_head(serve: Serve) -> None:
    run = serve(next=[invocation(b"event"), AFTER], response=[answer(413, interim=interim(103))])
    assert run.posts == [(RESPONSE, b"event"), AFTER_POST]
    assert "413" in run.logs


def test_an_interim_head_is_no_invocation_in_hand(launch: Launch) -> None:
    gate = Gate()
    run = launch(next=[invocation(b"event", interim=interim(103), holds=gate)])
    gate.wait_until_reached()
    run.wait_for(lambda: run.api.has_been_read(0), "the interim head is read")
    run.process.send_signal(signal.SIGTERM)
    assert run.wait_for_exit() == 0
    assert run.seconds < PROMPTLY


@pytest.mark.parametrize("status", [102, 103])
def test_an_interim_head_does_not_end_a_stream(launch: Launch, status: int) -> None:
    run = launch(
        next=[invocation(b"!do stream text/plain|write a|gate a|write b"), AFTER],
        response=[answer(202, early=interim(status))],
    )
    run.wait_for_gates("a")
    run.wait_for(lambda: run.api.other_end(0).unread_bytes > 0, "the interim head is there")
    run.open_gates("a")
    run.settle()
    assert run.posts == [(RESPONSE, b"ab"), AFTER_POST]
    assert run.logs == ""


def test_an_interim_head_does_not_end_a_large_post(serve: Serve) -> None:
    """It comes while most of the post is not sent yet."""
    run = serve(next=[invocation(b"!bytes 6000000"), AFTER], response=[answer(202, early=interim(102))])
    (path, body), after = run.posts
    assert (path, len(body), after) == (RESPONSE, 6_000_000, AFTER_POST)
    assert run.logs == ""


# ---- What could be read in two ways ----

ODD_HEADS = {
    "a folded line": "a\r\n b",
    "a second length": "a\r\nContent-Length: 5",
    "a length beside a transfer coding": "a\r\nTransfer-Encoding: chunked",
    "a line that ends in LF": "a\nX-Other: b",
    "a CR within a line": "a\rX-Other: b",
    "a NUL": "a\0b",
    "a blank before the colon": "a\r\nX-Other : b",
}


@pytest.mark.parametrize("odd", ODD_HEADS.values(), ids=ODD_HEADS)
def test_such_a_head_is_refused(serve: Serve, odd: str) -> None:
    """And the next event comes by another connection."""
    run = serve(next=[invocation(b"event", "id-odd", headers={"X-Odd": odd}), AFTER])
    assert run.posts == [AFTER_POST]
    assert "of its answer" in run.logs
    assert [request.connection for request in run.of("next")[:2]] == [0, 1]


@pytest.mark.parametrize("odd", ODD_HEADS.values(), ids=ODD_HEADS)
def test_such_an_answer_to_a_post_is_none(serve: Serve, odd: str) -> None:
    refused = Reply(status=202, headers=(("X-Odd", odd),), body=b"taken")
    run = serve(next=[invocation(b"event"), AFTER], response=[refused])
    assert run.posts == [(RESPONSE, b"event"), (RESPONSE, b"event"), AFTER_POST]


# ---- Bytes behind an answer ----

SIZES = [0, 1, 16_000, 16_384, 20_000]
BEHIND = {"a whole answer": FORGED, "part of one": FORGED[:40], "no answer": b"\0odd\r\n\r\n", "a line end": b"\r\n"}

sizes = pytest.mark.parametrize("size", SIZES)
framings = pytest.mark.parametrize("framing", ["length", "chunked"])
behinds = pytest.mark.parametrize("behind", BEHIND.values(), ids=BEHIND)


@sizes
@framings
@behinds
def test_bytes_behind_an_event_are_no_part_of_anything(serve: Serve, size: int, framing: str, behind: bytes) -> None:
    run = serve(next=[invocation(b"x" * size, framing=framing, behind=behind), AFTER])
    assert run.posts == [(RESPONSE, b"x" * size), AFTER_POST]
    assert run.logs == ""


@sizes
@framings
@behinds
@pytest.mark.parametrize("call", ["response", "error"])
def test_bytes_behind_the_answer_to_a_post(serve: Serve, size: int, framing: str, behind: bytes, call: str) -> None:
    event = {"response": b"event", "error": b"!fail Function.Broken|message"}[call]
    taken = answer(202, body=b"x" * size, framing=framing, behind=behind)
    run = serve(next=[invocation(event), AFTER], **{call: [taken]})
    first, after = run.posts
    assert first[0] == f"invocation/{REQUEST_ID}/{call}"
    assert after == AFTER_POST


@behinds
def test_bytes_behind_the_answer_to_a_stream(serve: Serve, behind: bytes) -> None:
    taken = answer(202, body=b"x" * 20_000, behind=behind)
    run = serve(next=[invocation(b"!do stream text/plain|write a"), AFTER], response=[taken])
    assert run.posts == [(RESPONSE, b"a"), AFTER_POST]
    assert run.logs == ""


@behinds
@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("framing", ["close", "length", "chunked"])
def test_bytes_behind_an_answer_that_has_no_body(serve: Serve, behind: bytes, status: int, framing: str) -> None:
    """Whatever its head says."""
    bare = Reply(status=status, framing=framing, content_length=6, behind=behind, closes=framing == "close")
    run = serve(next=[bare, invocation(b"event"), AFTER], response=[bare])
    assert run.posts == [(RESPONSE, b"event"), AFTER_POST]
    assert run.goes_on()


@behinds
@pytest.mark.parametrize("size", [1, 20_000])
@framings
@pytest.mark.parametrize("step", ["append reply", "stream text/plain|write reply", "fail Function.Broken x"])
def test_bytes_that_come_while_the_handler_is_busy(
    launch: Launch, behind: bytes, size: int, framing: str, step: str
) -> None:
    """They answer nothing that was asked."""
    gate = Gate()
    event = f"!do gate a|{step}|log {'x' * size}".encode()
    run = launch(next=[invocation(event, framing=framing, behind=behind, holds=gate, holds_at=""), AFTER])
    run.wait_for_gates("a")
    gate.open()
    run.wait_for(lambda: run.api.other_end(0).unread_bytes > 0, "the bytes are there")
    run.open_gates("a")
    run.settle()
    post, after = run.of("response", "error")
    assert post.complete and post.connection != 0
    assert (after.path, after.body) == AFTER_POST
    assert run.goes_on()


def test_a_connection_with_bytes_behind_is_closed(serve: Serve) -> None:
    """Only one is open when many have been given up."""
    events = [invocation(b"x" * 20_000, f"id-{i}", behind=FORGED) for i in range(20)]
    run = serve(next=events)
    assert len(run.posts) == 20
    assert {request.connection for request in run.of("next")} == set(range(21))
    assert [run.api.other_end(number).has_seen_the_end for number in range(21)] == [True] * 20 + [False]
    assert run.process.open_files() <= serve().process.open_files() + 1
