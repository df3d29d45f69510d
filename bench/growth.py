#!/usr/bin/env python3
"""Measures how the cost grows: with the event, with the parts in a call, with the workers, and with time. Prints the
tables of docs/performance.md's page on growth, and writes them to build/growth.json."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Callable, Iterable

from bench import conditions
from growth_events import SEAL_SECRET, of_parts, of_size
from machine import described
from measurements import Samples
from peer_builds import Program
from programs import ECHO, EVENT, FUNCTION, RAW, Harness, ours, written
from spread import DEFINITION, ratios, spread, until_steady

RESULT = Path("build/growth.json")
SIZES_BYTES = (1000, 10_000, 100_000, 1_000_000, 6 * 1024 * 1024)
PARTS = (1, 10, 100, 500)
WORKERS = (1, 2, 4, 8, 16)
ROUNDS, WARMUP_ROUNDS, BATCH = 20, 2, 10
RATE_SECONDS = 4  # of each number of workers, each of which is a round
INTERVAL_SECONDS = 30  # of the time at full rate


def size(bytes_: int) -> str:
    return f"{bytes_ / 1e6:.3g} MB" if bytes_ >= 1e6 else f"{bytes_ / 1e3:g} kB"


def microseconds(nanoseconds: float) -> str:
    value = nanoseconds / 1e3
    return f"{value:,.0f} us" if value >= 100 else f"{value:.3g} us"


def megabytes(bytes_: float) -> str:
    return f"{bytes_ / 1e6:.2f} MB"


class Growth:
    def __init__(self, folder: Path, seconds: float, minutes: float) -> None:
        self.folder, self.seconds, self.minutes = folder, seconds, minutes
        self.harness = Harness(folder)
        self.function = ours(folder)[2]

    def warm(self, event: Path, programs: list[Program], watched: Callable[[Samples], Iterable[list[float]]]) -> Samples:
        samples = Samples()
        until_steady(lambda: self.harness(samples, "warm", ROUNDS, WARMUP_ROUNDS, BATCH, event, programs=programs),
                     lambda: [spread(rounds) for rounds in watched(samples)], self.seconds)
        return samples

    def sizes(self) -> dict[str, Any]:
        rows = []
        for bytes_ in SIZES_BYTES:
            def beside(samples: Samples, name: str) -> list[float]:
                return ratios(samples.rounds("warm", name, BATCH), samples.rounds("warm", RAW, BATCH))

            event = written(self.folder, "event-of-size.json", of_size(bytes_))
            samples = self.warm(event, ours(self.folder), lambda found: [beside(found, name) for name in (ECHO, FUNCTION)])
            cells = []
            for name in (ECHO, FUNCTION):
                found = beside(samples, name)
                multiple = f"{median(found):.1f} +-{spread(found) * 100:.0f} %"
                cells.append(f"{microseconds(median(samples['warm', name]))} ({multiple})")
            rows.append([size(bytes_), microseconds(median(samples["warm", RAW])), *cells,
                         *(megabytes(median(samples["resident", name])) for name in (ECHO, FUNCTION))])
        return {"name": "sizes", "columns": ["event", RAW, "echo", "signed_url", "memory of the echo", "of the function"],
                "rows": rows}

    def parts(self) -> dict[str, Any]:
        rows = []
        program = replace(self.function, command=f"UPLOAD_SEAL_SECRET={SEAL_SECRET} {self.function.command}")
        for count in PARTS:
            event = written(self.folder, "parts.json", of_parts(count))
            samples = self.warm(event, [program], lambda found: [found.rounds("cpu", FUNCTION)])
            cpu = samples.rounds("cpu", FUNCTION)
            rows.append([str(count), microseconds(median(samples["warm", FUNCTION])),
                         f"{microseconds(median(cpu))} +-{spread(cpu) * 100:.0f} %", microseconds(median(cpu) / count),
                         megabytes(median(samples["resident", FUNCTION]))])
        return {"name": "parts", "columns": ["parts in a call", "the call", "processor time", "of a part", "memory"], "rows": rows}

    def rate(self, intervals: int, seconds: int, workers: int, processors: set[int] | None = None) -> Samples:
        samples = Samples()
        program = replace(self.function, command=f"AWS_LAMBDA_MAX_CONCURRENCY={workers} {self.function.command}")
        self.harness(samples, "rate", intervals, seconds, EVENT, programs=[program], processors=processors)
        return samples

    def workers(self) -> dict[str, Any]:
        rows = []
        for count in WORKERS:
            samples = Samples()

            def each(column: int) -> list[float]:
                return ratios(samples["rate", FUNCTION, column], samples["rate", FUNCTION])

            until_steady(lambda: samples.add(self.rate(RATE_SECONDS, 1, count)), lambda: [spread(each(1))], self.seconds)
            rows.append([str(count), f"{1e9 / median(each(1)):,.0f} +-{spread(each(1)) * 100:.0f} %",
                         microseconds(median(each(2))), megabytes(max(samples["rate", FUNCTION, 3]))])
        return {"name": "workers", "columns": ["workers", "calls a second", "processor time of one", "memory"], "rows": rows}

    def time(self) -> dict[str, Any]:
        """On one processor, as a function of little memory has."""
        intervals = max(2, round(self.minutes * 60 / INTERVAL_SECONDS))
        seconds = max(1, round(self.minutes * 60 / intervals))
        samples = self.rate(intervals, seconds, 1, {min(os.sched_getaffinity(0))})
        resident, answered, walls = (samples["rate", FUNCTION, column] for column in (3, 0, 1))
        cells = [f"{sum(walls) / 6e10:.3g} min", f"{sum(answered):,}", f"{sum(answered) * 1e9 / sum(walls):,.0f}",
                 megabytes(resident[0]), megabytes(max(resident)), megabytes(resident[-1])]
        columns = ["at full rate", "calls", "a second", f"memory after {seconds} s", "at most", "at the end"]
        return {"name": "time", "columns": columns, "rows": [cells], "resident bytes": resident}


def text(table: dict[str, Any]) -> str:
    lines = [table["columns"], *table["rows"]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", required=True, help="of this machine: the folder in build/")
    parser.add_argument("--seconds", type=float, default=10, help="for each row, if it does not become steady")
    parser.add_argument("--minutes", type=float, default=10, help="at full rate")
    args = parser.parse_args()
    told = conditions()
    print(described(told["machine"]), flush=True)
    growth = Growth(Path("build") / args.architecture, args.seconds, args.minutes)
    tables = []
    for measure in (growth.sizes, growth.parts, growth.workers, growth.time):
        tables.append(measure())
        print(f"\n{tables[-1]['name']}\n{text(tables[-1])}", flush=True)
    told["load after"] = os.getloadavg()[0]
    print(f"\n{DEFINITION}.")
    RESULT.write_text(json.dumps({"conditions": told, "tables": tables}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
