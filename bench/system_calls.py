"""How often a program calls the system, as strace counts it; None where strace is missing or may not look."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Optional

from measurements import Samples
from programs import Harness
from peer_builds import Program

FEW, MANY = 10, 110
SUMMARY_SECONDS = 5


def of_a_start(harness: Harness, program: Program) -> Optional[float]:
    return _counted(harness, program, "start", 1)


def of_an_invocation(harness: Harness, program: Program, event: Path) -> Optional[float]:
    """By the difference of two runs, so that the start does not count."""
    few, many = (_counted(harness, program, "warm", 1, 0, invocations, event) for invocations in (FEW, MANY))
    return None if few is None or many is None else (many - few) / (MANY - FEW)


def total(summary: str) -> Optional[float]:
    """The calls of the last line of `strace -c`, which has the errors behind them where there were any."""
    found = re.search(r"^100\.00\s+\S+\s+(?:\S+\s+)?(\d+)(?:\s+\d+)?\s+total$", summary, re.M)
    return float(found[1]) if found else None


def _counted(harness: Harness, program: Program, mode: str, *arguments: object) -> Optional[float]:
    strace = shutil.which("strace")
    if not strace or not _may_look(strace):
        return None
    summary = harness.folder / "bench" / "system-calls.txt"
    summary.unlink(missing_ok=True)
    # As a process beside the program, which so gets the harness's signals itself.
    command = f"{strace} -D -f -qq -c -o {summary} {program.command}"
    harness(Samples(), mode, *arguments, programs=[replace(program, command=command)])
    return _read(summary)


def _may_look(strace: str) -> bool:
    return subprocess.run([strace, "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def _read(summary: Path) -> Optional[float]:
    """It is written when the program has ended."""
    end = time.monotonic() + SUMMARY_SECONDS
    found = None
    while found is None and time.monotonic() < end:
        time.sleep(0.02)
        found = total(summary.read_text()) if summary.exists() else None
    return found
