"""`make bench` and `make bench-growth` measure all that they have rows for, here with as few rounds as it goes."""

import platform
from pathlib import Path
from typing import Dict, List

import bench as program
import budgets
import growth
import measures
import peer_builds
import pytest
from measures import Bench
from programs import ECHO, FUNCTION, RAW
from table import Row

FOLDER = Path("build") / {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
# A peer as those that are built: it echoes, and takes long to start.
SLOW = peer_builds.Program("Rust, lambda_runtime 0", str(FOLDER / "bench" / "echo"), slow=True)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Bench:
    few = {"START_ROUNDS": 6, "START_BLOCK": 2, "SLOW_START_ROUNDS": 3, "SLOW_START_BLOCK": 1, "WARM_ROUNDS": 3,
           "WARMUP_ROUNDS": 1, "WARM_BATCH": 5, "PRESIGN_ROUNDS": 3}
    for name, value in few.items():
        monkeypatch.setattr(measures, name, value)
    return Bench(FOLDER, peer_builds.Found(programs=[SLOW]), seconds=0)


def by_section(bench: Bench) -> Dict[str, List[Row]]:
    sections: Dict[str, List[Row]] = {}
    for row in bench.table.rows:
        sections.setdefault(row.section, []).append(row)
    return sections


def test_starts(short: Bench) -> None:
    short.start()
    sections = by_section(short)
    assert list(sections) == [measures.START, measures.FAULTS]
    for section, budget in ((measures.START, budgets.START), (measures.FAULTS, budgets.FAULTS)):
        assert {row.name: row.budget for row in sections[section]} == {RAW: None, ECHO: budget, FUNCTION: budget, SLOW.name: None}
    assert {row.name: row.ratio for row in sections[measures.START]}[RAW] == 1.0
    assert all(row.spread is not None for row in sections[measures.START] if row.name != RAW)


def test_warm_calls(short: Bench) -> None:
    short.warm()
    short.many()
    sections = by_section(short)
    assert {row.name: row.budget for row in sections[measures.WARM] if row.budget} == {ECHO: budgets.ECHO}
    assert [row.budget for row in sections[measures.BESIDE_RUST]] == [budgets.SIGNED_BESIDE_RUST]
    assert [row.budget for row in sections[measures.WITH]] == [budgets.WITH_PROFILES, None]
    assert [row.budget for row in sections[measures.FILES_SECTION]] == [budgets.FILE]
    assert {budgets.RESIDENT, budgets.RESIDENT_OF_FILES} <= {row.budget for row in sections[measures.RESIDENT]}


def test_without_rust_raw_sockets_are_the_measure(short: Bench) -> None:
    short.peers.programs.clear()
    short.warm()
    sections = by_section(short)
    assert {row.name: row.budget for row in sections[measures.WARM] if row.budget} == \
        {ECHO: budgets.ECHO, FUNCTION: budgets.SIGNED}
    assert measures.BESIDE_RUST not in sections


def test_urls_beside_their_hashing(short: Bench) -> None:
    short.urls()
    url, part, receipt = by_section(short)[measures.URLS]
    assert (url.budget, part.budget, receipt.budget) == (budgets.URL, budgets.PART, budgets.RECEIPT)
    assert url.ratio and part.ratio and "of its hashing" in url.note and "of its hashing" in part.note


def test_what_does_not_depend_on_time(short: Bench) -> None:
    short.heap()
    short.sizes()
    sections = by_section(short)
    assert [row.verdict() for row in sections[measures.HEAP]] == ["ok", "ok"]
    assert [row.name for row in sections[measures.SIZE]] == ["bootstrap", "countersign-arm64.zip", "countersign-x86_64.zip"]


def test_system_calls(short: Bench) -> None:
    short.calls()
    sections = by_section(short)
    if not sections:
        pytest.skip("strace is not here, or may not look")
    for section in (measures.START_CALLS, measures.CALLS):
        calls = {row.name: row.value for row in sections[section]}
        assert 0 < calls[RAW] < calls[FUNCTION]


def test_growth(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"SIZES_BYTES": (1000, 100_000), "PARTS": (1, 100), "WORKERS": (1, 2), "ROUNDS": 3, "WARMUP_ROUNDS": 1, "BATCH": 2,
           "RATE_SECONDS": 1}
    for name, value in few.items():
        monkeypatch.setattr(growth, name, value)
    measured = growth.Growth(FOLDER, seconds=0, minutes=1 / 30)
    tables = [measured.sizes(), measured.parts(), measured.workers(), measured.time()]
    assert [table["name"] for table in tables] == ["sizes", "parts", "workers", "time"]
    assert [[row[0] for row in table["rows"]] for table in tables[:3]] == [["1 kB", "100 kB"], ["1", "100"], ["1", "2"]]
    for table in tables:
        assert all(len(row) == len(table["columns"]) for row in table["rows"])
        assert growth.text(table).count("\n") == len(table["rows"])
    assert len(tables[3]["resident bytes"]) == 2


def test_what_numbers_are_published_with() -> None:
    told = program.conditions()
    assert set(told) == {"machine", "date", "version", "load before"}
    busy = {**told, "load before": told["machine"]["processors"] + 0.1}
    assert program.is_busy(busy) and not program.is_busy({**busy, "load before": 0.0})
