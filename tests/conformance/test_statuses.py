"""What the runtime does at each status of each call of the Runtime API."""

from __future__ import annotations

import json
import re
from typing import Callable

import pytest
from conftest import PROMPTLY, Run
from runtime_api import DROPS, Reply, answer, dropped, invocation

Serve = Callable[..., Run]

AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")
GIVES_UP_AFTER = 3  # failures of /next in a row

# What a post is answered with, by the call that it is: the event that leads to it.
EVENTS = {"response": b"reply", "error": b"!fail Function.Broken|message"}
GO_ON = [200, 202, 400, 403, 404, 410, 413]


def statuses(numbers: list[int]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("status", numbers, ids=str)


def logs_status(run: Run, status: int) -> bool:
    return re.search(rf"\b{status}\b", run.logs) is not None


@statuses([204, 302, 400, 403, 404, 410, 413])
def test_next_once_is_logged_and_the_loop_goes_on(serve: Serve, status: int) -> None:
    run = serve(next=[answer(status), AFTER])
    assert run.goes_on(), run.logs
    assert run.posts == [AFTER_POST]
    assert logs_status(run, status), run.logs


@statuses([204, 302, 400, 403, 404, 410, 413])
def test_next_always_ends_the_process(serve: Serve, status: int) -> None:
    run = serve(next=[answer(status)] * 50)
    assert run.exit_status == 1
    assert len(run.of("next")) == GIVES_UP_AFTER
    assert run.posts == []
    assert run.seconds < PROMPTLY


def test_next_refused_now_and_then_never_ends_the_process(serve: Serve) -> None:
    run = serve(next=[answer(403), answer(403), AFTER] * 4)
    assert run.goes_on(), run.logs
    assert run.posts == [AFTER_POST] * 4


@statuses([500, 503])
def test_next_5xx_ends_the_process(serve: Serve, status: int) -> None:
    run = serve(next=[answer(status), AFTER])
    assert run.exit_status == 1
    assert len(run.of("next")) == 1
    assert run.seconds < PROMPTLY
    assert logs_status(run, status)


def test_next_redirected_is_not_followed(serve: Serve) -> None:
    elsewhere = Reply(status=302, headers=(("Location", "/elsewhere"),))
    run = serve(next=[elsewhere, AFTER])
    assert run.of("unknown") == []
    assert run.posts == [AFTER_POST]


def test_a_status_with_no_body(serve: Serve) -> None:
    run = serve(next=[answer(403, body=b""), AFTER], response=[answer(202, body=b"")])
    assert run.goes_on()
    assert run.posts == [AFTER_POST]


@pytest.mark.parametrize("call", EVENTS)
@statuses(GO_ON)
def test_post_goes_on(serve: Serve, call: str, status: int) -> None:
    run = serve(next=[invocation(EVENTS[call], "id-first"), AFTER], **{call: [answer(status)]})
    assert run.goes_on(), run.logs
    # Posted once, and no /error for a refused /response.
    assert [path for path, _ in run.posts] == [f"invocation/id-first/{call}", AFTER_POST[0]]
    assert logs_status(run, status) == (status >= 300), run.logs


@pytest.mark.parametrize("call", EVENTS)
@statuses([500, 503])
def test_post_5xx_ends_the_process(serve: Serve, call: str, status: int) -> None:
    run = serve(next=[invocation(EVENTS[call], "id-first"), AFTER], **{call: [answer(status)]})
    assert run.exit_status == 1
    assert run.seconds < PROMPTLY
    assert [request.call for request in run.api.requests] == ["next", call]
    assert logs_status(run, status)


def test_post_answered_before_it_is_read(serve: Serve) -> None:
    run = serve(next=[invocation(b"!bytes 4000000", "id-first"), AFTER], response=[answer(413, reads_bytes=0)])
    assert run.goes_on(), run.logs
    assert [path for path, _ in run.posts] == ["invocation/id-first/response", AFTER_POST[0]]


INIT_ERROR = {"ECHO_INIT_ERROR": "Function.NotReady|no bucket: ÜPLOAD 🪣"}


def check_init_error(run: Run, attempts: int) -> None:
    assert run.exit_status == 1
    assert run.seconds < PROMPTLY
    assert [request.call for request in run.api.requests] == ["init_error"] * attempts
    request = run.api.requests[-1]
    assert request.method == "POST"
    assert request.header("Lambda-Runtime-Function-Error-Type") == "Function.NotReady"
    assert json.loads(request.body) == {
        "errorMessage": "no bucket: ÜPLOAD 🪣",
        "errorType": "Function.NotReady",
        "stackTrace": [],
    }
    assert "no bucket" in run.logs


@statuses([202, 400, 403, 413, 500])
def test_init_error(serve: Serve, status: int) -> None:
    run = serve(init_error=[answer(status)], **INIT_ERROR)
    check_init_error(run, attempts=1)
    assert logs_status(run, status) == (status != 202), run.logs


@pytest.mark.parametrize("drop", DROPS)
def test_init_error_dropped_is_tried_once_more(serve: Serve, drop: str) -> None:
    check_init_error(serve(init_error=[dropped(drop)] * 9, **INIT_ERROR), attempts=2)


def test_init_error_with_a_bad_type(serve: Serve) -> None:
    run = serve(ECHO_INIT_ERROR="nonsense|message")
    assert run.exit_status == 1
    assert json.loads(run.posts[0][1])["errorType"] == "Function.Unknown"


def test_init_error_without_a_runtime_api(start: Callable, refusing_address: str) -> None:
    process = start(AWS_LAMBDA_RUNTIME_API=refusing_address, **INIT_ERROR)
    assert process.wait(PROMPTLY) == 1
    assert "no bucket" in process.logs
