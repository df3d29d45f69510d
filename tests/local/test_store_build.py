"""How the S3 server of `make run` is built (tools/pins/store.py), with a module as Go's own cache keeps it: read-only."""

import os
import stat
import sys
from pathlib import Path
from typing import Iterator, Tuple

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from pins import golang, lockfile, store  # noqa: E402

MEND = store.Mend("example.com/module", "file.go", "broken", "mended")
GO = "1.21"


@pytest.fixture
def main(tmp_path: Path) -> Iterator[Path]:
    """A program's folder beside that of the module that it needs."""
    module, program = tmp_path / "cached", tmp_path / "scratch/main"
    (module / "below").mkdir(parents=True)
    program.mkdir(parents=True)
    (module / "go.mod").write_text(f"module {MEND.module}\n\ngo {GO}\n")
    (module / MEND.file).write_text("package module // broken\n")
    (module / "below/other.go").write_text("package below\n")
    needed = f"require {MEND.module} v1.0.0\n\nreplace {MEND.module} => {module}\n"
    (program / "go.mod").write_text(f"module store\n\ngo {GO}\n\n{needed}")
    (program / "main.go").write_text(f'package main\n\nimport _ "{MEND.module}"\n\nfunc main() {{}}\n')
    for path in (module, *module.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield program
    for path in (module, *module.rglob("*")):
        path.chmod(0o755)


def test_a_mended_module_can_be_deleted(main: Path) -> None:
    """Or else the next build would find what is left of it, and stop."""
    lock = lockfile.read()
    go = golang.toolchain(lock, lock.program(store.DEFAULT).needs)
    places = {name: str(main.parent / name) for name in ("GOPATH", "GOCACHE", "GOMODCACHE")}
    store._mend(go, MEND, main, {**os.environ, **places, "GOTOOLCHAIN": "local", "GOFLAGS": ""})
    mended = main.parent / "mended"
    assert (mended / MEND.file).read_text() == "package module // mended\n"
    assert str(mended) in (main / "go.mod").read_text()
    kept = [path for path in (mended, *mended.rglob("*")) if not path.stat().st_mode & stat.S_IWUSR]
    assert kept == []
