"""What harness.c and presign.c print: kind, name and numbers, separated by tabs."""

from __future__ import annotations

from collections import defaultdict


class Samples:
    def __init__(self) -> None:
        self._of: dict[tuple[str, str], list[list[int]]] = defaultdict(list)

    def add(self, kind: str, name: str, numbers: list[int]) -> None:
        self._of[kind, name].append(numbers)

    def __getitem__(self, key: tuple) -> list[int]:
        kind, name, column = (*key, 0)[:3]
        return [numbers[column] for numbers in self._of[kind, name]]

    def names(self, kind: str) -> list[str]:
        return [name for of, name in self._of if of == kind]


def parse(text: str) -> Samples:
    samples = Samples()
    for line in text.splitlines():
        kind, *rest = line.split("\t")
        if kind == "heap" and rest:
            samples.add(kind, "", [int(rest[0])])
        elif len(rest) >= 2:
            samples.add(kind, rest[0], [int(number) for number in rest[1:]])
    return samples
