#!/usr/bin/env python3
"""Checks that the C code is laid out as docs/design.md draws it: no include runs up, and none in a circle.

KNOWS says what each folder's files may include from other folders; a file may include every other one of its own
folder, as long as no circle comes of it. A .c file and the header of its name count as one."""

from __future__ import annotations

import re
import sys
from pathlib import Path

LIBRARIES = ("text", "s3", "http")
OUTGOING = (*LIBRARIES, "function/config", "function/outgoing", "function/store")
FUNCTION = (*OUTGOING, "function/admission")
INSTALLED = "runtime/cpp/include"  # the folders below it are those that programs see
KNOWS = {
    "text": (),
    "runtime": ("text",),
    "runtime/cpp": ("text", "runtime", INSTALLED),
    INSTALLED: (),
    "http": ("text",),
    "s3": ("text",),
    "function/config": LIBRARIES,
    "function/outgoing": LIBRARIES,
    "function/store": (*LIBRARIES, "function/outgoing"),
    "function/admission": (*LIBRARIES, "function/config"),
    "function/routes": FUNCTION,
    "function": (*FUNCTION, "function/routes"),
    "bootstrap": (*OUTGOING, "runtime", "function"),
    "doctor/shared": LIBRARIES,
    "doctor/explain": (*LIBRARIES, "doctor/shared"),
    "doctor/check": (*OUTGOING, "doctor/shared"),
    "doctor": (*OUTGOING, "runtime", "doctor/shared", "doctor/explain", "doctor/check"),
}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)


def included(root: Path, file: Path) -> list[Path]:
    """What a file includes in quotes, as the compiler finds it; one that is not there is left to the compiler."""
    found = []
    for name in INCLUDE.findall((root / file).read_text("utf-8")):
        for place in ((root / file).parent / name, root / name):
            if place.is_file():
                found.append(place.resolve().relative_to(root.resolve()))
                break
    return found


def read(root: Path) -> dict[Path, list[Path]]:
    tops = {name.split("/")[0] for name in KNOWS}
    files = sorted(file.relative_to(root) for top in tops for file in (root / top).rglob("*.[ch]"))
    return {file: included(root, file) for file in files}


def folder_of(file: Path) -> str:
    folder = file.parent.as_posix()
    return INSTALLED if folder.startswith(INSTALLED) else folder


def misplaced(includes: dict[Path, list[Path]]) -> list[str]:
    problems = []
    for file, targets in includes.items():
        folder = folder_of(file)
        if folder not in KNOWS:
            problems.append(f"{file}: tools/includes.py has no row for {folder}/")
            continue
        for target in targets:
            other = folder_of(target)
            if other != folder and other not in KNOWS[folder]:
                problems.append(f"{file} includes {target}: {folder}/ may not know {other}/")
    return problems


def circles(includes: dict[Path, list[Path]]) -> list[str]:
    """Each circle of modules, once, by a walk that remembers the way it came."""
    knows: dict[Path, set[Path]] = {}
    for file, targets in includes.items():
        module = file.with_suffix("")
        knows.setdefault(module, set()).update(target.with_suffix("") for target in targets)
        knows[module].discard(module)
    done: set[Path] = set()
    way: list[Path] = []
    problems = []

    def walk(module: Path) -> None:
        if module in way:
            problems.append("a circle: " + " -> ".join(map(str, [*way[way.index(module):], module])))
        elif module not in done:
            way.append(module)
            for target in sorted(knows.get(module, ())):
                walk(target)
            done.add(way.pop())

    for module in sorted(knows):
        walk(module)
    return problems


def check(root: Path) -> list[str]:
    includes = read(root)
    return [*misplaced(includes), *circles(includes)]


def main() -> int:
    problems = check(Path(__file__).resolve().parents[1])
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
