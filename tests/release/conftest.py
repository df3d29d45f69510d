"""Where the parts of a release are made, and the release that `make dist` has made."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "packaging/release"
sys.path.insert(0, str(RELEASE))

import version  # noqa: E402


@pytest.fixture(scope="session")
def dist() -> Path:
    return ROOT / "dist"


@pytest.fixture(scope="session")
def name() -> str:
    return f"countersign-{version.read()}"
