#!/usr/bin/env python3
"""Runs the steps of the test suite one after another, all of them, and prints one total as the last line.

A STEP is kind:name:command, where the command is given to sh. The kind says how its tests are counted:
  cmocka  by the summaries that cmocka's executables print
  pytest  by pytest's summary line
  check   as one test, by the exit status
A step that ends badly without counting a failure, or that ran no test, is itself one failure."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Callable

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CMOCKA = re.compile(r"^\[ +(PASSED|FAILED|SKIPPED) +\] (?:.*: )?(\d+) test\(s\)")
PYTEST = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed|xpassed)\b")
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


def count_check(lines: list[str], status: int) -> Count:
    return Count(failed=1) if status else Count(passed=1)


KINDS: dict[str, Callable[[list[str], int], Count]] = {
    "cmocka": count_cmocka, "pytest": count_pytest, "check": count_check}


def run_step(kind: str, name: str, command: str) -> Count:
    print(f"==== {name}: {command}", flush=True)
    started = time.monotonic()
    lines = []
    with subprocess.Popen(["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        for line in process.stdout or []:
            print(line, end="", flush=True)
            lines.append(COLOUR.sub("", line))
    count = KINDS[kind](lines, process.returncode)
    if process.returncode and not count.failed:
        print(f"{name} ended with status {process.returncode}")
        count.failed = 1
    if not (count.passed or count.failed or count.skipped):
        print(f"{name} ran no test")
        count.failed = 1
    print(f"==== {name}: {count} in {time.monotonic() - started:.0f} s", flush=True)
    return count


def main(steps: list[str]) -> int:
    parsed = [step.split(":", 2) for step in steps]
    if not parsed or any(len(step) != 3 or step[0] not in KINDS for step in parsed):
        print(__doc__, file=sys.stderr)
        return 2
    total = Count()
    failing = []
    for kind, name, command in parsed:
        count = run_step(kind, name, command)
        for outcome in ("passed", "failed", "skipped"):
            total.add(outcome, getattr(count, outcome))
        if count.failed:
            failing.append(name)
    if failing:
        print(f"failing steps: {', '.join(failing)}")
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
