"""tools/strip.py: the program that is left runs, at the addresses that it was linked to."""

import subprocess
from pathlib import Path

import pytest

import strip
from pins import lockfile, zig
from programs import emulator

PT_LOAD = 1
PROGRAM = """
#include <stdio.h>
static int zeroes[100000];
int with_a_name(int number) { return number + zeroes[number]; }
int main(int count, char **words) { return printf("%s %d\\n", words[1], with_a_name(count)) < 0; }
"""


@pytest.fixture(params=sorted(zig.MACHINES))
def arch(request: pytest.FixtureRequest) -> str:
    return request.param


def loaded_bytes(program: bytes) -> int:
    """Where the last of what is loaded ends in the file."""
    start, size, count = (int.from_bytes(program[at:at + width], "little") for at, width in ((32, 8), (54, 2), (56, 2)))
    headers = [program[start + i * size:][:size] for i in range(count)]
    return max(int.from_bytes(header[8:16], "little") + int.from_bytes(header[32:40], "little")
               for header in headers if int.from_bytes(header[:4], "little") == PT_LOAD)


def test_what_is_left_runs(arch: str, tmp_path: Path, tools: Path) -> None:
    (tmp_path / "program.c").write_text(PROGRAM)
    program, left = tmp_path / "program", tmp_path / "left"
    subprocess.run([zig.toolchain(lockfile.read(), arch) / "bin" / "cc", *zig.LINK, "-g", "program.c", "-o", program],
                   cwd=tmp_path, check=True)
    subprocess.run([tools / "strip.py", program, left], check=True)
    whole, bytes_left = program.read_bytes(), left.read_bytes()
    assert b"with_a_name" in whole and b"with_a_name" not in bytes_left
    # All but the file's header, of 64 bytes, is there as it was.
    assert bytes_left[64:] == whole[64:loaded_bytes(whole)]
    done = subprocess.run([*emulator(arch), left, "word"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "word 2\n")
    assert strip.stripped(bytes_left) == bytes_left


def test_what_is_no_static_program_is_refused(tmp_path: Path, tools: Path) -> None:
    (tmp_path / "words").write_text("no program")
    done = subprocess.run([tools / "strip.py", tmp_path / "words", tmp_path / "left"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "not a static ELF program" in done.stderr
    assert not (tmp_path / "left").exists()
