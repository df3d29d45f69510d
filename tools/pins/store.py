"""Builds an S3 server from its Go module: the one of `make run` and the tests, or another that the tests need."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

from . import cache, golang
from .common import Failure, run, say
from .lockfile import GoPin, Lock

DEFAULT = "versitygw"
# MinIO takes x-amz headers that nobody signed; only tests need it.
HOW_LONG = {DEFAULT: "2 minutes", "minio": "4 minutes"}
NAMES = tuple(HOW_LONG)
# Who runs `make run` for the first time waits for it: without inlining and debug information it compiles in two thirds of
# the time.
QUICK = ("-gcflags=all=-dwarf=false -l",)


@dataclass(frozen=True)
class Mend:
    """Lines of a module that a server is built of, and those that take their place."""
    module: str
    file: str
    lines: str
    mended: str


# An upload whose connection ends would be stored as far as it came, and a part of it be filled with zeros. (The server
# takes io.ErrUnexpectedEOF for an end, too.)
MENDS = {DEFAULT: Mend("github.com/valyala/fasthttp", "streaming.go", """\
\trs.totalBytesRead += n
\tif err != nil {
\t\treturn n, err
\t}
""", """\
\trs.totalBytesRead += n
\tif err == io.EOF && left > 0 {
\t\terr = io.ErrClosedPipe
\t}
\tif err != nil {
\t\treturn n, err
\t}
""")}


def server(lock: Lock, name: str = DEFAULT) -> Path:
    """A folder with the server's executable."""
    pin = lock.program(name)
    mends = [MENDS[name]] if name in MENDS else []
    flags = (*golang.FLAGS, *(QUICK if name == DEFAULT else ()))
    made_by = cache.key(pin.package, pin.version, pin.sum, *flags, *mends)
    return cache.entry(f"store/{pin.name}-{made_by}", lambda folder: _build(lock, pin, flags, folder))


def _build(lock: Lock, pin: GoPin, flags: Sequence[str], folder: Path) -> None:
    say(f"building {pin.name} {pin.version} ({HOW_LONG[pin.name]}, once)")
    with golang.workspace(pin.name) as (scratch, env):
        go = golang.toolchain(lock, pin.needs)
        if pin.name == DEFAULT:
            env.update(golang.own_caches(go))
        golang.check_module(go, pin, scratch, env)
        main = scratch / "main"
        main.mkdir()
        run([go, "mod", "init", "store"], main, env)
        run([go, "get", f"{pin.package}@{pin.version}"], main, env, waiting=f"downloading what {pin.name} is built of")
        if pin.name in MENDS:
            _mend(go, MENDS[pin.name], main, env)
        run([go, "build", *flags, "-o", folder / pin.name, pin.package], main, env, waiting=f"building {pin.name}")


def _mend(go: str, mend: Mend, main: Path, env: Mapping[str, str]) -> None:
    """Builds it with a copy of the module, in which the lines are replaced."""
    copy = main.parent / "mended"
    shutil.copytree(run([go, "list", "-m", "-f", "{{.Dir}}", mend.module], main, env).strip(), copy)
    file = copy / mend.file
    text = file.read_text(encoding="utf-8")
    if text.count(mend.lines) != 1:
        raise Failure(f"{mend.file} of {mend.module} is not the one that is mended here: {__file__}")
    # Go's own cache can't be written in, nor can a copy be, which then could not be deleted.
    for path in (copy, *copy.rglob("*")):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    file.write_text(text.replace(mend.lines, mend.mended), encoding="utf-8")
    run([go, "mod", "edit", "-replace", f"{mend.module}={copy}"], main, env)
