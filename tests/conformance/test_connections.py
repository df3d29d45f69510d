"""Connections that are refused, dropped, closed and kept."""

from __future__ import annotations

from typing import Callable

import pytest
from conftest import PROMPTLY, Run
from echo_process import EchoProcess
from runtime_api import DROPS, Reply, RuntimeApi, dropped, invocation

Serve = Callable[..., Run]
Start = Callable[..., EchoProcess]

AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")
EVENTS = {"response": b"reply", "error": b"!fail Function.Broken|message"}
HEAD_DROPS = DROPS[:3]  # no invocation was begun

drops = pytest.mark.parametrize("drop", DROPS)
resets = pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])


def test_refused_ends_the_process(start: Start, refusing_address: str) -> None:
    process = start(AWS_LAMBDA_RUNTIME_API=refusing_address)
    assert process.wait(PROMPTLY) == 1
    assert refusing_address in process.logs


@resets
@pytest.mark.parametrize("drop", HEAD_DROPS)
def test_next_dropped_ends_the_process(serve: Serve, drop: str, reset: bool) -> None:
    run = serve(next=[invocation(drop=drop, resets=reset)] * 50)
    assert run.exit_status == 1
    assert run.seconds < PROMPTLY
    assert len(run.of("next")) <= 3
    assert run.posts == []
    assert run.logs


@pytest.mark.parametrize("drop", HEAD_DROPS)
def test_next_dropped_after_an_interim_head_ends_the_process(serve: Serve, drop: str) -> None:
    run = serve(next=[invocation(drop=drop, interim=b"HTTP/1.1 100 Continue\r\n\r\n")] * 50)
    assert run.exit_status == 1
    assert len(run.of("next")) <= 3
    assert run.posts == []


@pytest.mark.parametrize("drop", HEAD_DROPS)
def test_next_dropped_after_an_invocation_ends_the_process(serve: Serve, drop: str) -> None:
    run = serve(next=[AFTER] + [invocation(drop=drop)] * 50)
    assert run.exit_status == 1
    assert run.seconds < PROMPTLY
    assert len(run.of("next")) <= 5  # libcurl asks twice on a kept connection that had gone
    assert run.posts == [AFTER_POST]


@pytest.mark.parametrize("call", EVENTS)
@drops
@resets
def test_post_dropped_is_tried_once_more(serve: Serve, call: str, drop: str, reset: bool) -> None:
    run = serve(next=[invocation(EVENTS[call], "id-1"), AFTER], **{call: [dropped(drop, resets=reset)]})
    assert run.goes_on(), run.logs
    first, second, after = run.posts
    assert first == second
    assert after == AFTER_POST
    one, other = run.of(call)[:2]
    assert one.connection != other.connection


@pytest.mark.parametrize("call", EVENTS)
def test_post_always_dropped_is_given_up(serve: Serve, call: str) -> None:
    """A third try may be libcurl's own: it repeats what it sent on a kept connection that had gone."""
    run = serve(next=[invocation(EVENTS[call], "id-1")], **{call: [dropped()] * 9})
    assert run.goes_on(), run.logs
    assert 2 <= len(run.of(call)) <= 3
    assert "id-1" in run.logs


def test_post_dropped_while_it_is_sent(serve: Serve) -> None:
    """The other end has gone while megabytes are under way: no SIGPIPE, and the second try is whole."""
    gone = dropped(reads_bytes=0, resets=True)
    run = serve(next=[invocation(b"!bytes 5000000", "id-1"), AFTER], response=[gone])
    assert run.goes_on(), run.logs
    _, (_, second), after = run.posts
    assert len(second) == 5_000_000
    assert after == AFTER_POST


def test_one_connection_serves_50_invocations(serve: Serve) -> None:
    run = serve(next=[invocation(b"event %d" % i) for i in range(50)])
    assert [body for _, body in run.posts] == [b"event %d" % i for i in range(50)]
    assert {request.connection for request in run.api.requests} == {0}


def test_one_connection_serves_failures_and_large_bodies(serve: Serve) -> None:
    events = [b"!fail Function.Broken|message", b"!bytes 6291556", b"!bytes 6291557", b"!status", b"x" * 6_000_000]
    run = serve(next=[invocation(event) for event in events])
    assert len(run.posts) == len(events)
    assert {request.connection for request in run.api.requests} == {0}


CLOSING = {
    "without a word": {"closes": True},
    "with Connection: close": {"closes": True, "headers": {"Connection": "close"}},
}


@pytest.mark.parametrize("way", CLOSING.values(), ids=CLOSING)
def test_reconnects_when_next_is_closed(serve: Serve, way: dict) -> None:
    run = serve(next=[invocation(b"event %d" % i, **way) for i in range(10)])
    assert run.goes_on(), run.logs
    assert [body for _, body in run.posts] == [b"event %d" % i for i in range(10)]


@pytest.mark.parametrize("call", EVENTS)
@pytest.mark.parametrize("header", [(), (("Connection", "close"),)], ids=["without a word", "with Connection: close"])
def test_reconnects_when_a_post_is_closed(serve: Serve, call: str, header: tuple) -> None:
    closed = Reply(status=202, headers=header, closes=True)
    run = serve(next=[invocation(EVENTS[call])] * 10, **{call: [closed] * 10})
    assert run.goes_on(), run.logs
    assert len(run.posts) == 10


def test_next_has_no_time_limit_of_its_own(serve: Serve) -> None:
    run = serve(next=[invocation(b"late", "id-late", wait_seconds=2.5)])
    assert [request.path for request in run.api.requests] == [
        "invocation/next",
        "invocation/id-late/response",
        "invocation/next",
    ]


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_not_used(start: Start, variable: str, refusing_address: str) -> None:
    with RuntimeApi(next=[AFTER]) as api:
        process = start(AWS_LAMBDA_RUNTIME_API=api.address, **{variable: f"http://{refusing_address}"})
        assert api.wait_until_idle(lambda: process.exit_status is not None, 20)
        assert api.posts == [AFTER_POST]


NONSENSE = {
    "blank": " ",
    "only a colon": ":",
    "no port": "127.0.0.1:",
    "no host": ":9001",
    "a word for a port": "127.0.0.1:port",
    "a port too large": "127.0.0.1:99999",
    "port 0": "127.0.0.1:0",
    "a space": "local host:9001",
    "a line break": "127.0.0.1:9001\r\nX: y",
    "a scheme": "http://127.0.0.1:9001",
    "a path": "127.0.0.1:9001/2018-06-01?",
    "credentials": "user@127.0.0.1:9001",
    "20 kB": "a" * 20_000 + ":9001",
}


def check_told(process: EchoProcess, what: str) -> None:
    assert process.wait(PROMPTLY) == 1
    assert "AWS_LAMBDA_RUNTIME_API" in process.logs
    assert what in process.logs


@pytest.mark.parametrize("address", NONSENSE.values(), ids=NONSENSE)
def test_an_address_that_is_none_is_told(start: Start, address: str) -> None:
    check_told(start(AWS_LAMBDA_RUNTIME_API=address), "host:port")


@pytest.mark.parametrize("environment", [{}, {"AWS_LAMBDA_RUNTIME_API": ""}], ids=["unset", "empty"])
def test_no_address_is_told(start: Start, environment: dict) -> None:
    check_told(start(**environment), "emulator")
