"""Reads deps.lock. The file's own header describes its format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .common import ROOT, Failure


@dataclass(frozen=True)
class Pin:
    """One release of a library."""
    name: str
    version: str
    sha256: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class GoPin:
    """One program that is built from a Go module."""
    name: str
    module: str
    version: str
    sum: str
    needs: str
    package: str


@dataclass(frozen=True)
class NpmPin:
    """One npm package, and the groups that it is installed with."""
    groups: frozenset[str]
    name: str
    version: str
    integrity: str


@dataclass(frozen=True)
class Lock:
    files: tuple[Pin, ...]
    programs: tuple[GoPin, ...]
    python: tuple[tuple[frozenset[str], str], ...]
    npm: tuple[NpmPin, ...] = ()

    def pins(self, name: str) -> list[Pin]:
        """The pins of one name, the preferred one first."""
        found = [pin for pin in self.files if pin.name == name]
        if not found:
            raise Failure(f"deps.lock has no line for {name}")
        return found

    def program(self, name: str) -> GoPin:
        for pin in self.programs:
            if pin.name == name:
                return pin
        raise Failure(f"deps.lock has no go line for {name}")

    def requirements(self, group: str) -> list[str]:
        """A group's packages, one line each, as pip reads them."""
        found = [requirement for groups, requirement in self.python if group in groups]
        if not found:
            raise Failure(f"deps.lock has no python line for the group {group}")
        return found

    def packages(self, group: str) -> list[NpmPin]:
        """A group's npm packages."""
        found = [pin for pin in self.npm if group in pin.groups]
        if not found:
            raise Failure(f"deps.lock has no npm line for the group {group}")
        return found


def read(path: Optional[Path] = None) -> Lock:
    path = path or ROOT / "deps.lock"
    files, programs, python, npm = [], [], [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            if words[0] == "source":
                files.append(_file_pin(words))
            elif words[0] == "go":
                programs.append(_go_pin(words))
            elif words[0] == "python":
                python.append((frozenset(words[1].split(",")), " ".join(words[2:])))
            elif words[0] == "npm":
                npm.append(_npm_pin(words))
            else:
                raise ValueError(f"unknown kind {words[0]}")
        except (ValueError, IndexError) as error:
            raise Failure(f"{path.name}, line {number}: {error}") from error
    return Lock(tuple(files), tuple(programs), tuple(python), tuple(npm))


def _file_pin(words: list[str]) -> Pin:
    _, name, version, checksum, *places = words
    algorithm, _, digest = checksum.partition(":")
    if algorithm != "sha256" or len(digest) != 64 or not places:
        raise ValueError("expected sha256:SUM and at least one place")
    return Pin(name, version, digest, tuple(places))


def _go_pin(words: list[str]) -> GoPin:
    _, name, target, checksum, needs, *package = words
    module, _, version = target.partition("@")
    if not version or not checksum.startswith("h1:") or not needs.startswith("go1.") or len(package) > 1:
        raise ValueError("expected MODULE@VERSION h1:SUM goVERSION [PACKAGE]")
    return GoPin(name, module, version, checksum, needs[len("go"):], package[0] if package else module)


def _npm_pin(words: list[str]) -> NpmPin:
    _, groups, name, version, integrity = words
    if not integrity.startswith("sha512-"):
        raise ValueError("expected GROUP,... NAME VERSION sha512-SUM")
    return NpmPin(frozenset(groups.split(",")), name, version, integrity)
