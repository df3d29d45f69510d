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
    return _of_node(lock, "express", SOURCES / "express", "Express app")


def login_provider(lock: Lock) -> Path:
    """The OpenID provider of the browser tests, which is an app of npm's packages as well."""
    return _of_node(lock, "login-provider", ROOT / "tests/browser/login", "login's provider")


def _of_node(lock: Lock, name: str, source: Path, what: str) -> Path:
    """A folder with node_modules, and the node to run the app with."""
    node = npm.node(lock, OLDEST_NODE)
    files = [source / file for file in ("package.json", "package-lock.json")]

    def build(folder: Path) -> None:
        say(f"installing the packages of the {what} (about 10 s)")
        for file in files:
            shutil.copy(file, folder)
        npm.install_locked(lock, folder, folder / "cache", f"installing the packages of the {what}")
        shutil.rmtree(folder / "cache")
        (folder / "node").symlink_to(node)

    return _entry(name, files, build, node)


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


MADE_BY = {"express": express, "fastapi": fastapi, "go": go, "login-provider": login_provider}


def _entry(name: str, files: list[Path], build: Callable[[Path], None], *more: object) -> Path:
    made_by = cache.key(*(path.read_text("utf-8") for path in files), *more)
    return cache.entry(f"apps/{name}-{made_by}", build)
