"""The example apps' own lock files: what they install is pinned by version and checksum."""

import json
import re

from pins import apps


def test_each_npm_package_has_its_sum() -> None:
    folder = apps.SOURCES / "express"
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert packages.pop("")["dependencies"] == json.loads((folder / "package.json").read_text())["dependencies"]
    assert len(packages) > 50
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


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
