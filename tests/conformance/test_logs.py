"""The lines on standard error, as Text and as JSON."""

from __future__ import annotations

import datetime
import json
import re
from typing import Callable

import pytest
from conftest import Run
from runtime_api import REQUEST_ID, Reply, answer, dropped, invocation

Serve = Callable[..., Run]

LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
MESSAGE_MAX_BYTES = 4096
MARK = "a-mark-that-nobody-else-writes"

formats = pytest.mark.parametrize("format_", ["Text", "JSON"])


def log(serve: Serve, message: bytes, **environment: str) -> list[str]:
    """The lines of an invocation that logs `message` at each level."""
    run = serve(next=[invocation(b"!log " + message)], **environment)
    assert [body for _, body in run.posts] == [b"logged"]
    assert run.logs.endswith("\n")
    return run.logs[:-1].split("\n")


def marked(lines: list[str]) -> list[str]:
    return [line for line in lines if MARK in line]


@formats
@pytest.mark.parametrize("level", LEVELS)
def test_level_filters(serve: Serve, format_: str, level: str) -> None:
    lines = marked(log(serve, MARK.encode(), AWS_LAMBDA_LOG_FORMAT=format_, AWS_LAMBDA_LOG_LEVEL=level))
    expected = LEVELS[LEVELS.index(level) :]
    assert len(lines) == len(expected)
    for line, word in zip(lines, expected):
        assert word in line
        assert REQUEST_ID in line


@formats
@pytest.mark.parametrize("level", ["", "nonsense", None], ids=["empty", "nonsense", "unset"])
def test_default_level_is_info(serve: Serve, format_: str, level: str | None) -> None:
    environment = {} if level is None else {"AWS_LAMBDA_LOG_LEVEL": level}
    assert len(marked(log(serve, MARK.encode(), AWS_LAMBDA_LOG_FORMAT=format_, **environment))) == 4


@pytest.mark.parametrize("format_", ["", "nonsense", None], ids=["empty", "nonsense", "unset"])
def test_default_format_is_text(serve: Serve, format_: str | None) -> None:
    environment = {} if format_ is None else {"AWS_LAMBDA_LOG_FORMAT": format_}
    for line in marked(log(serve, MARK.encode(), **environment)):
        assert not line.startswith("{")


def test_json_line(serve: Serve) -> None:
    first, *_ = log(serve, MARK.encode(), AWS_LAMBDA_LOG_FORMAT="JSON")
    fields = json.loads(first)
    assert set(fields) == {"timestamp", "level", "message", "requestId"}
    assert fields["level"] == "INFO"
    assert fields["message"] == MARK
    assert fields["requestId"] == REQUEST_ID
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", fields["timestamp"])
    written = datetime.datetime.fromisoformat(fields["timestamp"].replace("Z", "+00:00"))
    assert abs((datetime.datetime.now(datetime.timezone.utc) - written).total_seconds()) < 60


FORGERIES = {
    "line feed": b"\nFORGED",
    "carriage return": b"\rFORGED",
    "both": b"\r\nFORGED",
    "escape": b"\x1b[2K\x1b[1GFORGED",
    "vertical tab and form feed": b"\x0b\x0cFORGED",
    "a JSON line": b'"}\n{"level":"FATAL","message":"FORGED',
    "backspaces": b"\x08" * 80 + b"FORGED",
}


@formats
@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_control_bytes_forge_no_line(serve: Serve, format_: str, forgery: bytes) -> None:
    lines = log(serve, MARK.encode() + forgery, AWS_LAMBDA_LOG_FORMAT=format_)
    assert len(lines) == 4
    for line in lines:
        assert MARK in line and "FORGED" in line
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)
    if format_ == "JSON":
        assert [json.loads(line)["message"] for line in lines] == [MARK + forgery.decode()] * 4


MESSAGES = {
    "emoji": "🙂 Größe",
    "quotes": '"\\/',
    "control bytes": "\x01\x02\t\x1f\x7f",
    "percent": "%s%n",
    "line separators": "\u2028\u2029",
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_json_keeps_the_message(serve: Serve, message: str) -> None:
    lines = log(serve, message.encode(), AWS_LAMBDA_LOG_FORMAT="JSON")
    assert [json.loads(line)["message"] for line in lines] == [message] * 4


@formats
def test_bad_utf8_is_replaced(serve: Serve, format_: str) -> None:
    lines = log(serve, b"a\xff\xc3(\xed\xa0\x80b" + MARK.encode(), AWS_LAMBDA_LOG_FORMAT=format_)
    assert len(marked(lines)) == 4  # `logs` has read them as UTF-8
    assert format_ == "Text" or all(json.loads(line)["message"].startswith("a") for line in lines)


LONG = {"ASCII": "x" * 20_000, "emoji": "🙂" * 5_000, "quotes": '"' * 20_000, "control bytes": "\x01" * 20_000}


@pytest.mark.parametrize("message", LONG.values(), ids=LONG)
@pytest.mark.parametrize("shift", range(4), ids=lambda n: f"shifted by {n}")
def test_a_message_is_cut_at_4_kibibytes_between_characters(serve: Serve, message: str, shift: int) -> None:
    sent = "x" * shift + message
    lines = log(serve, sent.encode(), AWS_LAMBDA_LOG_FORMAT="JSON")
    assert len(lines) == 4
    for fields in map(json.loads, lines):
        assert sent.startswith(fields["message"])
        assert MESSAGE_MAX_BYTES - 8 < len(fields["message"].encode()) <= MESSAGE_MAX_BYTES
        assert fields["requestId"] == REQUEST_ID


@pytest.mark.parametrize("message", LONG.values(), ids=LONG)
def test_a_cut_message_is_still_one_line_of_text(serve: Serve, message: str) -> None:
    lines = log(serve, message.encode(), AWS_LAMBDA_LOG_FORMAT="Text")
    assert len(lines) == 4
    assert all(REQUEST_ID in line for line in lines)


@pytest.mark.parametrize("request_id", ['a"b', "a\\b", "a\x01b", "a\x1b[1Gb", "🙂", b"\xff"], ids=ascii)
def test_an_odd_request_id_breaks_no_line(serve: Serve, request_id: str | bytes) -> None:
    events = [invocation(b"!log " + MARK.encode(), request_id), invocation(b"after", "id-after")]
    for line in serve(next=events, AWS_LAMBDA_LOG_FORMAT="JSON").logs.splitlines():
        assert isinstance(json.loads(line), dict)


@formats
@pytest.mark.parametrize("message", ["a\0b", "\0" * 3, "🪣" * 2_000], ids=["a NUL", "only NULs", "long"])
def test_a_failure_is_logged_whole(serve: Serve, format_: str, message: str) -> None:
    run = serve(next=[invocation(f"!fail Function.Broken|{message}".encode())], AWS_LAMBDA_LOG_FORMAT=format_)
    (line,) = run.logs.splitlines()
    logged = json.loads(line)["message"] if format_ == "JSON" else line.rpartition("\t")[2].replace("\\u0000", "\0")
    whole = f"Function.Broken: {message}"
    assert logged == whole or (whole.startswith(logged) and len(logged.encode()) > MESSAGE_MAX_BYTES - 8)


def test_each_line_has_the_request_id_of_its_invocation(serve: Serve) -> None:
    events = [invocation(b"!log " + MARK.encode(), f"id-{i}") for i in range(3)]
    lines = marked(serve(next=events, AWS_LAMBDA_LOG_FORMAT="JSON").logs.splitlines())
    assert [json.loads(line)["requestId"] for line in lines] == [f"id-{i}" for i in range(3) for _ in range(4)]


TROUBLES = {
    "next 403": {"next": [answer(403)]},
    "next 500": {"next": [answer(500)]},
    "next dropped": {"next": [dropped()] * 9},
    "no request id": {"next": [invocation(without=["Lambda-Runtime-Aws-Request-Id"])]},
    "half an event": {"next": [invocation(b"x" * 99, drop="in the body")]},
    "response 413": {"next": [invocation()], "response": [answer(413)]},
    "response dropped": {"next": [invocation()], "response": [dropped()] * 9},
    "a failure": {"next": [invocation(b"!fail Function.Broken|a\nb")]},
    "too large": {"next": [invocation(b"!bytes 7000000")]},
    "init error": {"ECHO_INIT_ERROR": "Function.NotReady|a\nb"},
}


@pytest.mark.parametrize("script", TROUBLES.values(), ids=TROUBLES)
def test_the_runtimes_own_lines_are_json_too(serve: Serve, script: dict) -> None:
    lines = serve(**script, AWS_LAMBDA_LOG_FORMAT="JSON").logs.splitlines()
    assert lines
    for line in lines:
        fields = json.loads(line)
        assert set(fields) - {"requestId"} == {"timestamp", "level", "message"}
        assert fields["level"] in LEVELS


@formats
def test_what_the_runtime_api_answers_forges_no_line(serve: Serve, format_: str) -> None:
    told = answer(400, body=b'x\nFORGED 1\r\n{"level":"FATAL"}\x1b[1G')
    run = serve(next=[told, invocation()], response=[told], AWS_LAMBDA_LOG_FORMAT=format_)
    assert run.logs
    for line in run.logs.splitlines():
        assert not line.startswith(("FORGED", '{"level":"FATAL"}'))
        assert "\x1b" not in line


SECRET = b"secret-of-the-event"
EVENTS_WITH_A_SECRET = {
    "a reply": {"next": [invocation(SECRET)]},
    "a failure": {"next": [invocation(b"!status " + SECRET)]},
    "a post refused": {"next": [invocation(SECRET)], "response": [answer(400)]},
    "a post dropped": {"next": [invocation(SECRET)], "response": [dropped()] * 9},
    "half an event": {"next": [invocation(SECRET * 9, drop="in the body")]},
    "no request id": {"next": [invocation(SECRET, without=["Lambda-Runtime-Aws-Request-Id"])]},
    "too large an event": {"next": [invocation(SECRET * 100_000)], "ECHO_ARENA_BYTES": "1048576"},
    "a refused next": {"next": [Reply(status=403, headers=(("Lambda-Runtime-Trace-Id", SECRET),), body=SECRET)]},
}


@formats
@pytest.mark.parametrize("script", EVENTS_WITH_A_SECRET.values(), ids=EVENTS_WITH_A_SECRET)
def test_the_event_is_never_logged(serve: Serve, format_: str, script: dict) -> None:
    run = serve(**script, AWS_LAMBDA_LOG_FORMAT=format_, AWS_LAMBDA_LOG_LEVEL="TRACE")
    assert SECRET.decode() not in run.logs


def test_a_quiet_run_logs_nothing(serve: Serve) -> None:
    assert serve(next=[invocation()] * 3).logs == ""
