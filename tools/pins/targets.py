"""The targets that the libraries are built for, and their compilers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import cache, zig
from .common import need, run
from .lockfile import Lock

LIBRARIES = ("mbedtls", "curl", "cjson", "expat", "cmocka")  # in the order of building
# For tests, by clang with the system's own C library: each target has what one of its sanitizers finds.
SANITIZERS = {"sanitize": "address", "thread": "thread"}
NAMES = (*zig.MACHINES, "native", *SANITIZERS)


@dataclass(frozen=True)
class Target:
    name: str
    compiler: tuple[str, ...]
    archiver: str
    libraries: tuple[str, ...]
    small: tuple[str, ...] = ("-Os",)
    flags: tuple[str, ...] = ()
    extras: tuple[Path, ...] = ()

    def identity(self) -> str:
        """Changes when the compiler or how it is called does."""
        version = run([*self.compiler, "--version"]).splitlines()[0]
        return cache.key(self.name, version, self.small, self.flags, self.extras)


def target(lock: Lock, name: str) -> Target:
    if name in zig.MACHINES:
        return _static(lock, name)
    if name == "native":
        # For programs of all kinds, shared libraries among them.
        need("cc", "ar")
        return Target(name, ("cc",), "ar", ("mbedtls", "curl"), flags=("-fPIC",))
    need("clang", "ar")
    flags = ("-g", "-O1", "-fno-omit-frame-pointer", f"-fsanitize={SANITIZERS[name]}")
    return Target(name, ("clang",), "ar", LIBRARIES, flags=flags)


def _static(lock: Lock, arch: str) -> Target:
    """What is deployed."""
    made = zig.toolchain(lock, arch)
    return Target(arch, (str(made / "bin" / "cc"),), str(made / "bin" / "ar"), LIBRARIES, zig.SMALL[arch], (), (made,))
