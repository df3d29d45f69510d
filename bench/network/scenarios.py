"""What is sent over which network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from link import RESET, STALL, Shape

MB = 1_000_000
LONG = Shape(connection_bytes_per_second=1 * MB, bytes_per_second=16 * MB, delay_seconds=0.075)
FAST = Shape(connection_bytes_per_second=100 * MB, bytes_per_second=100 * MB, delay_seconds=0.002)


@dataclass(frozen=True)
class Scenario:
    title: str
    shape: Shape
    files: int
    size_bytes: int
    limit_seconds: int = 120  # who takes longer is given up


def with_faults(fault: str, each_bytes: int) -> Shape:
    return replace(LONG, fault=fault, fault_each_bytes=each_bytes)


# One in ten of the small files meets a fault.
SCENARIOS = {
    "long-large": Scenario("long link, 64 MB", LONG, 1, 64 * MB),
    "long-small": Scenario("long link, 60 files of 0.5 MB", LONG, 60, MB // 2),
    "fast-large": Scenario("fast link, 200 MB", FAST, 1, 200 * MB),
    "fast-small": Scenario("fast link, 60 files of 0.5 MB", FAST, 60, MB // 2),
    "reset-large": Scenario("long link with resets, 64 MB", with_faults(RESET, 16 * MB), 1, 64 * MB),
    "reset-small": Scenario("long link with resets, 60 files of 0.5 MB", with_faults(RESET, 5 * MB), 60, MB // 2),
    "stall-large": Scenario("long link with stalls, 64 MB", with_faults(STALL, 16 * MB), 1, 64 * MB),
    "stall-small": Scenario("long link with stalls, 60 files of 0.5 MB", with_faults(STALL, 5 * MB), 60, MB // 2, 60),
}
