"""Sixteen workers, very many invocations, and faults at random, under ThreadSanitizer."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Callable

import pytest
from compilers import ROOT
from busy_runtime_api import Books, BusyRuntimeApi, Event, Plan
from echo_process import EchoProcess

Start = Callable[..., EchoProcess]

WORKERS = 16
EVENTS = 100_000
# Enough for a machine much slower than it takes a minute on.
PATIENCE_SECONDS = 300.0
TAKEN = {
    "closed next",
    "half next",
    "slow next",
    "closed post",
    "half post",
    "slow post",
    "dropped within",
    "dropped after",
}
FAULTS = TAKEN | {"refused next", "refused post", "dropped before"}

pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 60)


@pytest.fixture
def executable() -> Path:
    return Path(os.environ.get("CONFORMANCE_THREAD_ECHO", ROOT / "build/thread/echo"))


def serve(start: Start, plan: Plan) -> tuple[Books, EchoProcess]:
    """Until all is answered, or the process has ended."""
    with BusyRuntimeApi(plan) as api:
        started = time.monotonic()
        process = start(
            AWS_LAMBDA_RUNTIME_API=api.address,
            AWS_LAMBDA_MAX_CONCURRENCY=str(WORKERS),
            TSAN_OPTIONS="exitcode=99:halt_on_error=0",
        )
        done = api.wait(lambda: process.exit_status is not None, PATIENCE_SECONDS, WORKERS)
        books = api.books
        print(f"{len(books.events)} events in {time.monotonic() - started:.1f} s, at most {books.most_at_once} at once")
        assert done, f"{len(books.events)} events, {books.unanswered} unanswered; logs: {process.logs[-2000:]}"
    return books, process


def is_answered_once(event: Event) -> bool:
    """Taken once, whatever was dropped on the way, or refused once."""
    if event.refused:
        return (event.refused, event.taken, event.posted) == (1, 0, 1 + event.dropped)
    return event.taken == 1 and event.posted <= 2


def test_every_invocation_gets_one_answer(start: Start) -> None:
    books, process = serve(start, Plan(events=EVENTS, together=WORKERS))
    assert process.exit_status is None, process.logs[-2000:]
    assert len(books.events) == EVENTS
    assert books.wrong == []
    assert [event for event in books.events if event.unread or not is_answered_once(event)][:5] == []
    assert books.unanswered == 0
    # It was as hard as it was meant to be, if only in the beginning.
    assert books.most_at_once == WORKERS
    assert set(books.faults) == FAULTS
    assert min(books.faults.values()) > EVENTS // 500


FATAL = {
    "a post answered with 500": {"fatal_post_after": 3000},
    "a dropped next": {"dropped_next_after": 3000},
    "a dropped next at the start": {"dropped_next_after": 5},
}


@pytest.mark.parametrize("fatal", FATAL.values(), ids=FATAL)
@pytest.mark.parametrize("seed", [1, 2, 3], ids=lambda seed: f"seed {seed}")
def test_a_fatal_fault_costs_no_other_worker_its_invocation(start: Start, fatal: dict, seed: int) -> None:
    books, process = serve(start, Plan(events=EVENTS, seed=seed, **fatal))
    assert process.exit_status == 1, process.logs[-2000:]
    assert len(books.events) < 4000
    assert books.wrong == []
    # What a worker hasn't read when it is to stop, nobody has in hand.
    unread = [event for event in books.events if event.unread]
    assert len(unread) < WORKERS
    assert [event for event in unread if event.posted] == []
    assert [event for event in books.events if not event.unread and not is_answered_once(event)] == []
    assert books.unanswered == 0
