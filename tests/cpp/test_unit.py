"""The unit tests of programs/unit.cpp, each as one test."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Callable

import pytest

SOURCE = "tests/cpp/programs/unit.cpp"
NAMES = re.findall(r"^TEST\((\w+)\)", Path(__file__).with_name("programs").joinpath("unit.cpp").read_text(), re.M)


@pytest.mark.parametrize("name", NAMES)
def test(built: Callable[..., Path], name: str) -> None:
    done = subprocess.run([built(SOURCE, "sanitize"), name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_are_known(built: Callable[..., Path]) -> None:
    assert len(NAMES) > 20
    assert subprocess.run([built(SOURCE, "sanitize"), "no such test"], check=False).returncode == 2
