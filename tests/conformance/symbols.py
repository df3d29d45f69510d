"""What the addresses of a stack trace are the addresses of."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from echo_process import PLAIN_ECHO


def run(*command: object) -> str:
    arguments = [str(word) for word in command]
    return subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=20).stdout


def strip(executable: Path, folder: Path) -> tuple[Path, Path]:
    """A copy as it is shipped, without symbols, and the debug file that is kept beside it."""
    stripped = folder / executable.name
    debug_file = folder / f"{executable.name}.debug"
    run("objcopy", "--only-keep-debug", executable, debug_file)
    run("objcopy", "--strip-all", executable, stripped)
    return stripped, debug_file


def functions(addresses: Sequence[str], symbols: Path = PLAIN_ECHO) -> list[str]:
    """The name of each address' function, as addr2line finds it."""
    return run("addr2line", "-f", "-e", symbols, *addresses).splitlines()[::2]
