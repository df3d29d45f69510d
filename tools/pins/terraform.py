"""Terraform, for the tests of packaging/terraform, and the providers that they have in the place of AWS's."""

from __future__ import annotations

import platform
import re
from pathlib import Path

from . import cache, golang
from .common import ROOT, Failure, run, say
from .lockfile import GoPin, Lock

SOURCE = ROOT / "tests" / "docs" / "provider"
# As versions.tf takes them; AWS's is the one whose schemas the tests have.
PROVIDERS = {"aws": "6.25.0", "random": "3.7.2"}
PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}


def folder(lock: Lock) -> Path:
    """A folder with terraform's executable, and a mirror of providers that `terraform init` finds without the network."""
    pin = lock.program("terraform")
    program = cache.entry(f"terraform/program-{cache.key(pin.package, pin.version, pin.sum, *golang.FLAGS)}",
                          lambda folder: _build(lock, pin, folder))
    files = sorted(path for path in SOURCE.iterdir() if path.suffix in (".go", ".mod", ".sum", ".json"))
    made_by = cache.key(*(path.read_text("utf-8") for path in files), program, repr(PROVIDERS), *golang.FLAGS)
    return cache.entry(f"terraform/with-providers-{made_by}", lambda folder: _with_providers(lock, program, folder))


def _build(lock: Lock, pin: GoPin, folder: Path) -> None:
    say(f"building {pin.name} {pin.version} (3 minutes, once)")
    with golang.workspace(pin.name) as (scratch, env):
        go = golang.toolchain(lock, pin.needs)
        golang.check_module(go, pin, scratch, env)
        run([go, "install", *golang.FLAGS, f"{pin.package}@{pin.version}"], scratch, {**env, "GOBIN": str(folder)},
            waiting=f"building {pin.name}")


def _with_providers(lock: Lock, program: Path, folder: Path) -> None:
    (folder / "terraform").symlink_to(program / "terraform")
    needs = re.search(r"^go (\S+)$", (SOURCE / "go.mod").read_text("utf-8"), re.M)
    if not needs:
        raise Failure("the go.mod of the tests' providers names no version of Go")
    with golang.workspace("providers") as (_, env):
        run([golang.toolchain(lock, needs[1]), "build", "-mod=readonly", *golang.FLAGS, "-o", folder / "provider", "."],
            SOURCE, env, waiting="building the tests' providers for terraform")
    for name, version in PROVIDERS.items():
        place = folder / f"mirror/registry.terraform.io/hashicorp/{name}/{version}/linux_{PROCESSORS[platform.machine()]}"
        place.mkdir(parents=True)
        # By its name it knows which one it is.
        (place / f"terraform-provider-{name}_v{version}").hardlink_to(folder / "provider")
