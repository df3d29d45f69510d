"""docs/runtime.md: its programs are built and its commands run, as they stand there."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from pathlib import Path

import pytest
from compilers import ROOT, run

from local.processes import free_ports

DOCUMENT = (ROOT / "docs/runtime.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCUMENT, re.M | re.S)
FILE_NAME = re.compile(r"^(?:/\*|//|#) (\S+)")


def script(folder: Path) -> str:
    """One shell script of the whole document: each file is written where it stands, and the first command is for a
    clone of the repository."""
    lines = ["set -eu", f"cd '{ROOT}'"]
    for number, (language, text) in enumerate(BLOCKS):
        if language == "sh":
            lines.append(text)
        else:
            (folder / str(number)).write_text(text, encoding="utf-8")
            lines.append(f"cp '{folder}/{number}' {FILE_NAME.match(text)[1]}")
        if number == 0:
            lines.append(f"cd '{folder}'")
    port, api_port = free_ports(2)
    return "\n".join(lines).replace(":8080", f":{port}").replace(":9001", f":{api_port}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docs")


@pytest.fixture(scope="module")
def output(folder: Path) -> str:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "countersign"
    environment = {"HOME": str(folder), "PATH": f"{ROOT}/build/rie:{os.environ['PATH']}",
                   "COUNTERSIGN_CACHE": os.environ.get("COUNTERSIGN_CACHE", str(cache))}
    return run(["sh", "-c", script(folder)], env=environment)


def test_all_runs(output: str) -> None:
    assert '{"you said":"hello"}' in output


def test_packages(output: str, folder: Path) -> None:
    for archive in ("greet.zip", "build/greet.zip"):
        entry, = zipfile.ZipFile(folder / archive).infolist()
        assert (entry.filename, stat.S_IMODE(entry.external_attr >> 16)) == ("bootstrap", 0o755)


def test_ten_lines() -> None:
    program = next(text for language, text in BLOCKS if language == "c")
    assert len([line for line in program.splitlines()[1:] if line.strip()]) <= 10
