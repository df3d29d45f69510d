"""The example apps of the web, each built as its README says, with the packages of its own package-lock.json. Only what
is served is kept: their packages are up to 370 MB, what they make of them is 40 MB at most."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from pathlib import Path

from . import cache, npm
from .apps import OLDEST_NODE
from .common import ROOT, run, say
from .lockfile import Lock

SOURCES = ROOT / "examples" / "web"
# What is kept of each; "" is all of it, as of the one whose development server is tried, too.
KEPT = {"react": "", "vue": "dist", "uppy": "dist", "nextjs": ".next/standalone", "htmx": ""}
OWN = "countersign"  # the package that `make npm` makes; npm's registry may not have this version yet
API = "http://api.invalid"  # is built into them, and replaced where they are tried
# By who tried one there, and what it is not built of.
LEFT = ("node_modules", "dist", ".next", "next-env.d.ts", "*.tsbuildinfo", "*.local", "README.md")


def built(lock: Lock, name: str, package: Path) -> Path:
    """A folder with the app's files to serve, and the node to run it with."""
    source = SOURCES / name
    node = npm.node(lock, OLDEST_NODE)

    def build(folder: Path) -> None:
        say(f"building the {name} app of the examples (about {60 if name == 'nextjs' else 15} s)")
        scratch = folder / "scratch"
        shutil.copytree(source, scratch, ignore=shutil.ignore_patterns(*LEFT))
        _install(lock, scratch, package)
        scripts = json.loads((scratch / "package.json").read_text("utf-8"))["scripts"]
        if "build" in scripts:
            command = [*npm.command(lock, OLDEST_NODE), "run", "build"]
            run(command, scratch, _environment(node), waiting=f"building the {name} app")
        if name == "nextjs":  # as its guide to this kind of build has it
            (scratch / ".next/static").rename(scratch / ".next/standalone/.next/static")
        (scratch / KEPT[name]).rename(folder / "app")
        shutil.rmtree(scratch, ignore_errors=True)
        (folder / "node").symlink_to(node)

    files = [path for path in sorted(source.rglob("*")) if path.is_file() and not _is_left(path.relative_to(source))]
    contents = [f"{path.relative_to(source)}\0{path.read_text('utf-8')}" for path in files]
    return cache.entry(f"web-apps/{name}-{cache.key(package.read_bytes().hex(), node, API, KEPT[name], *contents)}", build)


def _is_left(path: Path) -> bool:
    return any(Path(part).match(pattern) for part in path.parts for pattern in LEFT)


def _install(lock: Lock, folder: Path, package: Path) -> None:
    """By `npm ci`, which wants the lock file to have all; our own package is then put beside the others."""
    path = folder / "package.json"
    described = path.read_text("utf-8")
    others = json.loads(described)
    used = others["dependencies"].pop(OWN, None)
    path.write_text(json.dumps(others), encoding="utf-8")
    npm.install_locked(lock, folder, folder / "cache", f"installing the packages of the {folder.parent.name} app")
    shutil.rmtree(folder / "cache")
    path.write_text(described, encoding="utf-8")
    if used:
        with tarfile.open(package) as archive:
            archive.extractall(folder / "unpacked")
        (folder / "unpacked" / "package").rename(folder / "node_modules" / OWN)
        (folder / "unpacked").rmdir()


def _environment(node: Path) -> dict[str, str]:
    """With that node before any other, and nothing told to anybody."""
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path, "VITE_API": API, "NEXT_PUBLIC_API": API, "NEXT_TELEMETRY_DISABLED": "1", "CI": "1"}
