"""Fetches a pinned file from the first place that has it, and checks its sum."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from . import cache
from .common import Failure, say
from .lockfile import Pin

CONNECT_SECONDS = 5
READ_SECONDS = 60
APT_HELPER = "/usr/lib/apt/apt-helper"


class Unavailable(Exception):
    """A place doesn't have the file, or can't be reached."""


def fetch(pins: list[Pin]) -> tuple[Pin, Path]:
    """The first of the pins that can be had, and its file in the cache."""
    for pin in pins:
        path = cache.root() / "downloads" / f"{pin.sha256[:16]}-{pin.places[0].rsplit('/', 1)[-1]}"
        if path.exists() and sha256(path) == pin.sha256:
            return pin, path
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            for place in pin.places:
                got = Path(scratch) / "file"
                try:
                    _get(pin, place, got)
                except Unavailable as error:
                    say(f"{pin.name} {pin.version}: not from {place}: {error}")
                    continue
                _check(pin, place, got)
                os.replace(got, path)
                return pin, path
        if pin is not pins[-1]:
            say(f"{pin.name} {pin.version} can't be had anywhere; trying the older pin")
    raise Failure(f"{pins[0].name} {pins[0].version} can't be had from any place in deps.lock. "
                  f"Check the network, or put the file there by hand: {path} (sha256 {pins[-1].sha256})")


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _check(pin: Pin, place: str, path: Path) -> None:
    found = sha256(path)
    if found != pin.sha256:
        raise Failure(f"{pin.name} {pin.version} from {place} is not the file that deps.lock pins:\n"
                      f"  expected sha256 {pin.sha256}\n  got      sha256 {found}\n"
                      f"Nothing was built from it. Don't change deps.lock before you know why it differs.")


def _get(pin: Pin, place: str, to: Path) -> None:
    say(f"fetching {pin.name} {pin.version} from {place}")
    if place.startswith("debian:"):
        _from_mirror(place[len("debian:"):], to)
    else:
        _from_url(place, to)


def _from_url(url: str, to: Path) -> None:
    parts = urllib.parse.urlsplit(url)
    try:
        # An unreachable host is found out quickly; a proxy, where there is one, answers for it.
        if parts.scheme in ("http", "https") and parts.scheme not in urllib.request.getproxies():
            port = parts.port or (443 if parts.scheme == "https" else 80)
            socket.create_connection((parts.hostname, port), CONNECT_SECONDS).close()
        with urllib.request.urlopen(url, timeout=READ_SECONDS) as reply, to.open("wb") as file:
            shutil.copyfileobj(reply, file)
    except (OSError, ValueError) as error:
        raise Unavailable(getattr(error, "reason", None) or error) from error


def _from_mirror(path: str, to: Path) -> None:
    """Gets a file by apt's own downloader, which knows this machine's mirror, proxy and credentials."""
    if not Path(APT_HELPER).exists():
        raise Unavailable("this machine has no apt")
    reasons = []
    for mirror in _mirrors():
        result = subprocess.run([APT_HELPER, "download-file", f"{mirror.rstrip('/')}/{path}", str(to)],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return
        reasons.append(" ".join(line for line in result.stderr.splitlines() if line.startswith("E:")))
    raise Unavailable("; ".join(reasons) or "apt has no Debian mirror in its sources")


def _mirrors() -> list[str]:
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)", "Created-By: Packages"],
                            capture_output=True, text=True, check=False).stdout
    found = [line.split()[1] for line in listed.splitlines() if line.startswith("main ")]
    return list(dict.fromkeys(found))
