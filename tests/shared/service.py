"""What `make run` starts, as a process of its own, for tests that call it from outside."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator

from local.processes import stop, tie_to_parent

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_listening(process: "subprocess.Popen[bytes]", port: int, log: Any) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            log.seek(0)
            raise AssertionError(f"it does not start:\n{log.read().decode('utf-8', 'replace')}")
        time.sleep(0.05)


@contextlib.contextmanager
def made_run(port: int, work: Path, **variables: str) -> Iterator[str]:
    """The function behind HTTP, with a store; the API's URL."""
    command = [sys.executable, "-m", "local", "--bootstrap", "build/bootstrap", "--store", "build/store"]
    with open(work / "log", "wb") as log:
        process = subprocess.Popen(
            [*command, "--work", str(work / "work"), "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            assert process.poll() is None and time.monotonic() < deadline, (work / "log").read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)
