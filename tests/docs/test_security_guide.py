"""docs/security.md names a test for each way around that it tells of, and they are there."""

import re
from pathlib import Path
from typing import List, Tuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/security.md").read_text("utf-8")
CELLS = re.findall(r"\| ([^|]*) \|$", GUIDE.split("## The app's say")[1].split("\n## ")[0], re.M)


def named(cell: str) -> List[Tuple[str, str]]:
    """The tests of a cell: a file is said once for those behind it."""
    file, found = "", []
    for path, test in re.findall(r"`([^`:]*)::(\w+)`", cell):
        file = path or file
        found.append((file if file.startswith("tests/") else f"tests/service/{file}", test))
    return found


WAYS = [cell for cell in CELLS if "::" in cell]


def test_there_are_some() -> None:
    assert len(WAYS) > 15 and len(WAYS) == len(CELLS) - 2  # the head and the line below it


@pytest.mark.parametrize("file, test", sorted({each for cell in WAYS for each in named(cell)}))
def test_each_way_has_its_test(file: str, test: str) -> None:
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.M)
