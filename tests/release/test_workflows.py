""".github/workflows: what they may do, whose code they run, and what a tag must be."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List

import changelog
import pytest
import version
import yaml

from conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ZIZMOR = Path(sys.executable).parent / "zizmor"
WRITES = {
    # By workflow and job: each is needed for what the job is there for.
    ("release.yml", "publish"): {"attestations": "write", "contents": "write", "id-token": "write"},
    ("release.yml", "npm"): {"id-token": "write"},
}


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(ZIZMOR), "--offline", "--no-progress", "--strict-collection", "--persona=pedantic", str(folder)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_linter_has_nothing_to_say() -> None:
    done = lint(ROOT / ".github/workflows")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("was, becomes", [
    ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7"),  # a tag can be moved
    ("permissions: {}\n", ""),
    ("          persist-credentials: false\n", ""),
    ("run: make test", "run: make test ${{ github.head_ref }}"),  # a branch's name would be a command
    ("runs-on:", "run-on:"),
])
def test_the_linter_finds(was: str, becomes: str, tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    shutil.copytree(ROOT / ".github/workflows", folder)
    text = (folder / "ci.yml").read_text()
    assert was in text
    (folder / "ci.yml").write_text(text.replace(was, becomes))
    assert lint(folder).returncode != 0


def jobs() -> Iterator[Any]:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text())
        assert workflow["permissions"] == {}
        for name, job in workflow["jobs"].items():
            yield path.name, name, job


def test_a_job_may_do_no_more_than_it_must() -> None:
    for file, name, job in jobs():
        assert job["permissions"] == WRITES.get((file, name), {"contents": "read"}), (file, name)
        assert job["timeout-minutes"] <= 60


def test_each_action_is_one_commit_with_its_tag_beside_it() -> None:
    commits: Dict[str, set] = {}
    for path in WORKFLOWS:
        uses: List[str] = re.findall(r"uses: (.*)", path.read_text())
        assert uses, path
        for line in uses:
            found = re.fullmatch(r"(actions/[a-z-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
            assert found, line
            commits.setdefault(found[1], set()).add(found[2])
    assert all(len(used) == 1 for used in commits.values()), commits


def test_make_has_what_is_run() -> None:
    rules = "".join(path.read_text() for path in [ROOT / "Makefile", *ROOT.glob("packaging/**/*.mk")])
    text = "".join(path.read_text() for path in WORKFLOWS)
    for target in set(re.findall(r"run: make (\S+)", text)):
        assert re.search(rf"^{target}:", rules, re.M), target
    for script in set(re.findall(r"packaging/release/\S+\.py", text)):
        assert (ROOT / script).is_file()


def test_the_guide_names_files_that_have_the_version() -> None:
    """Which to set for a release; CHANGELOG.md has it from the release on."""
    (step,) = re.findall(r"^1\. (.*?)^2\. ", (ROOT / "docs/release.md").read_text("utf-8"), re.M | re.S)
    named = {place: sorted(ROOT.glob(place)) for place in re.findall(r"`([\w/*.]+\.\w+)`", step)}
    assert len(named) >= 5 and all(named.values())
    for place in named.keys() - {"CHANGELOG.md"}:
        assert any(version.read() in path.read_text("utf-8") for path in named[place]), place


# ---- The tag, and what the release's notes are ----

CHANGELOG = """# Changelog

## [Unreleased]

### Added

- Of tomorrow.

## [1.2.3] - 2026-01-02

### Added

- Of today.

## [1.2.0] - 2025-01-02

- Of yesterday.
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime/version.h").write_text('#define COUNTERSIGN_VERSION "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


def test_the_notes_are_the_section_of_the_version(repository: Path) -> None:
    assert changelog.section("v1.2.3", repository) == "### Added\n\n- Of today."


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2.4", "v1.2.30", "v1.2.0"])
def test_another_tag_is_refused(tag: str, repository: Path) -> None:
    with pytest.raises(SystemExit, match=f"the tag is {tag}"):
        changelog.section(tag, repository)


@pytest.mark.parametrize("text", ["## [Unreleased]\n\n- A.\n", "## [1.2.3] - 2026-01-02\n\n## [1.2.0]\n\n- A.\n"])
def test_a_version_that_the_changelog_does_not_tell_of_is_refused(text: str, repository: Path) -> None:
    (repository / "CHANGELOG.md").write_text(text)
    with pytest.raises(SystemExit, match=re.escape("nothing under ## [1.2.3]")):
        changelog.section("v1.2.3", repository)
