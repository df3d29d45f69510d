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

from clients import CLIENTS, USUAL, measure
from network import Proxy, Site, browser_behind, network, site
from playwright.sync_api import Browser, sync_playwright
from report import Row, Turn, conditions, tables
from scenarios import SCENARIOS, Scenario

WORK = Path("build/bench")


def chosen(variable: str, known: Iterable[str], usual: Iterable[str]) -> list[str]:
    names = os.environ.get(variable, "").replace(",", " ").split() or list(usual)
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"bench-network: {variable} has {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def make_files(scenario: Scenario, folder: Path) -> list[Path]:
    made = []
    for number in range(scenario.files):
        path = folder / f"file-{number}.bin"
        path.write_bytes(random.Random(number).randbytes(scenario.size_bytes))
        made.append(path)
    return made


def turn(browser: Browser, proxy: Proxy, here: Site, name: str, scenario: Scenario, files: list[Path]) -> Turn:
    """One client, with connections and caches of its own."""
    here.empty()
    proxy.begin()
    with contextlib.closing(browser.new_context()) as context:
        outcome = measure(context.new_page(), CLIENTS[name], here, files, scenario.limit_seconds)
    return Turn(outcome, proxy.begin())


def turns(here: Site, scenario: Scenario, names: list[str], rounds: int) -> Iterator[tuple[str, Turn]]:
    """One client after the other, some rounds of it. One that was given up is not tried again: it would take as long."""
    left = list(names)
    with contextlib.ExitStack() as running:
        files = make_files(scenario, Path(running.enter_context(tempfile.TemporaryDirectory(dir=here.work))))
        proxy = running.enter_context(network(scenario.shape, api=here.api, store=here.store.url))
        browser = running.enter_context(browser_behind(running.enter_context(sync_playwright()), proxy, here))
        for _ in range(rounds):
            for name in list(left):
                done = turn(browser, proxy, here, name, scenario, files)
                if done.outcome.seconds is None:
                    left.remove(name)
                yield name, done


def run(here: Site, scenario: Scenario, names: list[str], rounds: int) -> Row:
    row = Row(scenario)
    for name, done in turns(here, scenario, names, rounds):
        row.add(name, done)
        print(f"{scenario.title}, {CLIENTS[name].title}: {done}", file=sys.stderr)
    return row


@contextlib.contextmanager
def started(work: Path) -> Iterator[Site]:
    """What the servers say is nobody's to read, and their data are in `work` meanwhile."""
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder, open(Path(folder) / "log", "w") as log:
        with contextlib.redirect_stdout(log), site(Path(folder)) as here:
            yield here


def main() -> int:
    scenarios = [SCENARIOS[name] for name in chosen("SCENARIO", SCENARIOS, SCENARIOS)]
    names = chosen("CLIENTS", CLIENTS, USUAL)
    rounds = int(os.environ.get("ROUNDS") or 3)
    load = os.getloadavg()[0]
    rows = []
    with started(WORK) as here:
        for scenario in scenarios:
            able = [name for name in names if CLIENTS[name].tries_again or not scenario.shape.fault]
            rows.append(run(here, scenario, able, rounds))
    print(tables(rows, {name: CLIENTS[name].title for name in names}, conditions(rounds, load)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
