"""expat, as tools/pins/libs.py builds it: it reads what S3 sends, and expands no entity of a document's own."""

from __future__ import annotations

from typing import Callable

import pytest

from programs import TARGETS, build

Parse = Callable[[str], "tuple[int, str]"]


@pytest.fixture(scope="module", params=TARGETS)
def parse(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """Runs xml.c: its status and what it wrote."""
    program = build(request.param, "xml", tmp_path_factory.mktemp("xml"))

    def run(document: str) -> tuple[int, str]:
        done = program(stdin=document)
        return done.returncode, done.stdout

    return run


def test_an_answer_of_s3(parse: Parse) -> None:
    answer = ('<?xml version="1.0" encoding="UTF-8"?>\n'
              '<ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
              "<Key>caf\u00e9 &amp; &#65;</Key></ListPartsResult>")
    assert parse(answer) == (0, "<ListPartsResult><Key>caf\u00e9 & A")


def test_entities_of_the_document_are_not_expanded(parse: Parse) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    assert parse(f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><d>&l9;</d>') == (0, "<d>&l9;")


@pytest.mark.parametrize("document, problem", [
    ("", "no element found"),
    ("<a><b></a>", "mismatched tag"),
    ("<a>", "no element found"),
    ("<a/><b/>", "junk after document element"),
    ("<a>&none;</a>", "undefined entity"),
    ("<a>\0</a>", "not well-formed (invalid token)"),
])
def test_what_is_no_xml_is_told(parse: Parse, document: str, problem: str) -> None:
    status, text = parse(document)
    assert status == 1 and text.endswith(problem)
