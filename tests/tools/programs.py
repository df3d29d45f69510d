"""Builds a C file that lies here into a program of one target, with the libraries, and runs it."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path
from typing import Callable

import pytest

from pins import libs, lockfile, targets, zig

TARGETS = (*zig.MACHINES, "sanitize")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def emulator(arch: str) -> list[str]:
    """What runs a program of that architecture here; skips the test where there is nothing."""
    if platform.machine() == zig.MACHINES[arch]:
        return []
    program = f"qemu-{zig.MACHINES[arch]}-static"
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    return [program]


def build(target: str, name: str, folder: Path) -> Run:
    """Makes NAME.c into a program; gives what runs it."""
    runner = emulator(target) if target in zig.MACHINES else []
    lock = lockfile.read()
    made, prefix = targets.target(lock, target), libs.prefix(lock, target)
    program = folder / f"{name}-{target}"
    flags = zig.LINK if target in zig.MACHINES else made.flags
    subprocess.run([*made.compiler, *flags, Path(__file__).with_name(f"{name}.c"), "-o", program,
                    f"-I{prefix / 'include'}", f"-L{prefix / 'lib'}", "-lcurl", "-lmbedtls", "-lexpat"], check=True)

    def run(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run([*runner, program, *arguments], input=stdin, capture_output=True, text=True, check=False,
                              timeout=120)
        assert not done.stderr
        return done

    return run
