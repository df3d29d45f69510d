"""Builds an S3 server from its Go module: the one of `make run` and the tests, or another that the tests need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping

from . import cache, golang
from .common import Failure, run, say
from .lockfile import GoPin, Lock

DEFAULT = "versitygw"
# MinIO takes x-amz headers that nobody signed; only tests need it.
HOW_LONG = {DEFAULT: "2 minutes", "minio": "4 minutes"}
NAMES = tuple(HOW_LONG)


def server(lock: Lock, name: str = DEFAULT) -> Path:
    """A folder with the server's executable."""
    pin = lock.program(name)
    made_by = cache.key(pin.package, pin.version, pin.sum, *golang.FLAGS)
    return cache.entry(f"store/{pin.name}-{made_by}", lambda folder: _build(lock, pin, folder))


def _build(lock: Lock, pin: GoPin, folder: Path) -> None:
    say(f"building {pin.name} {pin.version} ({HOW_LONG[pin.name]}, once)")
    with golang.workspace(pin.name) as (scratch, env):
        go = golang.toolchain(lock, pin.needs)
        if pin.name == DEFAULT:
            env.update(golang.own_caches(go, env))
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
