"""Compilers, and how programs are built with the library."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from compilers import ROOT, WARNINGS, run


@dataclass(frozen=True)
class Installation:
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """By which CMake and pkg-config find it."""
        return {"PATH": os.environ["PATH"], "CMAKE_PREFIX_PATH": str(self.root),
                "PKG_CONFIG_PATH": str(self.root / "lib" / "pkgconfig")}

    def pkg_config(self, *options: str) -> list[str]:
        return run(["pkg-config", *options, "countersign-runtime"], env=self.environment).split()

    def build(self, source: Path, program: Path, how: str) -> Path:
        cpp = source.suffix == ".cpp"
        compiler, *flags = {
            # As it is deployed.
            "static": ["g++" if cpp else "gcc", "-O2", "-static"],
            "debug": ["g++" if cpp else "gcc", "-O0", "-g", "-UNDEBUG", "-static"],
            "verbose": ["g++" if cpp else "gcc", "-DAWS_LAMBDA_LOG=3", "-static"],
            "plain": ["clang++", "-O1", "-fno-exceptions", "-fno-rtti"],
            "threads": ["clang++", "-O1", "-g", "-fsanitize=thread"],
            "sanitize": ["clang++" if cpp else "clang", "-O1", "-g", "-fsanitize=address,undefined",
                         "-fno-sanitize-recover=all"],
        }[how]
        if cpp:
            flags += [*WARNINGS, "-std=c++2b" if compiler == "clang++" else "-std=c++11"]
        libraries = self.pkg_config("--libs")
        if how == "sanitize":
            libraries = [*(ROOT / f"build/sanitize/libcountersign-{name}.a" for name in ("runtime", "text")),
                         *(ROOT / "build/deps/sanitize/lib" / f"lib{name}.a" for name in ("curl", "mbedtls"))]
        run([compiler, *flags, *self.pkg_config("--cflags"), source, "-o", program, *libraries])
        return program
