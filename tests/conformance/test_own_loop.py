"""The parts that lambda_run() is made of, in a loop of a program's own (own_loop.c)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable

import pytest
from compilers import ROOT
from conftest import Run
from echo_process import EchoProcess
from runtime_api import REQUEST_ID, Gate, answer, dropped, invocation

Serve = Callable[..., Run]

AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")
RESPONSE = f"invocation/{REQUEST_ID}/response"
NO_CONNECTION, NO_API = 3, 4  # how own_loop.c ends


@pytest.fixture
def executable() -> Path:
    return ROOT / "build/sanitize/own_loop"


def returned(run: Run) -> list[str]:
    """What the calls returned, up to the last /next, which waits."""
    return [line.rpartition("\t")[2] for line in run.logs.splitlines() if "\tnext " in line or "\tanswered " in line]


@pytest.mark.parametrize(
    "event", [b"", b"event", bytes(range(256)), b"x" * 5_000_000], ids=lambda event: f"{len(event)} bytes"
)
def test_respond(serve: Serve, event: bytes) -> None:
    run = serve(next=[invocation(event), AFTER])
    assert run.posts == [(RESPONSE, event), AFTER_POST]
    assert returned(run) == ["next 200", "answered 202"] * 2
    assert run.of("response")[0].header("Content-Type") == "application/json"


def test_respond_with_a_content_type(serve: Serve) -> None:
    (request,) = serve(next=[invocation(b"!text x")]).of("response")
    assert request.header("Content-Type") == "text/plain"


def test_respond_error(serve: Serve) -> None:
    run = serve(next=[invocation("!fail kein Eimer 🪣".encode()), AFTER])
    error, _ = run.of("error", "response")
    assert error.path == f"invocation/{REQUEST_ID}/error"
    assert json.loads(error.body) == {"errorMessage": "kein Eimer 🪣", "errorType": "Function.Broken", "stackTrace": []}
    assert error.header("Lambda-Runtime-Function-Error-Type") == "Function.Broken"
    assert error.header("Lambda-Runtime-Function-XRay-Error-Cause")
    assert returned(run) == ["next 200", "answered 202"] * 2


@pytest.mark.parametrize("status", [400, 403, 410, 413, 500])
def test_a_refused_answer_is_told(serve: Serve, status: int) -> None:
    run = serve(next=[invocation(b"x"), AFTER], response=[answer(status)])
    assert returned(run)[:2] == ["next 200", f"answered {status}"]
    assert run.posts[1:] == [AFTER_POST]


@pytest.mark.parametrize("status", [204, 403, 500, 503])
def test_a_refused_next_is_told(serve: Serve, status: int) -> None:
    run = serve(next=[answer(status)] * 5 + [AFTER])
    assert returned(run) == [f"next {status}"] * 5 + ["next 200", "answered 202"]
    assert run.posts == [AFTER_POST]


def test_a_dropped_answer_is_told(serve: Serve) -> None:
    run = serve(next=[invocation(b"x"), AFTER], response=[dropped()] * 3)
    assert returned(run)[:2] == ["next 200", "answered 0"]
    assert run.posts[-1] == AFTER_POST


def test_a_dropped_next_is_told(serve: Serve) -> None:
    run = serve(next=[AFTER, dropped(), dropped(), dropped()])
    assert run.exit_status == NO_API
    assert returned(run) == ["next 200", "answered 202", "next 0"]


def test_half_an_event_is_none(serve: Serve) -> None:
    run = serve(next=[invocation(b"half" * 99, drop="in the body")])
    assert run.exit_status == NO_API
    assert run.posts == []


@pytest.mark.parametrize("request_id", [None, "", ".", ".."])
@pytest.mark.parametrize("size", [1, 2_000_000])
def test_an_event_that_can_not_be_answered_is_none(serve: Serve, request_id: str | None, size: int) -> None:
    without = ["Lambda-Runtime-Aws-Request-Id"] if request_id is None else []
    run = serve(next=[AFTER, invocation(b"x" * size, request_id or "", without=without)], ECHO_ARENA_BYTES="1000000")
    assert run.exit_status == NO_API
    assert returned(run) == ["next 200", "answered 202", "next 0"]
    assert run.posts == [AFTER_POST]
    assert "request id" in run.logs


@pytest.mark.parametrize("call", ["respond to", "fail for"])
@pytest.mark.parametrize("request_id", ["", ".", ".."], ids=ascii)
def test_nobody_is_answered(serve: Serve, call: str, request_id: str) -> None:
    """Least of all with a failure of the start."""
    run = serve(next=[invocation(f"!{call} {request_id}".encode()), AFTER])
    assert returned(run) == ["next 200", "answered 400", "next 200", "answered 202"]
    assert run.posts == [AFTER_POST]


def test_an_event_larger_than_the_memory_is_told(serve: Serve) -> None:
    run = serve(next=[invocation(b"x" * 2_000_000), AFTER], ECHO_ARENA_BYTES="1000000")
    assert returned(run) == ["next 413", "next 200", "answered 202"]
    assert run.posts == [AFTER_POST]


@pytest.mark.parametrize("address", ["", "127.0.0.1", "127.0.0.1:port"], ids=ascii)
def test_no_connection_without_an_address(start: Callable[..., EchoProcess], address: str) -> None:
    process = start(AWS_LAMBDA_RUNTIME_API=address)
    assert process.wait(2.0) == NO_CONNECTION
    assert "AWS_LAMBDA_RUNTIME_API" in process.logs


def test_refused_connection_is_told(start: Callable[..., EchoProcess], refusing_address: str) -> None:
    assert start(AWS_LAMBDA_RUNTIME_API=refusing_address).wait(2.0) == NO_API


def test_lines_have_the_request_id(serve: Serve) -> None:
    run = serve(next=[invocation(b"x", f"id-{i}") for i in range(3)], AWS_LAMBDA_LOG_FORMAT="JSON")
    lines = [json.loads(line) for line in run.logs.splitlines()]
    assert [line["requestId"] for line in lines if line["message"] == "answered 202"] == ["id-0", "id-1", "id-2"]


@pytest.mark.parametrize("event", [b"event", b"!fail message"])
def test_no_answer_is_0(serve: Serve, preload: Callable[[str], str], event: bytes) -> None:
    call = "error" if event.startswith(b"!fail") else "response"
    run = serve(
        next=[invocation(event, headers={"Lambda-Runtime-Deadline-Ms": "1"}), AFTER],
        **{call: [answer(202, holds=Gate())]},
        LD_PRELOAD=preload("passing_clock"),
        PASSING_MS="10000",
    )
    assert returned(run) == ["next 200", "answered 0", "next 200", "answered 202"]
