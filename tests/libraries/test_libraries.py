"""Each library can be used alone: its headers, its names, and a program that is linked with it and what it knows."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

from compilers import ARCHITECTURE, ROOT, WARNINGS, run  # noqa: E402

# The runtime's own files call each other by runtime_; programs in C call lambda_, and the C++ headers countersign_.
PREFIXES = {
    "text": ("text_",),
    "http": ("http_",),
    "s3": ("s3_",),
    "runtime": ("lambda_", "runtime_", "countersign_"),
}
STRICTLY = [*WARNINGS, "-Wsign-conversion", "-Wundef"]


def headers(library: str) -> list[Path]:
    found = sorted((ROOT / library).glob("*.h"))
    assert found
    return found


@pytest.mark.parametrize("compiler, standard, ending", [
    ("gcc", "c17", "c"), ("clang", "c17", "c"), ("g++", "c++11", "cpp"), ("clang++", "c++11", "cpp")])
@pytest.mark.parametrize("library", PREFIXES)
def test_each_header_stands_alone(library: str, compiler: str, standard: str, ending: str, tmp_path: Path) -> None:
    sources = []
    for header in headers(library):
        sources.append(tmp_path / f"{header.stem}.{ending}")
        # Twice, so that a missing guard is seen.
        include = f'#include "{header.relative_to(ROOT)}"\n'
        sources[-1].write_text(f"{include}{include}extern int something;\n")
    run([compiler, f"-std={standard}", *STRICTLY, f"-I{ROOT}", "-isystem", ROOT / "build/deps/sanitize/include",
         "-fsyntax-only", *sources])


@pytest.mark.parametrize("library", PREFIXES)
def test_the_linker_sees_the_librarys_own_prefix_only(library: str) -> None:
    archive = ROOT / f"build/{ARCHITECTURE}/libcountersign-{library}.a"
    lines = run(["nm", "--extern-only", "--defined-only", "--format=posix", archive]).splitlines()
    names = [line.split()[0] for line in lines if " " in line]
    assert len(names) > 10
    assert [name for name in names if not name.startswith(PREFIXES[library])] == []


def declared(header: str) -> set[str]:
    """The macros, types and constants of a header that are not inside a function."""
    text = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    names = set(re.findall(r"^#define (\w+)", text, re.MULTILINE))
    names |= set(re.findall(r"^typedef\b[^;{(]*?(\w+);", text, re.MULTILINE))
    names |= set(re.findall(r"^(?:typedef )?(?:struct|enum|union) (\w+)", text, re.MULTILINE))
    names |= set(re.findall(r"^\} (\w+);", text, re.MULTILINE))
    for block in re.findall(r"^(?:typedef )?enum[^{;]*\{(.*?)\}", text, re.MULTILINE | re.DOTALL):
        names |= {word.split("=")[0].strip() for word in block.split(",") if word.strip()}
    return names


@pytest.mark.parametrize("library", PREFIXES)
def test_a_program_sees_the_librarys_own_prefix_only(library: str) -> None:
    upper = tuple(prefix.upper() for prefix in PREFIXES[library])
    for header in headers(library):
        names = declared(header.read_text("utf-8"))
        assert names
        strange = {name for name in names if not name.startswith((*PREFIXES[library], *upper))} - {"LAMBDA_H"}
        # What the libraries take from the floor below by its own name.
        assert strange <= {"text_arena", "text_buffer"}, f"{header.name}: {strange}"


def test_s3_signs_alone() -> None:
    assert run([ROOT / "build/sanitize/libraries/s3"]) == (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404\n")


def test_http_answers_alone() -> None:
    event = {
        "rawPath": "/prod/hello",
        "rawQueryString": "name=Gr%C3%B6%C3%9Fe",
        "requestContext": {"http": {"method": "GET"}, "authorizer": {"jwt": {"claims": {"sub": "alice"}}}},
    }
    reply = json.loads(run([ROOT / "build/sanitize/libraries/http"], json.dumps(event)))
    assert (reply["statusCode"], json.loads(reply["body"])) == (
        200, {"path": "/prod/hello", "name": "Größe", "caller": "alice"})
