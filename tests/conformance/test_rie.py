"""The fixture function under AWS's runtime interface emulator."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from echo_process import ECHO, ENVIRONMENT, PLAIN_ECHO
from rie import Emulator, emulate
from symbols import functions


@contextlib.contextmanager
def emulated(executable: Path, folder: Path) -> Iterator[Emulator]:
    logs = folder / "logs"
    with emulate(executable, "handler", ENVIRONMENT, logs) as emulator:
        yield emulator
    assert "Sanitizer" not in logs.read_text(errors="replace")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with emulated(ECHO, tmp_path_factory.mktemp("rie")) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The plain build: the sanitizers would come before the runtime's own crash reports."""
    with emulated(PLAIN_ECHO, tmp_path_factory.mktemp("rie")) as emulator:
        yield emulator


EVENTS = {
    "JSON": b'{"key":"value"}',
    "emoji": '"Größe 🙂"'.encode(),
    "every byte": bytes(range(256)),
    "300 kB": b"x" * 300_000,
    "5 MiB": b"x" * (5 * 1024 * 1024),
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_echo(emulator: Emulator, event: bytes) -> None:
    assert emulator.invoke(event) == (200, event)


def test_fields(emulator: Emulator) -> None:
    fields = json.loads(emulator.invoke(b"!fields")[1])
    assert fields["request_id"]
    assert fields["function_arn"].startswith("arn:aws:lambda:")
    assert 0 < fields["remaining_ms"] <= 900_000


def test_failure(emulator: Emulator) -> None:
    expected = {"errorMessage": "kein Eimer 🪣", "errorType": "Function.NoBucket", "stackTrace": []}
    assert emulator.failure("!fail Function.NoBucket|kein Eimer 🪣".encode()) == expected
    assert emulator.invoke(b"after") == (200, b"after")


def test_largest_reply(emulator: Emulator) -> None:
    status, body = emulator.invoke(b"!bytes 6291556")
    assert (status, len(body)) == (200, 6_291_556)


def test_reply_too_large(emulator: Emulator) -> None:
    assert emulator.failure(b"!bytes 6291557")["errorType"] == "Function.ResponseSizeTooLarge"
    assert emulator.invoke(b"after") == (200, b"after")


def test_crash_then_recovery(emulator: Emulator) -> None:
    status, body = emulator.invoke(b"!do crash killed")
    assert (status, json.loads(body)["errorType"]) == (502, "Runtime.ExitError")
    assert emulator.invoke(b"after") == (200, b"after")


STREAMS = {
    "two writes": (b"!do stream text/plain|write a|write b", b"ab"),
    "nothing": (b"!do stream text/plain", b""),
    "1 MB": (b"!do stream text/plain|bytes 1000000", bytes(1_000_000)),
    "a failure half way, without its trailers": (b"!do stream text/plain|write a|fail Function.Broken x", b"a"),
}


@pytest.mark.parametrize(("event", "body"), STREAMS.values(), ids=STREAMS)
def test_stream(emulator: Emulator, event: bytes, body: bytes) -> None:
    assert emulator.invoke(event) == (200, body)
    assert emulator.invoke(b"after") == (200, b"after")


def test_http_stream(emulator: Emulator) -> None:
    status, body = emulator.invoke(b"!do http 201\nX-Odd:1|write <p>")
    head, nuls, rest = body.partition(b"\0" * 8)
    assert (status, json.loads(head)["statusCode"], nuls, rest) == (200, 201, b"\0" * 8, b"<p>")


def test_stream_that_fails_before_any_byte(emulator: Emulator) -> None:
    assert emulator.failure(b"!do stream text/plain|fail Function.Broken x")["errorType"] == "Function.Broken"


def test_stream_too_large(emulator: Emulator) -> None:
    """It buffers streams and limits them as any other reply."""
    assert emulator.failure(b"!do stream text/plain|bytes 7000000")["errorType"] == "Function.ResponseSizeTooLarge"
    assert emulator.invoke(b"after") == (200, b"after")


CRASHES = {
    "null": "Runtime.CrashSegmentationFault",
    "bus": "Runtime.CrashBusError",
    "divide": "Runtime.CrashArithmetic",
    "instruction": "Runtime.CrashIllegalInstruction",
    "abort": "Runtime.CrashAbort",
    "stack": "Runtime.CrashStackOverflow",
}


@pytest.mark.parametrize("kind", CRASHES)
@pytest.mark.parametrize("before", ["", "stream text/plain|"], ids=["plain", "stream"])
def test_reported_crash_then_recovery(shipped: Emulator, kind: str, before: str) -> None:
    status, body = shipped.invoke(f"!do {before}crash {kind}".encode())
    told = json.loads(body)
    assert (status, told["errorType"]) == (502, CRASHES[kind])
    assert f"crash_{kind}" in functions(told["stackTrace"])
    assert shipped.invoke(b"after") == (200, b"after")


def test_crash_in_the_middle_of_a_stream_then_recovery(shipped: Emulator) -> None:
    """Here the emulator's answer depends on what it sees first: the report, or the end of the stream."""
    status, body = shipped.invoke(b"!do stream text/plain|write x|crash null")
    assert status == 502
    assert json.loads(body)["errorType"] in (CRASHES["null"], "Runtime.ExitError")
    assert shipped.invoke(b"after") == (200, b"after")
