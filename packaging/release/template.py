"""The release's templates, made of the repository's: the zip beside it is deployed, and nothing built."""

from __future__ import annotations

import re

from version import ROOT

# The one without an architecture in its name is what SAM takes when it isn't told.
NAMES = {"arm64": "template.yaml", "x86_64": "template-x86_64.yaml"}

# How `sam build` is told to build; up to the function's next key.
BUILD = r"    Metadata:\n      BuildMethod: makefile\n(?:      .*\n)*(?=    Properties:\n)"
CODE = r"(?<=\n      CodeUri: )\.(?=\n)"
# SAM reads CodeUri before a parameter has a value, so that a template has one zip.
ARCHITECTURE = (r"(?<=\n  Architecture:\n)    Type: String\n    Default: arm64\n    AllowedValues: \[arm64, x86_64\]\n"
                r"    Description: .*\n")
FIXED = """    Type: String
    Default: ARCH
    AllowedValues: [ARCH]
    Description: The function's processor, which this template has the zip for. OTHER has that for the other.
"""


class Changed(Exception):
    """The repository's template no longer has what is to be replaced."""


def made(text: str, arch: str) -> str:
    (other,) = [name for each, name in NAMES.items() if each != arch]
    text = _replace(text, BUILD, "")
    text = _replace(text, CODE, f"countersign-{arch}.zip")
    return _replace(text, ARCHITECTURE, FIXED.replace("ARCH", arch).replace("OTHER", other))


def _replace(text: str, pattern: str, by: str) -> str:
    changed, count = re.subn(pattern, lambda _: by, text)
    if count != 1:
        raise Changed(f"template.yaml has {count} times, and not once, what packaging/release/template.py replaces: "
                      f"{pattern}")
    return changed


def read() -> str:
    return (ROOT / "template.yaml").read_text("utf-8")
