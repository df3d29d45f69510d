"""Memory and open files over many invocations, read from /proc."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, PROMPTLY, Run
from echo_process import PLAIN_ECHO, EchoProcess
from runtime_api import invocation

Launch = Callable[..., Run]
Serve = Callable[..., Run]

MEBIBYTE = 1024 * 1024
RESIDENT_MAX_BYTES = 4 * MEBIBYTE
MIXED = [b"event", b"!fail Function.Broken|message", b"!fields", b"!bytes 100000", b"!status", b"!allocate 100000"]
MIXED += [b"!do stream text/plain|write x", b"!do stream text/plain|write x|fail Function.Broken x"]


WORKERS = {"one worker": {}, "four workers": FOUR_WORKERS}

workers = pytest.mark.parametrize("workers", WORKERS.values(), ids=WORKERS)


def events(count: int) -> list:
    """Every kind of event in turn; each tenth comes on a connection that then ends."""
    return [invocation(MIXED[i % len(MIXED)], f"id-{i}", closes=i % 10 == 9) for i in range(count)]


@pytest.fixture
def executable() -> Path:
    return PLAIN_ECHO


def warmed(launch: Launch, workers: dict) -> Run:
    """When every worker has had memory, and every kind of event was there."""
    names = [f"gate-{i}" for i in range(workers.get("workers", 1))]
    run = launch(next=[invocation(f"!do hold 110000 {name}".encode(), name) for name in names], **workers)
    run.wait_for_gates(*names)
    run.open_gates(*names)
    run.settle()
    run.more(next=events(200))
    return run


@workers
def test_open_files_do_not_grow_over_2000_invocations(launch: Launch, workers: dict) -> None:
    run = warmed(launch, workers)
    before = run.process.open_files()
    run.more(next=events(1800))
    assert len(run.posts) == 2000 + run.workers
    assert run.process.open_files() <= before


@workers
def test_memory_does_not_grow_over_2000_invocations(launch: Launch, workers: dict) -> None:
    run = warmed(launch, workers)
    before = run.process.resident_bytes()
    run.more(next=events(1800))
    assert len(run.posts) == 2000 + run.workers
    assert run.process.resident_bytes() <= before + run.workers * 64 * 1024


LARGE = {
    "event": b"x" * (6 * MEBIBYTE),
    "reply": b"!bytes 6291556",
    "reply too large": b"!bytes 7000000",
    "allocation": b"!allocate 30000000",
    "stream": b"!do stream text/plain|bytes 20000000",
    "stream in one write": b"!do stream text/plain|once 20000000",
    "failure": b"!fail Function.Broken|" + b"x" * (6 * MEBIBYTE),
}


@pytest.mark.parametrize("event", LARGE.values(), ids=LARGE)
def test_memory_of_a_large_invocation_is_given_back(serve: Serve, event: bytes) -> None:
    run = serve(next=[invocation(event), invocation(b"after")])
    assert len(run.posts) == 2
    assert run.process.resident_bytes() < RESIDENT_MAX_BYTES


def test_memory_of_an_event_larger_than_the_arena_is_given_back(serve: Serve) -> None:
    size = 8 * MEBIBYTE
    run = serve(next=[invocation(b"x" * (size + 1_000_000)), invocation(b"after")], ECHO_ARENA_BYTES=str(size))
    assert [path.rpartition("/")[2] for path, _ in run.posts] == ["error", "response"]
    assert run.process.resident_bytes() < RESIDENT_MAX_BYTES


def test_memory_is_given_back_whatever_the_size_of_the_arena(serve: Serve) -> None:
    """The reply's storage is behind the arena."""
    for size in (4096, 1_000_001, 48 * MEBIBYTE - 1):
        run = serve(next=[invocation(LARGE["reply"]), invocation(b"after")], ECHO_ARENA_BYTES=str(size))
        assert len(run.posts) == 2
        assert run.process.resident_bytes() < RESIDENT_MAX_BYTES


@pytest.mark.parametrize("size", [2**64 - 1, 2**64 - 6_291_556, 2**64 - 65536, 2**63, 2**62], ids=hex)
def test_an_arena_larger_than_all_memory_is_refused(start: Callable[..., EchoProcess], size: int) -> None:
    process = start(AWS_LAMBDA_RUNTIME_API="127.0.0.1:1", ECHO_ARENA_BYTES=str(size))
    assert process.wait(PROMPTLY) == 1
    assert str(size) in process.logs


def test_memory_of_an_idle_function_is_small(serve: Serve) -> None:
    assert serve().process.resident_bytes() < 2 * MEBIBYTE


def test_memory_of_16_idle_workers_is_small(serve: Serve) -> None:
    run = serve(next=[invocation(b"x", f"id-{i}") for i in range(64)], workers=16, AWS_LAMBDA_MAX_CONCURRENCY="16")
    assert run.process.resident_bytes() < 8 * MEBIBYTE


def test_waiting_costs_no_processor_time(serve: Serve) -> None:
    run = serve(next=[invocation()])
    before = run.process.processor_ticks()
    time.sleep(1)
    assert run.process.processor_ticks() - before <= 1
