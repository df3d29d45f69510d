"""The commands of docs/doctor.md, run as they stand there, on a request that is refused and on its bucket."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Dict

import guides
import pytest

DOCTOR = guides.ROOT / "build/countersign-doctor"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Has what `make doctor` makes, and nothing else."""
    (tmp_path / "build").mkdir()
    (tmp_path / "build/countersign-doctor").symlink_to(DOCTOR)
    return tmp_path


@pytest.fixture
def reply(api: str) -> Dict[str, str]:
    """Of the function, for a photo."""
    url = f"{api}/signed_url?file_name=photo.jpg&file_type=image/jpeg"
    with urllib.request.urlopen(url, timeout=20) as answer:
        return dict(json.load(answer))


def run(block: str, folder: Path) -> str:
    ran = subprocess.run(
        ["bash", "-uc", block],
        cwd=folder,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stderr == ""
    return ran.stdout


def lines_of(example: str) -> list:
    return [" ".join(line.split()) for line in example.splitlines() if not line.endswith("...")]


def test_the_famous_403(folder: Path, api: str) -> None:
    explaining, *_ = guides.blocks("doctor.md", "sh")
    assert "http://127.0.0.1:8080" in guides.text_of("run.md")
    said = lines_of(run(explaining.replace("http://127.0.0.1:8080", api), folder))
    shown = guides.blocks("doctor.md", "")[0]
    # The keys differ, and the store's path has its bucket.
    told = [line for line in lines_of(shown) if "/uploads/" not in line]
    assert [line for line in told if line not in said] == []


def test_a_bucket(folder: Path, reply: Dict[str, str]) -> None:
    _, checking, _ = guides.blocks("doctor.md", "sh")
    scheme, _, host, bucket, *_ = reply["url"].split("/")
    command = checking.replace("--bucket NAME", f"--bucket {bucket}").strip()
    of_the_store = f" --endpoint {scheme}//{host} --path-style"
    said = lines_of(run(command + of_the_store, folder))
    table = [line.split("|")[1].strip() for line in guides.text_of("doctor.md").splitlines() if line.startswith("| ")]
    assert "CORS for PUT, for signed headers, for forms" in table
    for item in ("CORS for PUT", "CORS for signed headers", "CORS for forms", "CORS for signRequest", "exposed headers"):
        assert any(line.startswith(f"ok {item}:") for line in said), said
    for item in ("region", "incomplete uploads", "encryption", "object lock"):  # for want of credentials
        assert any(line.startswith(f"unknown {item}:") for line in said), said


def test_what_a_signed_url_lets_in(folder: Path, reply: Dict[str, str]) -> None:
    *_, trying = guides.blocks("doctor.md", "sh")
    scheme, _, host, bucket, *_ = reply["url"].split("/")
    command = trying.replace("--bucket NAME", f"--bucket {bucket}").replace("--endpoint URL", f"--endpoint {scheme}//{host}")
    said = lines_of(run(command, folder))
    assert any(line.startswith("unknown unsigned headers:") for line in said), "for want of credentials"
