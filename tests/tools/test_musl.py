"""tools/pins/musl.py: its compiler makes static programs of musl, for either architecture and from any folder."""

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from pins import lockfile, musl
from programs import emulator

PROGRAM = """
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#ifdef __GLIBC__
#error "these are the headers of glibc"
#endif
static atomic_int count;
static _Thread_local int own;
static void *work(void *unused) { (void)unused; own = atomic_fetch_add(&count, 1); return NULL; }
int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL) != 0 || pthread_join(thread, NULL) != 0) return 1;
  return printf("%d %Lf\\n", atomic_load(&count), (long double)own) < 0;
}
"""
ELF_MACHINE = {"x86_64": 62, "arm64": 183}
PT_INTERP = 3


@pytest.fixture(params=sorted(musl.MACHINES))
def arch(request: pytest.FixtureRequest) -> str:
    if not shutil.which(musl.compiler(request.param)):
        pytest.skip(f"{musl.compiler(request.param)} is not installed")
    return request.param


@pytest.fixture
def compiler(arch: str, tmp_path: Path) -> Path:
    """bin/cc in a copy of the toolchain, as the prefix of the libraries has it."""
    shutil.copytree(musl.toolchain(lockfile.read(), arch), tmp_path / "copy")
    return tmp_path / "copy" / "bin" / "cc"


def compiled(compiler: Path, folder: Path, *flags: str) -> Path:
    (folder / "program.c").write_text(PROGRAM)
    subprocess.run([compiler, "-Wall", "-Werror", *flags, "-o", "program", "program.c"], cwd=folder, check=True)
    return folder / "program"


def program_header_types(program: bytes) -> list[int]:
    start, size, count = (int.from_bytes(program[at:at + width], "little") for at, width in ((32, 8), (54, 2), (56, 2)))
    return [int.from_bytes(program[start + i * size:][:4], "little") for i in range(count)]


def test_a_program_is_static_and_of_its_architecture(arch: str, compiler: Path, tmp_path: Path) -> None:
    program = compiled(compiler, tmp_path).read_bytes()
    assert int.from_bytes(program[18:20], "little") == ELF_MACHINE[arch]
    assert PT_INTERP not in program_header_types(program)


@pytest.mark.parametrize("flags", [(), ("-Os", "-g"), ("-O2", "-flto")])
def test_a_program_runs(arch: str, compiler: Path, tmp_path: Path, flags: tuple[str, ...]) -> None:
    command = [*emulator(arch), compiled(compiler, tmp_path, *flags)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1 0.000000\n")


@pytest.mark.parametrize("machine, x86_64, arm64", [
    ("x86_64", "gcc", "aarch64-linux-gnu-gcc"),
    ("aarch64", "x86_64-linux-gnu-gcc", "gcc"),
])
def test_the_other_architecture_takes_a_cross_compiler(monkeypatch: pytest.MonkeyPatch, machine: str, x86_64: str,
                                                       arm64: str) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert (musl.compiler("x86_64"), musl.compiler("arm64")) == (x86_64, arm64)
