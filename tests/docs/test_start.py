"""The commands of README.md and docs/run.md, run as they stand there. `make` only says what it would do: that the
function then runs, on a store of the user's too, is in tests/service/test_run.py, and `make test` is what runs this."""

import hashlib
import json
import os
import shlex
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any, Dict, List

import guides
import pytest

DOUBLES = """make() { command make -n "$@"; }
sam() { "$PYTHON" "$SAM_DOUBLE" "$SAM_RECORD" "$@"; }
"""


def run(block: str, folder: Path, there: Path = guides.ROOT) -> str:
    """What a block prints that is run `there`. What it calls sam with is in the folder's file `sam`."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))},
        "PYTHON": sys.executable,
        "SAM_DOUBLE": str(Path(__file__).parent / "sam_double.py"),
        "SAM_RECORD": str(folder / "sam"),
        "ROOT": str(guides.ROOT),
        "REPOSITORY": "https://git.example.com/countersign",
    }
    done = subprocess.run(
        ["bash", "-euc", DOUBLES + block],
        cwd=there,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("number", range(5))
def test_make_run(tmp_path: Path, number: int) -> None:
    block = guides.blocks("run.md", "sh")[number]
    would = run(block, tmp_path)
    store = ["--store build/store"] * 4 + ["--store-url 'https://s3.eu-west-1.amazonaws.com'"]
    assert f"-m local --bootstrap build/bootstrap {store[number]}" in " ".join(would.replace("\\\n", "").split())
    names = [word.partition("=")[0] for word in block.split() if "=" in word]
    described = guides.text_of("configuration.md") + guides.text_of("run.md")
    for name in names:
        assert f"`{name}`" in described, name


def test_there_is_no_more_in_the_guide() -> None:
    assert len(guides.blocks("run.md", "sh")) == 5


@pytest.mark.parametrize("guide", ["../README.md", "run.md"])
def test_what_is_needed_is_what_is_asked_for(guide: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(guides.ROOT / "tools"))
    from pins import python

    assert f"Python {'.'.join(map(str, python.OLDEST_OF_OTHERS))} or newer with `venv`" in guides.text_of(guide)


def test_make_in_a_folder_with_blanks_in_its_path() -> None:
    words = ["make", "-n", "-W", "text/slice.c", "CURDIR=/of an user", "build/sanitize/obj/text/slice.o"]
    would = subprocess.run(words, cwd=guides.ROOT, capture_output=True, text=True, check=True).stdout
    (compiling,) = [line for line in would.replace("\\\n", "").splitlines() if " -o " in line and "text/slice.c" in line]
    assert "-ffile-prefix-map=/of an user=." in shlex.split(compiling)


# What is cloned is a link to here, and what is downloaded is made of what a release has for SAM.
README_DOUBLES = """git() { [ "$1" = clone ] && [ "$2" = "$REPOSITORY" ] && ln -s "$ROOT" "$3"; }
"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with what README.md has one download."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    with tarfile.open(folder / "countersign-1.2.3.tar.gz", "w:gz") as archive:
        for name in ("template.yaml", "samconfig.toml"):
            archive.add(guides.ROOT / name, f"countersign-1.2.3/{name}")
    (folder / "countersign-runtime-1.2.3-arm64.tar.gz").touch()  # by who has downloaded all
    digest = hashlib.sha256((folder / "countersign-1.2.3.tar.gz").read_bytes()).hexdigest()
    other = "0" * 64 + "  countersign-doctor-arm64"
    (folder / "SHA256SUMS").write_text(f"{digest}  countersign-1.2.3.tar.gz\n{other}\n", "utf-8")
    return folder


def sam_runs(folder: Path) -> List[Dict[str, Any]]:
    return [json.loads(line) for line in (folder / "sam").read_text("utf-8").splitlines()]


def test_readme(tmp_path: Path, release: Path) -> None:
    start, launch, source = guides.blocks("../README.md", "sh")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "-m local --bootstrap" in run(README_DOUBLES + start, tmp_path, empty)
    run(launch, tmp_path, release)
    run(source, tmp_path)
    called = sam_runs(tmp_path)
    assert [each["command"] for each in called] == ["deploy", "build", "deploy"]
    for deployed in (called[0], called[2]):
        # It would save every parameter, and undo what is set later (docs/deploy.md).
        assert deployed["guided"] is False
        assert deployed["stack_name"] == "countersign"  # samconfig.toml's, which is in the release


def test_readme_refuses_a_release_that_is_not_whole(tmp_path: Path, release: Path) -> None:
    with open(release / "countersign-1.2.3.tar.gz", "ab") as archive:
        archive.write(b"x")
    _, launch, _ = guides.blocks("../README.md", "sh")
    with pytest.raises(AssertionError, match="WARNING"):
        run(launch, tmp_path, release)
    assert not (tmp_path / "sam").exists()


def test_readmes_open_door_is_said(tmp_path: Path, release: Path) -> None:
    """Without the parameter the template takes none of the commands, and README.md says what it means."""
    _, launch, source = guides.blocks("../README.md", "sh")
    assert "**`OpenToAnybody=yes` is an open door.**" in guides.text_of("../README.md")
    for block, there in ((launch, release), (source, guides.ROOT)):
        closed = block.replace(" --parameter-overrides OpenToAnybody=yes", "")
        assert closed != block
        with pytest.raises(AssertionError, match="OpenToAnybody"):
            run(closed, tmp_path, there)
