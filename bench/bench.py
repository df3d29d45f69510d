#!/usr/bin/env python3
"""Measures the function beside its budgets, and with --peers beside other runtimes: one table, and build/bench.json.

All of it runs on one machine in turns, so the ratios mean more than the times."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from statistics import median

import peer_builds
from measurements import Samples, parse
from table import Row, Table

START_ROUNDS = 200
WARM_ROUNDS, WARMUP_ROUNDS, WARM_BATCH = 20, 4, 50  # 1,000 invocations are recorded
PRESIGN_ROUNDS = 100
EVENT = Path("events/http-api-v2-get-signed-url.json")
FILES, FILES_EVENT = 100, Path("events/http-api-v2-post-signed-urls.json")  # with as many in its place
RESULT = Path("build/bench.json")

# Of docs/design.md. Ratios are to the raw-socket program.
MAX_START, MAX_WARM = 1.25, 1.25
MAX_URL_US, MAX_PART_US, MAX_RECEIPT_US = 3.0, 1.5, 3.0
MAX_RESIDENT, MAX_ZIP = 2e6, 375e3
MAX_WITH_PROFILES = 1.05
MAX_FILE = 0.4  # of many in one call, beside a call of its own

RAW, ECHO, FUNCTION = "raw sockets", "echo on the runtime", "the function, signed_url"
OURS = (ECHO, FUNCTION)
# The function with settings that take time in each call. The event's path has this segment before the route.
SETTINGS = {
    "with profiles": {"UPLOAD_PROFILES": '{"avatar":{"types":"image/*"},"video":{},"route":{"expires_seconds":300}}'},
    "with receipts": {"UPLOAD_RECEIPT_SECRET": "0123456789abcdef" * 3},
}
# What must stand in the replies: of an echo, a word of the event.
ECHOED, SIGNED = "rawPath", '"statusCode":200'


def environment() -> dict[str, str]:
    """What Lambda gives a function, and nothing of this shell."""
    token = ("IQoJb3JpZ2luX2VjEA1b2+/C" * 43)[:1024]
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC", "LAMBDA_TASK_ROOT": os.getcwd(),
            "_HANDLER": "handler.handler", "AWS_LAMBDA_FUNCTION_NAME": "bench", "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bench", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SESSION_TOKEN": token,
            "UPLOAD_BUCKET": "uploads-example", "HOME": os.environ.get("HOME", "/")}


def beside_raw(kind: str, samples: Samples, name: str, column: int = 0) -> tuple[float, str, float]:
    """The median in microseconds, and as a multiple of the raw-socket program's."""
    value, raw = (median(samples[kind, of, column]) for of in (name, RAW))
    return value / 1e3, "us", value / raw


def processor(value: float, unit: str, ratio: float) -> str:
    return f"{value:,.0f} {unit} of processor time ({ratio:.2f} x)"


class Bench:
    def __init__(self, folder: Path, found: peer_builds.Found) -> None:
        self.folder = folder
        self.peers = found
        self.table = Table()
        self.cpu_ns = 0.0  # of a warm call

    def harness(self, *arguments: object) -> Samples:
        command = [str(self.folder / "bench" / "harness"), *map(str, arguments)]
        done = subprocess.run(command, env=environment(), capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"bench: {' '.join(command[:2])} failed:\n{done.stderr}")
        return parse(done.stdout + done.stderr)

    def programs(self) -> list[str]:
        bench = self.folder / "bench"
        ours = [(RAW, ECHOED, bench / "raw_socket"), (ECHO, ECHOED, bench / "echo"),
                (FUNCTION, SIGNED, self.folder / "bootstrap")]
        theirs = [(peer.name, ECHOED, peer.command) for peer in self.peers.programs]
        return ["=".join(map(str, program)) for program in ours + theirs]

    def variants(self) -> list[str]:
        """Each is the function by way of a script that sets some of its environment, and then is gone."""
        made = []
        for name, settings in SETTINGS.items():
            script = self.folder / "bench" / f"bootstrap-{name.replace(' ', '-')}"
            words = [f"export {variable}={shlex.quote(value)}" for variable, value in settings.items()]
            executable = shlex.quote(str((self.folder / "bootstrap").resolve()))
            script.write_text("\n".join(["#!/bin/sh", *words, f"exec {executable}", ""]))
            script.chmod(0o755)
            made.append(f"{FUNCTION}, {name}={SIGNED}={script}")
        return made

    def start(self) -> None:
        samples = self.harness("start", START_ROUNDS, *self.programs())
        for name in samples.names("start"):
            cpu = beside_raw("start", samples, name, 1)
            faults = median(samples["start", name, 2])
            self.table.add(Row("exec to the first GET next", name, *beside_raw("start", samples, name),
                               MAX_START if name in OURS else None, f"{processor(*cpu)}, {faults:.0f} page faults"))

    def warm(self) -> None:
        samples = self.harness("warm", WARM_ROUNDS, WARMUP_ROUNDS, WARM_BATCH, EVENT, *self.programs(), *self.variants())
        self.cpu_ns = median(samples["cpu", FUNCTION])
        for name in samples.names("warm"):
            self.table.add(Row("warm invocation", name, *beside_raw("warm", samples, name),
                               MAX_WARM if name in OURS else None, processor(*beside_raw("cpu", samples, name))))
        for name in SETTINGS:
            cost, plain = (median(samples["cpu", of, 0]) for of in (f"{FUNCTION}, {name}", FUNCTION))
            self.table.add(Row("processor time of a warm signed_url", name, cost / plain, "x",
                               limit=MAX_WITH_PROFILES if name == "with profiles" else None, note="of it without"))
        for name in samples.names("resident"):
            self.table.add(Row("resident after 1,200 invocations", name, samples["resident", name][0] / 1e6, "MB",
                               limit=MAX_RESIDENT / 1e6 if name in OURS else None))

    def files_event(self) -> Path:
        event = json.loads(FILES_EVENT.read_text())
        files = [{"file_name": f"photo-{number:03}.jpg", "file_type": "image/jpeg"} for number in range(FILES)]
        event["body"] = json.dumps({"files": files})
        path = self.folder / "bench" / FILES_EVENT.name
        path.write_text(json.dumps(event))
        return path

    def many(self) -> None:
        samples = self.harness("warm", WARM_ROUNDS, WARMUP_ROUNDS, WARM_BATCH // 5, self.files_event(),
                               f"{FUNCTION}={SIGNED}={self.folder / 'bootstrap'}")
        cost, name = median(samples["cpu", FUNCTION]) / FILES, "the function, signed_urls"
        self.table.add(Row("resident after 240 invocations", name, samples["resident", FUNCTION][0] / 1e6, "MB",
                           limit=MAX_RESIDENT / 1e6))
        self.table.add(Row(f"processor time of a file, {FILES} in one call", name, cost / 1e3, "us", cost / self.cpu_ns,
                           MAX_FILE, "of a call of its own"))

    def urls(self) -> None:
        done = subprocess.run([self.folder / "bench" / "presign", str(PRESIGN_ROUNDS)], capture_output=True, text=True,
                              check=True)
        samples = parse(done.stdout)
        section = "processor time of one URL (1 kB token) or receipt"
        for name, words, limit in (("url", "a PUT", MAX_URL_US), ("part", "a part, in a batch of 100", MAX_PART_US),
                                   ("receipt", "a receipt", MAX_RECEIPT_US)):
            self.table.add(Row(section, words, median(samples["presign", name]) / 1e3, "us", limit=limit))
        for signer in self.peers.signers:
            self.table.add(Row(section, signer.name, signer.microseconds(environment()), "us"))

    def heap(self) -> None:
        """By the difference of two runs, so that the start does not count."""
        program = f"{FUNCTION}={SIGNED}={self.folder / 'bench' / 'bootstrap-counting'}"
        for name, event in ((FUNCTION, EVENT), ("the function, signed_urls", self.files_event())):
            counts = [self.harness("warm", 1, 0, invocations, event, program)["heap", ""][0] for invocations in (100, 1100)]
            self.table.add(Row("heap calls in 1,000 warm invocations", name, counts[1] - counts[0], "", limit=0,
                               note=f"{counts[0]} before them"))

    def sizes(self) -> None:
        for path in (self.folder / "bootstrap", *sorted(Path("build").glob("countersign-*.zip"))):
            limit = MAX_ZIP if path.suffix == ".zip" else None
            self.table.add(Row("size", str(path), path.stat().st_size / 1e3, "kB", limit=limit and limit / 1e3))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", required=True, help="of this machine: the folder in build/")
    parser.add_argument("--peers", action="store_true", help="build other runtimes and measure them as well")
    args = parser.parse_args()
    found = peer_builds.build(Path("build/bench")) if args.peers else peer_builds.Found()
    bench = Bench(Path("build") / args.architecture, found)
    before = os.getloadavg()[0]
    for measure in (bench.start, bench.warm, bench.many, bench.urls, bench.heap, bench.sizes):
        measure()
    conditions = {"architecture": args.architecture, "processors": os.cpu_count(), "load before": before,
                  "load after": os.getloadavg()[0], "left out": found.left_out}
    print(bench.table)
    print(f"\n{os.cpu_count()} processors, load {before:.1f} before and {os.getloadavg()[0]:.1f} after.")
    if before > (os.cpu_count() or 1):
        print("The machine is busy, so the times hold waits for a processor: the processor time does not.")
    print(*found.left_out, sep="\n")
    RESULT.write_text(json.dumps({"conditions": conditions, "rows": bench.table.as_dicts()}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
