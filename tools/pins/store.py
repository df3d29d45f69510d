"""Builds the S3 server that `make run` and the tests upload to, from its Go module."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Mapping

from . import cache, python
from .common import Failure, run, say
from .lockfile import GoPin, Lock

NAME = "minio"
FLAGS = ("-trimpath", "-ldflags", "-s -w")


def server(lock: Lock) -> Path:
    """A folder with the server's executable."""
    pin = lock.program(NAME)
    made_by = cache.key(pin.package, pin.version, pin.sum, *FLAGS)
    return cache.entry(f"store/{pin.name}-{made_by}", lambda folder: _build(lock, pin, folder))


def _build(lock: Lock, pin: GoPin, folder: Path) -> None:
    say(f"building {pin.name} {pin.version} (3 to 5 minutes, once)")
    # Go's own caches grow to 2 GB, and nothing else needs them; a killed build may have left some.
    scratch = cache.root() / ".go"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    env = {**os.environ, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": "-modcacherw",
           "GOPATH": f"{scratch}/path", "GOMODCACHE": f"{scratch}/modules", "GOCACHE": f"{scratch}/built",
           "GOBIN": str(folder)}
    try:
        go = _toolchain(lock, pin)
        _check_module(go, pin, scratch, env)
        run([go, "install", *FLAGS, f"{pin.package}@{pin.version}"], scratch, env,
            waiting=f"building {pin.name}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _check_module(go: str, pin: GoPin, scratch: Path, env: Mapping[str, str]) -> None:
    told = run([go, "mod", "download", "-json", f"{pin.module}@{pin.version}"], scratch, env,
               waiting=f"downloading {pin.name}")
    found = json.loads(told[told.index("{"):])["Sum"]
    if found != pin.sum:
        raise Failure(f"{pin.module}@{pin.version} is not the module that deps.lock pins:\n"
                      f"  expected {pin.sum}\n  got      {found}")


def _toolchain(lock: Lock, pin: GoPin) -> str:
    """This machine's go when it is new enough, or else the pinned one."""
    own = shutil.which("go")
    if own:
        version = re.search(r"\bgo(\d+(?:\.\d+)+)", run([own, "version"], env={**os.environ, "GOTOOLCHAIN": "local"}))
        if version and _numbers(version[1]) >= _numbers(pin.needs):
            return own
        say(f"{own} is older than {pin.needs}; taking the pinned Go")
    return str(python.environment(lock, "go") / "bin" / "go")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
