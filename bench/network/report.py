"""What was measured, as tables of docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Callable

from clients import Outcome
from browser import executable
from proxy import METHODS
from scenarios import Scenario

UPPY_LOCKS = {number: Path(f"build/clients/uppy-{number}/package-lock.json") for number in (5, 6)}


@dataclass(frozen=True)
class Turn:
    outcome: Outcome
    counted: dict[str, int]

    @property
    def calls(self) -> int:
        """Of the API: what is invoked, and paid for."""
        return sum(self.counted.get(f"api {method}", 0) for method in METHODS)

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
        calls, preflights = median(turn.calls for turn in turns), median(turn.preflights for turn in turns)
        return f"{calls:.0f} / {preflights:.0f}"


def tables(rows: list[Row], titles: dict[str, str], words: str) -> str:
    seconds = table("seconds until stored", rows, titles, Row.seconds)
    requests = table("calls of the API / preflights", rows, titles, Row.requests)
    return f"{seconds}\n\n{requests}\n\n{words}"


def table(corner: str, rows: list[Row], titles: dict[str, str], cell: Callable[[Row, str], str]) -> str:
    lines = [[corner, *titles.values()], ["---"] * (len(titles) + 1)]
    lines += [[row.scenario.title, *(cell(row, name) for name in titles)] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def conditions(rounds: int, load_before: float) -> str:
    """Where and with what it was measured."""
    how = "One round" if rounds == 1 else f"Medians of {rounds} rounds, the fastest and the slowest in brackets"
    machine = f"{os.cpu_count()} processors ({platform.machine()})"
    load = f"load {load_before:.1f} before and {os.getloadavg()[0]:.1f} after"
    return f"{how}. {machine}, {load}; {', '.join(versions())}."


def versions() -> list[str]:
    said = subprocess.run([executable(), "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    found = [" ".join(said.stdout.decode().split()[:2])]
    for number, lock in UPPY_LOCKS.items():
        plugin = json.loads(lock.read_text("utf-8"))["packages"]["node_modules/@uppy/aws-s3"]
        found.append(f"Uppy {number} with @uppy/aws-s3 {plugin['version']}")
    return found
