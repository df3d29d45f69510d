"""zopfli, which compresses what browsers load: built by zig, for Python's packages of it need a compiler on some machines."""

from __future__ import annotations

import platform
import tempfile
from pathlib import Path

from . import cache, zig
from .common import run, say, unpack
from .fetch import fetch
from .lockfile import Lock

# It weighs its choices in floating point: contracted, as arm64 would, these differ from machine to machine.
FLAGS = ("-O2", "-ffp-contract=off", "-D_POSIX_C_SOURCE=200809L")


def folder(lock: Lock) -> Path:
    """A folder with the program zopfli."""
    compiler = zig.for_this_machine(lock)
    pin, tarball = fetch(lock.pins("zopfli"))

    def build(made: Path) -> None:
        say(f"building zopfli {pin.version} (5 s)")
        with tempfile.TemporaryDirectory(prefix="countersign-") as scratch:
            sources = sorted(unpack(tarball, Path(scratch)).glob("src/zopfli/*.c"))
            run([*compiler, *FLAGS, *sources, "-lm", "-o", made / "zopfli"])

    return cache.entry(f"zopfli/{cache.key(pin.sha256, compiler, FLAGS, platform.machine())}", build)
