#!/usr/bin/env python3
"""Makes the zip that Lambda takes: one executable named bootstrap.

The same executable gives the same bytes, whatever the day: SAM and CloudFormation see by the zip's hash whether
there is anything to deploy. Zopfli takes a second or two, and writes 4 % less than zlib at its best."""

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipInfo

import zopfli

UNIX = 3
EXECUTABLE = 0o100755


def package(bootstrap: Path, target: Path) -> None:
    entry = ZipInfo("bootstrap", date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = UNIX
    entry.external_attr = EXECUTABLE << 16
    entry.compress_type = ZIP_DEFLATED
    with zopfli.ZipFile(target, "w") as archive:
        archive.writestr(entry, bootstrap.read_bytes())


if __name__ == "__main__":
    package(Path(sys.argv[1]), Path(sys.argv[2]))
