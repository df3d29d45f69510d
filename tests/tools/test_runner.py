"""tools/test.py: what runs side by side, and what is counted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).resolve().parents[2] / "tools" / "test.py"


def run(*steps: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(RUNNER), *steps]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor runs one step at a time")
def test_neighbours_run_side_by_side(tmp_path: Path) -> None:
    """Each waits for the other, and what they print is not mixed."""
    for name in ("there", "back"):
        os.mkfifo(tmp_path / name)
    done = run("+check:one:echo a; read x <there; echo b; echo . >back",
               "+check:two:echo c; echo . >there; read x <back; echo d", cwd=tmp_path)
    lines = [line for line in done.stdout.splitlines() if not line.startswith("====")]
    assert lines == ["a", "b", "c", "d", "2 passed, 0 failed"]
    assert done.returncode == 0


def test_a_step_without_a_plus_waits_for_those_before(tmp_path: Path) -> None:
    done = run("+check:one:touch made", "+check:two:true", "check:three:test -e made", "+check:four:true", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "4 passed, 0 failed"


def test_all_are_run_and_each_failure_counts(tmp_path: Path) -> None:
    done = run("+check:bad:false", "+pytest:none:echo nothing", "check:last:echo last", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2:] == ["failing steps: bad, none", "1 passed, 2 failed"]
    assert "none ran no test" in done.stdout and "last" in done.stdout.splitlines()


@pytest.mark.parametrize("step", ["check:one", "nothing:one:true", "++check:one:true"])
def test_a_step_that_is_none_runs_nothing(tmp_path: Path, step: str) -> None:
    done = run("check:first:touch made", step, cwd=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "made").exists()
