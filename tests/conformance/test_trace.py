"""The trace id, and what X-Ray is told of a failure."""

from __future__ import annotations

import json
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, Run
from requests_read import Request
from runtime_api import INVOCATION_HEADERS, Reply, answer, invocation

Serve = Callable[..., Run]

TRACE = "Lambda-Runtime-Trace-Id"
VARIABLE = "_X_AMZN_TRACE_ID"
CAUSE = "Lambda-Runtime-Function-XRay-Error-Cause"
CAUSE_MAX_BYTES = 1024 * 1024
SHOW = b"!do env _X_AMZN_TRACE_ID|append  / |trace"


def traced(trace_id: str | None) -> Reply:
    return invocation(SHOW, without=[TRACE]) if trace_id is None else invocation(SHOW, headers={TRACE: trace_id})


def shown(run: Run) -> list[str]:
    return [body.decode() for _, body in run.posts]


def test_one_worker_has_it_in_the_environment(serve: Serve) -> None:
    trace_id = INVOCATION_HEADERS[TRACE]
    assert shown(serve(next=[invocation(SHOW)])) == [f"{trace_id} / {trace_id}"]


CHANGES: dict[str, list] = {
    "another": ["Root=1", "Root=2"],
    "a longer one": ["Root=1", "Root=1;Parent=2;Sampled=1"],
    "a shorter one": ["Root=1;Parent=2;Sampled=1", "Root=1"],
    "none any more": ["Root=1", None],
    "none at first": [None, "Root=1"],
    "empty": ["Root=1", ""],
    "off and on": ["Root=1", None, "Root=2", None, None, "Root=3"],
    "1,000 bytes": ["x" * 1000, "Root=1"],
}


@pytest.mark.parametrize("trace_ids", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("before", [{}, {VARIABLE: "of the process"}], ids=["unset", "set before"])
def test_environment_follows(serve: Serve, trace_ids: list[str | None], before: dict) -> None:
    run = serve(next=[traced(trace_id) for trace_id in trace_ids], **before)
    assert shown(run) == [f"{trace_id or '(unset)'} / {trace_id or ''}" for trace_id in trace_ids]


@pytest.mark.parametrize("own", ["", " Root=own"], ids=["unset", "set"])
@pytest.mark.parametrize("trace_ids", [["Root=1", "Root=2", None], ["Root=1", None, "Root=2"], [None, "Root=1"]], ids=str)
def test_a_handlers_own_value_is_for_its_invocation(serve: Serve, own: str, trace_ids: list[str | None]) -> None:
    events = []
    for trace_id in trace_ids:
        headers = {} if trace_id is None else {TRACE: trace_id}
        change = f"!do set {VARIABLE}{own}".encode()
        events += [traced(trace_id), invocation(change, without=[] if trace_id else [TRACE], headers=headers)]
    run = serve(next=events)
    assert shown(run)[::2] == [f"{trace_id or '(unset)'} / {trace_id or ''}" for trace_id in trace_ids]


def test_environment_of_one_worker_that_is_told_to_be_one(serve: Serve) -> None:
    assert shown(serve(next=[traced("Root=1")], AWS_LAMBDA_MAX_CONCURRENCY="1")) == ["Root=1 / Root=1"]


@pytest.mark.parametrize("before", [{}, {VARIABLE: "of the process"}], ids=["unset", "set before"])
def test_several_workers_leave_the_environment_alone(serve: Serve, before: dict) -> None:
    run = serve(next=[traced(f"Root={i}") for i in range(20)] + [traced(None)], **FOUR_WORKERS, **before)
    kept = before.get(VARIABLE, "(unset)")
    assert sorted(shown(run)) == sorted([f"{kept} / Root={i}" for i in range(20)] + [f"{kept} / "])


# ---- The cause of a failure ----


def cause_of(request: Request) -> dict:
    header = request.header(CAUSE)
    assert header is not None
    assert header.isascii() and header.isprintable()
    assert len(header) < CAUSE_MAX_BYTES
    cause = json.loads(header)
    assert set(cause) == {"working_directory", "exceptions", "paths"}
    assert isinstance(cause["working_directory"], str) and isinstance(cause["paths"], list)
    (exception,) = cause["exceptions"]
    assert set(exception) == {"type", "message", "stack"}
    assert isinstance(exception["stack"], list)
    return exception


FAILURES = {
    "lambda_fail": (b"!fail Function.Broken|no bucket", "Function.Broken", "no bucket"),
    "another status": (b"!status", "Function.HandlerFailed", None),
    "too large": (b"!bytes 7000000", "Function.ResponseSizeTooLarge", None),
    "out of memory": (b"!do starve", "Function.OutOfMemory", "no memory left"),
    "empty": (b"!fail Function.Broken|", "Function.Broken", ""),
    "beyond ASCII": ("!fail Function.Broken|Größe 🪣 \uffff".encode(), "Function.Broken", "Größe 🪣 \uffff"),
    "quotes and lines": (b'!fail Function.Broken|"\\\r\n\t\x01\x7f', "Function.Broken", '"\\\r\n\t\x01\x7f'),
    "a forged header": (b"!fail Function.Broken|x\r\nX-Forged: 1", "Function.Broken", "x\r\nX-Forged: 1"),
    "line separators": ("!fail Function.Broken|\u2028\u2029".encode(), "Function.Broken", "\u2028\u2029"),
}


@pytest.mark.parametrize(("event", "type_", "message"), FAILURES.values(), ids=FAILURES)
def test_cause_of_each_failure(serve: Serve, event: bytes, type_: str, message: str | None) -> None:
    (request,) = serve(next=[invocation(event)]).of("error")
    exception = cause_of(request)
    assert exception["type"] == type_ == request.header("Lambda-Runtime-Function-Error-Type")
    assert exception["message"] == (json.loads(request.body)["errorMessage"] if message is None else message)
    assert request.header("X-Forged") is None


def test_cause_of_an_event_too_large(serve: Serve) -> None:
    (request,) = serve(next=[invocation(b"x" * 2_000_000)], ECHO_ARENA_BYTES="1000000").of("error")
    assert cause_of(request)["type"].startswith("Runtime.")


def test_cause_of_a_failed_start(serve: Serve) -> None:
    (request,) = serve(ECHO_INIT_ERROR="Function.NotReady|no bucket 🪣").of("init_error")
    exception = cause_of(request)
    assert (exception["type"], exception["message"]) == ("Function.NotReady", "no bucket 🪣")


@pytest.mark.parametrize("text", ["x", "🪣", "\x01", '"'], ids=["ASCII", "emoji", "control bytes", "quotes"])
@pytest.mark.parametrize("shift", range(4), ids=lambda n: f"shifted by {n}")
def test_the_message_is_cut_at_1_kibibyte(serve: Serve, text: str, shift: int) -> None:
    message = "x" * shift + text * 20_000
    (request,) = serve(next=[invocation(f"!fail Function.Broken|{message}".encode())]).of("error")
    told = cause_of(request)["message"]
    assert message.startswith(told)
    assert 1024 - 4 < len(told.encode()) <= 1024
    assert message.startswith(json.loads(request.body)["errorMessage"]), "the body has more of it"


@pytest.mark.parametrize("message", [b"a\xffb", b"a\xed\xa0\x80b", b"ab\xf0\x9f\x99"], ids=ascii)
def test_bad_utf8_is_replaced(serve: Serve, message: bytes) -> None:
    (request,) = serve(next=[invocation(b"!fail Function.Broken|" + message)]).of("error")
    told = cause_of(request)["message"]
    assert told.replace("\N{REPLACEMENT CHARACTER}", "").replace("?", "") == "ab"


def test_a_reply_has_no_cause(serve: Serve) -> None:
    (request,) = serve(next=[invocation(b"fine")]).of("response")
    assert request.header(CAUSE) is None


def test_a_cause_that_is_refused_is_not_sent_again(serve: Serve) -> None:
    run = serve(next=[invocation(b"!status"), invocation(b"after")], error=[answer(400)])
    assert [request.call for request in run.of("error", "response")] == ["error", "response"]
