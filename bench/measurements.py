"""What harness.c and presign.c print: kind, name and numbers, separated by tabs."""

from __future__ import annotations

from collections import defaultdict
from statistics import median


class Samples:
    def __init__(self) -> None:
        self._of: dict[tuple[str, str], list[list[int]]] = defaultdict(list)

    def read(self, text: str) -> None:
        """Adds to what other runs printed."""
        for line in text.splitlines():
            kind, *rest = line.split("\t")
            if kind == "heap" and rest:
                self._of[kind, ""].append([int(rest[0])])
            elif len(rest) >= 2:
                self._of[kind, rest[0]].append([int(number) for number in rest[1:]])

    def add(self, other: Samples) -> None:
        for key, found in other._of.items():
            self._of[key] += found

    def __getitem__(self, key: tuple) -> list[int]:
        kind, name, column = (*key, 0)[:3]
        return [numbers[column] for numbers in self._of.get((kind, name), [])]

    def rounds(self, kind: str, name: str, size: int = 1, column: int = 0) -> list[float]:
        """The median of each round, which has so many samples."""
        found = self[kind, name, column]
        return [median(found[start:start + size]) for start in range(0, len(found) - size + 1, size)]

    def names(self, kind: str) -> list[str]:
        return [name for of, name in self._of if of == kind]
