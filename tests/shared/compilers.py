"""Compilers, how commands are run, and what this machine is."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wpedantic", "-Wshadow", "-Wconversion")
# "11" is the oldest that works, "2b" what these compilers call the newest.
C_COMPILERS = {"gcc": "gcc", "clang": "clang"}
CPP_COMPILERS = {"gcc": "g++", "clang": "clang++"}


def run(command: Sequence[object], stdin: str = "", **options: object) -> str:
    """What a command writes; its failure shows it."""
    # A make above would have this one wait for its jobs.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run([str(word) for word in command], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False,
                          **{"env": environment, **options})  # type: ignore[call-overload]
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout
