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
# Set and not empty, it lets an older pin be taken where the first can't be had.
OLDER_PINS = "COUNTERSIGN_OLDER_PINS"


class Unavailable(Exception):
    """A place doesn't have the file, or can't be reached."""


def fetch(pins: list[Pin]) -> tuple[Pin, Path]:
    """The first of the pins, and its file in the cache; an older one only when that was asked for (OLDER_PINS)."""
    first, *older = pins
    may_be_older = bool(os.environ.get(OLDER_PINS))
    reasons = []
    for pin in pins if may_be_older else pins[:1]:
        path = _place_of(pin)
        if path.exists() and sha256(path) == pin.sha256:
            return pin, path
        if pin is not first:
            say(f"{first.name} {first.version} can't be had; trying {pin.version}, for {OLDER_PINS} is set")
        found = _fetch_one(pin, path)
        if not found:
            return pin, path
        reasons += found
    message = [f"{first.name} {first.version} can't be had from any place in deps.lock:", *reasons,
               f"Check the network, or put the file there by hand: {_place_of(first)} (sha256 {first.sha256})"]
    if older and not may_be_older:
        message.append(f"Or build with an older release, {first.name} {older[0].version}, where a newer one can't be had: "
                       f"set {OLDER_PINS}=1 in the environment")
    raise Failure("\n".join(message))


def _place_of(pin: Pin) -> Path:
    return cache.root() / "downloads" / f"{pin.sha256[:16]}-{pin.places[0].rsplit('/', 1)[-1]}"


def _fetch_one(pin: Pin, path: Path) -> list[str]:
    """Nothing when the file is at `path` then; or else why each place did not give it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    reasons = []
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        for place in pin.places:
            got = Path(scratch) / "file"
            try:
                _get(pin, place, got)
            except Unavailable as error:
                reasons.append(f"  {pin.version} not from {place}: {error}")
                say(f"{pin.name} {reasons[-1].strip()}")
                continue
            _check(pin, place, got)
            os.replace(got, path)
            return []
    return reasons


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
        from_url(place, to)


def from_url(url: str, to: Path) -> None:
    """Gets a file, or raises Unavailable."""
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
    for mirror in mirrors():
        result = subprocess.run([APT_HELPER, "download-file", f"{mirror.rstrip('/')}/{path}", str(to)],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return
        reasons.append(" ".join(line for line in result.stderr.splitlines() if line.startswith("E:")))
    raise Unavailable("; ".join(reasons) or "apt has no Debian mirror in its sources")


def mirrors() -> list[str]:
    """Debian's mirrors, as this machine's apt has them."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)", "Created-By: Packages"],
                            capture_output=True, text=True, check=False).stdout
    found = [line.split()[1] for line in listed.splitlines() if line.startswith("main ")]
    return list(dict.fromkeys(found))
