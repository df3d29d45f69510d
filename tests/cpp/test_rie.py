"""The examples, and a program of aws-lambda-cpp's kind, under AWS's runtime interface emulator."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest
from rie import Emulator, emulate

Emulated = Callable[..., Emulator]


@pytest.fixture
def emulated(tmp_path: Path) -> Iterator[Emulated]:
    """Starts a program under the emulator."""
    logs = tmp_path / "logs"
    with contextlib.ExitStack() as running:

        def start(program: Path, handler: str = "handler") -> Emulator:
            return running.enter_context(emulate(program, handler, {"_HANDLER": handler}, logs))

        yield start
    print(logs.read_text(errors="replace"))  # pytest shows it when the test has failed


@pytest.mark.parametrize("source", ["examples/echo-c/main.c", "examples/echo-cpp/main.cpp"])
def test_echo(built: Callable[..., Path], emulated: Emulated, source: str) -> None:
    emulator = emulated(built(source))
    for event in (b'{"key":"value"}', '"Größe 🙂"'.encode(), b"x" * 300_000):
        assert emulator.invoke(event) == (200, event)


def test_stream(built: Callable[..., Path], emulated: Emulated) -> None:
    status, body = emulated(built("examples/stream/main.c")).invoke(b"{}")
    head, _, text = body.partition(b"\0" * 8)
    assert (status, json.loads(head)["statusCode"], text.split()[-1]) == (200, 200, b"10")


@pytest.mark.parametrize("handler, error_type", [
    ("fail", "TestErrorType"), ("throw_own", "shop::no_stock"), ("fail_freely", "Own"),
    ("crash", "Runtime.CrashSegmentationFault")])
def test_failures(built: Callable[..., Path], emulated: Emulated, handler: str, error_type: str) -> None:
    emulator = emulated(built("tests/cpp/programs/handlers.cpp"), handler)
    for _ in range(2):  # after a crash the emulator starts it anew
        assert json.loads(emulator.invoke(b"{}")[1])["errorType"] == error_type


def test_binary_answer(built: Callable[..., Path], emulated: Emulated) -> None:
    emulator = emulated(built("tests/cpp/programs/handlers.cpp"), "picture")
    assert emulator.invoke(b"{}") == (200, bytes(range(256)))


def test_loop_of_ones_own(built: Callable[..., Path], emulated: Emulated) -> None:
    emulator = emulated(built("tests/cpp/programs/loop.cpp"))
    assert emulator.invoke(b'"event"') == (200, b'"event"')
    assert json.loads(emulator.invoke(b"fail")[1])["errorType"] == "Some::Type"
