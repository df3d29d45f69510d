#!/usr/bin/env python3
"""Makes the release of the last commit twice, in two clones of another name and depth, and compares the bytes.

  twice.py                 with this machine's cache of dependencies
  twice.py --from-nothing  each with a cache of its own, so that the dependencies are built twice as well"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from version import ROOT

# What else may differ from one machine to the next.
CLONES = {"one": {"TZ": "UTC", "LC_ALL": "C"}, "another/one": {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8"}}


def build(folder: Path, settings: dict[str, str], umask: int) -> dict[str, bytes]:
    """The files of dist/, in a clone that is made there."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    subprocess.run(["make", "--no-print-directory", "release"], cwd=folder, env={**environment, **settings},
                   umask=umask, check=True, stdout=sys.stderr)
    dist = folder / "dist"
    return {str(path.relative_to(dist)): path.read_bytes() for path in sorted(dist.rglob("*")) if path.is_file()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from-nothing", action="store_true")
    args = parser.parse_args()
    made = []
    with tempfile.TemporaryDirectory(prefix="countersign-") as scratch:
        for umask, (name, settings) in zip((0o022, 0o077), CLONES.items()):
            folder = Path(scratch) / name
            if args.from_nothing:
                settings = {**settings, "COUNTERSIGN_CACHE": f"{folder}-cache"}
            made.append(build(folder, settings, umask))
    first, second = made
    differ = [name for name in sorted(first.keys() | second.keys()) if first.get(name) != second.get(name)]
    print(first["SHA256SUMS"].decode(), end="")
    print(f"differs: {', '.join(differ)}" if differ else f"the same {len(first)} files, twice")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
