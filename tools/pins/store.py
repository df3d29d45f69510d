"""Builds the S3 server that `make run` and the tests upload to, from its Go module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping

from . import cache, golang
from .common import Failure, run, say
from .lockfile import GoPin, Lock

NAME = "minio"


def server(lock: Lock) -> Path:
    """A folder with the server's executable."""
    pin = lock.program(NAME)
    made_by = cache.key(pin.package, pin.version, pin.sum, *golang.FLAGS)
    return cache.entry(f"store/{pin.name}-{made_by}", lambda folder: _build(lock, pin, folder))


def _build(lock: Lock, pin: GoPin, folder: Path) -> None:
    say(f"building {pin.name} {pin.version} (3 to 5 minutes, once)")
    with golang.workspace(pin.name) as (scratch, env):
        go = golang.toolchain(lock, pin.needs)
        _check_module(go, pin, scratch, env)
        run([go, "install", *golang.FLAGS, f"{pin.package}@{pin.version}"], scratch, {**env, "GOBIN": str(folder)},
            waiting=f"building {pin.name}")


def _check_module(go: str, pin: GoPin, scratch: Path, env: Mapping[str, str]) -> None:
    told = run([go, "mod", "download", "-json", f"{pin.module}@{pin.version}"], scratch, env,
               waiting=f"downloading {pin.name}")
    found = json.loads(told[told.index("{"):])["Sum"]
    if found != pin.sum:
        raise Failure(f"{pin.module}@{pin.version} is not the module that deps.lock pins:\n"
                      f"  expected {pin.sum}\n  got      {found}")
