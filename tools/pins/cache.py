"""The cache folder that clones share. An entry's name ends in a hash of all that made it, so a changed pin or recipe
makes a new entry, and a second clone builds nothing again."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from .common import say

# Written into an entry when it is whole. An entry is built where it will stay, because a Python environment holds its
# own path; without this file it is what an interrupted build left, and is removed.
WHOLE = ".complete"


def root() -> Path:
    if os.environ.get("COUNTERSIGN_CACHE"):
        return Path(os.environ["COUNTERSIGN_CACHE"]).resolve()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).resolve() / "countersign"


def key(*parts: object) -> str:
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def entry(name: str, build: Callable[[Path], None]) -> Path:
    """The folder of that name, which `build` fills if it isn't there yet."""
    folder = root() / name
    if (folder / WHOLE).exists():
        return folder
    with _locked(name):
        if (folder / WHOLE).exists():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            build(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        (folder / WHOLE).touch()
    return folder


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Keeps two processes from making the same entry at once."""
    path = root() / "locks" / name.replace("/", "-")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another process is making {name}; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def link(target: Path, place: Path) -> None:
    """Makes `place` a symbolic link to a cache entry, in one step."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink() and Path(os.readlink(place)) == target:
        return
    new = place.with_name(f".{place.name}.{os.getpid()}")
    new.symlink_to(target)
    try:
        os.replace(new, place)
    except OSError:
        new.unlink()
        raise
