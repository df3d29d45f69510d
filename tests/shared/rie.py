"""AWS's runtime interface emulator (RIE) with a program in it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from children import children

from local.processes import free_ports, stop, tie_to_parent

ROOT = Path(__file__).resolve().parents[2]
RIE = Path(os.environ.get("COUNTERSIGN_RIE") or ROOT / "build/rie/aws-lambda-rie")
INVOCATIONS = "/2015-03-31/functions/function/invocations"
START_SECONDS = 20.0
REPLY_SECONDS = 30.0


class Emulator:
    """Invokes the function as its callers would."""

    def __init__(self, port: int) -> None:
        self._port = port

    def invoke(self, event: bytes) -> tuple[int, bytes]:
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=REPLY_SECONDS)
        try:
            client.request("POST", INVOCATIONS, event)
            reply = client.getresponse()
            return reply.status, reply.read()
        finally:
            client.close()

    def failure(self, event: bytes) -> dict:
        status, body = self.invoke(event)
        assert status == 200, body  # how the emulator reports a failed invocation
        return json.loads(body)


@contextlib.contextmanager
def emulate(program: Path, handler: str, environment: Mapping[str, str], logs: Path) -> Iterator[Emulator]:
    """Runs the emulator, which starts the program at the first invocation."""
    assert RIE.exists(), f"{RIE} is missing: run `make test`, or name another with COUNTERSIGN_RIE"
    port, api_port = free_ports(2)
    command = [RIE, "--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    command += ["--runtime-api-address", f"127.0.0.1:{api_port}", program, handler]
    with logs.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            env={"PATH": os.environ.get("PATH", ""), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )
    try:
        # It listens to invocations before its Runtime API listens to functions.
        limit = time.monotonic() + START_SECONDS
        while not (_accepts(port) and _accepts(api_port)):
            assert process.poll() is None and time.monotonic() < limit, logs.read_text(errors="replace")
            time.sleep(0.02)
        yield Emulator(port)
    finally:
        left = children(process.pid)
        stop(process, grace_seconds=1.0)
        for child in left:  # the emulator does not always take its function along
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
