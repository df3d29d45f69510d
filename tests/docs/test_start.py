"""The commands of README.md and docs/run.md, run as they stand there. `make` only says what it would do: that the
function then runs, on a store of the user's too, is in tests/service/test_run.py, and `make test` is what runs this."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import guides
import pytest

DOUBLES = """make() { command make -n "$@"; }
sam() { "$PYTHON" "$SAM_DOUBLE" "$SAM_RECORD" "$@"; }
"""


def run(block: str, folder: Path) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))},
        "PYTHON": sys.executable,
        "SAM_DOUBLE": str(Path(__file__).parent / "sam_double.py"),
        "SAM_RECORD": str(folder / "sam"),
    }
    done = subprocess.run(
        ["bash", "-euc", DOUBLES + block],
        cwd=guides.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("number", range(5))
def test_make_run(tmp_path: Path, number: int) -> None:
    block = guides.blocks("run.md", "sh")[number]
    would = run(block, tmp_path)
    store = ["--store build/store"] * 4 + ["--store-url 'https://s3.eu-west-1.amazonaws.com'"]
    assert f"-m local --bootstrap build/bootstrap {store[number]}" in " ".join(would.replace("\\\n", "").split())
    names = [word.partition("=")[0] for word in block.split() if "=" in word]
    described = guides.text_of("configuration.md") + guides.text_of("run.md")
    for name in names:
        assert f"`{name}`" in described, name


def test_there_is_no_more_in_the_guide() -> None:
    assert len(guides.blocks("run.md", "sh")) == 5


def test_readme(tmp_path: Path) -> None:
    start, deploy, *more = guides.blocks("../README.md", "sh")
    would = run(start, tmp_path)
    assert "-m local --bootstrap" in would and "tools/test.py" in would
    run(deploy, tmp_path)
    lines = (tmp_path / "sam").read_text("utf-8").splitlines()
    called: List[Dict[str, Any]] = [json.loads(line) for line in lines]
    assert [each["command"] for each in called] == ["build", "deploy"]
    # It would save every parameter, and undo what is set later (docs/deploy.md).
    assert called[1]["guided"] is False
    for block in more:
        run(block, tmp_path)
