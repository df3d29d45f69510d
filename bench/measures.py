"""What `make bench` measures: each method adds rows to the table."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path
from statistics import median
from typing import Callable, Optional, Sequence

import budgets
import peer_builds
import system_calls
from budgets import Budget
from measurements import Samples
from programs import ECHO, EVENT, FILES, FUNCTION, OURS, RAW, SETTINGS, Harness, environment, files_event, ours, variants
from peer_builds import SIGNED, Program
from spread import ratios, spread, until_steady
from table import Row, Table

START_ROUNDS, SLOW_START_ROUNDS = 200, 12
START_BLOCK, SLOW_START_BLOCK = 10, 3  # so many starts of each are a round of the median
WARM_ROUNDS, WARMUP_ROUNDS, WARM_BATCH = 20, 20, 50  # 1,000 invocations are recorded, after as many in which Node compiles
PRESIGN_ROUNDS = 50

START, FAULTS, WARM = "exec to first poll", "page faults until the first poll", "warm invocation"
CALLS, START_CALLS = "system calls of a warm invocation", "system calls until the first poll"
BESIDE_RUST, WITH = "warm signed_url beside Rust's echo", "processor time of a warm signed_url"
RESIDENT, FILES_SECTION = "resident after warm invocations", f"processor time of a file, {FILES} in one call"
URLS, HEAP, SIZE = "processor time of one URL (1 kB token) or receipt", "heap calls in 1,000 warm invocations", "size"
FUNCTION_FILES = "the function, signed_urls"


def processor(nanoseconds: Sequence[float], raw: Sequence[float]) -> str:
    return f"{median(nanoseconds) / 1e3:,.0f} us of processor time ({median(ratios(nanoseconds, raw)):.2f} x)"


def of_other(name: str, rounds: list[float]) -> Optional[float]:
    """The spread, but for what all are measured beside."""
    return None if name == RAW else spread(rounds)


class Bench:
    def __init__(self, folder: Path, found: peer_builds.Found, seconds: float) -> None:
        self.folder = folder
        self.peers = found
        self.seconds = seconds  # for what does not become steady
        self.harness = Harness(folder)
        self.table = Table()
        self.cpu_ns = 0.0  # of a warm call

    def until_steady(self, measure: Callable[[], object], *spreads: Callable[[], list[float]]) -> None:
        until_steady(measure, lambda: [spread(rounds()) for rounds in spreads], self.seconds)

    def start(self) -> None:
        every = [*ours(self.folder), *self.peers.programs]
        self.starts([program for program in every if not program.slow], START_ROUNDS, START_BLOCK)
        slow = [program for program in every if program.slow]
        if slow:  # each with a start of the raw sockets before it, since what it leaves in the caches is much
            self.starts([program for each in slow for program in (every[0], each)], SLOW_START_ROUNDS, SLOW_START_BLOCK)

    def starts(self, programs: list[Program], rounds: int, block: int) -> None:
        samples = Samples()
        of_raw = sum(program.name == RAW for program in programs)

        def column(name: str, which: int = 0) -> list[float]:
            return samples.rounds("start", name, block * of_raw if name == RAW else block, which)

        def beside_raw(name: str) -> list[float]:
            return ratios(column(name), column(RAW))

        names = [program.name for program in programs if program.name != RAW or of_raw == 1]
        self.until_steady(lambda: self.harness(samples, "start", rounds, programs=programs),
                          *(lambda name=name: beside_raw(name) for name in names))
        for name in names:
            found = beside_raw(name)
            self.table.add(Row(START, name, median(column(name)) / 1e3, "us", median(found), of_other(name, found),
                               budgets.START if name in OURS else None, processor(column(name, 1), column(RAW, 1))))
        for name in names:
            self.table.add(Row(FAULTS, name, median(samples["start", name, 2]), "",
                               budget=budgets.FAULTS if name in OURS else None))

    def warm(self) -> None:
        programs = [*ours(self.folder), *self.peers.programs, *variants(self.folder)]
        samples = Samples()
        rust = next((peer.name for peer in self.peers.programs if peer.name.startswith("Rust, lambda")), "")

        def beside(name: str, other: str = RAW) -> list[float]:
            return ratios(samples.rounds("warm", name, WARM_BATCH), samples.rounds("warm", other, WARM_BATCH))

        def with_setting(name: str) -> list[float]:
            return ratios(samples.rounds("cpu", f"{FUNCTION}, {name}"), samples.rounds("cpu", FUNCTION))

        self.until_steady(
            lambda: self.harness(samples, "warm", WARM_ROUNDS, WARMUP_ROUNDS, WARM_BATCH, EVENT, programs=programs),
            *(lambda name=program.name: beside(name) for program in programs),
            *(lambda name=name: with_setting(name) for name in SETTINGS))
        budget_of = {ECHO: budgets.ECHO, FUNCTION: None if rust else budgets.SIGNED}
        for program in programs:
            name, rounds = program.name, samples.rounds("warm", program.name, WARM_BATCH)
            cpu = processor(samples.rounds("cpu", name), samples.rounds("cpu", RAW))
            self.table.add(Row(WARM, name, median(rounds) / 1e3, "us", median(beside(name)), of_other(name, beside(name)),
                               budget_of.get(name), cpu))
        if rust:
            self.row_of_rounds(BESIDE_RUST, FUNCTION, beside(FUNCTION, rust), budgets.SIGNED_BESIDE_RUST)
        self.cpu_ns = median(samples.rounds("cpu", FUNCTION))
        for name in SETTINGS:
            self.row_of_rounds(WITH, name, with_setting(name),
                               budgets.WITH_PROFILES if name == "with profiles" else None, "of it without")
        for program in programs:
            self.table.add(Row(RESIDENT, program.name, median(samples["resident", program.name]) / 1e6, "MB",
                               budget=budgets.RESIDENT if program.name in OURS else None))

    def row_of_rounds(self, section: str, name: str, found: list[float], budget: Optional[Budget], note: str = "") -> None:
        self.table.add(Row(section, name, median(found), "x", spread=spread(found), budget=budget, note=note))

    def many(self) -> None:
        samples, event = Samples(), files_event(self.folder)
        programs = [Program(FUNCTION, str(self.folder / "bootstrap"), SIGNED)]

        def rounds() -> list[float]:
            return samples.rounds("cpu", FUNCTION)

        self.until_steady(lambda: self.harness(samples, "warm", WARM_ROUNDS, WARMUP_ROUNDS, WARM_BATCH // 5, event,
                                               programs=programs), rounds)
        cost = median(rounds()) / FILES
        self.table.add(Row(RESIDENT, FUNCTION_FILES, median(samples["resident", FUNCTION]) / 1e6, "MB",
                           budget=budgets.RESIDENT_OF_FILES))
        self.table.add(Row(FILES_SECTION, FUNCTION_FILES, cost / 1e3, "us", cost / self.cpu_ns, spread(rounds()),
                           budgets.FILE, "of a call of its own"))

    def urls(self) -> None:
        samples = Samples()

        def presign() -> None:
            command = [self.folder / "bench" / "presign", str(PRESIGN_ROUNDS)]
            samples.read(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

        def beside_hashing(name: str) -> list[float]:
            return ratios(samples.rounds("presign", name), samples.rounds("presign", f"{name}_hashing"))

        self.until_steady(presign, lambda: beside_hashing("url"), lambda: beside_hashing("part"),
                          lambda: samples.rounds("presign", "receipt"))
        for name, words, budget in (("url", "a PUT", budgets.URL), ("part", "a part, in a batch of 100", budgets.PART)):
            found = beside_hashing(name)
            self.table.add(Row(URLS, words, median(samples["presign", name]) / 1e3, "us", median(found), spread(found), budget,
                               f"of its hashing, {median(samples['presign', name + '_hashing']) / 1e3:.2f} us"))
        rounds = samples.rounds("presign", "receipt")
        self.table.add(Row(URLS, "a receipt", median(rounds) / 1e3, "us", spread=spread(rounds), budget=budgets.RECEIPT))
        hashing = median(samples["presign", "url_hashing"])
        for signer in self.peers.signers:
            self.signer(signer, hashing)

    def signer(self, signer: peer_builds.Signer, hashing: float) -> None:
        samples = Samples()

        def rounds() -> list[float]:
            return samples.rounds("presign", "url")

        self.until_steady(lambda: samples.read(subprocess.run(signer.command, env=environment(), capture_output=True, text=True,
                                                              check=True).stdout), rounds)
        self.table.add(Row(URLS, signer.name, median(rounds()) / 1e3, "us", median(rounds()) / hashing, spread(rounds())))

    def heap(self) -> None:
        """By the difference of two runs, so that the start does not count."""
        programs = [Program(FUNCTION, str(self.folder / "bench" / "bootstrap-counting"), SIGNED)]
        for name, event in ((FUNCTION, EVENT), (FUNCTION_FILES, files_event(self.folder))):
            samples = Samples()
            for invocations in (100, 1100):
                self.harness(samples, "warm", 1, 0, invocations, event, programs=programs)
            before, after = samples["heap", ""]
            self.table.add(Row(HEAP, name, after - before, "", budget=budgets.HEAP, note=f"{before} before them"))

    def calls(self) -> None:
        """Where strace is there, and may look."""
        programs = [*ours(self.folder), *(peer for peer in self.peers.programs if not peer.slow)]
        started = {program.name: system_calls.of_a_start(self.harness, program) for program in programs}
        for program in programs:
            self.table.add(Row(START_CALLS, program.name, started[program.name] or math.nan, ""))
        for program in programs:
            self.table.add(Row(CALLS, program.name, system_calls.of_an_invocation(self.harness, program, EVENT) or math.nan, ""))
        self.table.rows = [row for row in self.table.rows if not math.isnan(row.value)]

    def sizes(self) -> None:
        for path in (self.folder / "bootstrap", *sorted(Path("build").glob("countersign-*.zip"))):
            self.table.add(Row(SIZE, path.name if path.suffix else "bootstrap", path.stat().st_size / 1e3, "kB",
                               budget=budgets.ZIP if path.suffix == ".zip" else None))
