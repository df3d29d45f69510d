"""The command line of countersign-doctor, and that nothing secret of it is shown."""

from pathlib import Path
from typing import List

import pytest
from doctor_program import Doctor, doctor_of

URL = (
    "https://bucket.s3.eu-west-1.amazonaws.com/key?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20991124%2Feu-west-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20991124T120000Z&X-Amz-Expires=300&X-Amz-Security-Token=no-token-of-anybody"
    f"&X-Amz-SignedHeaders=host&X-Amz-Signature={'0123456789abcdef' * 4}"
)


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    return doctor_of(tmp_path, [])


def test_wrong_use(doctor: Doctor, tmp_path: Path) -> None:
    for arguments in ([], ["x"], ["explain"], ["explain", "--nonsense", "u"], ["check"]):
        said = doctor.run(*arguments)
        assert said.status == 2, arguments
        assert said.errors and not said.text, arguments
    said = doctor.run("explain", "https://b", str(tmp_path / "none.xml"))
    assert said.status == 2
    assert "the file of the error can't be read: No such file" in said.errors
    assert doctor.run("explain", "ftp://b/?x=1").status == 2
    assert doctor.run("explain", "https://b.example/k", "-", given=b"no xml").status == 2


@pytest.mark.parametrize("bare", [True, False], ids=["without a scheme", "whole"])
@pytest.mark.parametrize(
    "before, after",
    [
        (["explain"], []),
        (["explain", "https://b.example/k"], []),
        (["explain", "none.xml"], ["none.xml"]),
        (["explain", "--reply"], []),
        (["explain", "--url="], []),
        (["explain", "--origin="], []),
        (["explain", "--header"], []),
        (["check"], []),
        (["check", "--bucket", "bucket"], []),
        (["check", "--bucket"], []),
        (["check", "--url="], []),
        (["check", "--reply="], []),
        (["check", "--path-style="], []),
        ([], []),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_no_secret_is_shown_wherever_it_stands(
    doctor: Doctor, before: List[str], after: List[str], bare: bool
) -> None:
    given = URL.partition("://")[2] if bare else URL
    joined = [*before[:-1], before[-1] + given] if before and before[-1].endswith("=") else [*before, given]
    said = doctor.run(*joined, *after)
    assert said.text + said.errors
    for name in ("X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Credential"):
        value = URL.partition(f"{name}=")[2].partition("&")[0]
        assert len(value) > 16
        assert value not in said.text + said.errors
    assert said.status == (2 if bare or before != ["explain"] else 0)


def test_what_belongs_to_the_other_command_is_not_shown(doctor: Doctor) -> None:
    said = doctor.run("check", "--header", "Authorization: a-very-secret-thing")
    assert said.status == 2
    assert "a-very-secret-thing" not in said.text + said.errors
    assert "the other command's: --header" in said.errors


def test_a_url_without_its_scheme_is_no_file(doctor: Doctor) -> None:
    said = doctor.run("explain", "b.example/k?X-Amz-Date=20261124T120000Z")
    assert said.status == 2
    assert "must be http(s)://" in said.text


def test_an_answer_without_a_body(doctor: Doctor) -> None:
    said = doctor.explain("https://b.example/k", b"")
    assert said.status == 2
    assert "the file of the error is empty" in said.errors


def test_help(doctor: Doctor) -> None:
    for arguments in (["--help"], ["explain", "--help"], ["check", "--help"]):
        said = doctor.run(*arguments)
        assert said.status == 0
        assert "countersign-doctor explain" in said.text
