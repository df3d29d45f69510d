"""tools/setup.sh: what is missing is installed, and nothing else."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable

import pytest

from pins import common, targets, zig

REAL = ["sh", "id", "uname", "sed", "cut", "cat", "echo"]
FAKED = ["python3", "gcc", "cc", "ar", "make", "cmake", "g++", "pkg-config", "curl", "clang", "openssl", "clang-tidy", "clang-format", "qemu-aarch64-static", "lintian", "sudo"]
# Without which only some tests fail, or are skipped.
OPTIONAL = ["chromium", "firefox-esr", "WebKitWebDriver", "Xvfb", "dockerd"]
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
        for name in {*FAKED, *OPTIONAL} - {*absent}:
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
    [("chromium", "chromium"), ("firefox-esr", "firefox-esr"), ("dockerd", "docker.io"), ("openssl", "openssl"), ("pkg-config", "pkg-config"), ("lintian", "lintian")],
)
def test_what_is_missing_is_installed(setup: Setup, absent: str, package: str) -> None:
    assert setup(absent) == [package]


@pytest.mark.parametrize("absent", ["WebKitWebDriver", "Xvfb"])
def test_webkit_needs_a_screen(setup: Setup, absent: str) -> None:
    assert setup(absent) == ["webkit2gtk-driver", "xvfb"]


# ---- What the build says is missing ----

HOST = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
(OTHER,) = set(zig.MACHINES) - {HOST}
# As apt-get does: what it installs is there then.
INSTALLING = """#!/bin/sh
for word; do [ "$installs" ] && case $word in
CASES
esac; [ "$word" = install ] && installs=yes; done
exit 0
"""


@pytest.mark.parametrize("absent", [("clang",), ("cc",), ("clang", "ar")], ids=" ".join)
def test_the_hint_is_a_command_that_gets_what_is_missing(
        tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, absent: tuple[str, ...]) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in REAL:
        (folder / name).symlink_to(shutil.which(name))
    for name in {*FAKED, *OPTIONAL} - {*absent}:
        program(folder / name)
    program(folder / "sudo", '#!/bin/sh\nexec "$@"\n')
    installed = [f"{common.PACKAGES[name]}) {shutil.which('ln')} -s {shutil.which('true')} {folder / name} ;;"
                 for name in absent]
    program(folder / "apt-get", INSTALLING.replace("CASES", "\n".join(installed)))
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(common.Failure) as failure:
        common.need(*absent)
    hint = re.search(r"To get it: (.*)\n", str(failure.value))
    assert hint, str(failure.value)
    done = subprocess.run(["/bin/sh", "-c", hint[1]], cwd=tools.parent, env={"PATH": str(folder)}, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
    common.need(*absent)


def test_all_that_is_missing_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(common.Failure, match="missing: cc, ar\\. ") as failure:
        targets.target(None, "native")
    assert "apt-get install binutils gcc" in str(failure.value)


def test_apt_that_fails_leaves_the_packages_names(tools: Path, tmp_path: Path) -> None:
    for name in REAL:
        (tmp_path / name).symlink_to(shutil.which(name))
    for name in {*FAKED} - {"make"}:
        program(tmp_path / name)
    program(tmp_path / "sudo", '#!/bin/sh\nexec "$@"\n')
    program(tmp_path / "apt-get", "#!/bin/sh\nexit 100\n")
    done = subprocess.run(["sh", tools / "setup.sh", "build"], env={"PATH": str(tmp_path)}, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 1
    assert "packages of Debian and Ubuntu: make" in done.stderr


# ---- `sam build` on a machine that has little ----


def test_building_wants_no_compiler(tools: Path, tmp_path: Path) -> None:
    """Nor anything else of those who test: not even apt-get is asked."""
    for name in REAL:
        (tmp_path / name).symlink_to(shutil.which(name))
    for name in ("python3", "make"):
        program(tmp_path / name)
    done = subprocess.run(["sh", tools / "setup.sh", "build"], env={"PATH": str(tmp_path)}, capture_output=True,
                          text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("arch", [HOST, OTHER])
def test_sam_build_sets_up_for_building_and_builds_its_architecture(tools: Path, arch: str) -> None:
    would = subprocess.run(
        ["make", "-n", "-f", f"packaging/sam/{arch}/Makefile", "build-UploadFunction", "ARTIFACTS_DIR=folder"],
        cwd=tools.parent, capture_output=True, text=True, check=True).stdout
    assert "tools/setup.sh build\n" in would
    assert f"build/{arch}/bootstrap" in would
    (other,) = set(zig.MACHINES) - {arch}
    assert f"build/{other}/" not in would.replace(f"build/{arch}/", "")


@pytest.mark.parametrize("machine, arch", [("x86_64", "x86_64"), ("aarch64", "arm64"), ("arm64", "arm64")])
def test_the_host_s_architecture_by_each_name_that_uname_has(tools: Path, tmp_path: Path, machine: str, arch: str) -> None:
    """Linux says aarch64, macOS arm64."""
    program(tmp_path / "uname", f"#!/bin/sh\necho {machine}\n")
    command = ["make", "-n", "-W", f"build/{arch}/bootstrap", "build/bootstrap"]
    said = subprocess.run(command, cwd=tools.parent, capture_output=True, text=True, check=True,
                          env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}).stdout
    assert f"cp build/{arch}/bootstrap build/bootstrap.new" in said
