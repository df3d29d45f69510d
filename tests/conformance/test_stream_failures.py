"""Streams that the handler or the Runtime API breaks off."""

from __future__ import annotations

import base64
import json
from typing import Callable

import pytest
from conftest import Run
from requests_read import Request
from runtime_api import REQUEST_ID, Gate, Reply, answer, dropped, invocation
from streams import AFTER, AFTER_POST, ERROR_BODY, ERROR_TYPE, MEBIBYTE, RESPONSE, do, stream_of

Serve = Callable[..., Run]

# ---- Failures of the handler ----

BEFORE_ANY_BYTE = {
    "lambda_fail": (["stream text/plain", "fail Function.Broken too soon"], "Function.Broken"),
    "lambda_fail of HTTP": (["http 200\nX:y", "fail Function.Broken too soon"], "Function.Broken"),
    "lambda_fail, then a write": (["stream text/plain", "fail Function.Broken x", "write lost"], "Function.Broken"),
    "after an empty write": (["stream text/plain", "write ", "fail Function.Broken x"], "Function.Broken"),
    "another status": (["stream text/plain", "return 7"], "Function.HandlerFailed"),
}


@pytest.mark.parametrize(("steps", "type_"), BEFORE_ANY_BYTE.values(), ids=BEFORE_ANY_BYTE)
def test_a_failure_before_any_byte_is_an_ordinary_one(serve: Serve, steps: list[str], type_: str) -> None:
    run = serve(next=[do(*steps), AFTER])
    error, after = run.of("response", "error")
    assert error.path == f"invocation/{REQUEST_ID}/error"
    assert error.header(ERROR_TYPE) == type_ == json.loads(error.body)["errorType"]
    assert error.header("Transfer-Encoding") is None
    assert error.header("Lambda-Runtime-Function-Response-Mode") is None
    assert (after.path, after.body) == AFTER_POST


LONG = "long 🙂 " * 20_000
AFTER_SOME_BYTES = {
    "lambda_fail": (["fail Function.Broken no more"], "Function.Broken", "no more"),
    "and a write after it": (["fail Function.Broken no more", "write lost"], "Function.Broken", "no more"),
    "beyond ASCII": (["fail Function.Broken Größe 🪣\n"], "Function.Broken", "Größe 🪣\n"),
    "no message": (["fail Function.Broken "], "Function.Broken", ""),
    "a type that is none": (["fail nonsense text"], "Function.Unknown", "text"),
    "another status": (["return 7"], "Function.HandlerFailed", None),
}


def told_in_trailers(request: Request) -> dict:
    told = json.loads(base64.b64decode(request.trailer(ERROR_BODY) or "", validate=True).decode("utf-8"))
    assert set(told) == {"errorMessage", "errorType", "stackTrace"}
    assert told["stackTrace"] == []
    assert request.trailer(ERROR_TYPE) == told["errorType"]
    return told


@pytest.mark.parametrize(("steps", "type_", "message"), AFTER_SOME_BYTES.values(), ids=AFTER_SOME_BYTES)
@pytest.mark.parametrize("opening", ["stream text/plain", "http 200"])
def test_a_failure_after_some_bytes_is_told_in_trailers(
    serve: Serve, opening: str, steps: list[str], type_: str, message: str | None
) -> None:
    run = serve(next=[do(opening, "write some", *steps)])
    request = stream_of(run)
    told = told_in_trailers(request)
    assert request.body.endswith(b"some")
    assert told["errorType"] == type_
    assert told["errorMessage"] == message or message is None
    assert type_ in run.logs and REQUEST_ID in run.logs
    assert run.goes_on()


def test_a_long_message_in_trailers_is_cut_between_characters(serve: Serve) -> None:
    told = told_in_trailers(
        stream_of(serve(next=[do("stream text/plain", "write some", f"fail Function.Broken {LONG}")]))
    )
    assert LONG.startswith(told["errorMessage"])
    assert len(told["errorMessage"].encode()) > 1000


def test_a_failed_stream_leaves_the_connection_usable(serve: Serve) -> None:
    run = serve(next=[do("stream text/plain", "write a", "fail Function.Broken b"), AFTER] * 3)
    assert [body for _, body in run.posts] == [b"a", b"after"] * 3
    assert {request.connection for request in run.api.requests} == {0}


# ---- Failures of the Runtime API ----

HUGE = f"bytes {100 * MEBIBYTE}"  # more than any socket buffers


def streams_before_the_next(run: Run) -> list[Request]:
    """A working connection serves the next event, whatever became of the stream."""
    assert run.goes_on(), run.logs
    *streams, after = run.of("response", "error", "unknown")
    assert (after.path, after.body) == AFTER_POST
    assert {request.path for request in streams} == {RESPONSE}
    return streams


def check_given_up(run: Run) -> None:
    """After an answer nothing is sent again."""
    assert len(streams_before_the_next(run)) == 1
    assert REQUEST_ID in run.logs


def check_given_up_or_sent_whole(run: Run, body: bytes) -> None:
    """Without an answer a stream may be sent once more, from its first byte, as any reply is."""
    streams = streams_before_the_next(run)
    if len(streams) == 1:
        assert REQUEST_ID in run.logs
    else:
        _, second = streams
        assert second.body == body
        assert second.complete


def check_writes_failed(run: Run) -> None:
    """The one that failed and the one after it, unless the stream was sent whole once more."""
    if len(run.of("response")) == 2:  # the stream, and what follows
        assert run.logs.count("a write failed") == 2


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413])
@pytest.mark.parametrize("closes", [False, True], ids=["kept", "closed"])
@pytest.mark.parametrize("reads", [0, 1, 1_000_000], ids=lambda n: f"after {n}")
def test_refused_in_mid_stream(serve: Serve, status: int, closes: bool, reads: int) -> None:
    refusal = answer(status, reads_bytes=reads, closes=closes)
    run = serve(next=[do("stream text/plain", HUGE, "write more"), AFTER], response=[refusal])
    # A connection that is closed with bytes unread may be reset before the answer is seen,
    if closes:  # and before more was sent than can be sent again.
        check_given_up_or_sent_whole(run, bytes(100 * MEBIBYTE) + b"more")
    else:
        check_given_up(run)
    assert closes or str(status) in run.logs
    check_writes_failed(run)


def test_refused_before_the_second_write(launch: Serve) -> None:
    """The answer is there while the handler is busy with something else."""
    run = launch(
        next=[do("stream text/plain", "write a", "gate a", "write b", "write c"), AFTER],
        response=[answer(413, reads_bytes=1)],
    )
    run.wait_for_gates("a")
    run.wait_for(lambda: bool(run.of("response")), "the refusal")
    run.open_gates("a")
    run.settle()
    check_given_up(run)
    assert "413" in run.logs


def test_refused_at_the_end(serve: Serve) -> None:
    run = serve(next=[do("stream text/plain", "write a"), AFTER], response=[answer(413)])
    check_given_up(run)
    assert "413" in run.logs


@pytest.mark.parametrize("fails", ["fail Function.Broken x", "return 7"])
def test_a_handler_that_fails_after_a_refusal_is_not_reported_twice(serve: Serve, fails: str) -> None:
    run = serve(next=[do("stream text/plain", HUGE, fails), AFTER], response=[answer(413, reads_bytes=1)])
    check_given_up(run)


@pytest.mark.parametrize("reads", [0, 1, 1_000_000], ids=lambda n: f"after {n}")
@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
def test_dropped_in_mid_stream(serve: Serve, reads: int, resets: bool) -> None:
    run = serve(
        next=[do("stream text/plain", HUGE, "write more"), AFTER], response=[dropped(reads_bytes=reads, resets=resets)]
    )
    check_given_up_or_sent_whole(run, bytes(100 * MEBIBYTE) + b"more")
    check_writes_failed(run)


CONNECTIONS = {"kept": {}, "new": {"closes": True, "headers": {"Connection": "close"}}}


@pytest.mark.parametrize("connection", CONNECTIONS.values(), ids=CONNECTIONS)
@pytest.mark.parametrize("drop", ["before the status", "in the status", "in the headers"])
@pytest.mark.parametrize("reads", [0, 1, None], ids=lambda n: "at the end" if n is None else f"after {n}")
@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
def test_a_short_stream_without_an_answer_is_sent_whole_once_more(
    serve: Serve, connection: dict, drop: str, reads: int | None, resets: bool
) -> None:
    steps = ["stream text/plain", "write a", "sleep 5", "write b", "sleep 5", "write c"]
    run = serve(next=[do(*steps, **connection), AFTER], response=[dropped(drop, reads_bytes=reads, resets=resets)])
    first, second = streams_before_the_next(run)
    assert (second.body, second.complete) == (b"abc", True)
    assert b"abc".startswith(first.body)
    assert run.logs == ""


@pytest.fixture
def failing_send(preload: Callable[[str], str]) -> str:
    """A library that fails one send() of the process that it is preloaded into."""
    return preload("failing_send")


@pytest.mark.parametrize("failing", [3, 4, 5])  # the first one is of /next, the second of the head
def test_a_kept_connection_that_fails_is_not_the_retry(serve: Serve, failing_send: str, failing: int) -> None:
    """The other side had closed it just before; the stream is lost once more after that, and then gets through."""
    run = serve(
        next=[do("stream text/plain", "write a", "write b", "write c"), AFTER],
        response=[answer(202), dropped()],
        LD_PRELOAD=failing_send,
        FAILING_SEND=str(failing),
    )
    assert [stream.body for stream in streams_before_the_next(run) if stream.complete] == [b"abc", b"abc"]
    assert run.logs == ""


@pytest.mark.parametrize("failing", [2, 3, 4])
@pytest.mark.parametrize("opening", ["stream text/plain", "http 200"])
def test_a_large_first_write_on_a_connection_that_has_gone(
    serve: Serve, failing_send: str, opening: str, failing: int
) -> None:
    """It is more than is kept of a stream, but it is still there."""
    run = serve(
        next=[do(opening, "once 300000", "write the rest"), AFTER], LD_PRELOAD=failing_send, FAILING_SEND=str(failing)
    )
    (stream,) = [stream for stream in streams_before_the_next(run) if stream.complete]
    assert stream.body.endswith(bytes(300_000) + b"the rest")
    assert len(stream.body) - 300_008 == (0 if opening.startswith("stream") else stream.body.index(b"}" + bytes(8)) + 9)
    assert run.logs == ""


@pytest.mark.parametrize("connection", CONNECTIONS.values(), ids=CONNECTIONS)
@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("reads", [0, 70_000, 299_000, None], ids=["at once", "early", "late", "at the end"])
@pytest.mark.parametrize("step", ["bytes 300000", "once 300000", "bytes 1000000"])
def test_a_stream_of_less_than_a_mebibyte_is_sent_whole_once_more(
    serve: Serve, connection: dict, resets: bool, reads: int | None, step: str
) -> None:
    steps = ["stream text/plain", step, "write the rest"]
    run = serve(next=[do(*steps, **connection), AFTER], response=[dropped(reads_bytes=reads, resets=resets)])
    _, second = streams_before_the_next(run)
    assert (second.body, second.complete) == (bytes(int(step.split()[1])) + b"the rest", True)
    assert run.logs == ""


def test_a_later_write_that_is_lost_is_told(serve: Serve) -> None:
    """What was written before is not there any more: it was larger than what is kept."""
    run = serve(
        next=[do("stream text/plain", "once 7000000", "once 30000000", "write the rest"), AFTER],
        response=[dropped(reads_bytes=8_000_000)],
    )
    assert not any(stream.complete for stream in streams_before_the_next(run))
    assert REQUEST_ID in run.logs
    assert run.logs.count("a write failed") == 2


WAYS_TO_CLOSE = {"closed": {"closes": True}, "reset": {"closes": True, "resets": True}, "half": {"half_closes": True}}


@pytest.mark.parametrize("way", WAYS_TO_CLOSE.values(), ids=WAYS_TO_CLOSE)
@pytest.mark.parametrize("opening", ["stream text/plain", "http 200"])
@pytest.mark.parametrize("step", ["bytes 300000", "once 300000", "bytes 7000000"])
def test_a_connection_that_was_closed_meanwhile_gets_nothing_of_a_stream(
    launch: Serve, way: dict, opening: str, step: str
) -> None:
    """Not a byte: one that takes some, and then breaks, takes more than can be kept to be sent again."""
    gate = Gate()
    run = launch(next=[do("gate a", opening, step, "write the rest", holds=gate, holds_at="", **way), AFTER])
    run.wait_for_gates("a")
    gate.open()
    run.wait_for(lambda: run.api.other_end(0).has_seen_the_end, "the end of the connection")
    run.open_gates("a")
    run.settle()
    (stream,) = streams_before_the_next(run)
    assert stream.complete and stream.connection != 0
    assert stream.body.endswith(bytes(int(step.split()[1])) + b"the rest")
    assert run.logs == ""


def test_always_dropped_in_mid_stream(serve: Serve) -> None:
    run = serve(
        next=[do("stream text/plain", "write a", "write b"), invocation(b"!fail Function.Broken x")],
        response=[dropped(reads_bytes=1)] * 9,
    )
    assert run.goes_on(), run.logs
    assert len(run.of("response")) <= 3  # one may be libcurl's own, on a kept connection that had gone
    assert REQUEST_ID in run.logs


@pytest.mark.parametrize("drop", ["before the status", "in the status", "in the headers"])
def test_dropped_at_the_end(serve: Serve, drop: str) -> None:
    run = serve(next=[do("stream text/plain", "write a"), AFTER], response=[dropped(drop)])
    check_given_up_or_sent_whole(run, b"a")


def test_dropped_while_the_handler_is_busy(launch: Serve) -> None:
    run = launch(
        next=[do("stream text/plain", "write a", "gate a", "write b", "write c"), AFTER],
        response=[dropped(reads_bytes=1)],
    )
    run.wait_for_gates("a")
    run.wait_for(lambda: bool(run.of("response")), "the drop")
    run.open_gates("a")
    run.settle()
    check_given_up_or_sent_whole(run, b"abc")


@pytest.mark.parametrize("reads", [1, None], ids=["in mid-stream", "at the end"])
def test_5xx_ends_the_process(serve: Serve, reads: int | None) -> None:
    body = HUGE if reads else "write a"
    run = serve(next=[do("stream text/plain", body), AFTER], response=[answer(500, reads_bytes=reads)])
    assert run.exit_status == 1
    assert [request.call for request in run.api.requests] == ["next", "response"]
    assert "500" in run.logs


def test_a_slow_reader_costs_no_processor_time(launch: Serve) -> None:
    gate = Gate()
    run = launch(
        next=[do("stream text/plain", f"bytes {20 * MEBIBYTE}")], response=[Reply(202, stalls=gate, stalls_at=1000)]
    )
    gate.wait_until_reached()
    run.wait_for(lambda: _is_asleep(run), "the writer sleeps")
    before = run.process.processor_ticks()
    run.process.wait(1.0)
    assert run.process.processor_ticks() - before <= 2
    gate.open()
    run.settle()
    assert len(stream_of(run).body) == 20 * MEBIBYTE


def _is_asleep(run: Run) -> bool:
    before = run.process.processor_ticks()
    run.process.wait(0.1)
    return run.process.processor_ticks() == before
