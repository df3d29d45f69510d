#!/usr/bin/env python3
"""Makes what `npm publish` takes of a folder: the files that its package.json names, itself, its README and the licence.

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


def package(target: Path, folder: Path) -> None:
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    wanted = {*ALWAYS, *json.loads(contents["package.json"])["files"]}
    found = {name if name in wanted else name.partition("/")[0] for name in contents}
    if wanted != found:
        raise SystemExit(f"package.json names other files than there are: {sorted(wanted ^ found)}")
    gzip = zopfli.ZopfliCompressor(zopfli.ZOPFLI_FORMAT_GZIP)
    target.write_bytes(gzip.compress(archive(contents)) + gzip.flush())


if __name__ == "__main__":
    package(Path(sys.argv[1]), Path(sys.argv[2]))
