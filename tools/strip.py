#!/usr/bin/env python3
"""Leaves of a program what is loaded: tools/strip.py PROGRAM STRIPPED.

Names, debug information and section headers are gone, and all addresses are what they were: the program as it was tells
a debugger of this one. For static programs of any architecture on any machine, as `strip` is for those of its own. ELF
of 64 bits, little-endian (System V ABI, chapter 5, Program Header)."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")  # type, flags, offset, address, physical address, size, size in memory, alignment
EXECUTABLE = 2
SECTION_HEADERS_AT, COUNTS_AT = 40, 54  # in the file's header


def stripped(program: bytes) -> bytes:
    if program[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", program, 16) != (EXECUTABLE,):
        raise ValueError("not a static ELF program of 64 bits, little-endian")
    (start,) = struct.unpack_from("<Q", program, 32)
    size, count, section_size, _, _ = struct.unpack_from("<5H", program, COUNTS_AT)
    headers = [PROGRAM_HEADER.unpack_from(program, start + size * number) for number in range(count)]
    made = bytearray(program[:max(offset + length for _, _, offset, _, _, length, _, _ in headers)])
    struct.pack_into("<Q", made, SECTION_HEADERS_AT, 0)
    struct.pack_into("<5H", made, COUNTS_AT, size, count, section_size, 0, 0)
    return bytes(made)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = map(Path, sys.argv[1:])
    try:
        target.write_bytes(stripped(source.read_bytes()))
    except ValueError as problem:
        sys.exit(f"{source}: {problem}")
    target.chmod(0o755)
