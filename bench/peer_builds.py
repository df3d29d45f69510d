"""Other runtimes and signers, to be measured beside the function. Each is pinned by its own ecosystem's lock file in
bench/peers, and one that can't be built here is left out, with the reason."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

SOURCES = Path("bench/peers")
RIC_NODE = 22  # the oldest Node.js that AWS's client runs on


class Absent(Exception):
    """Says why a peer can't be built."""


@dataclass(frozen=True)
class Program:
    """Answers each event with the event, as the echo on the runtime does."""

    name: str
    command: str


@dataclass(frozen=True)
class Signer:
    """Prints the microseconds of one URL."""

    name: str
    command: tuple[str, ...]

    def microseconds(self, environment: dict[str, str]) -> float:
        return float(subprocess.run(self.command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


@dataclass
class Found:
    programs: list[Program] = field(default_factory=list)
    signers: list[Signer] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def need(tool: str) -> str:
    found = shutil.which(tool)
    if not found:
        raise Absent(f"{tool} is not installed")
    return found


def run(*command: object, cwd: Path | None = None) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Absent(f"`{' '.join(words[:3])}` failed: {' '.join(done.stdout.split()[-40:])}")
    return done.stdout


def made(folder: Path, source: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` fills from a copy of a peer's source, made anew when that changes."""
    place = (folder / source).resolve()
    files = sorted(path for path in (SOURCES / source).rglob("*") if path.is_file())
    now = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    stamp = place / "made-of"
    if not stamp.exists() or stamp.read_text() != now:
        print(f"bench: building the peer in {SOURCES / source}", flush=True)
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(SOURCES / source, place)
        make(place)
        stamp.write_text(now)
    return place


def rust(folder: Path, found: Found) -> None:
    cargo = need("cargo")
    place = made(folder, "rust", lambda here: run(cargo, "build", "--release", "--locked", cwd=here))
    found.programs.append(Program("Rust, lambda_runtime", str(place / "target" / "release" / "peer")))


def go(folder: Path, found: Found) -> None:
    tool = need("go")
    flags = ("-mod=readonly", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w")
    place = made(folder, "go", lambda here: run("env", "CGO_ENABLED=0", tool, "build", *flags, "-o", "peer", ".", cwd=here))
    found.programs.append(Program("Go, aws-lambda-go", str(place / "peer")))


def python(folder: Path, found: Found) -> None:
    def make(here: Path) -> None:
        run(sys.executable, "-m", "venv", here / "venv")
        run(here / "venv" / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes",
            "--only-binary", ":all:", "--requirement", here / "requirements.txt")

    found.signers.append(Signer("botocore", ("build/venv/test/bin/python", str(SOURCES / "python" / "presign.py"))))
    place = made(folder, "python", make)
    # It takes the handler's path from the folder it runs in.
    found.programs.append(Program("Python, awslambdaric",
                                  f"{place}/venv/bin/python -m awslambdaric bench/peers/python/handler.handler"))


def node(folder: Path, found: Found) -> None:
    tool = need("node")
    npm = need("npm")
    place = made(folder, "node", lambda here: run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=here))
    found.signers.append(Signer("AWS SDK for JavaScript v3", (tool, str(place / "presign.mjs"))))
    version = int(run(tool, "--version").lstrip("v").split(".")[0])
    if version >= RIC_NODE:
        client = place / "node_modules" / "aws-lambda-ric" / "index.mjs"
        found.programs.append(Program("Node, aws-lambda-ric", f"{tool} {client} bench/peers/node/handler.handler"))
    else:
        found.programs.append(Program("Node, a loop on node:http", f"{tool} {place / 'loop.mjs'}"))
        found.left_out.append(f"Left out: aws-lambda-ric needs Node.js {RIC_NODE}, this is {version}.")


def build(folder: Path) -> Found:
    found = Found()
    for peer in (rust, go, python, node):
        try:
            peer(folder / "peers", found)
        except Absent as reason:
            found.left_out.append(f"Left out: {peer.__name__}: {reason}.")
    return found
