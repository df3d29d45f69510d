#!/usr/bin/env python3
"""Makes what `npm publish` takes: the files that a package.json names, itself and its README, with the licence.

The same files give the same bytes, whatever the day and the machine's zlib, which Zopfli does without."""

import io
import json
import sys
import tarfile
from pathlib import Path

import zopfli

ALWAYS = ("package.json", "README.md", "LICENSE")
MADE_SECONDS = 499162500  # what npm's own archives have
FILE = 0o644


def archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, contents in sorted(files.items()):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mode, entry.mtime = len(contents), FILE, MADE_SECONDS
            tar.addfile(entry, io.BytesIO(contents))
    return made.getvalue()


def package(target: Path, sources: list[Path]) -> None:
    """`sources` has each file once, in whichever folder it is made."""
    contents = {path.name: path.read_bytes() for path in sources}
    names = {*ALWAYS, *json.loads(contents["package.json"])["files"]}
    if names != set(contents):
        raise SystemExit(f"package.json names other files than there are: {sorted(names ^ set(contents))}")
    gzip = zopfli.ZopfliCompressor(zopfli.ZOPFLI_FORMAT_GZIP)
    target.write_bytes(gzip.compress(archive(contents)) + gzip.flush())


if __name__ == "__main__":
    package(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
