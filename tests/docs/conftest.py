"""A running function for the guides' commands. The helpers of tests/service and tests/shared are used here too."""

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest

for shared in ("service", "shared"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / shared))

import guides  # noqa: E402

from local.processes import free_port, stop, tie_to_parent  # noqa: E402

START_SECONDS = 60


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The function behind HTTP, with a store, as `make run` has it."""
    port, work = free_port(), tmp_path_factory.mktemp("api")
    command = [sys.executable, "-m", "local", "--bootstrap", "build/bootstrap", "--store", "build/store"]
    with open(work / "log", "wb") as log:
        process = subprocess.Popen(
            [*command, "--work", str(work / "work"), "--port", str(port)],
            cwd=guides.ROOT,
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


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
