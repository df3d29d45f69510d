"""Where the tools under test are, and a cache of their own for each test."""

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))


@pytest.fixture
def tools() -> Path:
    return TOOLS


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder for one test."""
    monkeypatch.setenv("COUNTERSIGN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"
