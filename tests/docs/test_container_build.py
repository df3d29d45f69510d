"""`sam build --use-container`: SAM's image gets the whole repository, read-only, and builds it in a copy. That it can, with
no more than the image has, is for `make test-fresh` to say."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, List

import guides
import pytest

REQUEST = guides.ROOT / "tests/fresh/container_request.py"
# Tells what it is asked for, where, and what is there.
STUB = """\
build-UploadFunction:
	@echo $(ARCH) $(CURDIR) $$(ls -A)
"""


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_what_the_image_gets(tmp_path: Path, architecture: str) -> None:
    words = ["--parameter-overrides", f"Architecture={architecture}", "--build-dir", str(tmp_path / "built")]
    done = subprocess.run([sys.executable, str(REQUEST), *words], cwd=guides.ROOT, env={**os.environ, "SAM_CLI_TELEMETRY": "0"},
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["source"] == str(guides.ROOT)
    assert told["others"] == {str(guides.ROOT / "packaging/sam" / architecture): {"bind": "/tmp/samcli/manifest", "mode": "ro"}}
    # Where it is mounted: no folder of this machine.
    assert told["request"]["build_in_source"] is True
    assert told["request"]["options"] == {"build_logical_id": "UploadFunction"}
    assert told["request"]["manifest_path"] == "/tmp/samcli/manifest/Makefile"


@pytest.fixture
def repository() -> Iterator[Path]:
    """A small one, that anybody can reach."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        folder = Path(made, "repository")
        for name in ("build", ".git", ".aws-sam"):
            (folder / name).mkdir(parents=True)
        # As it is in one that was used: it leads out of what the image has.
        (folder / "build/deps").symlink_to("/nowhere")
        shutil.copytree(guides.ROOT / "packaging/sam", folder / "packaging/sam")
        (folder / "Makefile").write_text(STUB)
        copies = Path(made, "copies")
        copies.mkdir()
        copies.chmod(0o777)
        yield folder


def run_as_sam_does(repository: Path, architecture: str, *as_user: str) -> List[str]:
    makefile = repository / "packaging/sam" / architecture / "Makefile"
    words = [*as_user, "make", "--no-print-directory", "--silent", "--makefile", str(makefile), "build-UploadFunction"]
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(repository.parent / "copies")}
    done = subprocess.run(words, cwd=repository, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_it_is_built_in_place(repository: Path, architecture: str) -> None:
    assert run_as_sam_does(repository, architecture)[:2] == [architecture, str(repository)]


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_a_read_only_repository_is_built_in_a_copy(repository: Path, architecture: str) -> None:
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    repository.chmod(0o555)
    built, folder, *names = run_as_sam_does(repository, architecture, *as_user)
    repository.chmod(0o755)
    assert built == architecture and folder != str(repository)
    assert sorted(names) == ["Makefile", "packaging"]
