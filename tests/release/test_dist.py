"""dist/, as `make dist` has made it: what is in it, and that nothing of this machine is."""

import json
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import components
import pytest
import sbom
import version
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from conftest import RELEASE, ROOT

ARCHITECTURES = {"arm64": 183, "x86_64": 62}  # by the number that ELF has for it
PACKER = ROOT / "build/venv/package/bin/python"
# Each licence is known by a line that its authors wrote.
AUTHORS = {"cjson": "Dave Gamble", "countersign": "Apache License", "curl": "Daniel Stenberg",
           "expat": "Expat maintainers", "mbedtls": "GNU GENERAL PUBLIC LICENSE", "mime-db": "Douglas Christopher Wilson",
           "musl": "Rich Felker", "zig": "Zig contributors"}


def test_sums_are_of_all_that_is_there(dist: Path, name: str) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dist, check=True)
    summed = {line.split()[1] for line in (dist / "SHA256SUMS").read_text().splitlines()}
    assert summed == {path.name for path in dist.iterdir() if path.is_file()} - {"SHA256SUMS"}
    assert summed >= {f"{name}.tar.gz", f"{name}.cdx.json", f"{name}-licenses.txt", f"{name}.tgz",
                      f"countersign-cdk-{version.read()}.tgz",
                      *(f"countersign-doctor-{arch}" for arch in ARCHITECTURES),
                      *(f"countersign-runtime-{version.read()}-{arch}.tar.gz" for arch in ARCHITECTURES)}


def test_the_guides_check(dist: Path, name: str, tmp_path: Path) -> None:
    """With some of the files alone, of which one is not what it was."""
    (block,) = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "docs/release.md").read_text(), re.M | re.S)
    check, attestation = block.splitlines()
    assert attestation.split()[:4] == ["gh", "attestation", "verify", "countersign-VERSION.tar.gz"]
    for file in ("SHA256SUMS", f"{name}.cdx.json"):
        shutil.copy(dist / file, tmp_path)
    subprocess.run(check, shell=True, cwd=tmp_path, check=True)
    with (tmp_path / f"{name}.cdx.json").open("a") as file:
        file.write(" ")
    assert subprocess.run(check, shell=True, cwd=tmp_path).returncode == 1


def test_a_release_has_no_older_libraries() -> None:
    environment = {"PATH": os.environ["PATH"], "COUNTERSIGN_OLDER_PINS": "1"}
    done = subprocess.run(["make", "release"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode and "a release has no older libraries" in done.stderr


def test_the_archive_is_the_folder(dist: Path, name: str, tmp_path: Path) -> None:
    with tarfile.open(dist / f"{name}.tar.gz") as archive:
        archive.extractall(tmp_path)
    subprocess.run(["diff", "--recursive", tmp_path / name, dist / name], check=True)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_zip_is_the_function_and_its_bill(dist: Path, name: str, arch: str) -> None:
    with zipfile.ZipFile(dist / name / f"countersign-{arch}.zip") as archive:
        assert archive.namelist() == ["bootstrap", "sbom.cdx.json"]
        bootstrap, bill = archive.infolist()
        assert bootstrap.external_attr >> 16 == 0o100755 and bill.external_attr >> 16 == 0o100644
        assert archive.read(bill) == (dist / f"{name}.cdx.json").read_bytes()
        assert archive.read(bootstrap) == (ROOT / f"build/{arch}/bootstrap").read_bytes()


def test_terraform_is_beside_the_zips(dist: Path, name: str) -> None:
    names = {path.name for path in (ROOT / "packaging/terraform").glob("*.tf")}
    assert names and names == {path.name for path in (dist / name / "terraform").glob("*.tf")}


@pytest.mark.parametrize("package", ["countersign", "countersign-cdk"])
def test_npm_packages_are_of_the_version(dist: Path, package: str) -> None:
    with tarfile.open(dist / f"{package}-{version.read()}.tgz") as archive:
        file = archive.extractfile("package/package.json")
        assert file
        told = json.load(file)
    assert (told["name"], told["version"]) == (package, version.read())


def test_the_construct_has_the_same_function_and_its_licences(dist: Path, name: str, tmp_path: Path) -> None:
    with tarfile.open(dist / f"countersign-cdk-{version.read()}.tgz") as archive:
        archive.extractall(tmp_path)
    for arch in ARCHITECTURES:
        zipped = f"countersign-{arch}.zip"
        assert (tmp_path / "package" / zipped).read_bytes() == (dist / name / zipped).read_bytes()
    assert (tmp_path / "package/LICENSES.txt").read_bytes() == (dist / f"{name}-licenses.txt").read_bytes()


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_doctor_is_of_its_architecture(dist: Path, arch: str) -> None:
    doctor = dist / f"countersign-doctor-{arch}"
    header = doctor.read_bytes()[:20]
    assert (header[:4], int.from_bytes(header[18:20], "little")) == (b"\x7fELF", ARCHITECTURES[arch])
    assert os.access(doctor, os.X_OK)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_runtime_is_what_is_installed(dist: Path, arch: str) -> None:
    folder = f"countersign-runtime-{version.read()}-{arch}"
    with tarfile.open(dist / f"{folder}.tar.gz") as archive:
        names = {entry.name for entry in archive if entry.isfile()}
    assert {f"{folder}/{place}" for place in (
        "lib/libcountersign-runtime.a", "include/countersign/lambda.h", "include/aws/lambda-runtime/runtime.h",
        "lib/pkgconfig/countersign-runtime.pc", "lib/cmake/countersign-runtime/countersign-runtime-config.cmake",
        "LICENSES/curl.txt")} <= names


def test_archives_say_nothing_of_who_packed_them(dist: Path) -> None:
    for path in dist.glob("*.tar.gz"):
        with tarfile.open(path) as archive:
            entries = archive.getmembers()
        assert [entry.name for entry in entries] == sorted(entry.name for entry in entries), path
        assert {(entry.uid, entry.gid, entry.uname, entry.gname) for entry in entries} == {(0, 0, "", "")}
        assert {entry.mode for entry in entries} <= {0o644, 0o755}
        assert len({entry.mtime for entry in entries}) == 1


def test_the_same_files_give_the_same_archive(tmp_path: Path) -> None:
    """On another day, and by a user whose files nobody else may read."""
    packed = []
    for place, umask, seconds in (("one", 0o022, 1_000_000_000), ("another/one", 0o077, 1_700_000_000)):
        folder = tmp_path / place / "folder"
        before = os.umask(umask)
        for number in (2, 1) if umask else (1, 2):
            (folder / "deep").mkdir(parents=True, exist_ok=True)
            (folder / f"deep/{number}").write_text(f"{number}\n" * 100)
            os.utime(folder / f"deep/{number}", (seconds, seconds))
        (folder / "deep/1").chmod(0o777 & ~umask)
        os.umask(before)
        words = "import sys, pathlib as p, archives; archives.pack(p.Path(sys.argv[1]), p.Path(sys.argv[2]), 5)"
        subprocess.run([PACKER, "-c", words, folder, f"{folder}.tar.gz"], check=True, env={"PYTHONPATH": str(RELEASE)})
        packed.append(Path(f"{folder}.tar.gz").read_bytes())
    assert packed[0] == packed[1]


def test_no_path_of_this_machine_is_in_it(dist: Path, name: str, tmp_path: Path) -> None:
    for path in dist.glob("*.tar.gz"):
        with tarfile.open(path) as archive:
            archive.extractall(tmp_path)
    for path in (tmp_path / name).glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(f"{path}.unpacked")
    files = [path for path in [*dist.iterdir(), *tmp_path.rglob("*")] if path.is_file()]
    assert len(files) > 50
    places = {str(ROOT), str(ROOT.resolve()), str(components.cache.root()), "/tmp/countersign-"}
    for path in files:
        content = path.read_bytes()
        assert not [place for place in places if place.encode() in content], path


def test_licences_of_all_that_is_linked(dist: Path, name: str) -> None:
    texts = {path.stem: path.read_text() for path in (dist / name / "LICENSES").iterdir()}
    assert set(texts) == {"countersign", *(part.name for part in components.read())}
    joined = (dist / f"{name}-licenses.txt").read_text()
    for part, text in texts.items():
        assert AUTHORS[part] in text
        assert text.strip() in joined


# ---- The bill of materials ----


def test_the_bill_is_cyclonedx(dist: Path, name: str) -> None:
    made = (dist / f"{name}.cdx.json").read_text()
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(made) is None
    assert validator.validate_str(made.replace('"library"', '"book"')) is not None


def test_the_bill_has_what_deps_lock_pins() -> None:
    bill = sbom.bom("1.2.3", components.read())
    parts = {part["name"]: part for part in bill["components"]}
    lock = (ROOT / "deps.lock").read_text()
    pinned = set(re.findall(r"^source (\S+) ", lock, re.M)) - components.NOT_DEPLOYED
    assert pinned <= set(parts) and "mime-db" in parts
    for library in pinned:
        (digest,) = parts[library]["hashes"]
        assert f"source {library} {parts[library]['version']} sha256:{digest['content']} " in lock
    # Those of the compiler have no sum of their own: nothing else is without one.
    assert {name for name, part in parts.items() if "hashes" not in part} == {"musl", "zig"}
    assert re.search(rf"^python \S+ ziglang=={re.escape(parts['zig']['version'])} ", lock, re.M)
    (needs,) = [each["dependsOn"] for each in bill["dependencies"] if each["ref"] == "countersign"]
    assert set(needs) == set(parts)


def test_a_licence_is_kept_as_the_registry_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache that has it already would hide that it can't be kept."""
    monkeypatch.setenv("COUNTERSIGN_CACHE", str(tmp_path))
    monkeypatch.setattr(components.npm, "read", lambda *_: "© mime-db’s".encode())
    assert components._types(components.lockfile.read()).text == "© mime-db’s"


def test_a_library_without_a_licence_is_refused() -> None:
    pin = components.Pin("unheard-of", "1", "0" * 64, ("https://example.com/a.tar.gz",))
    with pytest.raises(components.Failure, match="unheard-of"):
        components._library(pin, Path("a.tar.gz"))


def test_the_compiler_of_the_lock_gives_its_libc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """zig's own musl and compiler-rt."""
    files = {"LICENSE": "Zig contributors", "lib/libc/musl/COPYRIGHT": "Rich Felker",
             "lib/libc/musl/src/internal/version.h": '#define VERSION "1.2.9"\n'}
    for place, text in files.items():
        path = tmp_path / "lib/python3.11/site-packages/ziglang" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(components.python, "environment", lambda lock, group: {"zig": tmp_path}[group])
    lock = components.Lock((), (), ((frozenset({"zig"}), "ziglang==0.99.1 --hash=sha256:0"),))
    found = {part.name: (part.version, part.text) for part in components._libc(lock)}
    assert found == {"musl": ("1.2.9", "Rich Felker"), "zig": ("0.99.1", "Zig contributors")}


def test_the_bill_is_numbered_by_what_it_says() -> None:
    parts = components.read()
    one, again, other = (sbom.bom(name, parts)["serialNumber"] for name in ("1.0.0", "1.0.0", "1.0.1"))
    assert one == again != other
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one)
