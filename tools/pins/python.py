"""Python environments of pinned packages, and what is taken out of them."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from pathlib import Path

from . import cache
from .common import Failure, run, say
from .lockfile import Lock

OLDEST = {"zig": (3, 9)}  # which build machines of Amazon Linux have
OLDEST_OF_OTHERS = (3, 10)
HOW_LONG = {"run": "about 10 s", "test": "about 45 s", "sam": "about 90 s", "go": "about 10 s",
            "node": "about 15 s", "package": "about 5 s", "zig": "about 15 s"}


def environment(lock: Lock, group: str) -> Path:
    """A virtual environment with the packages of a group."""
    return with_packages(group, lock.requirements(group), f"group {group}", HOW_LONG[group])


def with_packages(name: str, requirements: list[str], what: str, how_long: str) -> Path:
    """A virtual environment with packages, one of pip's lines each."""
    oldest = OLDEST.get(name, OLDEST_OF_OTHERS)
    if sys.version_info < oldest:
        raise Failure(f"Python {oldest[0]}.{oldest[1]} or newer is needed; "
                      f"{sys.executable} is {platform.python_version()}")
    if not importlib.util.find_spec("ensurepip"):
        raise Failure("this Python can't make environments with pip in them. "
                      "To get that: tools/setup.sh build\n"
                      "That installs what is missing on Debian and Ubuntu; by hand: apt-get install python3-venv")

    def build(folder: Path) -> None:
        say(f"installing {len(requirements)} Python packages of the {what} ({how_long})")
        run([sys.executable, "-m", "venv", folder])
        wanted = folder / "requirements.txt"
        wanted.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        run([folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
             "--no-deps", "--no-compile", "--require-hashes", "--requirement", wanted],
            waiting=f"installing the {what}")

    made_by = cache.key(*requirements, sys.version, sys.base_prefix, platform.machine())
    return cache.entry(f"venv/{name}-{made_by}", build)


def emulator(lock: Lock) -> Path:
    """A folder with aws-lambda-rie for this machine, out of the aws-sam-cli package."""
    name = "aws-lambda-rie-" + {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    packages = environment(lock, "sam")
    found = sorted(packages.glob(f"lib/python*/site-packages/samcli/local/rapid/{name}"))
    if not found:
        raise Failure(f"aws-sam-cli holds no {name}")

    def build(folder: Path) -> None:
        shutil.copy(found[0], folder / "aws-lambda-rie")
        (folder / "aws-lambda-rie").chmod(0o755)

    return cache.entry(f"rie/{cache.key(packages.name, name)}", build)
