"""The example apps' own lock files: what they install is pinned by version and checksum."""

import json
import re
from pathlib import Path

import pytest

from pins import apps, web_apps

VERSION = re.findall(r'COUNTERSIGN_VERSION "(.*)"', (apps.ROOT / "runtime/version.h").read_text())[0]


NPM = [apps.SOURCES / "express", *(web_apps.SOURCES / name for name in web_apps.KEPT)]


@pytest.mark.parametrize("folder", NPM, ids=lambda folder: folder.name)
def test_each_npm_package_has_its_sum(folder: Path) -> None:
    """But for our own, which each clone makes for itself."""
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    described, locked = json.loads((folder / "package.json").read_text()), packages.pop("")
    own = described["dependencies"].pop(web_apps.OWN, None)
    assert own == (None if folder.name in ("express", "uppy") else f"^{VERSION}")
    for kind in ("dependencies", "devDependencies"):
        assert locked.get(kind) == described.get(kind)
        assert all(re.fullmatch(r"[\d.]+", version) for version in described.get(kind, {}).values())
    assert len(packages) > 50
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
    processors = {name.rpartition("linux-")[2] for name in packages if name.endswith(("-x64-gnu", "-arm64-gnu"))}
    assert processors in (set(), {"x64-gnu", "arm64-gnu"})


def test_each_python_package_has_its_sum() -> None:
    folder = apps.SOURCES / "fastapi"
    lines = (folder / "requirements.txt").read_text().replace("\\\n", "").splitlines()
    assert [line for line in lines if not re.match(r"[\w-]+==[\w.]+ .*--hash=sha256:[0-9a-f]{64}", line)] == []
    pinned = {line.split()[0] for line in lines}
    assert set((folder / "requirements.in").read_text().split()) <= pinned


def test_each_go_module_has_its_sum() -> None:
    folder = apps.SOURCES / "go"
    needed = re.findall(r"^\t(\S+ v\S+)$", (folder / "go.mod").read_text(), re.M)
    sums = (folder / "go.sum").read_text()
    assert len(needed) == 2
    assert [module for module in needed if f"{module} h1:" not in sums or f"{module}/go.mod h1:" not in sums] == []
