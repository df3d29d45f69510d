"""What is linked into the programs that a release has: by deps.lock, with what that doesn't say of each."""

from __future__ import annotations

import base64
import re
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Mapping

from version import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from pins import cache, content_types, lockfile, npm, python, targets  # noqa: E402
from pins.common import Failure  # noqa: E402
from pins.fetch import fetch  # noqa: E402
from pins.lockfile import Lock, Pin  # noqa: E402

# For the tests, and for the build.
NOT_DEPLOYED = {"cmocka", "zopfli"}


@dataclass(frozen=True)
class About:
    """A library's licence, in SPDX's words, the path of its text in the tarball, and the vendor and product by which
    vulnerabilities are filed."""
    licence: str
    text: str
    cpe: str


ABOUT = {
    "cjson": About("MIT", "LICENSE", "davegamble:cjson"),
    "curl": About("curl", "COPYING", "haxx:libcurl"),
    "expat": About("MIT", "COPYING", "libexpat_project:libexpat"),
    "mbedtls": About("Apache-2.0 OR GPL-2.0-or-later", "LICENSE", "arm:mbed_tls"),
    "musl": About("MIT", "COPYRIGHT", "musl-libc:musl"),
}
NEEDS = {"curl": ("mbedtls",)}


@dataclass(frozen=True)
class Component:
    name: str
    version: str
    kind: str  # CycloneDX's word for it
    licence: str
    text: str
    purl: str
    cpe: str = ""
    digest: tuple[str, str] = ("", "")  # the algorithm, in CycloneDX's words, and hexadecimal digits
    url: str = ""  # where what the digest is of can be had
    needs: tuple[str, ...] = ()


def linked(lock: Lock) -> list[Component]:
    """All that is in the programs and not ours, by name."""
    names = [name for name in targets.LIBRARIES if name not in NOT_DEPLOYED]
    found = [_library(*fetch(lock.pins(name))) for name in names]
    found += [*_libc(lock), _types(lock)]
    return sorted(found, key=lambda component: component.name)


def _library(pin: Pin, tarball: Path) -> Component:
    about = ABOUT.get(pin.name)
    if about is None:
        raise Failure(f"packaging/release/components.py doesn't say what licence {pin.name} has")
    url = next((place for place in pin.places if place.startswith("https:")), "")
    purl = f"pkg:generic/{pin.name}@{pin.version}?checksum=sha256:{pin.sha256}"
    return Component(pin.name, pin.version, "library", about.licence, _member(tarball, about.text), purl,
                     _cpe(about, pin.version), ("SHA-256", pin.sha256), url, NEEDS.get(pin.name, ()))


def _libc(lock: Lock) -> Iterator[Component]:
    """musl as the compiler has it, and what is the compiler's own. They have no sum: the compiler is another package on each
    kind of machine."""
    its_version = _zig_version(lock)
    (folder,) = python.environment(lock, "zig").glob("lib/python*/site-packages/ziglang")
    musl = folder / "lib/libc/musl"
    (musl_version,) = re.findall(r'"(.+)"', (musl / "src/internal/version.h").read_text("utf-8"))
    about = ABOUT["musl"]
    yield Component("musl", musl_version, "library", about.licence, (musl / about.text).read_text("utf-8"),
                    f"pkg:generic/musl@{musl_version}", _cpe(about, musl_version))
    # Its compiler-rt, which has the instructions that a processor lacks, and what it has in the place of parts of musl.
    yield Component("zig", its_version, "library", "MIT", (folder / "LICENSE").read_text("utf-8"),
                    f"pkg:pypi/ziglang@{its_version}")


def _types(lock: Lock) -> Component:
    """The table of content types by extension is made of this."""
    (pin,) = lock.packages(content_types.GROUP)
    digest = base64.b64decode(pin.integrity.partition("-")[2]).hex()

    def build(folder: Path) -> None:
        licence = npm.read(lock, content_types.GROUP, "LICENSE", folder / "scratch")
        (folder / "LICENSE").write_bytes(licence)

    text = (cache.entry(f"npm/licence-{cache.key(pin.integrity)}", build) / "LICENSE").read_text("utf-8")
    return Component(pin.name, pin.version, "data", "MIT", text, f"pkg:npm/{pin.name}@{pin.version}",
                     digest=("SHA-512", digest))


def _zig_version(lock: Lock) -> str:
    for requirement in lock.requirements("zig"):
        found = re.match(r"ziglang==([^\s;]+)", requirement)
        if found:
            return found[1]
    raise Failure("deps.lock has no ziglang in the group zig")


def _cpe(about: About, its_version: str) -> str:
    return f"cpe:2.3:a:{about.cpe}:{its_version}:*:*:*:*:*:*:*"


def _member(tarball: Path, name: str) -> str:
    """A text file in the one folder that a tarball has."""
    with tarfile.open(tarball) as archive:
        for entry in archive:
            if entry.isfile() and entry.name.partition("/")[2] == name:
                file = archive.extractfile(entry)
                assert file
                return file.read().decode("utf-8")
    raise Failure(f"{tarball.name} has no {name}")


def texts(components: list[Component]) -> Mapping[str, str]:
    """The licences' texts by the name of a file for each; our own first."""
    own = {"countersign.txt": (ROOT / "LICENSE").read_text("utf-8")}
    return {**own, **{f"{component.name}.txt": component.text for component in components}}


def joined(licences: Mapping[str, str]) -> str:
    """All of them in one file, for those who take but one program."""
    parts = (f"==== {name.removesuffix('.txt')} ====\n\n{text.strip()}\n" for name, text in licences.items())
    return "\n\n".join(parts)


def read() -> list[Component]:
    return linked(lockfile.read())
