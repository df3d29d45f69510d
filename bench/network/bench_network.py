#!/usr/bin/env python3
"""Seconds until files are stored, in Chromium behind a slow network: countersign.js, both Uppys and a bare fetch.

Prints tables in Markdown. SCENARIO, CLIENTS (names, with commas between) and ROUNDS choose what of them."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Iterable, Iterator

import report
from clients import CLIENTS, USUAL, measure
from network import Network, Site, browser_behind, network, site
from playwright.sync_api import Browser, sync_playwright
from scenarios import SCENARIOS, Scenario

WORK = Path("build/bench")


def chosen(variable: str, known: Iterable[str], usual: Iterable[str]) -> list[str]:
    names = os.environ.get(variable, "").replace(",", " ").split() or list(usual)
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"bench-network: {variable} has {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def make_files(scenario: Scenario, folder: Path) -> list[Path]:
    folder.mkdir()
    made = []
    for number in range(scenario.files):
        path = folder / f"file-{number}.bin"
        path.write_bytes(random.Random(number).randbytes(scenario.size_bytes))
        made.append(path)
    return made


def turn(browser: Browser, proxy: Network, here: Site, name: str, scenario: Scenario, files: list[Path]) -> report.Turn:
    """One client, with connections and caches of its own."""
    here.empty()
    proxy.begin()
    with contextlib.closing(browser.new_context()) as context:
        outcome = measure(context.new_page(), CLIENTS[name], here, files, scenario.limit_seconds)
    return report.Turn(outcome, proxy.begin())


def rounds(here: Site, scenario: Scenario, names: list[str], count: int, work: Path) -> Iterator[tuple[str, report.Turn]]:
    """The clients in turns. One that was given up is not tried again: it may take long each time."""
    files = make_files(scenario, work / "files")
    left = list(names)
    with sync_playwright() as playwright, network(scenario.shape, api=here.api, store=here.store.url) as proxy:
        with browser_behind(playwright, proxy, here) as browser:
            report.note_version(f"Chromium {browser.version}")
            for _ in range(count):
                for name in list(left):
                    done = turn(browser, proxy, here, name, scenario, files)
                    if done.outcome.seconds is None:
                        left.remove(name)
                    yield name, done


def run(scenario: Scenario, names: list[str], count: int) -> report.Row:
    row = report.Row(scenario)
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        work = Path(folder)
        with open(work / "log", "w") as log, contextlib.redirect_stdout(log), site(work) as here:
            for name, done in rounds(here, scenario, names, count, work):
                row.add(name, done)
                print(f"{scenario.title}, {CLIENTS[name].title}: {done}", file=sys.stderr)
    return row


def main() -> int:
    scenarios = chosen("SCENARIO", SCENARIOS, SCENARIOS)
    names = chosen("CLIENTS", CLIENTS, USUAL)
    count = int(os.environ.get("ROUNDS") or 3)
    rows = []
    for scenario in scenarios:
        fair = [name for name in names if SCENARIOS[scenario].shape.fault == "" or CLIENTS[name].tries_again]
        rows.append(run(SCENARIOS[scenario], fair, count))
    titles = {name: CLIENTS[name].title for name in names}
    print(report.tables(rows, titles, count))
    return 0


if __name__ == "__main__":
    sys.exit(main())
