"""What every part of tools/ shares: messages, failures and running programs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Mapping, Optional, Sequence

ROOT = Path(__file__).resolve().parents[2]

# How to get each program that the steps call, by the Debian package that has it.
PACKAGES = {"ar": "binutils", "cc": "gcc", "clang": "clang"}


class Failure(Exception):
    """Ends the program with a message that says what is wrong and what to do about it."""


# Clears a line of a terminal from where the cursor is.
CLEAR = "\033[K"


def say(message: str) -> None:
    _write(f"deps: {message}\n")


def _write(line: str) -> None:
    """In one write, so that lines of two threads or processes stay whole."""
    sys.stderr.write((CLEAR if sys.stderr.isatty() else "") + line)
    sys.stderr.flush()


class _Progress:
    """A line that says what is waited for: on a terminal it is rewritten each second, elsewhere it is one of several.

    The cursor stays at its beginning, so whatever is written next by another process takes its place."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._started = time.monotonic()
        self.each_seconds = 1 if sys.stderr.isatty() else 15

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def tell(self) -> None:
        line = f"deps: {self._what}, {self._seconds():.0f} s"
        _write(f"{line}\r" if sys.stderr.isatty() else f"{line} so far\n")

    def done(self) -> None:
        if self._seconds() >= self.each_seconds:
            say(f"{self._what}: done in {self._seconds():.0f} s")


def need(*programs: str) -> None:
    """Fails, naming all of them at once, when programs are missing."""
    missing = [p for p in programs if not shutil.which(p)]
    if missing:
        packages = " ".join(sorted({PACKAGES.get(p, p) for p in missing}))
        raise Failure(f"missing: {', '.join(missing)}. To get it: tools/setup.sh test\n"
                      f"That installs what is missing on Debian and Ubuntu; by hand: apt-get install {packages}")


def run(command: Sequence[object], cwd: Optional[Path] = None, env: Optional[Mapping[str, str]] = None,
        waiting: str = "") -> str:
    """Runs a program and returns what it wrote; its output is shown only when it fails.

    With `waiting`, a line says how long it has been at work.
    """
    words = [str(word) for word in command]
    progress = _Progress(waiting) if waiting else None
    with subprocess.Popen(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        try:
            while True:
                try:
                    output, _ = process.communicate(timeout=progress.each_seconds if progress else None)
                    break
                except subprocess.TimeoutExpired:
                    assert progress
                    progress.tell()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise Failure(f"this failed with status {process.returncode}: {' '.join(words)}\n{output.rstrip()}")
    if progress:
        progress.done()
    return output


def unpack(tarball: Path, into: Path) -> Path:
    """The one folder that a release's tarball holds."""
    try:
        with tarfile.open(tarball) as archive:
            archive.extractall(into)
    except tarfile.ReadError as error:
        raise Failure(f"can't unpack {tarball}: {error}") from error
    found = [path for path in into.iterdir() if path.is_dir()]
    if len(found) != 1:
        raise Failure(f"{tarball} should hold one folder, not {len(found)}")
    return found[0]
