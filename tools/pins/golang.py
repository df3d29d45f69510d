"""Go: a toolchain, and a place to build in."""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Mapping

from . import cache, python
from .common import Failure, run, say
from .lockfile import GoPin, Lock

FLAGS = ("-trimpath", "-ldflags", "-s -w")


@contextmanager
def workspace(name: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment in which go keeps what it makes there. Its caches grow to 2 GB, and nothing else
    needs them; a killed build may have left some."""
    scratch = cache.root() / f".go-{name}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        yield scratch, {**os.environ, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": "-modcacherw",
                        "GOPATH": f"{scratch}/path", "GOMODCACHE": f"{scratch}/modules", "GOCACHE": f"{scratch}/built"}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def own_caches(go: str) -> dict[str, str]:
    """For a build that this machine's own caches of Go may make short: they are used and kept, where there are any."""
    names = ("GOMODCACHE", "GOCACHE")
    places = run([go, "env", *names]).splitlines()
    usable = len(places) == len(names) and all(os.access(place, os.W_OK | os.X_OK) for place in places)
    return {**dict(zip(names, places)), "GOFLAGS": ""} if usable else {}


def toolchain(lock: Lock, needs: str) -> str:
    """This machine's go when it is new enough, or else the pinned one."""
    own = shutil.which("go")
    if own:
        version = re.search(r"\bgo(\d+(?:\.\d+)+)", run([own, "version"], env={**os.environ, "GOTOOLCHAIN": "local"}))
        if version and _numbers(version[1]) >= _numbers(needs):
            return own
        say(f"{own} is older than {needs}; taking the pinned Go")
    return str(python.environment(lock, "go") / "bin" / "go")


def check_module(go: str, pin: GoPin, scratch: Path, env: Mapping[str, str]) -> None:
    """Downloads the module of a program, if it is the one that deps.lock pins."""
    told = run([go, "mod", "download", "-json", f"{pin.module}@{pin.version}"], scratch, env,
               waiting=f"downloading {pin.name}")
    found = json.loads(told[told.index("{"):])["Sum"]
    if found != pin.sum:
        raise Failure(f"{pin.module}@{pin.version} is not the module that deps.lock pins:\n"
                      f"  expected {pin.sum}\n  got      {found}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
