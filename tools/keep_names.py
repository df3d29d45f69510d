#!/usr/bin/env python3
"""Hides the names of an object file, but for those that are to be seen: tools/keep_names.py OBJECT PATTERN...

Each global symbol that is defined in it and matches no PATTERN (as in the shell) becomes local. It is what
`objcopy --keep-global-symbol` does, for objects of any architecture on any machine. ELF of 64 bits, little-endian
(System V ABI, chapter 4, Object Files)."""

from __future__ import annotations

import struct
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Iterator

SHT_SYMTAB, SHT_RELA, SHT_REL, SHT_GROUP, SHT_SYMTAB_SHNDX = 2, 4, 9, 17, 18
SHT_LLVM_ADDRSIG, SHT_NULL = 0x6FFF4C03, 0
SHN_UNDEF, STB_LOCAL = 0, 0
SYMBOL = struct.Struct("<IBBHQQ")  # name, info, other, section, value, size
SECTION = struct.Struct("<IIQQQQIIQQ")  # name, type, flags, address, offset, size, link, info, alignment, entry size


class Problem(Exception):
    """The file is not one that this can change."""


class Section:
    def __init__(self, data: bytearray, place: int) -> None:
        self._data, self._place = data, place
        (_, self.kind, _, _, self.offset, self.size, self.link, self.info, _, self.entry) = SECTION.unpack_from(data, place)

    def set_info(self, info: int) -> None:
        struct.pack_into("<I", self._data, self._place + 44, info)

    def forget(self) -> None:
        struct.pack_into("<I", self._data, self._place + 4, SHT_NULL)


def sections_of(data: bytearray) -> list[Section]:
    if data[:6] != b"\x7fELF\x02\x01":
        raise Problem("not an ELF file of 64 bits, little-endian")
    (start,) = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    return [Section(data, start + size * number) for number in range(count)]


def name_of(data: bytearray, strings: Section, offset: int) -> str:
    start = strings.offset + offset
    return data[start:data.index(0, start)].decode("ascii")


def keep(data: bytearray, patterns: list[str]) -> None:
    sections = sections_of(data)
    (symbols,) = [each for each in sections if each.kind == SHT_SYMTAB]
    if any(each.kind == SHT_SYMTAB_SHNDX for each in sections):
        raise Problem("it has more sections than this knows to count")
    table = [SYMBOL.unpack_from(data, symbols.offset + at) for at in range(0, symbols.size, SYMBOL.size)]
    local = [_is_local(data, sections[symbols.link], symbol, patterns) for symbol in table]
    # Local ones stand first. Stable, so that files stay where their names are.
    order = sorted(range(len(table)), key=lambda number: not local[number])
    for place, number in enumerate(order):
        name, info, *rest = table[number]
        SYMBOL.pack_into(data, symbols.offset + place * SYMBOL.size, name, info & 15 if local[number] else info, *rest)
    symbols.set_info(sum(local))
    moved = {number: place for place, number in enumerate(order)}
    for place in _users(data, sections):
        (number,) = struct.unpack_from("<I", data, place)
        struct.pack_into("<I", data, place, moved[number])


def _is_local(data: bytearray, strings: Section, symbol: tuple[int, ...], patterns: list[str]) -> bool:
    name, info, _, section, *_ = symbol
    if info >> 4 == STB_LOCAL:
        return True
    return section != SHN_UNDEF and not any(fnmatchcase(name_of(data, strings, name), each) for each in patterns)


def _users(data: bytearray, sections: list[Section]) -> Iterator[int]:
    """The places of all numbers of symbols."""
    for number, section in enumerate(sections):
        if section.kind in (SHT_RELA, SHT_REL):
            # The upper half of r_info, which follows an offset of eight bytes.
            yield from (section.offset + at + 12 for at in range(0, section.size, section.entry))
        if section.kind == SHT_GROUP:
            raise Problem(f"section {number} is a group, whose name would be lost")
        if section.kind == SHT_LLVM_ADDRSIG:
            section.forget()  # only a hint to a linker, of numbers that are wrong now


def main(words: list[str]) -> int:
    path, *patterns = words
    data = bytearray(Path(path).read_bytes())
    try:
        keep(data, patterns)
    except Problem as problem:
        sys.stderr.write(f"{path}: {problem}\n")
        return 1
    Path(path).write_bytes(data)
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
