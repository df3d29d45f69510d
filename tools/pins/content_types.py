"""The table of content types by a file name's extension, made of mime-db."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from . import cache, npm
from .common import say
from .lockfile import Lock

GROUP = "types"
FILE = "content_types.txt"
MEDIA = ("audio", "font", "image", "model", "text", "video")
# Where several types have an extension the highest sum wins, as in mime-types, the package that mime-db is kept for:
# first no vendor's or private type, then the registry that has it, then what the file is rather opened by.
TREES = {"prs.": 100, "x-": 200, "x.": 300, "vnd.": 400}
REGISTRIES = {"nginx": 10, "apache": 20, "iana": 40}
KINDS = {"application": 1, "audio": 2, "font": 2, "video": 3}
UNKNOWN = "application/octet-stream"


def table(lock: Lock) -> Path:
    """A folder with the table: a line for each type, with its extensions behind it."""
    pins = lock.packages(GROUP)
    made_by = cache.key(*(pin.integrity for pin in pins), Path(__file__).read_text("utf-8"))
    return cache.entry(f"npm/types-{made_by}", lambda folder: _build(lock, folder))


def _build(lock: Lock, folder: Path) -> None:
    say("making the table of content types (about 3 s)")
    scratch = folder / "scratch"
    database = json.loads(npm.read(lock, GROUP, "db.json", scratch))
    (folder / FILE).write_text(lines(database), encoding="ascii")
    shutil.rmtree(scratch)


def lines(database: dict[str, Any]) -> str:
    types: dict[str, list[str]] = {}
    for extension, claims in sorted(_claims(database).items()):
        best = max(claims, key=lambda name: _rank(name, database[name]))
        if _is_kept(best, claims, database):
            types.setdefault(best, []).append(extension)
    return "".join(f"{name} {' '.join(types[name])}\n" for name in sorted(types))


def _claims(database: dict[str, Any]) -> dict[str, list[str]]:
    """The types of each extension."""
    claims: dict[str, list[str]] = {}
    for name, about in database.items():
        for extension in about.get("extensions", ()):
            claims.setdefault(extension, []).append(name)
    return claims


def _tree(name: str) -> str:
    """What a type outside the standards begins with; else empty."""
    subtype = name.partition("/")[2]
    return next((tree for tree in TREES if subtype.startswith(tree)), "")


def _rank(name: str, about: dict[str, Any]) -> float:
    if name == UNKNOWN:
        return 0
    registry, kind = about.get("source", ""), name.partition("/")[0]
    return TREES.get(_tree(name), 900) + REGISTRIES.get(registry, 30) + KINDS.get(kind, 0) + 1 - len(name) / 100


def _is_kept(best: str, claims: list[str], database: dict[str, Any]) -> bool:
    """Most of the 1,200 extensions are never uploaded, and each costs bytes. In are media but for a vendor's; Apple's
    documents; and what mime-db's keepers met often enough to say whether it can be compressed. That they say of every
    +json and +xml by rule, so there it tells nothing."""
    if best == UNKNOWN:
        return False
    if best.startswith(tuple(f"{kind}/" for kind in MEDIA)) and _tree(best) in ("", "x-"):
        return True
    return best.startswith("application/vnd.apple.") or any(
        "compressible" in database[name] and not name.endswith(("+json", "+xml")) for name in claims)
