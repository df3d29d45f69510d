"""The packages that `make deb` makes, and what is in them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("shared", "conformance")]

from compilers import run  # noqa: E402

RUNTIME, DOCTOR = "libcountersign-runtime-dev", "countersign-doctor"


class Package(NamedTuple):
    deb: Path
    root: Path  # where its files are

    def field(self, name: str) -> str:
        return run(["dpkg-deb", "--field", self.deb, name]).strip()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Package]:
    run(["make", "--no-print-directory", "deb"], cwd=ROOT, umask=0o077)
    made = {}
    for name in (RUNTIME, DOCTOR):
        (deb,) = (ROOT / "build/deb").glob(f"{name}_*.deb")
        root = tmp_path_factory.mktemp(name)
        run(["dpkg-deb", "--extract", deb, root])
        made[name] = Package(deb, root)
    return made
