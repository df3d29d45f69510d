"""tools/setup.sh: what is missing is installed, and nothing else."""

import shutil
import subprocess
from pathlib import Path
from typing import Callable

import pytest

REAL = ["sh", "id", "uname", "sed", "cut", "cat", "echo"]
FAKED = ["python3", "gcc", "make", "cmake", "ninja", "aarch64-linux-gnu-gcc", "x86_64-linux-gnu-gcc", "g++",
         "pkg-config", "curl", "clang", "openssl", "clang-tidy", "clang-format", "qemu-aarch64-static", "sudo"]
# As apt-get does, and tells what it was asked to install.
APT_GET = """#!/bin/sh
for word; do [ "$installs" ] && echo "$word"; [ "$word" = install ] && installs=yes; done
exit 0
"""

Setup = Callable[..., list[str]]


def program(path: Path, text: str = "#!/bin/sh\n") -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def setup(tools: Path, tmp_path: Path) -> Setup:
    """setup(program, ...) -> what is installed for `test` where all but these programs are there."""
    folder = tmp_path / "bin"

    def run(*absent: str) -> list[str]:
        folder.mkdir()
        for name in REAL:
            (folder / name).symlink_to(shutil.which(name))
        for name in {*FAKED, "chromium", "dockerd"} - {*absent}:
            program(folder / name)
        program(folder / "sudo", '#!/bin/sh\nexec "$@"\n')
        program(folder / "apt-get", APT_GET)
        done = subprocess.run(["sh", tools / "setup.sh", "test"], env={"PATH": str(folder)}, capture_output=True,
                              text=True, check=False)
        return [word for word in done.stdout.split() if not word.startswith("-")]

    return run


def test_nothing_is_installed_when_all_is_there(setup: Setup) -> None:
    assert setup() == []


@pytest.mark.parametrize(
    ("absent", "package"),
    [("chromium", "chromium"), ("dockerd", "docker.io"), ("openssl", "openssl"), ("ninja", "ninja-build")],
)
def test_what_is_missing_is_installed(setup: Setup, absent: str, package: str) -> None:
    assert setup(absent) == [package]
