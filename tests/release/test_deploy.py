"""What a release is deployed from: SAM takes it as it is, with no compiler and no `sam build`."""

import os
import shutil
import subprocess
import sys
import zipfile
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Dict, Iterator

import botocore.session
import pytest
import template
from moto.server import ThreadedMotoServer
from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
SAM = Path(sys.executable).parent / "sam"
REGION = "eu-west-1"
BUCKET = "artifacts"


@pytest.fixture(scope="module")
def unpacked(dist: Path, name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    shutil.unpack_archive(dist / f"{name}.tar.gz", folder)
    return folder / name


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dict[str, str]]:
    """An AWS that has a bucket; and no program but SAM's own can be found."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield {
        "PATH": str(SAM.parent),
        "HOME": str(tmp_path_factory.mktemp("home")),
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "AWS_ENDPOINT_URL": "http://{}:{}".format(*server.get_host_and_port()),
    }
    server.stop()


@pytest.fixture(scope="module")
def s3(environment: Dict[str, str]) -> Any:
    session = botocore.session.Session()
    session.set_credentials("tests", "tests")
    client = session.create_client("s3", region_name=REGION, endpoint_url=environment["AWS_ENDPOINT_URL"])
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


def sam(folder: Path, environment: Dict[str, str], *words: str) -> str:
    done = subprocess.run([str(SAM), *words], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_validate(unpacked: Path, environment: Dict[str, str]) -> None:
    # By the samconfig.toml beside it, it lints as well.
    assert "valid SAM Template" in sam(unpacked, environment, "validate")


@pytest.mark.parametrize("arch", template.NAMES)
def test_package_takes_the_zip_as_it_is(arch: str, unpacked: Path, environment: Dict[str, str], s3: Any) -> None:
    name = template.NAMES[arch]
    sam(unpacked, environment, "package", "--template-file", name, "--s3-bucket", BUCKET, "--s3-prefix", arch,
        "--output-template-file", f"packaged-{name}")
    packaged = yaml_parse((unpacked / f"packaged-{name}").read_text())
    place = packaged["Resources"]["UploadFunction"]["Properties"]["CodeUri"]
    bucket, _, key = place.removeprefix("s3://").partition("/")
    stored = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    assert stored == (unpacked / f"countersign-{arch}.zip").read_bytes()


@pytest.mark.parametrize("arch, machine", [("arm64", 183), ("x86_64", 62)])
def test_the_template_is_the_repositorys_but_for_the_build(arch: str, machine: int, unpacked: Path) -> None:
    theirs, ours = (yaml_parse((folder / name).read_text()) for folder, name in (
        (unpacked, template.NAMES[arch]), (ROOT, "template.yaml")))
    function = theirs["Resources"]["UploadFunction"]
    with zipfile.ZipFile(unpacked / function["Properties"]["CodeUri"]) as archive:
        header = archive.read("bootstrap")[:20]
    assert int.from_bytes(header[18:20], "little") == machine
    parameter = theirs["Parameters"]["Architecture"]
    assert (parameter["Default"], parameter["AllowedValues"]) == (arch, [arch])

    assert "Metadata" not in function
    ours["Parameters"]["Architecture"] = parameter
    ours["Resources"]["UploadFunction"].pop("Metadata")
    ours["Resources"]["UploadFunction"]["Properties"]["CodeUri"] = function["Properties"]["CodeUri"]
    assert theirs == ours


def test_comments_and_order_are_kept() -> None:
    ours, theirs = (text.splitlines() for text in (template.read(), template.made(template.read(), "arm64")))
    changes = [change for change in SequenceMatcher(None, ours, theirs).get_opcodes() if change[0] != "equal"]
    assert len(changes) == 2
    # No more than what SAM builds by, the zip and the architecture.
    assert sum(end - start for _, start, end, _, _ in changes) <= 12


@pytest.mark.parametrize("was, becomes", [
    ("      BuildMethod: makefile\n", "      BuildMethod: rust-cargolambda\n"),
    ("      CodeUri: .\n", "      CodeUri: build/\n"),
    ("    AllowedValues: [arm64, x86_64]\n", "    AllowedValues: [arm64, x86_64, riscv64]\n"),
])
def test_another_shape_of_the_template_is_refused(was: str, becomes: str) -> None:
    text = template.read()
    assert text.count(was) == 1
    with pytest.raises(template.Changed):
        template.made(text.replace(was, becomes), "arm64")
