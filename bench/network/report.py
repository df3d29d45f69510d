"""What was measured, as tables of docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from clients import Outcome
from scenarios import Scenario

VERSIONS: dict[str, None] = {}
LOCKS = Path("build/clients")


def note_version(words: str) -> None:
    VERSIONS[words] = None


@dataclass(frozen=True)
class Turn:
    outcome: Outcome
    counted: dict[str, int]

    def of(self, server: str) -> int:
        return sum(count for name, count in self.counted.items() if name.startswith(f"{server} ") and name.split()[1].isupper())

    @property
    def preflights(self) -> int:
        return sum(self.counted.get(f"{server} OPTIONS", 0) for server in ("api", "store"))

    def __str__(self) -> str:
        told = f"{self.outcome.seconds:.1f} s" if self.outcome.seconds is not None else self.outcome.problem
        return f"{told}; {json.dumps(self.counted, sort_keys=True)}"


@dataclass
class Row:
    scenario: Scenario
    turns: dict[str, list[Turn]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, turn: Turn) -> None:
        self.turns[name].append(turn)

    def seconds(self, name: str) -> str:
        """The median, and what there was between the fastest and the slowest."""
        turns = self.turns.get(name, [])
        if not turns:
            return "-"
        took = [turn.outcome.seconds for turn in turns if turn.outcome.seconds is not None]
        if len(took) < len(turns):
            return f"not in {self.scenario.limit_seconds}" if turns[-1].outcome.problem == "too slow" else "fails"
        spread = f" ({min(took):.1f}-{max(took):.1f})" if len(took) > 1 else ""
        return f"{median(took):.1f}{spread}"

    def requests(self, name: str) -> str:
        turns = self.turns.get(name, [])
        if not turns:
            return "-"
        calls, preflights = (median(values) for values in ([turn.of("api") for turn in turns], [turn.preflights for turn in turns]))
        return f"{calls:.0f} / {preflights:.0f}"


def tables(rows: list[Row], titles: dict[str, str], rounds: int) -> str:
    seconds = table("seconds until stored", rows, titles, Row.seconds)
    requests = table("calls of the API / preflights", rows, titles, Row.requests)
    return f"{seconds}\n\n{requests}\n\n{conditions(rounds)}"


def table(corner: str, rows: list[Row], titles: dict[str, str], cell) -> str:  # type: ignore[no-untyped-def]
    lines = [[corner, *titles.values()], ["---"] * (len(titles) + 1)]
    lines += [[row.scenario.title, *(cell(row, name) for name in titles)] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def conditions(rounds: int) -> str:
    """Where and with what it was measured."""
    for number in (5, 6):
        packages = json.loads((LOCKS / f"uppy-{number}" / "package-lock.json").read_text())["packages"]
        note_version(f"@uppy/aws-s3 {packages['node_modules/@uppy/aws-s3']['version']}")
    machine = f"{os.cpu_count()} processors ({platform.machine()}), {platform.system()} {platform.release().split('-')[0]}"
    return f"Median of {rounds} rounds, and the fastest and slowest. {machine}; {', '.join(VERSIONS)}."
