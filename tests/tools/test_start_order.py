"""tools/start.ld and tools/start_order.py: what a start touches lies together in what is deployed."""

import re
import subprocess
from pathlib import Path

import pytest

import start_order
from pins import zig

ROOT = Path(__file__).resolve().parents[2]
BLOCK_BYTES = 64 * 1024  # so much of a file comes with its first touch, from a multiple of it
MAP = """\
             VMA              LMA     Size Align Out     In      Symbol
         1000190          1000190       20    16 .rodata.start
         1000190          1000190       20    16         some.a(of.o):(.rodata.names)
         1000190          1000190       20     1                 names
         1020000          1020000      100    16 .text.start
         1020000          1020000       80    16         main.o:(.text.main)
         1020080          1020080       80    16         libc.a(it's.o):(.text.memcpy)
         1030000          1030000    20000    16         main.o:(.bss.main.memory)
         1050000          1050000       10    16         main.o:(.bss.zero)
"""


@pytest.fixture(params=sorted(zig.MACHINES))
def bootstrap(request: pytest.FixtureRequest) -> Path:
    """As it is before its names are left out."""
    return ROOT / "build" / request.param / "bootstrap.debug"


def placed(program: Path) -> "dict[str, tuple[int, int]]":
    """Where each section begins, and its size."""
    said = subprocess.run(["readelf", "--sections", "--wide", program], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"\] (\S+) +\S+ +([0-9a-f]{16}) [0-9a-f]+ ([0-9a-f]+) ", said)
    return {name: (int(address, 16), int(size, 16)) for name, address, size in found}


def functions(program: Path, section: "tuple[int, int]") -> "set[str]":
    said = subprocess.run(["nm", "--defined-only", program], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in said.splitlines()]
    start, size = section
    return {name for address, kind, name in rows if kind in "tTwW" and start <= int(address, 16) < start + size}


def test_code_of_a_start_is_in_two_blocks_of_the_file(bootstrap: Path) -> None:
    start, size = placed(bootstrap)[".text.start"]
    assert start % BLOCK_BYTES == 0 and size <= 2 * BLOCK_BYTES


def test_a_start_runs_what_is_there_and_no_tls_and_no_xml(bootstrap: Path) -> None:
    there = functions(bootstrap, placed(bootstrap)[".text.start"])
    assert {"_start", "main", "memcpy", "config_read", "function_init", "lambda_run", "curl_easy_init"} < there
    assert not {"psa_crypto_init", "mbedtls_ssl_handshake", "XML_Parse", "function_handle"} & there
    assert "function_handle" in functions(bootstrap, placed(bootstrap)[".text.reply"])


def test_memory_of_a_start_begins_on_a_page_and_large_parts_are_last(bootstrap: Path) -> None:
    sections = placed(bootstrap)
    assert sections[".data.start"][0] % 4096 == 0
    data, memory = sections[".data.start"], sections[".bss.start"]
    assert memory[0] < data[0] + data[1] + 64
    script = (ROOT / "tools" / "start.ld").read_text()
    assert script.index("(.bss.__libc)") < script.index("(.bss.main.memory)")


def test_sections_by_their_addresses() -> None:
    sections = start_order.Sections(MAP.splitlines())
    assert sections.at(0x1000190) == (0, ".rodata.names")
    assert sections.at(0x10200ff) == (0, ".text.memcpy")
    assert sections.at(0x1020100) is None and sections.at(0) is None
    assert sections.at(0x1030010) == (0x20000, ".bss.main.memory")


def test_lists_are_written_anew_between_their_lines() -> None:
    script = ("    *(.text) /* in assembler */\n    /* start: .text.* */\n    *(.text.gone)\n    /* end */\n"
              "    /* reply: .text.* */\n    /* end */\n    /* start: .bss.* */\n    /* end */\n")
    made = start_order.written(script, {
        "start": {(0, ".text.b"), (0, ".text.a"), (0, ".bss.z"), (2000, ".bss.a")}, "reply": {(0, ".text.c"), (0, ".bss.c")}})
    assert made == ("    *(.text) /* in assembler */\n    /* start: .text.* */\n    *(.text.a)\n    *(.text.b)\n    /* end */\n"
                    "    /* reply: .text.* */\n    *(.text.c)\n    /* end */\n"
                    "    /* start: .bss.* */\n    *(.bss.z)\n    *(.bss.a)\n    /* end */\n")
