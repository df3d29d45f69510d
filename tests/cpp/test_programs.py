"""Programs as aws-lambda-cpp's users write them, on a scripted Runtime API."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Callable

import pytest
from runtime_api import INVOCATION_HEADERS, REQUEST_ID, answer, dropped, invocation

HANDLERS = "tests/cpp/programs/handlers.cpp"
LOOP = "tests/cpp/programs/loop.cpp"
RESPONSE = f"invocation/{REQUEST_ID}/response"
ERROR = f"invocation/{REQUEST_ID}/error"
ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
INVOCATION_ID = "Lambda-Runtime-Invocation-Id"
XRAY_CAUSE = "Lambda-Runtime-Function-XRay-Error-Cause"


@pytest.fixture(params=["static", "sanitize"])
def handlers(built: Callable[..., Path], request: pytest.FixtureRequest) -> Path:
    """Built by gcc as C++11 and by clang as the newest C++."""
    return built(HANDLERS, request.param)


def failure(body: bytes) -> tuple[str, str]:
    report = json.loads(body)
    assert report["stackTrace"] == []
    return report["errorType"], report["errorMessage"]


def test_success(handlers: Path, serve: Callable) -> None:
    event = '{"Größe":"🙂"}'.encode()
    function = serve(handlers, _HANDLER="echo", next=[invocation(event)] * 3)
    assert function.posts == [(RESPONSE, event)] * 3
    assert function.api.requests[1].header("Content-Type") == "application/json"
    assert function.goes_on


def test_empty_and_binary_events(handlers: Path, serve: Callable) -> None:
    events = [b"", bytes(range(256)), b"x" * 3_000_000]
    function = serve(handlers, _HANDLER="echo", next=[invocation(event) for event in events])
    assert [body for _, body in function.posts] == events


def test_binary_answer_with_its_content_type(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="picture", next=[invocation()])
    assert function.posts == [(RESPONSE, bytes(range(256)))]
    assert function.api.requests[1].header("Content-Type") == "image/png"


def test_state_in_the_handler(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="count", next=[invocation()] * 3)
    assert [body for _, body in function.posts] == [b"1", b"2", b"3"]


def test_fields(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="fields", next=[
        invocation(b"event", headers={"Lambda-Runtime-Deadline-Ms": "4102444800123"})])
    lines = function.posts[0][1].decode().split("\n")
    of = {name.rpartition("Lambda-Runtime-")[2]: value for name, value in INVOCATION_HEADERS.items()}
    assert lines[:8] == ["event", REQUEST_ID, of["Trace-Id"], of["Client-Context"], of["Cognito-Identity"],
                         of["Invoked-Function-Arn"], "application/json", of["Aws-Tenant-Id"]]
    assert lines[9:] == ["4102444800123", "in time", of["Trace-Id"]]


def test_fields_that_are_not_sent(handlers: Path, serve: Callable) -> None:
    without = [name for name in INVOCATION_HEADERS if name != "Lambda-Runtime-Aws-Request-Id"]
    function = serve(handlers, _HANDLER="fields", next=[invocation(b"", without=without)])
    assert function.posts[0][1].decode().split("\n") == ["", REQUEST_ID, *[""] * 7, "0", "late", "none"]


def test_failure(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="fail", next=[invocation()] * 2)
    assert [path for path, _ in function.posts] == [ERROR] * 2
    assert failure(function.posts[0][1]) == ("TestErrorType", 'kein Eimer 🪣, "gar" keiner\n')
    request = function.api.requests[1]
    assert request.header(ERROR_TYPE) == "Function.TestErrorType"
    assert json.loads(request.header(XRAY_CAUSE))["exceptions"][0]["type"] == "Function.TestErrorType"
    assert function.goes_on


def test_failure_with_a_report_of_its_own(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="fail_freely", next=[invocation()])
    assert function.posts == [(ERROR, b'{"errorMessage":"own","errorType":"Own","stackTrace":["here"]}')]
    assert re.fullmatch(r"(Runtime|Function)\.[A-Z][a-zA-Z]+", function.api.requests[1].header(ERROR_TYPE))


def test_failure_with_a_cause_for_xray(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="fail_for_xray", next=[invocation()])
    assert function.api.requests[1].header(XRAY_CAUSE) == '{"exceptions":[]}'


def test_failure_with_a_cause_that_is_too_long(handlers: Path, serve: Callable) -> None:
    """X-Ray does without; the caller must not."""
    function = serve(handlers, _HANDLER="fail_at_length",
                     next=[invocation(b"%d" % size) for size in (15_000, 17_000, 2_000_000, 15_000)])
    assert [failure(body) for path, body in function.posts if path == ERROR] == [("Type", "message")] * 4
    causes = [request.header(XRAY_CAUSE) for request in function.api.of("error")]
    assert [len(cause or "") for cause in causes] == [15_000, 0, 0, 15_000]
    assert [request.header(ERROR_TYPE) for request in function.api.of("error")] == ["Function.Type"] * 4


@pytest.mark.parametrize("handler", ["echo", "fail", "crash"])
def test_invocation_id_is_told_with_the_answer(built: Callable[..., Path], serve: Callable, handler: str) -> None:
    function = serve(built(HANDLERS), _HANDLER=handler, next=[
        invocation(b"1", headers={INVOCATION_ID: "try-1"}), invocation(b"2"),
        invocation(b"3", headers={INVOCATION_ID: "try-3"})])
    told = [request.header(INVOCATION_ID) for request in function.api.of("response", "error")]
    assert told == (["try-1"] if handler == "crash" else ["try-1", None, "try-3"])


def test_invocation_id_in_a_stream(built: Callable[..., Path], serve: Callable) -> None:
    function = serve(built("examples/stream/main.c"), next=[invocation(headers={INVOCATION_ID: "try-1"})])
    assert function.api.of("response")[0].header(INVOCATION_ID) == "try-1"


def test_answer_that_is_dropped_is_posted_again(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="echo", next=[invocation(b"1"), invocation(b"2")], response=[dropped()])
    assert [body for _, body in function.posts] == [b"1", b"1", b"2"]
    assert function.goes_on


def test_answer_that_is_stale(handlers: Path, serve: Callable) -> None:
    """410: the platform has given the request to another try."""
    function = serve(handlers, _HANDLER="echo", next=[invocation(b"1"), invocation(b"2")], response=[answer(410)])
    assert [body for _, body in function.posts] == [b"1", b"2"]
    assert function.goes_on


THROWN = {
    "throw_error": ("std::runtime_error", "kein Eimer 🪣", "Function.RuntimeError"),
    "throw_own": ("shop::no_stock", "none left", "Function.NoStock"),
    "throw_number": ("int", "the handler threw what is no std::exception", "Function.Int"),
    "throw_bad_alloc": ("std::bad_alloc", "std::bad_alloc", "Function.BadAlloc"),
    "empty": ("std::bad_function_call", "bad_function_call", "Function.BadFunctionCall"),
}


@pytest.mark.parametrize("handler", THROWN)
def test_exception(built: Callable[..., Path], serve: Callable, handler: str) -> None:
    function = serve(built(HANDLERS), _HANDLER=handler, next=[invocation()] * 2)
    assert [path for path, _ in function.posts] == [ERROR] * 2
    name, message, header = THROWN[handler]
    assert failure(function.posts[1][1]) == (name, message)
    assert function.api.requests[1].header(ERROR_TYPE) == header
    assert message in function.logs
    assert function.goes_on


def test_without_exceptions(built: Callable[..., Path], serve: Callable) -> None:
    function = serve(built("tests/cpp/programs/plain.cpp", "plain"), next=[invocation(b"event"), invocation(b"fail")])
    assert function.posts[0] == (RESPONSE, b"event")
    assert failure(function.posts[1][1]) == ("Type", "message")


def test_several_at_once(handlers: Path, serve: Callable) -> None:
    """On Managed Instances: no order, and every one answered once."""
    ids = [f"request-{number}" for number in range(40)]
    function = serve(handlers, _HANDLER="echo", AWS_LAMBDA_MAX_CONCURRENCY="8",
                     next=[invocation(name.encode(), name, wait_seconds=0.01) for name in ids])
    assert sorted(function.posts) == sorted((f"invocation/{name}/response", name.encode()) for name in ids)
    assert len({request.connection for request in function.api.requests}) == 8


def test_sigterm_ends_it_with_0(handlers: Path, serve: Callable) -> None:
    function = serve(handlers, _HANDLER="echo", next=[invocation()])
    function.terminate()
    assert function.exit_status == 0


class TestLog:
    LINES = ("an error: secret", "some information: 1", "some detail: 2")

    def lines(self, function) -> list[str]:
        return [line for line in self.LINES if "HANDLERS " + line in function.logs]

    def test_only_errors_by_default(self, built: Callable[..., Path], serve: Callable) -> None:
        function = serve(built(HANDLERS), _HANDLER="log", next=[invocation(b"secret")])
        assert self.lines(function) == list(self.LINES[:1])
        assert REQUEST_ID in function.logs
        assert function.output == ""

    @pytest.mark.parametrize("level, count", [("ERROR", 1), ("INFO", 2), (None, 2), ("DEBUG", 3)])
    def test_levels(self, built: Callable[..., Path], serve: Callable, level: str | None, count: int) -> None:
        function = serve(built(HANDLERS, "verbose"), _HANDLER="log", AWS_LAMBDA_LOG_LEVEL=level,
                         next=[invocation(b"secret")])
        assert self.lines(function) == list(self.LINES[:count])

    def test_json(self, built: Callable[..., Path], serve: Callable) -> None:
        function = serve(built(HANDLERS), _HANDLER="log", AWS_LAMBDA_LOG_FORMAT="JSON", next=[invocation(b"se\ncret")])
        line = json.loads(function.logs)
        assert line["message"] == "HANDLERS an error: se\ncret"
        assert (line["level"], line["requestId"]) == ("ERROR", REQUEST_ID)

    def test_before_the_first_event(self, built: Callable[..., Path], serve: Callable) -> None:
        function = serve(built(HANDLERS), _HANDLER="none", AWS_LAMBDA_LOG_FORMAT="JSON")
        assert function.exit_status == 2
        assert json.loads(function.logs)["message"].startswith("HANDLERS there is no handler")


def test_log_line_when_the_invocation_is_gone(built: Callable[..., Path], serve: Callable) -> None:
    function = serve(built("tests/cpp/programs/gone.cpp", "sanitize"), next=[invocation()])
    assert function.exit_status == 0, function.logs
    assert "GONE afterwards" in function.logs


class TestLoop:
    @pytest.fixture(params=["static", "sanitize"])
    def loop(self, built: Callable[..., Path], request: pytest.FixtureRequest) -> Path:
        return built(LOOP, request.param)

    def test_answers(self, loop: Path, serve: Callable) -> None:
        function = serve(loop, next=[invocation(b"event"), invocation(b"fail"), invocation(b"")])
        assert [path for path, _ in function.posts] == [RESPONSE, ERROR, RESPONSE]
        assert function.posts[0][1] == b"event"
        assert failure(function.posts[1][1]) == ("Some::Type", "message")
        user_agents = {request.header("User-Agent") for request in function.api.requests}
        assert len(user_agents) == 1 and re.fullmatch(r"loop/\d+\.\d+\.\d+", user_agents.pop())
        assert len({request.connection for request in function.api.requests}) == 1

    def test_invocation_id(self, loop: Path, serve: Callable) -> None:
        """The program passes it on with its failures, and not with its answers."""
        function = serve(loop, next=[invocation(b"1", headers={INVOCATION_ID: "try-1"}),
                                     invocation(b"fail", headers={INVOCATION_ID: "try-2"}), invocation(b"fail")])
        told = [request.header(INVOCATION_ID) for request in function.api.of("response", "error")]
        assert told == [None, "try-2", None]

    @pytest.mark.parametrize("status", [400, 403, 410, 413, 500])
    def test_refused_answers(self, loop: Path, serve: Callable, status: int) -> None:
        function = serve(loop, next=[invocation(b"event")] * 2, response=[answer(status)])
        assert len(function.posts) == 2
        assert f"post: {status}\n" in function.logs

    def test_oversize_answer_goes_as_it_is(self, loop: Path, serve: Callable) -> None:
        event = b"x" * 6_291_557
        function = serve(loop, next=[invocation(event)])
        assert function.posts == [(RESPONSE, event)]

    @pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
    def test_no_event(self, loop: Path, serve: Callable, status: int) -> None:
        function = serve(loop, next=[answer(status)])
        assert function.exit_status == 5
        assert f"next: {status}\n" in function.logs

    def test_no_request_id(self, loop: Path, serve: Callable) -> None:
        function = serve(loop, next=[invocation(without=["Lambda-Runtime-Aws-Request-Id"])])
        assert function.exit_status == 5
        assert "next: -1\n" in function.logs

    def test_nobody_is_answered(self, loop: Path, serve: Callable) -> None:
        """Least of all with a failure of the start."""
        function = serve(loop, next=[invocation(b"nobody"), invocation(b"event")])
        assert function.posts == [(RESPONSE, b"event")]
        assert "nobody: 400 400\n" in function.logs

    def test_init_error(self, loop: Path, serve: Callable) -> None:
        function = serve(loop, "init")
        assert function.exit_status == 3
        assert function.posts == [
            ("init/error", b'{"errorMessage":"no module","errorType":"ImportError","stackTrace":[]}')]
        request = function.api.requests[0]
        assert request.header(XRAY_CAUSE) == '{"exceptions":[]}'
        assert re.fullmatch(r"(Runtime|Function)\.[A-Z][a-zA-Z]+", request.header(ERROR_TYPE))


def test_one_client_for_several_threads(built: Callable[..., Path], serve: Callable) -> None:
    ids = [f"request-{number}" for number in range(200)]
    function = serve(built("tests/cpp/programs/threads.cpp", "threads"), "50",
                     next=[invocation(name.encode(), name) for name in ids])
    assert function.exit_status == 0, function.logs
    assert sorted(function.posts) == sorted((f"invocation/{name}/response", name.encode()) for name in ids)


@pytest.mark.parametrize("how", ["static", "sanitize"])
@pytest.mark.parametrize("threads", ["one", "new"])
def test_asked_for_on_one_thread_and_answered_on_another(
    built: Callable[..., Path], serve: Callable, threads: str, how: str
) -> None:
    """What libcurl has for the connection neither runs out nor grows."""

    def events(first: int, last: int) -> list:
        # Long ids, so that an exchange takes much of libcurl's memory.
        return [invocation(b"%d" % n, f"{n}-{'x' * 1900}") for n in range(first, last)]

    function = serve(built("tests/cpp/programs/turns.cpp", how), threads, next=events(0, 100))
    before = function.address_space_bytes
    function.more(next=events(100, 1000))
    assert function.goes_on, function.exit_status
    assert [body for _, body in function.posts] == [b"%d" % n for n in range(1000)]
    assert function.address_space_bytes - before < 100 * 1024 * 1024
