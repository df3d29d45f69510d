"""tools/keep_names.py: what is hidden can't be reached, what is kept can, and every instruction still finds its own."""

import subprocess
from pathlib import Path

import pytest

import keep_names
from pins import lockfile, zig
from programs import emulator

# Calls, data that points to functions, and names that the linker is to find elsewhere.
LIBRARY = """
#include <stdio.h>
extern int given;
int hidden_count = 3;
static int own = 4;
int hidden(int number) { return number + hidden_count + own + given; }
int kept_twice(int number) { return 2 * hidden(number); }
int (*const kept_table[])(int) = {kept_twice, hidden};
static int last(int number) { return number - 1; }
int (*kept_last)(int) = last;
int keptnot(void) { return 6; }
"""
# Has the hidden names itself, for something else.
PROGRAM = """
#include <stdio.h>
int given = 100;
int hidden_count = 1000;
int hidden(int number) { return -number; }
int keptnot(void) { return 7; }
int kept_twice(int number);
extern int (*const kept_table[])(int);
extern int (*kept_last)(int);
int main(void) {
  return printf("%d %d %d %d %d\\n", kept_twice(1), kept_table[0](2), kept_table[1](3), kept_last(hidden(5)), keptnot()) < 0;
}
"""
REACHES = "int hidden(int number); int main(void) { return hidden(1); }"


@pytest.fixture(params=sorted(zig.MACHINES))
def arch(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def compiler(arch: str) -> Path:
    return zig.toolchain(lockfile.read(), arch) / "bin" / "cc"


def compile_(compiler: Path, folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.c").write_text(text)
    subprocess.run([compiler, "-O1", "-ffunction-sections", "-fdata-sections", "-g", "-c", folder / f"{name}.c",
                    "-o", folder / f"{name}.o"], check=True)
    return folder / f"{name}.o"


def link(compiler: Path, folder: Path, *objects: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([compiler, *zig.LINK, *objects, "-o", folder / "program"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("joined", [False, True], ids=["compiled", "joined"])
def test_names(arch: str, compiler: Path, tmp_path: Path, joined: bool) -> None:
    library = compile_(compiler, tmp_path, "library", LIBRARY)
    program = compile_(compiler, tmp_path, "program", PROGRAM)
    assert "hidden" in link(compiler, tmp_path, library, program).stderr  # twice
    if joined:
        subprocess.run([compiler.with_name("ld"), "-r", "-o", tmp_path / "joined.o", library], check=True)
        library = tmp_path / "joined.o"
    assert keep_names.main([str(library), "kept_*"]) == 0
    done = link(compiler, tmp_path, library, program)
    assert done.returncode == 0, done.stderr
    said = subprocess.run([*emulator(arch), tmp_path / "program"], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["216", "218", "110", "-6", "7"]
    reaches = compile_(compiler, tmp_path, "reaches", REACHES)
    assert "hidden" in link(compiler, tmp_path, library, reaches).stderr


def test_a_group_is_refused_and_the_file_left(compiler: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What C++ has inline is one, which the linker knows by a name that would be hidden."""
    (tmp_path / "inline.cpp").write_text("inline int f() { static int n; return ++n; }\nint kept() { return f(); }\n")
    made = tmp_path / "inline.o"
    subprocess.run([compiler.with_name("c++"), "-c", tmp_path / "inline.cpp", "-o", made], check=True)
    before = made.read_bytes()
    assert keep_names.main([str(made), "kept_*"]) == 1
    assert "is a group, whose name would be lost" in capsys.readouterr().err
    assert made.read_bytes() == before


def test_what_is_no_object_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "words").write_text("no object")
    assert keep_names.main([str(tmp_path / "words"), "*"]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'words'}: not an ELF file of 64 bits, little-endian\n"
