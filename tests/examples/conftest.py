"""The npm package and the example apps of the web, each in a browser."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS / "shared", TESTS / "browser", TESTS.parent / "tools"):
    sys.path.insert(0, str(folder))
