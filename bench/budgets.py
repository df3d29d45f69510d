"""What a measurement must keep to: `make bench` calls `over` what does not, docs/performance.md has the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    of: str
    limit: float
    unit: str  # of the limit
    multiple: bool = False  # of the row's ratio, and not of its value

    def words(self) -> str:
        return f"{self.limit:g} {self.unit}".rstrip()

    def __str__(self) -> str:
        return f"<= {self.limit:g} {'x' if self.unit.startswith('times ') else self.unit}".rstrip()


def beside_raw(of: str, limit: float) -> Budget:
    return Budget(of, limit, "times raw sockets", multiple=True)


START = beside_raw("a start, from exec to the first poll", 1.3)
FAULTS = Budget("page faults of a start", 14, "")
ECHO = beside_raw("a warm call of an echo on the runtime", 1.25)
# Rust's echo takes 1.45 of raw sockets: this stands for it where it is not measured.
SIGNED = beside_raw("a warm call of the function", 1.45)
SIGNED_BESIDE_RUST = Budget("a warm call of the function", 1.0, "times Rust's echo")
WITH_PROFILES = Budget("a warm call with profiles", 1.05, "times one without")
FILE = Budget("a file, 100 in one call of `/signed_urls`", 0.4, "times a call of its own", multiple=True)
URL = Budget("a URL", 1.4, "times its hashing", multiple=True)
PART = Budget("a part in a batch", 1.4, "times its hashing", multiple=True)
RECEIPT = Budget("a receipt", 3.0, "us")
RESIDENT = Budget("memory", 0.9, "MB")
RESIDENT_OF_FILES = Budget("memory after calls with 100 files", 2.0, "MB")
HEAP = Budget("calls of the heap when warm", 0, "")
ZIP = Budget("the zip", 360, "kB")
