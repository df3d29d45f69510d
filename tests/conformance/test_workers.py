"""Several invocations at once: Lambda Managed Instances."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Callable

import pytest
from conftest import FOUR_WORKERS, PROMPTLY, Run
from runtime_api import Gate, Reply, answer, dropped, invocation

Serve = Callable[..., Run]

NAMES = ["a", "b", "c", "d"]
IDS = [f"id-{name}" for name in NAMES]
CONCURRENCY = "AWS_LAMBDA_MAX_CONCURRENCY"


def do(name: str, *steps: str, **reply: Any) -> Reply:
    return invocation(f"!do {'|'.join(steps)}".encode(), f"id-{name}", **reply)


def held(name: str) -> Reply:
    """An invocation that waits at the gate of its name and answers with it."""
    return do(name, f"gate {name}", f"append {name}")


def connections_of_next(run: Run) -> Counter:
    return Counter(request.connection for request in run.of("next"))


@pytest.mark.parametrize("count", [1, 2, 4, 16, 64])
def test_each_worker_asks_on_a_connection_of_its_own(serve: Serve, count: int) -> None:
    run = serve(workers=count, **{CONCURRENCY: str(count)})
    assert connections_of_next(run) == dict.fromkeys(range(count), 1)
    assert run.logs == ""


@pytest.mark.parametrize("environment", [{}, {CONCURRENCY: "2"}, {CONCURRENCY: "nonsense"}], ids=str)
def test_the_option_comes_before_the_environment(serve: Serve, environment: dict) -> None:
    run = serve(workers=3, ECHO_WORKERS="3", **environment)
    assert connections_of_next(run) == {0: 1, 1: 1, 2: 1}


NONSENSE = ["0", "-1", "four", "4 ", " 4", "+4", "4.0", "1e1", "0x4", "4,000", "9" * 30, "4294967297", "4\n"]


@pytest.mark.parametrize("value", NONSENSE, ids=ascii)
def test_nonsense_is_one_worker_and_a_warning(serve: Serve, value: str) -> None:
    run = serve(next=[invocation(b"event")], AWS_LAMBDA_LOG_FORMAT="JSON", **{CONCURRENCY: value})
    assert len(connections_of_next(run)) == 1
    (line,) = map(json.loads, run.logs.splitlines())
    assert line["level"] == "WARN"
    assert CONCURRENCY in line["message"]
    assert [body for _, body in run.posts] == [b"event"]


@pytest.mark.parametrize("environment", [{}, {CONCURRENCY: ""}], ids=["unset", "empty"])
def test_unset_is_one_worker(serve: Serve, environment: dict) -> None:
    run = serve(**environment)
    assert len(connections_of_next(run)) == 1
    assert run.logs == ""


def test_four_invocations_at_once(launch: Serve) -> None:
    run = launch(next=list(map(held, NAMES)), **FOUR_WORKERS)
    run.wait_for_gates(*NAMES)
    assert run.posts == []
    for count, name in enumerate(reversed(NAMES), 1):
        run.open_gates(name)
        run.wait_for_posts(count)
    run.settle()
    assert run.answers() == {f"id-{name}": name.encode() for name in NAMES}
    assert [body.decode() for _, body in run.posts] == NAMES[::-1]


def test_a_worker_posts_on_the_connection_it_asked_on(serve: Serve) -> None:
    run = serve(next=[invocation(b"event %d" % i, f"id-{i}") for i in range(200)], **FOUR_WORKERS)
    assert run.answers() == {f"id-{i}": b"event %d" % i for i in range(200)}
    for number in range(4):
        calls = [request.call for request in run.api.requests if request.connection == number]
        assert calls == ["next", "response"] * (len(calls) // 2) + ["next"]


def test_one_busy_worker_does_not_keep_the_others(launch: Serve) -> None:
    run = launch(next=[held("a")] + [invocation(b"quick", f"id-{i}") for i in range(30)], **FOUR_WORKERS)
    run.wait_for_posts(30)
    run.open_gates("a")
    run.settle()
    assert run.answers()["id-a"] == b"a"
    assert len(run.posts) == 31


def test_each_worker_has_memory_of_its_own(launch: Serve) -> None:
    size = 40 * 1024 * 1024  # of the 48 MiB that an invocation has
    run = launch(next=[do(name, f"hold {size} {name}") for name in NAMES], **FOUR_WORKERS)
    run.wait_for_gates(*NAMES)
    run.open_gates(*NAMES)
    run.settle()
    assert run.answers() == dict.fromkeys(IDS, b"intact")


def test_events_and_replies_of_megabytes_at_once(serve: Serve) -> None:
    bodies = {f"id-{i}": b"%d" % (i % 10) * 3_000_000 for i in range(8)}
    run = serve(next=[invocation(body, request_id) for request_id, body in bodies.items()], **FOUR_WORKERS)
    assert run.answers() == bodies


LEVELS = 4  # how many lines `!log` writes at the default level


def test_lines_have_the_request_id_of_their_worker(serve: Serve) -> None:
    events = [invocation(b"!log text of %d." % i, f"id-{i}") for i in range(100)]
    run = serve(next=events, AWS_LAMBDA_LOG_FORMAT="JSON", **FOUR_WORKERS)
    lines = [json.loads(line) for line in run.logs.splitlines()]
    assert len(lines) == LEVELS * len(events)
    for line in lines:
        assert line["message"] == f"text of {line['requestId'].removeprefix('id-')}."


def test_lines_of_workers_in_the_middle_of_an_invocation(launch: Serve) -> None:
    """The ids are not just those of the last event that came."""
    run = launch(
        next=[do(name, f"gate {name}", f"log text of {name}.") for name in NAMES],
        AWS_LAMBDA_LOG_FORMAT="JSON",
        **FOUR_WORKERS,
    )
    run.wait_for_gates(*NAMES)
    run.open_gates(*NAMES)
    run.settle()
    told = {line["requestId"]: line["message"] for line in map(json.loads, run.logs.splitlines())}
    assert told == {f"id-{name}": f"text of {name}." for name in NAMES}


@pytest.mark.parametrize("format_", ["Text", "JSON"])
def test_lines_are_whole(serve: Serve, format_: str) -> None:
    events = [invocation(b"!log " + b"%d" % (i % 10) * 3000, f"id-{i}") for i in range(100)]
    run = serve(next=events, AWS_LAMBDA_LOG_FORMAT=format_, **FOUR_WORKERS)
    lines = run.logs.splitlines()
    assert len(lines) == LEVELS * len(events)
    for line in lines:
        assert any(str(digit) * 3000 in line for digit in range(10))


# ---- One worker's failure and the others ----

FAILURES = {
    "a failure": "fail Function.Broken x",
    "a status": "return 3",
    "out of memory": "hold 60000000 a",
    "a failed stream": "stream text/plain|write x|fail Function.Broken x",
}


@pytest.mark.parametrize("steps", FAILURES.values(), ids=FAILURES)
def test_a_failed_invocation_is_its_own(launch: Serve, steps: str) -> None:
    others = NAMES[1:]
    run = launch(next=[*map(held, others), do("a", steps), invocation(b"after", "id-after")], **FOUR_WORKERS)
    run.wait_for_posts(2)
    run.open_gates(*others)
    run.settle()
    assert run.goes_on(), run.logs
    answers = run.answers()
    assert answers["id-after"] == b"after"
    assert {name: answers[f"id-{name}"] for name in others} == {name: name.encode() for name in others}


ENDS = {
    "next answered with 500": ({"next": [answer(500)]}, "500"),
    "next dropped three times": ({"next": [dropped()] * 3}, ""),
    "half an event three times": ({"next": [invocation(b"half" * 9, "id-half", drop="in the body")] * 3}, ""),
    "next refused three times": ({"next": [answer(403)] * 3}, "403"),
    "no request id three times": ({"next": [invocation(without=["Lambda-Runtime-Aws-Request-Id"])] * 3}, ""),
    "response answered with 500": ({"next": [invocation(b"last", "id-last")], "response": [answer(500)]}, "500"),
    "error answered with 500": ({"next": [do("last", "return 3")], "error": [answer(500)]}, "500"),
    "stream answered with 500": (
        {"next": [do("last", "stream text/plain", "write x")], "response": [answer(500)]},
        "500",
    ),
}


@pytest.mark.parametrize(("script", "logged"), ENDS.values(), ids=ENDS)
def test_the_end_of_one_worker_waits_for_the_others(launch: Serve, script: dict, logged: str) -> None:
    others = NAMES[1:]
    run = launch(next=list(map(held, others)), **FOUR_WORKERS)
    run.wait_for_gates(*others)
    run.wait_until_idle(1)
    asked = len(run.of("next"))
    run.api.extend(**script)
    run.wait_for(lambda: "FATAL" in run.logs, "the end of one worker")
    assert run.wait_for_exit(0.3) is None, "others have invocations in hand"
    run.open_gates(*others)
    assert run.wait_for_exit() == 1
    assert run.seconds < PROMPTLY
    answers = {name: body for name, body in run.answers().items() if name != "id-last"}
    assert answers == {f"id-{name}": name.encode() for name in others}
    assert logged in run.logs
    assert len(run.of("next")) - asked < len(script["next"]), "nobody asks for another event"


BROKEN = {
    "dropped": [dropped()],
    "dropped twice": [dropped()] * 2,
    "dropped in the head": [dropped("in the headers")],
    "reset": [dropped(resets=True)],
    "refused": [answer(403)],
    "without a request id": [invocation(without=["Lambda-Runtime-Aws-Request-Id"])],
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("workers", [{}, FOUR_WORKERS], ids=["one worker", "four workers"])
def test_a_broken_next_is_asked_again(launch: Serve, broken: list, workers: dict) -> None:
    """By the worker whose it was; the others have what they have, and all go on."""
    others = NAMES[1:] if workers else []
    run = launch(next=list(map(held, others)), **workers)
    run.wait_for_gates(*others)
    run.wait_until_idle(1)
    run.api.extend(next=broken)
    run.wait_for(lambda: run.logs.count("asked again") == len(broken), "the worker asks again")
    run.api.extend(next=[invocation(b"after", "id-after")])
    run.wait_for_posts(1)
    run.open_gates(*others)
    run.settle()
    assert run.goes_on(), run.logs
    assert run.answers() == {"id-after": b"after", **{f"id-{name}": name.encode() for name in others}}
    assert "FATAL" not in run.logs


def test_the_caller_of_a_lost_event_is_told(serve: Serve) -> None:
    half = do("half", "append x", drop="in the body")
    run = serve(next=[half, invocation(b"after", "id-after")], **FOUR_WORKERS)
    (request,) = run.of("error")
    assert request.path == "invocation/id-half/error"
    assert json.loads(request.body)["errorType"] == "Runtime.EventLost"
    assert run.answers() == {"id-after": b"after"}
    assert run.goes_on(), run.logs


def test_the_end_of_one_worker_wakes_the_idle_ones(serve: Serve) -> None:
    run = serve(**FOUR_WORKERS)
    run.api.extend(next=[answer(500)])
    assert run.wait_for_exit() == 1
    assert run.seconds < PROMPTLY
    assert len(run.of("next")) == 4


def test_refused_connections_end_all_workers(start: Callable, refusing_address: str) -> None:
    process = start(AWS_LAMBDA_RUNTIME_API=refusing_address, AWS_LAMBDA_MAX_CONCURRENCY="4")
    assert process.wait(PROMPTLY) == 1
    assert refusing_address in process.logs


@pytest.mark.parametrize("address", ["", "127.0.0.1", ":9001"], ids=ascii)
def test_an_address_that_is_none_ends_all_workers(start: Callable, address: str) -> None:
    process = start(AWS_LAMBDA_RUNTIME_API=address, AWS_LAMBDA_MAX_CONCURRENCY="4")
    assert process.wait(PROMPTLY) == 1
    assert "AWS_LAMBDA_RUNTIME_API" in process.logs


def test_strikes_are_counted_for_each_worker(launch: Serve) -> None:
    """Four workers with two refusals each are no worker with three."""
    run = launch(**FOUR_WORKERS)
    for _ in range(2):
        run.settle()
        gate = Gate()
        run.api.extend(next=[answer(403, holds=gate)] * 4)
        run.wait_until_idle(0)  # each has one of the four
        gate.open()
    run.settle()
    assert run.goes_on()
    assert len(run.of("next")) == 12


def test_waiting_costs_no_processor_time(serve: Serve) -> None:
    run = serve(next=[invocation(b"x", f"id-{i}") for i in range(20)], **FOUR_WORKERS)
    before = run.process.processor_ticks()
    run.process.wait(1.0)
    assert run.process.processor_ticks() - before <= 1
