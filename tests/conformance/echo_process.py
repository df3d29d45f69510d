"""The fixture function (echo.c) as a process, with an environment of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from compilers import ARCHITECTURE, ROOT

# CONFORMANCE_ECHO runs the suite on another build of echo.c.
ECHO = Path(os.environ.get("CONFORMANCE_ECHO", ROOT / "build/sanitize/echo"))
# As it is shipped. Sanitizers keep freed memory, so memory is measured on this one.
PLAIN_ECHO = Path(os.environ.get("CONFORMANCE_ECHO", ROOT / f"build/{ARCHITECTURE}/echo"))
ENVIRONMENT = {
    "AWS_LAMBDA_FUNCTION_NAME": "echo",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "LAMBDA_TASK_ROOT": "/var/task",
    "_HANDLER": "echo",
    # 99 is no exit status of the runtime's own: a sanitizer's report fails the test that waits for 1.
    "ASAN_OPTIONS": "exitcode=99",
    "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99:print_stacktrace=1",
}
SANITIZER_REPORTS = ("Sanitizer", "runtime error:")


class EchoProcess:
    def __init__(self, executable: Path, folder: Path, environment: Mapping[str, str]) -> None:
        assert executable.exists(), f"{executable} is missing: `make test` builds it"
        self._logs = folder / "stderr"
        self._output = folder / "stdout"
        self._gates = folder / "gates"
        self._gates.mkdir()
        # The sanitizers look for their symbolizer in PATH.
        variables = {"PATH": os.environ.get("PATH", ""), **ENVIRONMENT, "ECHO_GATES": str(self._gates), **environment}
        with self._logs.open("wb") as logs, self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [str(executable)], env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=logs
            )

    @property
    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> None:
        if self.wait(0) is None:
            self._process.kill()
            self._process.wait()

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)

    def has_reached(self, gate: str) -> bool:
        """Whether a handler waits, or has waited, at `!do gate NAME`."""
        return (self._gates / f"{gate}.reached").exists()

    def open_gate(self, gate: str) -> None:
        (self._gates / gate).touch()

    @property
    def logs(self) -> str:
        """What it wrote to standard error. Bytes that are not UTF-8 fail the test."""
        return self._logs.read_bytes().decode("utf-8")

    @property
    def output(self) -> bytes:
        return self._output.read_bytes()

    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))

    def processor_ticks(self) -> int:
        """User and system time so far, in the kernel's ticks of usually 10 ms."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
