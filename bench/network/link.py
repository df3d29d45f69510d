"""What a network does to bytes: how fast they leave, how long they are under way, and which connections break."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Optional

# A piece is what passes in this time: more often, and Python would be what is measured.
PIECE_SECONDS = 0.01
PIECE_MIN_BYTES, PIECE_MAX_BYTES = 4096, 128 * 1024
STALL, RESET = "stall", "reset"


@dataclass(frozen=True)
class Shape:
    """Of each direction. Connections break when so many bytes were sent by all of them, in the mean."""

    connection_bytes_per_second: float
    bytes_per_second: float
    delay_seconds: float
    fault: str = ""
    fault_each_bytes: int = 0

    @property
    def piece_bytes(self) -> int:
        return int(min(max(self.connection_bytes_per_second * PIECE_SECONDS, PIECE_MIN_BYTES), PIECE_MAX_BYTES))

    @property
    def window_bytes(self) -> int:
        """What one connection has under way, as a TCP of a fitting window would."""
        return int(self.connection_bytes_per_second * self.delay_seconds * 2) + 2 * self.piece_bytes


class Line:
    """Something that bytes pass one after the other."""

    def __init__(self, bytes_per_second: float) -> None:
        self._seconds_of_byte = 1 / bytes_per_second
        self._free_at = 0.0

    def passed_at(self, size: int, ready_at: float) -> float:
        """When the last of so many bytes leaves it."""
        self._free_at = max(self._free_at, ready_at) + size * self._seconds_of_byte
        return self._free_at


class Faults:
    """The same ones for the same bytes, whoever sends them."""

    def __init__(self, shape: Shape, seed: int = 1) -> None:
        self._shape = shape
        self._random = random.Random(seed)
        self._left_bytes = self._gap()
        self.count = 0

    def _gap(self) -> float:
        return self._shape.fault_each_bytes * self._random.uniform(0.5, 1.5)

    def of(self, size: int) -> Optional[str]:
        """What happens to the connection that sends these bytes."""
        if not self._shape.fault:
            return None
        self._left_bytes -= size
        if self._left_bytes > 0:
            return None
        self._left_bytes = self._gap()
        self.count += 1
        return self._shape.fault
