"""The compiler of what is deployed: zig's clang, linker and musl, the same on every machine and for either architecture."""

from __future__ import annotations

import platform
import shlex
import tempfile
from pathlib import Path

from . import cache, python
from .common import Failure, run, say
from .lockfile import Lock

MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}  # as uname and the names of compilers have them

# Debug checks would be part of the program; position-independent code is longer, and nothing needs it.
FLAGS = ("-static", "-fno-pie", "-fno-PIC", "-fno-sanitize=undefined", "-fno-stack-protector")
# The smallest: zig takes -Oz for -Os, so clang is told by itself. Outlined pieces of arm64
# code save bytes too, but what is left compresses worse than they save.
SMALL = {"x86_64": ("-Os", "-Xclang", "-Oz"), "arm64": ("-Os", "-Xclang", "-Oz", "-mno-outline")}
# What the Makefile links with (SMALL_LINK): zig makes a musl for each way to say this.
LINK = ("-O2", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables")
# What it compiles of its own (musl, at first use), beside it. Not in the user's cache, which others may clean. It says to
# clang that musl shall have no frame pointers; a crash report walks along them, from abort() to who called it.
COMMAND = """#!/bin/sh
export ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache}
export CCC_OVERRIDE_OPTIONS='# +-fno-omit-frame-pointer +-mno-omit-leaf-frame-pointer'
exec {command} "$@"
"""


def toolchain(lock: Lock, arch: str) -> Path:
    """A folder with bin/cc, bin/c++, bin/ar and bin/ld for static programs of musl."""
    zig = _program(lock)
    # Debug information names zig's own headers by no path of this machine.
    compiler = ["-target", f"{MACHINES[arch]}-linux-musl", *FLAGS, f"-ffile-prefix-map={zig.parent}=zig"]
    commands = {"cc": ["cc", *compiler], "c++": ["c++", *compiler], "ar": ["ar"], "ld": ["ld.lld"]}
    compiled = shlex.quote(str(cache.root() / "zig" / "with-frame-pointers"))

    def build(folder: Path) -> None:
        (folder / "bin").mkdir()
        for name, words in commands.items():
            script = folder / "bin" / name
            script.write_text(COMMAND.format(cache=compiled, command=shlex.join([str(zig), *words])), "utf-8")
            script.chmod(0o755)
        _make_musl(folder / "bin" / "cc", arch)

    return cache.entry(f"zig/{arch}-{cache.key(zig, COMMAND, commands)}", build)


def for_this_machine(lock: Lock) -> list[str]:
    """The words that compile and link a program which the build itself runs."""
    made = [str(toolchain(lock, arch) / "bin" / "cc") for arch, name in MACHINES.items() if name == platform.machine()]
    return made if made and platform.system() == "Linux" else [str(_program(lock)), "cc"]


def _make_musl(compiler: Path, arch: str) -> None:
    """The first link does, for so long that it is told what is waited for."""
    say(f"making musl for {arch} (30 to 60 s)")
    with tempfile.TemporaryDirectory(prefix="countersign-") as scratch:
        source = Path(scratch) / "main.c"
        source.write_text("int main(void) { return 0; }\n", "utf-8")
        run([compiler, *LINK, source, "-o", source.with_suffix("")], waiting=f"making musl for {arch}")


def _program(lock: Lock) -> Path:
    found = sorted(python.environment(lock, "zig").glob("lib/python*/site-packages/ziglang/zig"))
    if not found:
        raise Failure(f"ziglang has no zig for {platform.system()} on {platform.machine()}")
    return found[0]
