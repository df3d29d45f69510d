"""What leads to the documents: README.md, docs/README.md by task, and llms.txt for machines. No link leads nowhere."""

import re
from pathlib import Path
from typing import List, Set

import guides
import pytest

DOCS = {path.name for path in (guides.ROOT / "docs").glob("*.md")}
LINKING = ["README.md", "CONTRIBUTING.md", "llms.txt", *sorted(f"docs/{name}" for name in DOCS)]


def text(path: str) -> str:
    """Without the code, whose brackets are no links."""
    whole = (guides.ROOT / path).read_text("utf-8")
    return re.sub(r"`[^`\n]+`(?!\])", "", re.sub(r"^ *```.*?^ *```$", "", whole, flags=re.M | re.S))


def links(path: str) -> List[str]:
    """Those to files here."""
    return [each for each in re.findall(r"\]\(([^)\s]+)\)", text(path)) if "://" not in each]


def anchors(path: Path) -> Set[str]:
    """Of the headings, as GitHub makes them: the second of the same words gets a number."""
    code = re.compile(r"^ *```.*?^ *```$", re.M | re.S)
    found: Set[str] = set()
    for heading in re.findall(r"^#+ (.*)$", code.sub("", path.read_text("utf-8")), re.M):
        name = plain = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        number = 0
        while name in found:
            number += 1
            name = f"{plain}-{number}"
        found.add(name)
    return found


def target(path: str, link: str) -> Path:
    name = link.partition("#")[0]
    return (guides.ROOT / path).parent / name if name else guides.ROOT / path


@pytest.mark.parametrize("path", LINKING)
def test_links(path: str) -> None:
    for link in links(path):
        file, anchor = target(path, link), link.partition("#")[2]
        assert file.exists(), link
        assert not anchor or anchor in anchors(file), link


@pytest.mark.parametrize("index", ["llms.txt", "docs/README.md"])
def test_every_document_is_in_the_index(index: str) -> None:
    linked = {target(index, link).resolve() for link in links(index)}
    missing = [name for name in sorted(DOCS - {"README.md"}) if (guides.ROOT / "docs" / name).resolve() not in linked]
    assert missing == []


def test_no_document_is_told_twice() -> None:
    for index in ("llms.txt", "docs/README.md"):
        found = links(index)
        assert sorted(set(found)) == sorted(found)


def test_llms_txt_has_the_form() -> None:
    """A title, a summary, and sections of links with a line on each: llmstxt.org."""
    head, *sections = re.split(r"^## ", (guides.ROOT / "llms.txt").read_text("utf-8"), flags=re.M)
    assert re.match(r"# Countersign\n\n> .+\n(> .+\n)*\n", head)
    assert len(sections) > 3
    for section in sections:
        title, blank, *lines = section.rstrip("\n").split("\n")
        assert title and blank == "" and lines
        for line in lines:
            assert re.fullmatch(r"- \[[^\]]+\]\([^)]+\): .+", line), line
    assert sections[-1].startswith("Optional\n")  # what may be left out where room is short


def test_readme_leads_to_both() -> None:
    assert {"docs/README.md", "llms.txt"} <= set(links("README.md"))
