"""tools/pins/content_types.py: which type an extension gets, and which extensions are worth their bytes."""

import pytest

from pins import content_types


def claim(*extensions: str, **about: object) -> dict:
    return {"extensions": list(extensions), **about}


@pytest.mark.parametrize("best, other", [
    # the registries, in their order
    (("text/best", {"source": "iana"}), ("text/a", {"source": "apache"})),
    (("text/best", {"source": "apache"}), ("text/a", {"source": "nginx"})),
    (("text/best", {}), ("text/a", {"source": "apache"})),
    # the standards' before a vendor's and a private one, whoever has it
    (("text/best", {"source": "nginx"}), ("text/vnd.a", {"source": "iana"})),
    (("text/best", {"source": "nginx"}), ("text/x-a", {"source": "iana"})),
    # what it is rather opened by, then the shorter one
    (("video/best", {"source": "iana"}), ("application/a", {"source": "iana"})),
    (("text/best", {}), ("text/longer", {})),
])
def test_one_of_several_types(best: tuple, other: tuple) -> None:
    for order in ((best, other), (other, best)):
        database = {name: claim("ext", **about) for name, about in order}
        assert content_types.lines(database) == f"{best[0]} ext\n"


def test_unknown_bytes_are_the_last_choice_and_no_line() -> None:
    unknown = {"application/octet-stream": claim("bin", "iso", source="iana", compressible=False)}
    assert content_types.lines(unknown) == ""
    both = {**unknown, "application/x-image": claim("iso", source="nginx")}
    assert content_types.lines(both) == "application/x-image iso\n"


@pytest.mark.parametrize("name, about, kept", [
    ("image/heic", {}, True),
    ("image/x-raw", {}, True),
    ("image/vnd.a", {}, False),
    ("image/vnd.a", {"compressible": True}, True),
    ("application/a", {}, False),
    ("application/a", {"compressible": False}, True),
    ("application/a+xml", {"compressible": True}, False),
    ("application/vnd.apple.pages", {}, True),
    ("chemical/x-a", {}, False),
])
def test_what_is_kept(name: str, about: dict, kept: bool) -> None:
    assert content_types.lines({name: claim("ext", **about)}) == (f"{name} ext\n" if kept else "")


def test_one_type_tells_for_all_of_an_extension() -> None:
    database = {"application/vnd.rar": claim("rar", source="iana"),
                "application/x-rar": claim("rar", compressible=False)}
    assert content_types.lines(database) == "application/vnd.rar rar\n"


def test_a_line_for_each_type_in_their_order() -> None:
    database = {"text/b": claim("z", "a"), "text/none": {}, "text/a": claim("m")}
    assert content_types.lines(database) == "text/a m\ntext/b a z\n"
