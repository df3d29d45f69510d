"""The examples, and a program of aws-lambda-cpp's kind, under AWS's runtime interface emulator."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest
from toolchain import ROOT

RIE = Path(os.environ.get("CONFORMANCE_RIE", ROOT / "build/rie/aws-lambda-rie"))
INVOCATIONS = "/2015-03-31/functions/function/invocations"


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def invoke(port: int, event: bytes) -> tuple[int, bytes]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        client.request("POST", INVOCATIONS, event)
        reply = client.getresponse()
        return reply.status, reply.read()
    finally:
        client.close()


@pytest.fixture
def emulated(tmp_path: Path) -> Iterator[Callable[..., int]]:
    """Starts a program under the emulator; the port of its invocations."""
    assert RIE.exists(), f"{RIE} is missing: run `make test`"
    running: list[subprocess.Popen] = []

    def start(program: Path, handler: str = "handler") -> int:
        port, api_port = free_ports(2)
        command = [RIE, "--runtime-interface-emulator-address", f"127.0.0.1:{port}", "--runtime-api-address",
                   f"127.0.0.1:{api_port}", program, handler]
        with (tmp_path / "logs").open("wb") as logs:
            # A session of its own, so that the function it starts can be ended with it.
            running.append(subprocess.Popen(command, env={"PATH": os.environ["PATH"], "_HANDLER": handler}, stdout=logs,
                                            stderr=logs, stdin=subprocess.DEVNULL, start_new_session=True))
        # It listens to invocations before its Runtime API listens to functions.
        limit = time.monotonic() + 10
        while not (accepts(port) and accepts(api_port)):
            assert running[-1].poll() is None and time.monotonic() < limit, (tmp_path / "logs").read_text()
            time.sleep(0.02)
        return port

    yield start
    for process in running:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    print((tmp_path / "logs").read_text(errors="replace"))  # pytest shows it when the test has failed


@pytest.mark.parametrize("source", ["examples/echo-c/main.c", "examples/echo-cpp/main.cpp"])
def test_echo(built: Callable[..., Path], emulated: Callable[..., int], source: str) -> None:
    port = emulated(built(source))
    for event in (b'{"key":"value"}', '"Größe 🙂"'.encode(), b"x" * 300_000):
        assert invoke(port, event) == (200, event)


def test_stream(built: Callable[..., Path], emulated: Callable[..., int]) -> None:
    status, body = invoke(emulated(built("examples/stream/main.c")), b"{}")
    head, _, text = body.partition(b"\0" * 8)
    assert (status, json.loads(head)["statusCode"], text.split()[-1]) == (200, 200, b"10")


@pytest.mark.parametrize("handler, error_type", [
    ("fail", "TestErrorType"), ("throw_own", "shop::no_stock"), ("fail_freely", "Own"),
    ("crash", "Runtime.CrashSegmentationFault")])
def test_failures(built: Callable[..., Path], emulated: Callable[..., int], handler: str, error_type: str) -> None:
    port = emulated(built("tests/cpp/programs/handlers.cpp"), handler)
    for _ in range(2):  # after a crash the emulator starts it anew
        assert json.loads(invoke(port, b"{}")[1])["errorType"] == error_type


def test_binary_answer(built: Callable[..., Path], emulated: Callable[..., int]) -> None:
    port = emulated(built("tests/cpp/programs/handlers.cpp"), "picture")
    assert invoke(port, b"{}") == (200, bytes(range(256)))


def test_loop_of_ones_own(built: Callable[..., Path], emulated: Callable[..., int]) -> None:
    port = emulated(built("tests/cpp/programs/loop.cpp"))
    assert invoke(port, b'"event"') == (200, b'"event"')
    assert json.loads(invoke(port, b"fail")[1])["errorType"] == "Some::Type"
