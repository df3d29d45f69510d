"""The guides of docs/, taken apart for the tests that run what stands in them."""

import re
import subprocess
from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parents[2]


def text_of(guide: str) -> str:
    return (ROOT / "docs" / guide).read_text(encoding="utf-8")


def blocks(guide: str, language: str) -> List[str]:
    """The code blocks of a guide; one in a list loses its indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text_of(guide), re.M | re.S)
    return [re.sub(rf"^{indent}", "", block, flags=re.M) for indent, block in found]


def block(guide: str, language: str, having: str = "") -> str:
    """The only one, or the only one with this in it."""
    (found,) = [each for each in blocks(guide, language) if having in each]
    return found


def make_knows(command: str) -> None:
    """That `make TARGET...` would do something."""
    program, *targets = command.split()
    assert program == "make" and targets
    dry = subprocess.run(["make", "-n", *targets], cwd=ROOT, capture_output=True, text=True)
    assert dry.returncode == 0 and dry.stdout, dry.stderr
