"""The Debian packages: lintian has nothing to say, programs are built with the one, and the other's program runs."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from compilers import run
from conftest import DOCTOR, ROOT, RUNTIME, Package
from product import VERSION
from runtime_api import REQUEST_ID, SETTLE_SECONDS, RuntimeApi, invocation

sys.path.insert(0, str(ROOT / "packaging/release"))
import components  # noqa: E402

LIBRARY_FOLDER = run(["cc", "-print-multiarch"]).strip()
EXAMPLES = {"echo-c": ("cc", "main.c"), "echo-cpp": ("c++", "main.cpp")}


def test_lintian(packages: dict[str, Package]) -> None:
    """But for the spelling of a program: instructions read as words by chance, other ones in each build."""
    debs = [package.deb for package in packages.values()]
    options = ["--fail-on", "error,warning,info", "--display-info", "--tag-display-limit", "0",
               "--suppress-tags", "spelling-error-in-binary"]
    if os.getuid() == 0:
        options.append("--allow-root")
    assert run(["lintian", *options, *debs]) == ""


def test_fields(packages: dict[str, Package]) -> None:
    architecture = run(["dpkg", "--print-architecture"]).strip()
    for name, package in packages.items():
        assert package.deb.name == f"{name}_{VERSION}_{architecture}.deb"
        assert [package.field(field) for field in ("Package", "Version", "Architecture")] == [name, VERSION, architecture]
    assert packages[RUNTIME].field("Depends").startswith("libc6-dev")
    assert packages[DOCTOR].field("Depends") == ""


def test_sums(packages: dict[str, Package]) -> None:
    for package in packages.values():
        listed = run(["dpkg-deb", "--info", package.deb, "md5sums"]).splitlines()
        told = dict(reversed(line.split("  ", 1)) for line in listed)
        files = [path for path in package.root.rglob("*") if path.is_file()]
        assert told == {str(path.relative_to(package.root)): hashlib.md5(path.read_bytes()).hexdigest() for path in files}


def test_everybody_can_read_it(packages: dict[str, Package]) -> None:
    """Under a umask that lets nobody else read."""
    for package in packages.values():
        for line in run(["dpkg-deb", "--contents", package.deb]).splitlines():
            mode, owner, *_, name = line.split()
            executable = mode.startswith("d") or "/bin/" in name
            assert (mode[1:], owner) == ("rwxr-xr-x" if executable else "rw-r--r--", "root/root"), name


def test_same_bytes_again(packages: dict[str, Package]) -> None:
    before = {package.deb: package.deb.read_bytes() for package in packages.values()}
    run(["make", "--no-print-directory", "deb"], cwd=ROOT)
    assert {deb: deb.read_bytes() for deb in before} == before


def test_licences(packages: dict[str, Package]) -> None:
    """Of all that is linked in."""
    linked = {component.name: component for component in components.read()}
    of_runtime = {"curl": linked["curl"], "mbedtls": linked["mbedtls"]}
    for name, wanted in ((RUNTIME, of_runtime), (DOCTOR, linked)):
        text = (packages[name].root / f"usr/share/doc/{name}/copyright").read_text("utf-8")
        assert set(re.findall(r"^Files: (\S+)/\*$", text, re.M)) == set(wanted)
        for component in wanted.values():
            if "Apache-2.0" not in component.licence:
                assert component.text.strip().splitlines()[-1] in text, component.name
    assert "/usr/share/common-licenses/Apache-2.0" in text


def serves(program: Path) -> None:
    """It answers an event with the event."""
    with RuntimeApi(next=[invocation(b"event")]) as api:
        with subprocess.Popen([program], env={"AWS_LAMBDA_RUNTIME_API": api.address}, stdin=subprocess.DEVNULL) as function:
            try:
                assert api.wait_until_idle(lambda: function.poll() is not None, SETTLE_SECONDS)
            finally:
                function.kill()
        assert api.posts == [(f"invocation/{REQUEST_ID}/response", b"event")]


@pytest.mark.parametrize("example", EXAMPLES)
def test_program_by_pkg_config(packages: dict[str, Package], tmp_path: Path, example: str) -> None:
    compiler, source = EXAMPLES[example]
    environment = {**os.environ, "PKG_CONFIG_LIBDIR": str(packages[RUNTIME].root / f"usr/lib/{LIBRARY_FOLDER}/pkgconfig")}
    flags = run(["pkg-config", "--cflags", "--libs", "countersign-runtime"], env=environment).split()
    run([compiler, "-static", ROOT / "examples" / example / source, "-o", tmp_path / "bootstrap", *flags])
    serves(tmp_path / "bootstrap")


@pytest.mark.parametrize("example", EXAMPLES)
def test_program_by_cmake(packages: dict[str, Package], tmp_path: Path, example: str) -> None:
    """Found as what is in /usr is: by the architecture's folder."""
    source = shutil.copytree(ROOT / "examples" / example, tmp_path / "source")
    run(["cmake", "-S", source, "-B", tmp_path / "built", f"-DCMAKE_PREFIX_PATH={packages[RUNTIME].root}/usr"])
    run(["cmake", "--build", tmp_path / "built", "--target", example])
    serves(tmp_path / "built" / example)


def test_doctor_runs(packages: dict[str, Package]) -> None:
    assert "countersign-doctor explain" in run([packages[DOCTOR].root / "usr/bin/countersign-doctor", "--help"])


# ---- The manual's page ----

# Options, variables, S3's actions, and the words that stand for a value.
TOLD = re.compile(r"--[a-z][a-z-]+|\b(?:AWS_[A-Z0-9_]+|HTTPS_PROXY|http_proxy|NO_PROXY)\b|s3:[A-Za-z]+|"
                  r"\b(?:URL|FILE|METHOD|NAME|ORIGIN|REGION|PREFIX|ERROR\.xml)\b")


def test_manual_tells_what_the_help_tells(packages: dict[str, Package]) -> None:
    root = packages[DOCTOR].root
    help_text = run([root / "usr/bin/countersign-doctor", "--help"])
    manual = gzip.decompress((root / "usr/share/man/man1/countersign-doctor.1.gz").read_bytes()).decode()
    assert f'"Countersign {VERSION}"' in manual
    # But for the examples, which have a program of others in them.
    told = manual.partition(".SH EXAMPLES")[0].replace("\\-", "-")
    assert set(TOLD.findall(told)) - {"--help"} == set(TOLD.findall(help_text))
    statuses = re.findall(r"^\.B (\d)$", told.partition(".SH EXIT STATUS")[2], re.M)
    assert statuses == re.findall(r"\b(\d) (?=a cause|no cause|wrong)", help_text)


def test_manual_uses_options_that_there_are(packages: dict[str, Package]) -> None:
    help_text = run([packages[DOCTOR].root / "usr/bin/countersign-doctor", "--help"])
    examples = (ROOT / "packaging/debian/countersign-doctor.1").read_text().partition(".SH EXAMPLES")[2].replace("\\-", "-")
    used = [option for line in re.findall(r"^countersign-doctor .*", examples, re.M) for option in re.findall(r"--[a-z-]+", line)]
    assert used and set(used) <= set(re.findall(r"--[a-z-]+", help_text))
