#!/usr/bin/env python3
"""Measures the function beside its budgets, and with --peers beside other runtimes: one table, and build/bench.json.

All of it runs on one machine in turns, so the ratios, which are taken round by round, mean more than the times."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
from pathlib import Path
from typing import Any

import peer_builds
from machine import described, machine
from measures import Bench
from spread import DEFINITION, MAX_SPREAD

RESULT = Path("build/bench.json")


def conditions() -> dict[str, Any]:
    """What numbers are to be published with."""
    version = re.search(r'COUNTERSIGN_VERSION "(.+)"', Path("runtime/version.h").read_text("utf-8"))
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return {"machine": machine(), "date": day, "version": version[1] if version else "", "load before": os.getloadavg()[0]}


def is_busy(found: dict[str, Any]) -> bool:
    return found["load before"] > found["machine"]["processors"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", required=True, help="of this machine: the folder in build/")
    parser.add_argument("--peers", action="store_true", help="build other runtimes and measure them as well")
    parser.add_argument("--seconds", type=float, default=45, help="for each kind of row, if it does not become steady")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    found = peer_builds.build() if args.peers else peer_builds.Found()
    told = conditions()
    print(described(told["machine"]), flush=True)
    bench = Bench(Path("build") / args.architecture, found, args.seconds)
    for measure in (bench.start, bench.warm, bench.many, bench.urls, bench.heap, bench.calls, bench.sizes):
        measure()
    told |= {"load after": os.getloadavg()[0], "left out": sorted(found.left_out)}
    print(bench.table)
    print(f"\n{DEFINITION}. Load {told['load before']:.1f} before and {told['load after']:.1f} after.")
    if is_busy(told):
        print("The machine is busy, so the times hold waits for a processor: the processor time does not.")
    for name in bench.table.not_steady():
        print(f"Not steady, spread over {MAX_SPREAD * 100:g} % after {args.seconds:g} s: {name}.")
    for name, reason in found.left_out.items():
        print(f"Left out: {name}: {reason}")
    RESULT.write_text(json.dumps({"conditions": told, "rows": bench.table.as_dicts()}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
