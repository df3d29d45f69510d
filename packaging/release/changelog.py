#!/usr/bin/env python3
"""Prints what CHANGELOG.md says of a release: `changelog.py TAG`. Fails if the tag is not v and the version of
runtime/version.h, or there is no section of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import version


def section(tag: str, root: Path) -> str:
    name = version.read(root)
    if tag != f"v{name}":
        raise SystemExit(f"the tag is {tag}, and the version in runtime/version.h {name}")
    heading = re.escape(f"## [{name}]")
    text = re.search(rf"^{heading}.*\n((?:(?!## ).*\n)*)", (root / "CHANGELOG.md").read_text("utf-8"), re.M)
    if not text or not text[1].strip():
        raise SystemExit(f"CHANGELOG.md has nothing under ## [{name}]")
    return text[1].strip()


if __name__ == "__main__":
    print(section(sys.argv[1], version.ROOT))
