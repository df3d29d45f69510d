"""The release's version."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFINED = re.compile(r'^#define COUNTERSIGN_VERSION "(.+)"$', re.M)


def read(root: Path = ROOT) -> str:
    found = DEFINED.search((root / "runtime/version.h").read_text("utf-8"))
    if not found:
        raise SystemExit("runtime/version.h defines no COUNTERSIGN_VERSION")
    return found[1]
