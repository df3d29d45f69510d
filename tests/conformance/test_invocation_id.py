"""Lambda-Runtime-Invocation-Id: which try of a request an answer is for.

What /next tells is told again with the answer, so that an answer that comes too
late can't pass for that of the next try.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, Run
from echo_process import PLAIN_ECHO
from runtime_api import Reply, dropped, invocation

Serve = Callable[..., Run]

HEADER = "Lambda-Runtime-Invocation-Id"
KINDS = {
    "response": b"event",
    "a large response": b"!bytes 6000000",
    "error": b"!fail Function.Broken|x",
    "another status": b"!status",
    "too large": b"!bytes 7000000",
    "stream": b"!do stream text/plain|write x",
    "an empty stream": b"!do stream text/plain",
    "a stream that fails": b"!do stream text/plain|write x|fail Function.Broken x",
    "a stream that fails at once": b"!do stream text/plain|fail Function.Broken x",
}


def tried(event: bytes, try_: str | None, request_id: str = "id-1") -> Reply:
    return invocation(event, request_id, headers={} if try_ is None else {HEADER: try_})


def told(run: Run) -> list[str | None]:
    return [request.header(HEADER) for request in run.of("response", "error")]


@pytest.mark.parametrize("event", KINDS.values(), ids=KINDS)
def test_it_is_told_again(serve: Serve, event: bytes) -> None:
    """Also where the request id is the same, and not where /next had none."""
    run = serve(next=[tried(event, "try-1"), tried(event, "try-2"), tried(event, None), tried(event, "try-4")])
    assert told(run) == ["try-1", "try-2", None, "try-4"]


def test_it_is_in_the_invocation(serve: Serve) -> None:
    run = serve(next=[tried(b"!fields", "try-1"), tried(b"!fields", None)])
    assert [json.loads(body)["invocation_id"] for _, body in run.posts] == ["try-1", ""]


def test_it_is_told_with_each_try_to_post(serve: Serve) -> None:
    assert told(serve(next=[tried(b"x", "try-1")], response=[dropped()])) == ["try-1", "try-1"]


def test_it_is_told_of_an_event_too_large(serve: Serve) -> None:
    assert told(serve(next=[tried(b"x" * 2_000_000, "try-1")], ECHO_ARENA_BYTES="1000000")) == ["try-1"]


def test_next_and_init_error_have_none(serve: Serve) -> None:
    run = serve(next=[tried(b"x", "try-1")])
    assert [request.header(HEADER) for request in run.of("next")] == [None, None]
    assert serve(ECHO_INIT_ERROR="Function.NotReady|x").of("init_error")[0].header(HEADER) is None


def test_each_worker_tells_its_own(launch: Serve) -> None:
    names = ["a", "b", "c", "d"]
    events = [tried(f"!do gate {name}|append {name}".encode(), f"try-{name}", f"id-{name}") for name in names]
    run = launch(next=events, **FOUR_WORKERS)
    run.wait_for_gates(*names)
    run.open_gates(*names)
    run.settle()
    assert {request.body.decode(): request.header(HEADER) for request in run.of("response")} == {
        name: f"try-{name}" for name in names
    }


class TestShipped:
    @pytest.fixture
    def executable(self) -> Path:
        return PLAIN_ECHO

    @pytest.mark.parametrize("try_", ["try-1", None])
    def test_it_is_told_with_a_crash(self, launch: Serve, try_: str | None) -> None:
        run = launch(next=[tried(b"!do crash null", try_)])
        assert run.wait_for_exit() == 139
        assert told(run) == [try_]
