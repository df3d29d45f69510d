"""The example apps, each with the packages of its own lock file: package-lock.json, requirements.txt, go.sum."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Callable

from . import cache, golang, npm, python
from .common import ROOT, Failure, run, say
from .lockfile import Lock

SOURCES = ROOT / "examples" / "apps"
OLDEST_NODE = 20  # of the packages that the app uses


def express(lock: Lock) -> Path:
    """A folder with node_modules, and the node to run the app with."""
    node = npm.node(lock, OLDEST_NODE)
    files = [SOURCES / "express" / name for name in ("package.json", "package-lock.json")]

    def build(folder: Path) -> None:
        say("installing the packages of the Express app (about 10 s)")
        for file in files:
            shutil.copy(file, folder)
        npm.install_locked(lock, folder, folder / "cache", "installing the packages of the Express app")
        shutil.rmtree(folder / "cache")
        (folder / "node").symlink_to(node)

    return _entry("express", files, build, node)


def fastapi(lock: Lock) -> Path:
    """A virtual environment."""
    text = (SOURCES / "fastapi" / "requirements.txt").read_text("utf-8")
    requirements = text.replace("\\\n", "").splitlines()
    return python.with_packages("app-fastapi", requirements, "FastAPI app", "about 10 s")


def go(lock: Lock) -> Path:
    """A folder with the app's executable."""
    source = SOURCES / "go"
    files = sorted(path for path in source.iterdir() if path.is_file())

    def build(folder: Path) -> None:
        say("building the Go app (about 30 s)")
        needs = re.search(r"^go (\S+)$", (source / "go.mod").read_text("utf-8"), re.M)
        if not needs:
            raise Failure("the go.mod of the Go app names no version of Go")
        with golang.workspace("app") as (_, env):
            tool = golang.toolchain(lock, needs[1])
            run([tool, "build", "-mod=readonly", *golang.FLAGS, "-o", folder / "app", "."], source, env,
                waiting="building the Go app")

    return _entry("go", files, build, *golang.FLAGS)


MADE_BY = {"express": express, "fastapi": fastapi, "go": go}


def _entry(name: str, files: list[Path], build: Callable[[Path], None], *more: object) -> Path:
    made_by = cache.key(*(path.read_text("utf-8") for path in files), *more)
    return cache.entry(f"apps/{name}-{made_by}", build)
