"""The example apps, each started as its own process."""

import shutil
import sys
from pathlib import Path
from typing import Iterator

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in ("shared", "browser", "docs"):
    sys.path.insert(0, str(TESTS / folder))

from apps import NAMES, ROOT, App, settings_of, started  # noqa: E402


@pytest.fixture(scope="session", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the apps, in which the packages of the Express app can be where Node.js looks for them."""
    copy = tmp_path_factory.mktemp("apps") / "apps"
    own = shutil.ignore_patterns("node_modules", ".venv")  # of who tried one there
    shutil.copytree(ROOT / "examples/apps", copy, ignore=own)
    (copy / "express/node_modules").symlink_to(ROOT / "build/apps/express/node_modules")
    return copy


@pytest.fixture(scope="session")
def lasting_app(name: str, folder: Path) -> Iterator[App]:
    """For what an app does not remember."""
    with started(name, folder, settings_of("http://127.0.0.1:9/avatar")) as running:
        yield running


@pytest.fixture
def app(name: str, folder: Path) -> Iterator[App]:
    """One that nothing was told yet, and that has no upload service."""
    with started(name, folder, settings_of("http://127.0.0.1:9/avatar")) as running:
        yield running
