#!/usr/bin/env python3
"""Puts a release together in dist/ from what `make dist` has built. docs/release.md lists what is in it."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Mapping

import archives
import components
import template
import version
from version import ROOT

ARCHITECTURES = ("arm64", "x86_64")
BUILT = ROOT / "build/release"
# Files and folders of the repository, as they are, by their place in what is deployed.
DEPLOYED = {"LICENSE": "LICENSE", "samconfig.toml": "samconfig.toml", "events": "events",
            "packaging/terraform": "terraform"}


def deployable(folder: Path, its_version: str, licences: Mapping[str, str]) -> None:
    """What `sam deploy` takes, and the CDK and Terraform."""
    folder.mkdir()
    for arch in ARCHITECTURES:
        shutil.copy(BUILT / f"countersign-{arch}.zip", folder)
        (folder / template.NAMES[arch]).write_text(template.made(template.read(), arch), encoding="utf-8")
    for source, name in DEPLOYED.items():
        copy_tracked(source, folder / name)
    readme = (ROOT / "packaging/release/README.md").read_text("utf-8")
    (folder / "README.md").write_text(readme.replace("@VERSION@", its_version), encoding="utf-8")
    write_texts(folder / "LICENSES", licences)


def copy_tracked(source: str, target: Path) -> None:
    """A file or a folder, but nothing that git does not know, such as packages installed there."""
    told = subprocess.run(["git", "ls-files", "-z", source], cwd=ROOT, check=True, capture_output=True, text=True)
    names = [name for name in told.stdout.split("\0") if name]
    if not names:
        raise SystemExit(f"{source} is to be in the release, and git knows no such file")
    for name in names:
        place = target / Path(name).relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def make(dist: Path, seconds: int, packages: list[Path]) -> None:
    name, licences = f"countersign-{version.read()}", components.texts(components.read())
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir()
    deployable(dist / name, version.read(), licences)
    archives.pack(dist / name, dist / f"{name}.tar.gz", seconds)
    for arch in ARCHITECTURES:
        shutil.copy(BUILT / f"countersign-doctor-{arch}", dist)
        runtime = BUILT / f"countersign-runtime-{version.read()}-{arch}"
        write_texts(runtime / "LICENSES", licences)
        archives.pack(runtime, dist / f"{runtime.name}.tar.gz", seconds)
    shutil.copy(BUILT / "sbom.json", dist / f"{name}.cdx.json")
    (dist / f"{name}-licenses.txt").write_text(components.joined(licences), encoding="utf-8")
    for package in packages:
        shutil.copy(package, dist)
    write_sums(dist)


def write_sums(dist: Path) -> None:
    files = sorted(path for path in dist.iterdir() if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (dist / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, required=True, help="the time of all files in archives, since 1970")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="the folder, which is made anew")
    parser.add_argument("packages", type=Path, nargs="*", help="files that are put into dist/ as they are")
    args = parser.parse_args()
    make(args.dist, args.seconds, args.packages)


if __name__ == "__main__":
    main()
