"""SIGTERM: what is in hand is answered, and nothing more is asked for."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Callable

import pytest
from compilers import ROOT
from conftest import FOUR_WORKERS, PROMPTLY, Run
from runtime_api import REQUEST_ID, Gate, Reply, answer, dropped, invocation

Serve = Callable[..., Run]

NAMES = ["a", "b", "c", "d"]
RESPONSE = f"invocation/{REQUEST_ID}/response"
WORKERS = {"one worker": {}, "four workers": FOUR_WORKERS}

workers = pytest.mark.parametrize("workers", WORKERS.values(), ids=WORKERS)


def held(name: str, *steps: str) -> Reply:
    return invocation("|".join([f"!do gate {name}", *steps, f"append {name}"]).encode(), f"id-{name}")


def terminate(run: Run) -> None:
    run.process.send_signal(signal.SIGTERM)


def check_ends(run: Run, seconds: float = PROMPTLY) -> None:
    assert run.wait_for_exit() == 0, run.logs
    assert run.seconds < seconds


def check_asks_no_more(run: Run, asked: int) -> None:
    assert len(run.of("next")) == asked, "it asked for another event"


@workers
@pytest.mark.parametrize("events", [0, 10])
def test_idle(serve: Serve, workers: dict, events: int) -> None:
    run = serve(next=[invocation(b"x", f"id-{i}") for i in range(events)], **workers)
    requests = len(run.api.requests)
    terminate(run)
    check_ends(run)
    assert len(run.api.requests) == requests
    assert run.logs == ""


def test_idle_after_a_large_event_and_a_stream(serve: Serve) -> None:
    run = serve(
        next=[invocation(b"x" * 6_000_000), invocation(b"!do stream text/plain|write x"), invocation(b"!status")]
    )
    terminate(run)
    check_ends(run)


ANSWERS = {
    "a reply": ([], "response", b"a"),
    "a failure": (["fail Function.Broken x"], "error", None),
    "a stream": (["stream text/plain"], "response", b"a"),
    "a large reply": (["append " + "x" * 5_000_000], "response", b"x" * 5_000_000 + b"a"),
}


@workers
@pytest.mark.parametrize(("steps", "call", "body"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("times", [1, 3], ids=lambda n: f"{n} signals")
def test_in_the_handler(launch: Serve, workers: dict, steps: list, call: str, body: bytes | None, times: int) -> None:
    run = launch(next=[held("a", *steps)], **workers)
    run.wait_for_gates("a")
    run.wait_until_idle(run.workers - 1)
    asked = len(run.of("next"))
    for _ in range(times):
        terminate(run)
        time.sleep(0.05)
    assert run.exit_status is None
    run.open_gates("a")
    check_ends(run)
    (request,) = run.of("response", "error")
    assert request.path == f"invocation/id-a/{call}"
    assert request.complete
    assert body is None or request.body == body
    check_asks_no_more(run, asked)


def test_what_the_handler_waits_for_is_not_interrupted(launch: Serve) -> None:
    run = launch(next=[invocation(b"!do read")])
    check_ends(run)
    assert run.posts == [(RESPONSE, b"read")]


@workers
def test_in_the_middle_of_a_stream(launch: Serve, workers: dict) -> None:
    run = launch(next=[invocation(b"!do stream text/plain|write a|gate a|write b|gate b|write c")], **workers)
    run.wait_for_gates("a")
    terminate(run)
    run.open_gates("a")
    run.wait_for_body(RESPONSE, b"ab")
    run.open_gates("b")
    check_ends(run)
    assert run.posts == [(RESPONSE, b"abc")]


ARRIVALS = {
    "after the head": {"holds_at": "in the body", "body": b""},
    "in the head": {"holds_at": "in the headers"},
    "in the body": {"holds_at": "in the body"},
    "in a chunk": {"holds_at": "in the body", "framing": "chunked"},
    "in a large body": {"holds_at": "in the body", "body": b"event" * 1_000_000},
}


@workers
@pytest.mark.parametrize("arrival", ARRIVALS.values(), ids=ARRIVALS)
def test_while_an_event_arrives(launch: Serve, workers: dict, arrival: dict) -> None:
    gate = Gate()
    event = invocation(holds=gate, **{"body": b"event", **arrival})
    run = launch(next=[event], **workers)
    gate.wait_until_reached()
    time.sleep(0.1)  # so that the runtime has read what was sent
    terminate(run)
    time.sleep(0.1)
    assert run.exit_status is None, "an event has been handed out"
    gate.open()
    check_ends(run)
    assert run.posts == [(RESPONSE, event.body)]


@workers
def test_with_an_event_on_the_way(serve: Serve, workers: dict) -> None:
    """It is handed out in the moment of the signal: answered, or never read."""
    run = serve(**workers)
    asked = len(run.of("next"))
    terminate(run)
    run.api.extend(next=[invocation(b"event")])
    check_ends(run)
    assert run.posts in ([], [(RESPONSE, b"event")])
    check_asks_no_more(run, asked)


@workers
@pytest.mark.parametrize("time_", range(5))
def test_an_event_that_has_come_is_answered(serve: Serve, workers: dict, time_: int) -> None:
    """The process is stopped while events and signal come: all are there when it goes on."""
    run = serve(**workers)
    run.process.send_signal(signal.SIGSTOP)
    gates = [Gate() for _ in range(run.workers)]
    run.api.extend(next=[invocation(b"event", f"id-{i}", holds=gate, holds_at="") for i, gate in enumerate(gates)])
    for gate in gates:
        gate.wait_until_reached()
        gate.open()
    terminate(run)
    run.process.send_signal(signal.SIGCONT)
    check_ends(run)
    assert run.answers() == {f"id-{i}": b"event" for i in range(run.workers)}


@workers
def test_while_an_event_breaks_off(launch: Serve, workers: dict) -> None:
    """There is nothing to wait for any more."""
    gate = Gate()
    run = launch(next=[invocation(b"event" * 9, holds=gate, holds_at="in the headers", drop="in the body")], **workers)
    gate.wait_until_reached()
    time.sleep(0.1)
    terminate(run)
    gate.open()
    assert run.wait_for_exit() in (0, 1)
    assert run.seconds < PROMPTLY
    assert RESPONSE not in [path for path, _ in run.posts]


POSTS = {
    "taken": (202, 0),
    "refused": (413, 0),
    "answered with 500": (500, 1),
}


@workers
@pytest.mark.parametrize(("status", "expected"), POSTS.values(), ids=POSTS)
def test_while_the_answer_is_posted(launch: Serve, workers: dict, status: int, expected: int) -> None:
    gate = Gate()
    run = launch(next=[invocation(b"event")], response=[answer(status, holds=gate)], **workers)
    gate.wait_until_reached()
    run.wait_until_idle(run.workers - 1)
    asked = len(run.of("next"))
    terminate(run)
    time.sleep(0.1)
    assert run.exit_status is None, "the answer is under way"
    gate.open()
    assert run.wait_for_exit() == expected
    assert run.seconds < PROMPTLY
    assert run.posts == [(RESPONSE, b"event")]
    check_asks_no_more(run, asked)


@workers
def test_a_dropped_answer_is_still_posted_once_more(launch: Serve, workers: dict) -> None:
    gate = Gate()
    run = launch(next=[invocation(b"event")], response=[dropped(holds=gate)], **workers)
    gate.wait_until_reached()
    terminate(run)
    gate.open()
    check_ends(run)
    assert run.posts == [(RESPONSE, b"event")] * 2


@pytest.mark.parametrize("busy", [1, 2, 3, 4])
def test_four_workers_some_idle_some_busy(launch: Serve, busy: int) -> None:
    names = NAMES[:busy]
    run = launch(next=list(map(held, names)), **FOUR_WORKERS)
    run.wait_for_gates(*names)
    run.wait_until_idle(4 - busy)
    asked = len(run.of("next"))
    terminate(run)
    for name in names:
        assert run.wait_for_exit(0.1) is None, "one has an invocation in hand"
        run.open_gates(name)
    check_ends(run)
    assert run.answers() == {f"id-{name}": name.encode() for name in names}
    check_asks_no_more(run, asked)
    assert run.logs == ""


def test_before_the_first_event_can_be_asked_for(launch: Serve) -> None:
    """At any moment of the start: by the signal before the runtime has its own way, or cleanly after."""
    for milliseconds in range(0, 30, 3):
        run = launch()
        time.sleep(milliseconds / 1000)
        terminate(run)
        assert run.wait_for_exit() in (0, -signal.SIGTERM), run.logs


class TestThreadLocals:
    @pytest.fixture
    def executable(self) -> Path:
        return ROOT / "build/sanitize/thread_locals"

    def test_what_is_a_threads_own_is_given_back_before_the_runtime_returns(self, launch: Serve) -> None:
        """By all that have it: at the end of a worker, not at that of the process."""
        gates = [Gate() for _ in NAMES]
        events = [invocation(name.encode(), f"id-{name}", holds=gate) for name, gate in zip(NAMES, gates)]
        run = launch(next=events, **FOUR_WORKERS)
        for gate in gates:
            gate.wait_until_reached()  # each worker has one of the four
        for gate in gates:
            gate.open()
        run.settle()
        terminate(run)
        check_ends(run)
        assert [line.rpartition("\t")[2] for line in run.logs.splitlines()] == ["given back"] * 4 + ["returned"]
