"""The targets that the libraries are built for, and their compilers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from . import cache, musl
from .common import need, run
from .lockfile import Lock

LIBRARIES = ("mbedtls", "curl", "cjson", "expat", "cmocka")  # in the order of building
BUILD_TOOLS = ("cmake", "ninja")
# For tests, by clang with the system's own C library: each target has what one of its sanitizers finds.
SANITIZERS = {"sanitize": "address", "thread": "thread"}
NAMES = (*musl.MACHINES, "native", *SANITIZERS)


@dataclass(frozen=True)
class Target:
    name: str
    compiler: tuple[str, ...]
    libraries: tuple[str, ...]
    tools: tuple[str, ...]
    flags: tuple[str, ...] = ()
    cmake: dict[str, str] = field(default_factory=dict)
    extras: tuple[Path, ...] = ()

    def identity(self) -> str:
        """Changes when the compiler or how it is called does."""
        version = run([*self.compiler, "--version"]).splitlines()[0]
        return cache.key(self.name, version, self.flags, self.cmake, self.extras)


def target(lock: Lock, name: str) -> Target:
    if name == "native":
        # For programs of all kinds, shared libraries among them.
        return Target(name, ("cc",), ("mbedtls", "curl"), (*BUILD_TOOLS, "cc"), ("-fPIC",))
    if name in musl.MACHINES:
        return _static(lock, name)
    flags = ("-g", "-O1", "-fno-omit-frame-pointer", f"-fsanitize={SANITIZERS[name]}")
    return Target(name, ("clang",), LIBRARIES, (*BUILD_TOOLS, "clang"), flags)


def _static(lock: Lock, arch: str) -> Target:
    """What is deployed. CMake takes both architectures for foreign ones, so that it asks nothing of this machine."""
    # All that is missing at once, with what musl needs, and before that takes its time.
    need(*BUILD_TOOLS, "ar", "make", musl.compiler(arch))
    made = musl.toolchain(lock, arch)
    cmake = {"CMAKE_SYSTEM_NAME": "Linux", "CMAKE_SYSTEM_PROCESSOR": musl.MACHINES[arch]}
    return Target(arch, (str(made / "bin" / "cc"),), LIBRARIES, BUILD_TOOLS, (), cmake, (made,))
