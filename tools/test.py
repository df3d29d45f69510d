#!/usr/bin/env python3
"""Runs the steps of the test suite, all of them, and prints one total as the last line.

A STEP is kind:name:command, where the command is given to sh. Steps run one after another, but those with a + before
the kind side by side with their neighbours that have one too, as many at once as there are processors; what such a step
prints comes at its end. The kind says how its tests are counted:
  cmocka  by the summaries that cmocka's executables print
  pytest  by pytest's summary line
  node    by the summary of node's own runner
  check   as one test, by the exit status
A step that ends badly without counting a failure, or that ran no test, is itself one failure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Callable, Iterator

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CMOCKA = re.compile(r"^\[ +(PASSED|FAILED|SKIPPED) +\] (?:.*: )?(\d+) test\(s\)")
PYTEST = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed|xpassed)\b")
NODE = re.compile(r"^(?:ℹ|#) (pass|fail|cancelled|skipped|todo) (\d+)$")
NODE_MEANS = {"pass": "passed", "skipped": "skipped"}
PYTEST_END = re.compile(r"\bin \d+(\.\d+)?s\b")
PYTEST_MEANS = {"passed": "passed", "xfailed": "passed", "skipped": "skipped"}


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, outcome: str, number: int) -> None:
        setattr(self, outcome, getattr(self, outcome) + number)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def count_cmocka(lines: list[str], status: int) -> Count:
    count = Count()
    for line in lines:
        found = CMOCKA.match(line)
        if found:
            count.add(found[1].lower(), int(found[2]))
    return count


def count_pytest(lines: list[str], status: int) -> Count:
    count = Count()
    for line in reversed(lines):
        found = PYTEST.findall(line)
        if found and PYTEST_END.search(line):
            for number, word in found:
                count.add(PYTEST_MEANS.get(word, "failed"), int(number))
            break
    return count


def count_node(lines: list[str], status: int) -> Count:
    count = Count()
    for found in filter(None, map(NODE.match, lines)):
        count.add(NODE_MEANS.get(found[1], "failed"), int(found[2]))
    return count


def count_check(lines: list[str], status: int) -> Count:
    return Count(failed=1) if status else Count(passed=1)


KINDS: dict[str, Callable[[list[str], int], Count]] = {
    "cmocka": count_cmocka, "pytest": count_pytest, "node": count_node, "check": count_check}


@dataclass
class Step:
    kind: str
    name: str
    command: str
    beside: bool  # it may run beside others


def run_step(step: Step) -> tuple[Count, list[str]]:
    """Its count, and what has still to be printed."""
    kind, name, command = step.kind, step.name, step.command
    held: list[str] = []

    def show(text: str) -> None:
        if step.beside:
            held.append(text)
        else:
            print(text, end="", flush=True)

    show(f"==== {name}: {command}\n")
    started = time.monotonic()
    lines = []
    with subprocess.Popen(["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        for line in process.stdout or []:
            show(line)
            lines.append(COLOUR.sub("", line))
    count = KINDS[kind](lines, process.returncode)
    if process.returncode and not count.failed:
        show(f"{name} ended with status {process.returncode}\n")
        count.failed = 1
    if not (count.passed or count.failed or count.skipped):
        show(f"{name} ran no test\n")
        count.failed = 1
    show(f"==== {name}: {count} in {time.monotonic() - started:.0f} s\n")
    return count, held


def run_all(steps: list[Step]) -> Iterator[tuple[Step, Count]]:
    for beside, group in groupby(steps, lambda step: step.beside):
        neighbours = list(group)
        with ThreadPoolExecutor(os.cpu_count() if beside else 1) as pool:
            for step, (count, held) in zip(neighbours, pool.map(run_step, neighbours)):
                print("".join(held), end="", flush=True)
                yield step, count


def parse(step: str) -> Step | None:
    kind, *rest = step.split(":", 2)
    beside, kind = kind.startswith("+"), kind.removeprefix("+")
    return Step(kind, *rest, beside) if len(rest) == 2 and kind in KINDS else None


def main(words: list[str]) -> int:
    steps = [step for step in map(parse, words) if step]
    if not steps or len(steps) < len(words):
        print(__doc__, file=sys.stderr)
        return 2
    total = Count()
    failing = []
    for step, count in run_all(steps):
        for outcome in ("passed", "failed", "skipped"):
            total.add(outcome, getattr(count, outcome))
        if count.failed:
            failing.append(step.name)
    if failing:
        print(f"failing steps: {', '.join(failing)}")
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
