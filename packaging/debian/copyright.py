#!/usr/bin/env python3
"""Prints a Debian package's copyright file: `copyright.py [NAME...]`, what is linked into it, or else all that a release has."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging/release"))

import components  # noqa: E402

HEAD = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: countersign
Comment: What is linked in statically has paragraphs of its own, below.

Files: *
Copyright: The Countersign authors
License: Apache-2.0
"""
# Debian has this licence's text, and of two to choose from this one is taken.
APACHE = """\
License: Apache-2.0
 On Debian systems, the text of this licence is in /usr/share/common-licenses/Apache-2.0.
"""


def paragraph(component: components.Component) -> str:
    head = f"Files: {component.name}/*\nComment: {component.name} {component.version}, linked in\n"
    if "Apache-2.0" in component.licence:
        return f"{head}Copyright: The {component.name} contributors\nLicense: Apache-2.0\n"
    lines = (f" {line.rstrip()}" if line.strip() else " ." for line in component.text.strip().splitlines())
    return f"{head}Copyright: as its licence says\nLicense: {component.name}\n" + "\n".join(lines) + "\n"


def main(names: list[str]) -> int:
    linked = {component.name: component for component in components.read()}
    wanted = [linked[name] for name in names or linked]
    print("\n".join([HEAD, *map(paragraph, wanted), APACHE]), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
