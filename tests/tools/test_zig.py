"""tools/pins/zig.py: its compiler makes static programs of musl, for either architecture and from any folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pins import lockfile, zig
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
  return printf("%s %d %Lf\\n", TEXT, atomic_load(&count), (long double)own) < 0;
}
"""
ELF_MACHINE = {"x86_64": 62, "arm64": 183}
PT_INTERP = 3


@pytest.fixture(params=sorted(zig.MACHINES))
def arch(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def compiler(arch: str, tmp_path: Path) -> Path:
    """bin/cc in a copy of the toolchain, in a folder whose name has a blank."""
    shutil.copytree(zig.toolchain(lockfile.read(), arch), tmp_path / "a copy")
    return tmp_path / "a copy" / "bin" / "cc"


def compiled(compiler: Path, folder: Path, env: dict[str, str] | None = None) -> Path:
    (folder / "its program.c").write_text(PROGRAM)
    subprocess.run([compiler, "-Wall", "-Werror", *zig.LINK, '-DTEXT="two words"', "-o", "the program", "its program.c"],
                   cwd=folder, env=env, check=True)
    return folder / "the program"


def program_header_types(program: bytes) -> list[int]:
    start, size, count = (int.from_bytes(program[at:at + width], "little") for at, width in ((32, 8), (54, 2), (56, 2)))
    return [int.from_bytes(program[start + i * size:][:4], "little") for i in range(count)]


def test_a_program_is_static_and_of_its_architecture(arch: str, compiler: Path, tmp_path: Path) -> None:
    program = compiled(compiler, tmp_path).read_bytes()
    assert int.from_bytes(program[18:20], "little") == ELF_MACHINE[arch]
    assert PT_INTERP not in program_header_types(program)


def test_a_program_runs(arch: str, compiler: Path, tmp_path: Path) -> None:
    command = [*emulator(arch), compiled(compiler, tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "two words 1 0.000000\n")


def test_nothing_but_zig_is_needed_and_the_user_s_cache_stays_empty(compiler: Path, tmp_path: Path) -> None:
    """A PATH with the shell alone, as where no compiler is installed."""
    home, folder = tmp_path / "home", tmp_path / "bin"
    home.mkdir()
    folder.mkdir()
    (folder / "sh").symlink_to("/bin/sh")
    places = {name: str(home / name) for name in ("XDG_CACHE_HOME", "ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR")}
    compiled(compiler, tmp_path, env={"PATH": str(folder), "HOME": str(home), **places})
    assert not list(home.iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {"home", "bin", "a copy", "its program.c", "the program"}


def test_the_makefile_links_with_the_musl_that_is_made_first(tools: Path) -> None:
    assert f"\nSMALL_LINK := {' '.join(zig.LINK)} -Wl," in (tools.parent / "Makefile").read_text()


def test_a_cache_elsewhere_has_a_toolchain_of_its_own(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Its scripts have the cache's place in them: one that was moved, with all that is in it, gets new ones."""
    def moved_to(name: str) -> Path:
        monkeypatch.setenv("COUNTERSIGN_CACHE", str(tmp_path / name))
        program = tmp_path / name / "venv/lib/python3/site-packages/ziglang/zig"
        if not program.exists():
            program.parent.mkdir(parents=True)
            program.write_text('#!/bin/sh\necho "$0 $ZIG_GLOBAL_CACHE_DIR"\n')
            program.chmod(0o755)
        monkeypatch.setattr(zig.python, "environment", lambda lock, group: tmp_path / name / "venv")
        return zig.toolchain(lockfile.Lock((), (), ()), "arm64") / "bin" / "cc"

    first = moved_to("one")
    os.rename(tmp_path / "one", tmp_path / "other")
    second = moved_to("other")
    assert capsys.readouterr().err == 2 * "deps: making musl for arm64 (30 to 60 s)\n"
    assert (tmp_path / "other" / first.relative_to(tmp_path / "one")).exists() and second.parts[-3] != first.parts[-3]
    said = subprocess.run([second], capture_output=True, text=True, check=True).stdout
    program, its_cache = said.split()
    assert program == str(tmp_path / "other/venv/lib/python3/site-packages/ziglang/zig")
    assert Path(its_cache).parent == tmp_path / "other/zig"
