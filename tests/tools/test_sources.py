"""What a merge or an edit may leave in files that no other test reads."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = {"build", ".aws-sam", ".git"}


def files(pattern: str) -> list[Path]:
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in MADE]
    found = [*ROOT.glob(pattern), *(path for folder in folders for path in folder.rglob(pattern))]
    return [path for path in found if path.is_file()]


def test_every_python_file_can_be_parsed() -> None:
    for path in files("*.py"):
        ast.parse(path.read_bytes(), str(path))


@pytest.mark.parametrize("mark", ["<" * 7 + " ", ">" * 7 + " "])
def test_no_file_has_the_marks_of_a_merge(mark: str) -> None:
    marked = [path for path in files("*") if f"\n{mark}".encode() in path.read_bytes()]
    assert marked == []
