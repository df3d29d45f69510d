#!/usr/bin/env python3
"""Writes what `make bench` and `make bench-growth` measured into bench/measured.json, and of that the tables of
docs/performance.md and README.md, each between two markers. Nobody edits those by hand: a test writes them again."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Callable, Iterable, Optional, Sequence

from bench import is_busy
from machine import described
from measures import CALLS, FAULTS, FUNCTION, RESIDENT, START, START_CALLS, URLS, WARM
from programs import ECHO, RAW
from spread import MAX_SPREAD

MEASURED = Path("bench/measured.json")
SOURCES = {"bench": Path("build/bench.json"), "growth": Path("build/growth.json")}
PAGES = (Path("docs/performance.md"), Path("README.md"))
BLOCK = re.compile(r"(<!-- make bench-docs: (\S+) -->\n).*?(<!-- /bench-docs -->)", re.S)
NAMES = {FUNCTION: "**Countersign, a signed URL**", ECHO: "an echo on its runtime", "a PUT": "**Countersign, a PUT**",
         **{of_batch: f"Countersign, {of_batch}" for of_batch in ("a part, in a batch of 100", "a receipt")}}

Measured = dict[str, Any]


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (columns, ["---"] * len(columns), *rows)).replace("|  |", "| |")


def number(value: float) -> str:
    """Three digits, or as many as stand before the point."""
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


class Numbers:
    """The rows of a run, by section and name."""

    def __init__(self, measured: Measured) -> None:
        self.rows = measured["bench"]["rows"]
        self.conditions = measured["bench"]["conditions"]

    def row(self, section: str, name: str) -> Optional[dict[str, Any]]:
        return next((row for row in self.rows if (row["section"], row["name"]) == (section, name)), None)

    def names(self, section: str) -> list[str]:
        return [row["name"] for row in self.rows if row["section"] == section]

    def cell(self, section: str, name: str, shown: Callable[[dict[str, Any]], str]) -> str:
        row = self.row(section, name)
        return shown(row) if row else "-"


def conditions_of(told: dict[str, Any]) -> str:
    busy = ", and busy" if is_busy(told) else ""
    return f"Measured on {told['date']}, version {told['version']}: {described(told['machine'])}{busy}."


def ratio(row: dict[str, Any]) -> str:
    """With its spread where that is too large to be left out."""
    shaky = row["spread"] is not None and row["spread"] > MAX_SPREAD
    return f"{number(row['ratio'])} ±{row['spread'] * 100:.0f} %" if shaky else number(row["ratio"])


def machine_block(measured: Measured) -> str:
    numbers = Numbers(measured)
    left_out = numbers.conditions["left out"]
    absent = f"\nCould not be had there: {', '.join(left_out)}." if left_out else ""
    spreads = f"A multiple without its spread has {MAX_SPREAD * 100:g} % or less."
    return f"{conditions_of(numbers.conditions)} {spreads}{absent}\n"


def is_signer(name: str) -> bool:
    return name == FUNCTION or any(word in name for word in ("sdk", "SDK", "boto3"))


def beside(numbers: Numbers, names: Iterable[str]) -> str:
    def times(unit_bytes: float, unit: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: f"1 ({number(row['value'] / unit_bytes)} {unit})" if row["name"] == RAW else ratio(row)

    def count(row: dict[str, Any]) -> str:
        return f"{row['value']:,.0f}"

    columns = ["", START, "page faults", "system calls", "warm invocation", "system calls", "memory"]
    rows = [[NAMES.get(name, name), numbers.cell(START, name, times(1e3, "ms")), numbers.cell(FAULTS, name, count),
             numbers.cell(START_CALLS, name, count), numbers.cell(WARM, name, times(1, "us")), numbers.cell(CALLS, name, count),
             numbers.cell(RESIDENT, name, lambda row: f"{number(row['value'])} MB")] for name in names]
    return table(columns, rows)


def echoes_block(measured: Measured) -> str:
    numbers = Numbers(measured)
    return beside(numbers, [name for name in numbers.names(START) if name == FUNCTION or not is_signer(name)])


def signers_block(measured: Measured) -> str:
    numbers = Numbers(measured)
    return beside(numbers, [name for name in numbers.names(START) if name == RAW or is_signer(name)])


def urls_block(measured: Measured) -> str:
    numbers = Numbers(measured)
    return table(["what signs", "processor time", "times the hashing of a URL or a part"],
                 [[NAMES.get(row["name"], row["name"]), f"{number(row['value'])} us", "-" if row["ratio"] is None else ratio(row)]
                  for row in numbers.rows if row["section"] == URLS])


def budgets_block(measured: Measured) -> str:
    held: dict[str, list[dict[str, Any]]] = {}
    for row in Numbers(measured).rows:
        if row["budget"]:
            held.setdefault(row["budget"]["of"], []).append(row)

    def found(row: dict[str, Any], alone: bool) -> str:
        value = row["ratio"] if row["budget"]["multiple"] else row["value"]
        shown = f"{value:,.0f}" if row["unit"] in ("", "kB") and not row["budget"]["multiple"] else number(value)
        return f"{'' if alone else row['name'] + ': '}{shown}{', over' if row['verdict'] == 'over' else ''}"

    return table(["of the function", "at most", "measured"],
                 [[of, f"{rows[0]['budget']['limit']:g} {rows[0]['budget']['unit']}".rstrip(),
                   "; ".join(found(row, len(rows) == 1) for row in rows)] for of, rows in held.items()])


def growth_block(name: str) -> Callable[[Measured], str]:
    def block(measured: Measured) -> str:
        made = next(each for each in measured["growth"]["tables"] if each["name"] == name)
        return table(made["columns"], made["rows"]).replace("+-", "±")

    return block


def readme_block(measured: Measured) -> str:
    """Only what signs: one would pick another of these, and no echo."""
    numbers = Numbers(measured)
    rows = []
    for name in numbers.names(START):
        start, warm = numbers.row(START, name), numbers.row(WARM, name)
        if start and warm and is_signer(name):
            rows.append([NAMES.get(name, name), f"{number(start['value'] / 1e3)} ms", f"{warm['value']:,.0f} us",
                         numbers.cell(RESIDENT, name, lambda row: f"{number(row['value'])} MB")])
    return f"{table(['what signs', 'exec to first poll', 'a warm call', 'memory'], rows)}\n{conditions_of(numbers.conditions)}\n"


BLOCKS: dict[str, Callable[[Measured], str]] = {
    "machine": machine_block, "echoes": echoes_block, "signers": signers_block, "urls": urls_block, "budgets": budgets_block,
    "growth-machine": lambda measured: f"{conditions_of(measured['growth']['conditions'])}\n",
    **{f"growth-{name}": growth_block(name) for name in ("sizes", "parts", "workers", "time")},
    "readme": readme_block,
}


def filled(page: str, measured: Measured) -> str:
    """The page with each block made anew."""
    return BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]](measured)}{found[3]}", page)


def main() -> int:
    measured = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    fresh = {name: json.loads(path.read_text("utf-8")) for name, path in SOURCES.items() if path.exists()}
    measured |= fresh
    missing = SOURCES.keys() - measured.keys()
    if missing or not fresh:
        sys.exit("bench-docs: nothing new was measured: `make bench PEERS=1` and `make bench-growth` come first")
    MEASURED.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    for page in PAGES:
        page.write_text(filled(page.read_text("utf-8"), measured), "utf-8")
    print(f"bench-docs: wrote {MEASURED}, {' and '.join(map(str, PAGES))} of {' and '.join(sorted(fresh))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
