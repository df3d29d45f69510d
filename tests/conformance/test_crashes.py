"""A handler that crashes: reported with a stack trace before the process ends."""

from __future__ import annotations

import json
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, Run
from echo_process import ECHO, PLAIN_ECHO, EchoProcess
from requests_read import Request
from runtime_api import DROPS, REQUEST_ID, Gate, Reply, RuntimeApi, answer, dropped, invocation
from symbols import functions

Launch = Callable[..., Run]

NAMES = ["a", "b", "c"]
PROMPTLY = 2.0  # seconds
# With an API that doesn't answer the report.
AT_LAST = 15.0
CAUSE = "Lambda-Runtime-Function-XRay-Error-Cause"
ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
RESPONSE = f"invocation/{REQUEST_ID}/response"
ERROR = f"invocation/{REQUEST_ID}/error"


@dataclass(frozen=True)
class Fault:
    signal: signal.Signals
    type: str
    function: str
    depth: int = 2  # the function is among so many addresses: the C library may have called others

    @property
    def exit_status(self) -> int:
        return 128 + self.signal


SEGMENTATION = "Runtime.CrashSegmentationFault"
FAULTS = {
    "null": Fault(signal.SIGSEGV, SEGMENTATION, "crash_null"),
    "wild": Fault(signal.SIGSEGV, SEGMENTATION, "crash_wild"),
    "beyond": Fault(signal.SIGSEGV, SEGMENTATION, "crash_beyond"),
    "call": Fault(signal.SIGSEGV, SEGMENTATION, "crash_call"),
    "library": Fault(signal.SIGSEGV, SEGMENTATION, "crash_library", 4),
    "bus": Fault(signal.SIGBUS, "Runtime.CrashBusError", "crash_bus"),
    "divide": Fault(signal.SIGFPE, "Runtime.CrashArithmetic", "crash_divide"),
    "instruction": Fault(signal.SIGILL, "Runtime.CrashIllegalInstruction", "crash_instruction"),
    "abort": Fault(signal.SIGABRT, "Runtime.CrashAbort", "crash_abort", 6),
    "stack": Fault(signal.SIGSEGV, "Runtime.CrashStackOverflow", "crash_stack"),
    "overrun": Fault(signal.SIGSEGV, SEGMENTATION, "crash_overrun"),
    "coroutine": Fault(signal.SIGSEGV, SEGMENTATION, "crash_frameless"),
    "coroutine-stack": Fault(signal.SIGSEGV, "Runtime.CrashStackOverflow", "crash_stack"),
}
# On a thread that the handler started, and waits for.
THREAD_FAULTS = {
    "thread": Fault(signal.SIGSEGV, SEGMENTATION, "crash_null"),
    "thread-abort": Fault(signal.SIGABRT, "Runtime.CrashAbort", "crash_abort", 6),
    "small": Fault(signal.SIGSEGV, SEGMENTATION, "crash_null"),
}
WORKERS = {"one worker": {}, "four workers": FOUR_WORKERS}

workers = pytest.mark.parametrize("workers", WORKERS.values(), ids=WORKERS)
faults = pytest.mark.parametrize("kind", FAULTS)


@pytest.fixture
def executable() -> Path:
    """As it is shipped: static and optimized, without the sanitizers' own handlers."""
    return PLAIN_ECHO


def crash(kind: str, *steps: str, request_id: str = REQUEST_ID) -> Reply:
    return invocation("|".join(["!do append x", *steps, f"crash {kind}"]).encode(), request_id)


def check_report(request: Request, fault: Fault, request_id: str = REQUEST_ID) -> list[str]:
    """It is an /error as any other, and complete. Returns the addresses."""
    assert request.path == f"invocation/{request_id}/error"
    assert (request.method, request.version, request.complete) == ("POST", "HTTP/1.1", True)
    assert request.header("Host") and request.header("Content-Type") == "application/vnd.aws.lambda.error+json"
    assert request.header("Content-Length") == str(len(request.body))
    body = json.loads(request.body.decode("utf-8"))
    assert set(body) == {"errorMessage", "errorType", "stackTrace"}
    assert body["errorType"] == fault.type == request.header(ERROR_TYPE)
    assert fault.signal.name in body["errorMessage"]
    assert body["stackTrace"]
    for address in body["stackTrace"]:
        assert re.fullmatch(r"0x[0-9a-f]{1,16}", address)
    check_cause(request, body)
    return body["stackTrace"]


def check_names(addresses: list[str], fault: Fault, symbols: Path = PLAIN_ECHO) -> None:
    names = functions(addresses, symbols)
    assert fault.function in names[: fault.depth], names


def check_cause(request: Request, body: dict) -> None:
    header = request.header(CAUSE) or ""
    assert header.isascii() and header.isprintable()
    cause = json.loads(header)
    (exception,) = cause["exceptions"]
    assert (exception["type"], exception["message"]) == (body["errorType"], body["errorMessage"])
    assert [frame["label"] for frame in exception["stack"]] == body["stackTrace"]


def check_ends(run: Run, fault: Fault, seconds: float = PROMPTLY) -> None:
    assert run.wait_for_exit() == fault.exit_status, run.logs
    assert run.seconds < seconds


def check_logged(run: Run, fault: Fault, request_id: str = REQUEST_ID) -> list[str]:
    """What was known at once, then the trace. Returns its addresses."""
    line, trace = [line for line in run.logs.splitlines() if "FATAL" in line]
    assert fault.type in line and request_id in line and fault.signal.name in line
    assert request_id in trace
    return re.findall("0x[0-9a-f]{16}", trace.partition("stack trace:")[2])


@faults
@workers
def test_crash(launch: Launch, kind: str, workers: dict) -> None:
    run = launch(next=[crash(kind)], **workers)
    check_ends(run, FAULTS[kind])
    (request,) = run.of("response", "error")
    addresses = check_report(request, FAULTS[kind])
    check_names(addresses, FAULTS[kind])
    assert check_logged(run, FAULTS[kind]) == addresses


@pytest.mark.parametrize("kind", THREAD_FAULTS)
@workers
def test_crash_on_a_thread_of_the_handler(launch: Launch, kind: str, workers: dict) -> None:
    """It is the crash of the only invocation that there is."""
    run = launch(next=[crash(kind)], **workers)
    check_ends(run, THREAD_FAULTS[kind])
    (request,) = run.of("response", "error")
    addresses = check_report(request, THREAD_FAULTS[kind])
    check_names(addresses, THREAD_FAULTS[kind])
    assert check_logged(run, THREAD_FAULTS[kind]) == addresses


def test_callers_on_a_stack_of_its_own(launch: Launch) -> None:
    """Without frame pointers, and with no memory above: the trace is what the stack has."""
    run = launch(next=[crash("coroutine")])
    check_ends(run, FAULTS["coroutine"])
    names = functions(check_report(run.of("error")[0], FAULTS["coroutine"]))
    assert names[0] == "crash_frameless" and "coroutine" in names


@faults
def test_crash_beside_others(launch: Launch, kind: str) -> None:
    """Whatever one worker does, what the others have in hand is answered."""
    held = [invocation(f"!do gate {name}|append {name}".encode(), f"id-{name}") for name in NAMES]
    run = launch(next=held, **FOUR_WORKERS)
    run.wait_for_gates(*NAMES)
    run.wait_until_idle(1)
    asked = len(run.of("next"))
    run.api.extend(next=[crash(kind)])
    run.wait_for(lambda: bool(run.of("error")), "the report")
    assert run.wait_for_exit(0.1) is None, "others have invocations in hand"
    run.open_gates(*NAMES)
    check_ends(run, FAULTS[kind])
    assert run.answers() == {f"id-{name}": name.encode() for name in NAMES}
    (request,) = run.of("error")
    check_names(check_report(request, FAULTS[kind]), FAULTS[kind])
    assert len(run.of("next")) == asked, "nobody asks for another event"


# Without the sanitizers' handlers, which would come first.
LEFT_ALONE = ":".join(f"handle_{name}=0" for name in ("segv", "sigbus", "sigfpe", "sigill", "abort"))
# A sanitizer's memset tells of its own accord, and it keeps frames apart from the stack.
SANITIZED_FAULTS = {kind: FAULTS[kind] for kind in FAULTS if kind not in ("library", "overrun")}
# A small stack is too small for what it adds.
SANITIZED_FAULTS |= {kind: THREAD_FAULTS[kind] for kind in THREAD_FAULTS if kind != "small"}


class TestSanitized:
    """The crash handler itself does nothing that the sanitizers object to."""

    @pytest.fixture
    def executable(self) -> Path:
        return ECHO

    @pytest.mark.parametrize("kind", SANITIZED_FAULTS)
    @workers
    def test_crash(self, launch: Launch, kind: str, workers: dict) -> None:
        run = launch(next=[crash(kind)], ASAN_OPTIONS=f"exitcode=99:use_sigaltstack=0:{LEFT_ALONE}", **workers)
        check_ends(run, SANITIZED_FAULTS[kind])
        (request,) = run.of("response", "error")
        check_names(check_report(request, SANITIZED_FAULTS[kind]), SANITIZED_FAULTS[kind], ECHO)


def test_the_trace_has_the_callers_in_order(launch: Launch) -> None:
    run = launch(next=[crash("deep")])
    check_ends(run, FAULTS["null"])
    names = functions(check_report(run.of("error")[0], FAULTS["null"]))
    assert names[:3] == ["crash_null", "crash_middle", "crash_deep"]
    assert "answer_event" in names  # the runtime's own; `handle` may jump to what it calls last, and has no frame then
    assert "??" not in names


def test_the_trace_of_a_stack_overflow_is_bounded(launch: Launch) -> None:
    run = launch(next=[crash("stack")])
    check_ends(run, FAULTS["stack"])
    (request,) = run.of("error")
    addresses = check_report(request, FAULTS["stack"])
    assert 4 < len(addresses) <= 256
    assert set(functions(addresses)) == {"crash_stack"}


@pytest.mark.parametrize("format_", ["Text", "JSON"])
def test_an_overrun_of_the_whole_stack_is_no_overflow(launch: Launch, format_: str) -> None:
    """It ends above the stack, near the stack pointer."""
    fault = Fault(signal.SIGSEGV, SEGMENTATION, "crash_top")
    run = launch(next=[crash("top")], AWS_LAMBDA_LOG_FORMAT=format_)
    check_ends(run, fault)
    (request,) = run.of("response", "error")
    check_names(check_report(request, fault), fault)
    check_logged(run, fault)
    assert run.logs.startswith("{") == (format_ == "JSON")


@workers
def test_a_crash_after_other_invocations(launch: Launch, workers: dict) -> None:
    events = [invocation(b"x", f"id-{i}") for i in range(20)] + [invocation(b"!status", "id-failed")]
    run = launch(next=events, **workers)
    run.settle()
    run.api.extend(next=[crash("null")])
    check_ends(run, FAULTS["null"])
    assert len(run.of("response")) == 20
    assert [request.path for request in run.of("error")] == ["invocation/id-failed/error", ERROR]


@pytest.mark.parametrize("request_id", ["a/b", "../../init/error", "a b\x01", "🙂", "x" * 1000], ids=ascii)
def test_an_odd_request_id(launch: Launch, request_id: str) -> None:
    run = launch(next=[crash("null", request_id=request_id)])
    assert run.wait_for_exit() == FAULTS["null"].exit_status
    plain = launch(next=[invocation(b"!status", request_id)])
    plain.settle()
    assert [request.path for request in run.of("error", "init_error", "unknown")] == [
        request.path for request in plain.of("error", "init_error", "unknown")
    ]


def test_a_host_name(start: Callable[..., EchoProcess]) -> None:
    """Names are not looked up in a crash, so it may be that there is no report; there is a line, and an end."""
    with RuntimeApi(next=[crash("null")]) as api:
        process = start(AWS_LAMBDA_RUNTIME_API=api.address.replace("127.0.0.1", "localhost"))
        run = Run(api, process)
        check_ends(run, FAULTS["null"])
        check_logged(run, FAULTS["null"])


# ---- The Runtime API and the report ----

REPORT_ANSWERS = {
    "taken": answer(202),
    "refused": answer(400),
    "403": answer(403),
    "too large": answer(413),
    "500": answer(500),
    "slow": answer(202, wait_seconds=0.5),
    **{f"dropped {drop}": dropped(drop) for drop in DROPS},
    "dropped before it is read": dropped(reads_bytes=0, resets=True),
}


@workers
@pytest.mark.parametrize("reply", REPORT_ANSWERS.values(), ids=REPORT_ANSWERS)
def test_report_answered(launch: Launch, workers: dict, reply: Reply) -> None:
    run = launch(next=[crash("null")], error=[reply] * 9, **workers)
    check_ends(run, FAULTS["null"])
    assert 1 <= len(run.of("error")) <= 2
    assert run.of("response") == []


@workers
@pytest.mark.parametrize("holds_at", ["before the status", "in the body"])
def test_report_not_answered(launch: Launch, workers: dict, holds_at: str) -> None:
    gate = Gate()
    run = launch(next=[crash("abort")], error=[answer(202, holds=gate, holds_at=holds_at)] * 9, **workers)
    check_ends(run, FAULTS["abort"], AT_LAST)
    check_report(run.of("error")[0], FAULTS["abort"])
    gate.open()


def test_the_api_is_gone(launch: Launch) -> None:
    run = launch(next=[crash("null", "gate a")])
    run.wait_for_gates("a")
    run.api.__exit__()
    run.open_gates("a")
    check_ends(run, FAULTS["null"], AT_LAST)
    check_logged(run, FAULTS["null"])


# ---- Crashes at a bad moment ----


@workers
@pytest.mark.parametrize("opening", ["stream text/plain|gate open", "http 200|gate open"], ids=["stream", "HTTP"])
def test_before_the_first_byte_of_a_stream(launch: Launch, workers: dict, opening: str) -> None:
    run = launch(next=[invocation(f"!do {opening}|crash null".encode())], **workers)
    run.wait_for_gates("open")
    run.open_gates("open")
    check_ends(run, FAULTS["null"])
    (request,) = run.of("response", "error")
    check_report(request, FAULTS["null"])


@workers
@pytest.mark.parametrize("kind", ["null", "stack", "abort"])
def test_in_the_middle_of_a_stream(launch: Launch, workers: dict, kind: str) -> None:
    """The stream must not look whole. It is cut, or its trailers tell of the crash; a report comes besides."""
    run = launch(next=[invocation(f"!do stream text/plain|write some|crash {kind}".encode())], **workers)
    check_ends(run, FAULTS[kind])
    run.wait_for(lambda: bool(run.of("response")), "the double has seen the end of the stream")
    (stream,) = run.of("response")
    assert stream.body in (b"some", b"")
    assert not stream.complete or stream.trailer(ERROR_TYPE) == FAULTS[kind].type
    reports = run.of("error")
    assert reports or stream.trailer(ERROR_TYPE)
    for report in reports:
        check_report(report, FAULTS[kind])


def test_several_at_once(launch: Launch) -> None:
    kinds = {"a": "null", "b": "stack", "c": "abort", "d": "null"}
    events = [invocation(f"!do gate {name}|crash {kind}".encode(), f"id-{name}") for name, kind in kinds.items()]
    run = launch(next=events, **FOUR_WORKERS)
    run.wait_for_gates(*kinds)
    run.open_gates(*kinds)
    assert run.wait_for_exit() in {FAULTS[kind].exit_status for kind in kinds.values()}
    assert run.seconds < PROMPTLY
    reports = {request.path.split("/")[1]: request for request in run.of("response", "error")}
    assert len(run.of("response", "error")) == 4
    for name, kind in kinds.items():
        check_report(reports[f"id-{name}"], FAULTS[kind], f"id-{name}")


# ---- Others that can't go on ----

DEADLINE = "Lambda-Runtime-Deadline-Ms"


def soon(*steps: str, request_id: str) -> Reply:
    """An invocation that is to be answered within a second."""
    deadline = round(time.time() * 1000) + 1000
    return invocation(f"!do {'|'.join(steps)}".encode(), request_id, headers={DEADLINE: str(deadline)})


@pytest.mark.parametrize("terminated", [False, True], ids=["", "with SIGTERM"])
def test_others_that_wait_for_its_lock(launch: Launch, terminated: bool) -> None:
    """The crashed one holds it for good: they are waited for until their deadlines, whoever else is at work."""
    run = launch(next=[invocation(b"!do lock|gate a|crash null", "id-a")], **FOUR_WORKERS)
    run.wait_for_gates("a")
    run.api.extend(next=[invocation(b"!do gate c|append c", "id-c")])
    run.wait_for_gates("c")
    run.api.extend(next=[soon("gate b", "lock", request_id="id-b")])
    run.wait_for_gates("b")
    run.open_gates("b", "a")
    run.wait_for(lambda: bool(run.of("error")), "the report")
    if terminated:
        run.process.send_signal(signal.SIGTERM)
    run.open_gates("c")
    assert run.wait_for_exit() == FAULTS["null"].exit_status
    assert run.answers() == {"id-c": b"c"}
    check_report(run.of("error")[0], FAULTS["null"], "id-a")
    assert "unanswered: 1" in run.logs


def test_a_deadline_that_is_not_told_is_waited_for(launch: Launch) -> None:
    held = invocation(b"!do gate a|append a", "id-a", without=[DEADLINE])
    run = launch(next=[held], **FOUR_WORKERS)
    run.wait_for_gates("a")
    run.api.extend(next=[crash("null")])
    run.wait_for(lambda: bool(run.of("error")), "the report")
    assert run.wait_for_exit(2.5) is None, "it has an invocation in hand"
    run.open_gates("a")
    check_ends(run, FAULTS["null"])
    assert run.answers() == {"id-a": b"a"}


def test_a_thread_of_one_of_several_handlers(launch: Launch) -> None:
    """Nobody knows of which: none is reported, both may be answered, and the log has it."""
    run = launch(next=[invocation(b"!do gate b|append b", "id-b")], **FOUR_WORKERS)
    run.wait_for_gates("b")
    run.api.extend(next=[soon("crash thread", request_id="id-a")])
    run.wait_for(lambda: SEGMENTATION in run.logs, "the line")
    run.open_gates("b")
    assert run.wait_for_exit() == FAULTS["null"].exit_status
    assert run.posts == [("invocation/id-b/response", b"b")]
    line = next(line for line in run.logs.splitlines() if SEGMENTATION in line)
    assert "FATAL" in line and "SIGSEGV" in line and "one of the 2 invocations in hand" in line
    assert "id-" not in line
    assert "unanswered: 1" in run.logs


def test_after_sigterm(launch: Launch) -> None:
    run = launch(next=[crash("null", "gate a")])
    run.wait_for_gates("a")
    run.process.send_signal(signal.SIGTERM)
    run.open_gates("a")
    check_ends(run, FAULTS["null"])
    check_report(run.of("error")[0], FAULTS["null"])


def test_sigterm_while_it_is_reported(launch: Launch) -> None:
    gate = Gate()
    run = launch(next=[crash("null")], error=[answer(202, holds=gate)])
    gate.wait_until_reached()
    run.process.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    gate.open()
    check_ends(run, FAULTS["null"])
    check_report(run.of("error")[0], FAULTS["null"])


CHILDREN = {
    "null": signal.SIGSEGV,
    "stack": signal.SIGSEGV,
    "divide": signal.SIGFPE,
    "abort": signal.SIGABRT,
    "terminated": signal.SIGTERM,
}


@workers
@pytest.mark.parametrize("kind", CHILDREN)
def test_a_child_is_not_the_runtime(launch: Launch, workers: dict, kind: str) -> None:
    """What the handler forks ends by its signal, and nobody hears of it but the handler."""
    run = launch(next=[invocation(f"!do child {kind}".encode())], **workers)
    run.settle()
    assert run.goes_on()
    assert run.posts == [(RESPONSE, b"signal %d" % CHILDREN[kind])]
    assert run.logs == ""


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT], ids=lambda number: number.name)
@workers
def test_a_signal_with_nothing_in_hand(launch: Launch, workers: dict, number: int) -> None:
    """No invocation is reported that has been answered already."""
    run = launch(next=[invocation(b"x")], **workers)
    run.settle()
    run.process.send_signal(number)
    assert run.wait_for_exit() == 128 + number
    assert run.of("error", "init_error") == []
    assert number.name in run.logs


@faults
def test_the_memory_it_left_tells_nothing(launch: Launch, kind: str) -> None:
    """The payload is in no report and no line of the log."""
    run = launch(
        next=[invocation(f"!do append secret-of-the-event|crash {kind}".encode())], AWS_LAMBDA_LOG_LEVEL="TRACE"
    )
    check_ends(run, FAULTS[kind])
    (request,) = run.of("error")
    assert b"secret" not in request.body and "secret" not in (request.header(CAUSE) or "")
    assert "secret" not in run.logs
