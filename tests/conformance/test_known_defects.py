"""What goes wrong in other runtimes, and what each of them lacks: one decisive test for each.

Where a file of its own has all the cases of a row, this has the one that the
defect can't pass.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Callable

import pytest
from conftest import FOUR_WORKERS, Run
from echo_process import PLAIN_ECHO, EchoProcess
from runtime_api import REQUEST_ID, answer, dropped, invocation
from symbols import functions, strip

Serve = Callable[..., Run]

AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")
RESPONSE = f"invocation/{REQUEST_ID}/response"
ERROR = f"invocation/{REQUEST_ID}/error"
ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
DEADLINE = "Lambda-Runtime-Deadline-Ms"


def told(run: Run) -> dict:
    (path, body), *_ = run.posts
    assert path == ERROR
    return json.loads(body.decode("utf-8"))


# ---- What goes wrong in aws-lambda-cpp ----


def test_defect_1_no_content_type(serve: Serve) -> None:
    """It crashes when /next has no Content-Type."""
    run = serve(next=[invocation(b"event", without=["Content-Type"]), AFTER])
    assert run.goes_on(), run.logs
    assert run.posts == [(RESPONSE, b"event"), AFTER_POST]


def test_defect_2_response_too_large(serve: Serve) -> None:
    """A 413 ends it, so that each reply too large costs a new process."""
    run = serve(next=[invocation(), AFTER], response=[answer(413)])
    assert run.goes_on(), run.logs
    assert run.posts == [(RESPONSE, b"{}"), AFTER_POST]


@pytest.mark.parametrize(("status", "requests"), [(403, 3), (500, 1)])
def test_defect_3_next_refused(serve: Serve, status: int, requests: int) -> None:
    """It asks three times at once, whatever the status, and ends with status 0."""
    run = serve(next=[answer(status)] * 9)
    assert run.exit_status == 1
    assert len(run.of("next")) == requests
    assert str(status) in run.logs


def test_defect_4_no_address(start: Callable[..., EchoProcess]) -> None:
    """It does the same without AWS_LAMBDA_RUNTIME_API."""
    process = start()
    assert process.wait(2.0) == 1
    assert "AWS_LAMBDA_RUNTIME_API" in process.logs


def test_defect_5_deadline_0(serve: Serve) -> None:
    """A debug build aborts at a deadline of 0."""
    run = serve(next=[invocation(b"!fields", headers={DEADLINE: "0"}), AFTER])
    assert run.goes_on(), run.logs
    fields = json.loads(run.posts[0][1])
    assert (fields["deadline_ms"], fields["remaining_ms"]) == (0, 2**63 - 1)


def test_defect_6_failure_in_utf8(serve: Serve) -> None:
    """Characters beyond ASCII become \\uffff."""
    message = "Größe überschritten 🪣"
    run = serve(next=[invocation(f"!fail Function.Broken|{message}".encode())])
    assert told(run)["errorMessage"] == message


class TestShipped:
    """On the plain build, because a sanitizer would see the crash first."""

    @pytest.fixture
    def executable(self, tmp_path: Path) -> Path:
        return strip(PLAIN_ECHO, tmp_path)[0]

    @pytest.mark.parametrize("kind", ["null", "abort"])
    def test_defect_7_a_crash_is_not_reported(self, launch: Serve, kind: str) -> None:
        """An exception in a handler aborts without an /error. (tests/cpp throws one; this is C's way to end.)"""
        run = launch(next=[invocation(f"!do crash {kind}".encode())])
        assert run.wait_for_exit() not in (None, 0)
        assert told(run)["errorType"].startswith("Runtime.Crash")

    def test_defect_8_no_backtrace_in_a_static_link(self, launch: Serve, executable: Path) -> None:
        """Nor in a stripped one: the debug file that is kept has the names."""
        image = executable.read_bytes()
        assert b"ld-linux" not in image and b"ld-musl" not in image, "this build is to be static"
        assert b"crash_deep" not in image, "this build is to be stripped"
        run = launch(next=[invocation(b"!do crash deep")])
        assert run.wait_for_exit() not in (None, 0)
        debug_file = executable.with_name(f"{executable.name}.debug")
        assert functions(told(run)["stackTrace"], debug_file)[:3] == ["crash_null", "crash_middle", "crash_deep"]

    def test_feature_fault_becomes_error(self, launch: Serve) -> None:
        run = launch(next=[invocation(b"!do crash stack")])
        assert run.wait_for_exit() not in (None, 0)
        assert told(run)["errorType"] == "Runtime.CrashStackOverflow"


def test_defect_payload_is_logged(serve: Serve) -> None:
    """At INFO, through a format."""
    run = serve(next=[invocation(b"%s%n secret")], AWS_LAMBDA_LOG_LEVEL="TRACE")
    assert run.posts == [(RESPONSE, b"%s%n secret")]
    assert "secret" not in run.logs


def test_defect_failed_start_is_not_reported(serve: Serve) -> None:
    run = serve(ECHO_INIT_ERROR="Function.NotReady|no bucket")
    assert run.exit_status == 1
    ((path, body),) = run.posts
    assert (path, json.loads(body)["errorType"]) == ("init/error", "Function.NotReady")


# ---- What one or the other of the C++, Rust, Go and Node runtimes lacks ----


def test_feature_init_error(serve: Serve) -> None:
    (request,) = serve(ECHO_INIT_ERROR="Function.NotReady|no bucket").of("init_error")
    assert request.header(ERROR_TYPE) == "Function.NotReady"


def test_feature_right_error_type(serve: Serve) -> None:
    """In the header and in the body, as the handler told it."""
    (request,) = serve(next=[invocation(b"!fail Function.NoBucket|x")]).of("error")
    assert request.header(ERROR_TYPE) == json.loads(request.body)["errorType"] == "Function.NoBucket"


def test_feature_xray_cause(serve: Serve) -> None:
    (request,) = serve(next=[invocation(b"!fail Function.NoBucket|x")]).of("error")
    cause = json.loads(request.header("Lambda-Runtime-Function-XRay-Error-Cause") or "")
    assert cause["exceptions"][0]["type"] == "Function.NoBucket"


def test_feature_trace_environment(serve: Serve) -> None:
    event = invocation(b"!do env _X_AMZN_TRACE_ID", headers={"Lambda-Runtime-Trace-Id": "Root=1"})
    absent = invocation(b"!do env _X_AMZN_TRACE_ID", without=["Lambda-Runtime-Trace-Id"])
    assert [body for _, body in serve(next=[event, absent]).posts] == [b"Root=1", b"(unset)"]


def test_feature_deadline(serve: Serve) -> None:
    deadline = round(time.time() * 1000) + 60_000
    fields = json.loads(serve(next=[invocation(b"!fields", headers={DEADLINE: str(deadline)})]).posts[0][1])
    assert fields["deadline_ms"] == deadline
    assert 30_000 < fields["remaining_ms"] <= 60_000


def test_feature_tenant_id(serve: Serve) -> None:
    run = serve(next=[invocation(b"!fields", headers={"Lambda-Runtime-Aws-Tenant-Id": "blue"})])
    assert json.loads(run.posts[0][1])["tenant_id"] == "blue"


def test_feature_streaming(launch: Serve) -> None:
    """What is written is on its way before the handler has ended."""
    run = launch(next=[invocation(b"!do stream text/plain|write first|gate a|write second")])
    run.wait_for_gates("a")
    run.wait_for_body(RESPONSE, b"first")
    run.open_gates("a")
    run.settle()
    assert run.posts == [(RESPONSE, b"firstsecond")]


def test_feature_managed_instances(launch: Serve) -> None:
    """Four events are in hand at once, and each gets its own answer."""
    names = ["a", "b", "c", "d"]
    run = launch(next=[invocation(f"!do gate {n}|append {n}".encode(), f"id-{n}") for n in names], **FOUR_WORKERS)
    run.wait_for_gates(*names)
    run.open_gates(*names)
    run.settle()
    assert run.answers() == {f"id-{name}": name.encode() for name in names}


def test_feature_json_logs_from_the_environment(serve: Serve) -> None:
    run = serve(next=[invocation(b"!log text")], AWS_LAMBDA_LOG_FORMAT="JSON", AWS_LAMBDA_LOG_LEVEL="FATAL")
    (line,) = map(json.loads, run.logs.splitlines())
    assert (line["level"], line["message"], line["requestId"]) == ("FATAL", "text", REQUEST_ID)


def test_feature_a_failed_post_is_tried_again_and_ends_nothing(serve: Serve) -> None:
    """Others end, or drop the answer."""
    run = serve(next=[invocation(b"event"), AFTER], response=[dropped()])
    assert run.goes_on(), run.logs
    assert run.posts == [(RESPONSE, b"event")] * 2 + [AFTER_POST]


def test_feature_binary_safe(serve: Serve) -> None:
    event = bytes(range(256))
    assert serve(next=[invocation(event)]).posts == [(RESPONSE, event)]
