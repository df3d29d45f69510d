"""musl from source, and beside it a compiler command that makes static programs with it."""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from pathlib import Path

from . import cache
from .common import need, run, say, unpack
from .fetch import fetch
from .lockfile import Lock

MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}  # as uname and the names of compilers have them

# Small, but for the string functions, which are worth 1 kB of a linked program. With frame pointers, so that a walk
# along them gets through: musl leaves them out otherwise, and unwind tables too.
CONFIGURE = ["--disable-shared", "--disable-wrapper", "--enable-optimize=string",
             "CFLAGS=-Os -fno-pie -fno-omit-frame-pointer", "CROSS_COMPILE=", "AR=ar", "RANLIB=ranlib"]

# The compiler is gcc as the distribution has it. `-nostdinc` and a start and a library path of our own keep its glibc
# out. No crtbegin.o and crtend.o: they serve C++ and unwinding. The kernel's headers are not there: nothing includes
# them. In arm64 programs, atomics are instructions that every processor has, not calls that choose among two kinds.
SPECS = """%rename cpp_options cpp_options_of_glibc
%rename cc1 cc1_of_glibc

*cpp_options:
-nostdinc -isystem %:getenv(MUSL /include) -isystem include%s %(cpp_options_of_glibc)

*cc1:
-nostdinc -isystem %:getenv(MUSL /include) -isystem include%s %(cc1_of_glibc)

*startfile:
%:getenv(MUSL /lib/crt1.o) %:getenv(MUSL /lib/crti.o)

*endfile:
%:getenv(MUSL /lib/crtn.o)

*link:
-static -nostdlib

*link_libgcc:
-L%:getenv(MUSL /lib)

*libgcc:
libgcc.a%s
"""
WRAPPER = """#!/bin/sh
export MUSL="${0%/*}/../musl"
exec COMPILER -specs="$MUSL/gcc.specs" FLAGS "$@"
"""
FLAGS = {"x86_64": "-static -no-pie -fno-pie", "arm64": "-static -no-pie -fno-pie -mno-outline-atomics"}


def compiler(arch: str) -> str:
    machine = MACHINES[arch]
    return "gcc" if platform.machine() == machine else f"{machine}-linux-gnu-gcc"


def toolchain(lock: Lock, arch: str) -> Path:
    """A folder with bin/cc and what it needs, which can be copied elsewhere as a whole."""
    command = compiler(arch)
    need("ar", "make", command)
    pin, tarball = fetch(lock.pins("musl"))
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    made_by = cache.key(pin.sha256, run([command, "--version"]).splitlines()[0], command, recipe)

    def build(folder: Path) -> None:
        say(f"building musl {pin.version} for {arch} (20 to 60 s)")
        # Not the environment as it is: `make` hands its own flags down in it.
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        with tempfile.TemporaryDirectory(prefix="countersign-") as scratch:
            source = unpack(tarball, Path(scratch))
            run(["./configure", f"--target={MACHINES[arch]}-linux-musl", f"--prefix={folder / 'musl'}",
                 f"CC={command}", *CONFIGURE], cwd=source, env=environment)
            run(["make", "-j2", "install-libs", "install-headers"], cwd=source, env=environment,
                waiting="compiling musl")
        (folder / "musl" / "gcc.specs").write_text(SPECS, encoding="utf-8")
        script = folder / "bin" / "cc"
        script.parent.mkdir()
        script.write_text(WRAPPER.replace("COMPILER", command).replace("FLAGS", FLAGS[arch]), encoding="utf-8")
        script.chmod(0o755)

    return cache.entry(f"parts/musl-{pin.version}-{arch}-{made_by}", build)
