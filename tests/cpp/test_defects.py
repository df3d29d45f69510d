"""What goes wrong in aws-lambda-cpp, and must not here: for C, for C++, and for a loop of the program's own."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Callable

import pytest
from runtime_api import REQUEST_ID, answer, invocation

ECHO_C = "examples/echo-c/main.c"
ECHO_CPP = "examples/echo-cpp/main.cpp"
LOOP = "tests/cpp/programs/loop.cpp"
HANDLERS = "tests/cpp/programs/handlers.cpp"
RESPONSE = f"invocation/{REQUEST_ID}/response"


@pytest.fixture(params=[ECHO_C, ECHO_CPP], ids=["c", "cpp"])
def echo(built: Callable[..., Path], request: pytest.FixtureRequest) -> Path:
    """As a debug build, where an assertion would be seen."""
    return built(request.param, "debug")


@pytest.fixture(params=[ECHO_C, ECHO_CPP, LOOP], ids=["c", "cpp", "loop"])
def echo_or_loop(built: Callable[..., Path], request: pytest.FixtureRequest) -> Path:
    return built(request.param, "debug")


def test_1_no_content_type(echo_or_loop: Path, serve: Callable) -> None:
    function = serve(echo_or_loop, next=[invocation(b"event", without=["Content-Type"])] * 2)
    assert function.posts == [(RESPONSE, b"event")] * 2
    assert function.goes_on


def test_2_answer_too_large_for_the_api(echo: Path, serve: Callable) -> None:
    """413: the platform has failed that invocation; there is nothing more to post, and no reason to end."""
    function = serve(echo, next=[invocation(b"first"), invocation(b"second")], response=[answer(413)])
    assert function.posts == [(RESPONSE, b"first"), (RESPONSE, b"second")]
    assert function.goes_on


@pytest.mark.parametrize("bytes_over", [0, 1])
def test_2_answer_too_large(built: Callable[..., Path], serve: Callable, bytes_over: int) -> None:
    size = 6_291_556 + bytes_over
    function = serve(built(HANDLERS), _HANDLER="large", next=[invocation(b"%d" % size), invocation(b"1")])
    path, body = function.posts[0]
    if bytes_over:
        assert path.endswith("/error") and json.loads(body)["errorType"] == "Function.ResponseSizeTooLarge"
    else:
        assert path.endswith("/response") and len(body) == size
    assert function.posts[1] == (RESPONSE, b"x")


@pytest.mark.parametrize("status", [403, 500])
def test_3_refused_event(echo: Path, serve: Callable, status: int) -> None:
    function = serve(echo, next=[answer(status)] * 10)
    assert function.exit_status == 1
    assert len(function.api.requests) <= 3
    assert str(status) in function.logs


def test_3_one_refusal_is_no_reason_to_end(echo: Path, serve: Callable) -> None:
    function = serve(echo, next=[answer(403), invocation(b"event")])
    assert function.posts == [(RESPONSE, b"event")]
    assert function.goes_on


@pytest.mark.parametrize("address", [None, "", "127.0.0.1", "127.0.0.1:1"], ids=["unset", "empty", "half", "refused"])
def test_4_no_runtime_api(echo: Path, serve: Callable, address: str | None) -> None:
    function = serve(echo, AWS_LAMBDA_RUNTIME_API=address)
    assert function.exit_status == 1
    assert "AWS_LAMBDA_RUNTIME_API" in function.logs or "can't be reached" in function.logs


@pytest.mark.parametrize("deadline", ["0", "", "x", "-1", "18446744073709551616"])
def test_5_deadline(echo_or_loop: Path, serve: Callable, deadline: str) -> None:
    function = serve(echo_or_loop, next=[invocation(b"event", headers={"Lambda-Runtime-Deadline-Ms": deadline})])
    assert function.posts == [(RESPONSE, b"event")]
    assert function.goes_on


def test_6_utf8_in_a_failure(built: Callable[..., Path], serve: Callable) -> None:
    function = serve(built(HANDLERS), _HANDLER="fail", next=[invocation()])
    assert "kein Eimer 🪣".encode() in function.posts[0][1]


def test_7_exception(built: Callable[..., Path], serve: Callable) -> None:
    function = serve(built(ECHO_CPP, "debug"), next=[invocation(b""), invocation(b"after")])
    assert function.posts == [
        (f"invocation/{REQUEST_ID}/error",
         b'{"errorMessage":"there is nothing to echo","errorType":"std::invalid_argument","stackTrace":[]}'),
        (RESPONSE, b"after")]
    assert function.goes_on


def functions_of(program: Path, frames: list[str]) -> list[str]:
    """What addr2line makes of a stack trace."""
    done = subprocess.run(["addr2line", "-f", "-C", "-e", program, *frames], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[::2]


@pytest.mark.parametrize("how", ["static", "debug"])
def test_8_stack_trace_of_a_crash(built: Callable[..., Path], serve: Callable, how: str) -> None:
    program = built(HANDLERS, how)
    function = serve(program, _HANDLER="crash", next=[invocation()])
    assert function.exit_status not in (0, None)
    (path, body), = function.posts
    report = json.loads(body)
    assert path.endswith("/error")
    assert report["errorType"] == "Runtime.CrashSegmentationFault"
    named = functions_of(program, report["stackTrace"])
    assert named[0] == "write_nowhere()" and any(name.startswith("crash(") for name in named)
    assert report["stackTrace"][0] in function.logs


def test_8_stack_trace_from_a_stripped_program(built: Callable[..., Path], serve: Callable, tmp_path: Path) -> None:
    """What is deployed has no symbols: they stay in the file that it was stripped of."""
    program = built(HANDLERS, "debug")
    stripped = tmp_path / "bootstrap"
    shutil.copy(program, stripped)
    subprocess.run(["strip", stripped], check=True)
    function = serve(stripped, _HANDLER="crash", next=[invocation()])
    assert functions_of(program, json.loads(function.posts[0][1])["stackTrace"])[0] == "write_nowhere()"


def test_8_exception_that_nobody_can_catch(built: Callable[..., Path], serve: Callable) -> None:
    function = serve(built(HANDLERS), _HANDLER="crash_in_noexcept", next=[invocation()])
    assert function.exit_status not in (0, None)
    report = json.loads(function.posts[0][1])
    assert report["errorType"] == "Runtime.CrashAbort"
    assert any(name.startswith("crash_in_noexcept(") for name in functions_of(built(HANDLERS), report["stackTrace"]))


@pytest.mark.parametrize("format_", ["Text", "JSON"])
def test_a_crash_inside_malloc_is_reported(built: Callable[..., Path], serve: Callable, format_: str) -> None:
    """Nothing on the way to the report wants memory: malloc may be locked."""
    program = built("tests/cpp/programs/in_malloc.cpp", "plain")
    function = serve(program, AWS_LAMBDA_LOG_FORMAT=format_, next=[invocation()])
    assert function.exit_status == 128 + signal.SIGSEGV
    (path, body), = function.posts
    assert path.endswith("/error") and json.loads(body)["errorType"] == "Runtime.CrashSegmentationFault"
    assert "Runtime.CrashSegmentationFault" in function.logs


@pytest.mark.parametrize("source", [ECHO_C, ECHO_CPP, LOOP], ids=["c", "cpp", "loop"])
def test_payload_is_in_no_log(built: Callable[..., Path], serve: Callable, source: str) -> None:
    program = built(source) if source.endswith(".c") else built(source, "verbose")
    function = serve(program, AWS_LAMBDA_LOG_LEVEL="TRACE", next=[invocation(b"%s top-secret")], response=[answer(500)])
    assert function.posts[0] == (RESPONSE, b"%s top-secret")
    assert "top-secret" not in function.logs


def test_failure_of_the_start_is_reported(built: Callable[..., Path], serve: Callable) -> None:
    function = serve(built(LOOP), "init")
    assert [path for path, _ in function.posts] == ["init/error"]
    header = function.api.requests[0].header("Lambda-Runtime-Function-Error-Type")
    assert re.fullmatch(r"(Runtime|Function)\.[A-Z][a-zA-Z]+", header)
