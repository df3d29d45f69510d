"""The page's files: compressed for who takes that, and the same bytes for who does not."""

import gzip
import re
from typing import List, Optional

import pytest
from harness import ROOT
from samples import PAGE_FILES
from uploads import StartFunction

from local import events, replies
from local.events import Request

BROWSER = "gzip, deflate, br, zstd"
TAKES_BYTES = [kind for kind in events.KINDS if kind != "rest-v1"]


def get(
    function: StartFunction, path: str, takes: Optional[str], kind: str, *more: str, **settings: str
) -> replies.Response:
    headers = [("accept-encoding", takes)] if takes is not None else []
    named = [("if-none-match", tag) for tag in more]
    request = Request("GET", path, headers=headers + named)
    return function(UPLOAD_PAGE="on", **settings).request(request, kind)


def test_each_file_is_here() -> None:
    table = (ROOT / "function/routes/routes.c").read_text("utf-8")
    served: List[str] = re.findall(r'PAGE_ROUTE\("(/[^"]*)"', table)
    assert set(PAGE_FILES) == {path for path in served if not path.endswith(".json")}


@pytest.mark.parametrize("kind", TAKES_BYTES)
@pytest.mark.parametrize("path", PAGE_FILES)
def test_a_browser_gets_it_compressed(function: StartFunction, path: str, kind: str) -> None:
    reply = get(function, path, BROWSER, kind)
    assert reply.status == 200
    assert reply.header("content-encoding") == "gzip"
    assert reply.header("vary") == "Accept-Encoding"
    assert gzip.decompress(reply.body) == PAGE_FILES[path]
    assert len(reply.body) < len(PAGE_FILES[path])


@pytest.mark.parametrize(
    "takes, kind",
    [
        *((None, kind) for kind in events.KINDS),
        ("gzip;q=0, br", "http-v2"),
        ("identity", "function-url"),
        (BROWSER, "rest-v1"),  # which would hand on base64
    ],
)
@pytest.mark.parametrize("path", PAGE_FILES)
def test_who_does_not_take_that_gets_the_text(
    function: StartFunction, path: str, takes: Optional[str], kind: str
) -> None:
    reply = get(function, path, takes, kind)
    assert (reply.status, reply.body) == (200, PAGE_FILES[path])
    assert reply.header("content-encoding") == ""
    assert reply.header("vary") == "Accept-Encoding"


def test_each_form_has_a_tag_of_its_own(function: StartFunction) -> None:
    tags = {takes: get(function, "/page.js", takes, "http-v2").header("etag") for takes in (BROWSER, None)}
    assert len(set(tags.values())) == 2
    for takes, tag in tags.items():
        for known in tags.values():
            reply = get(function, "/page.js", takes, "http-v2", known)
            assert (reply.status, reply.body == b"") == ((304, True) if known == tag else (200, False))
            assert reply.header("vary") == "Accept-Encoding"


def test_what_varies_by_origin_too_says_both_in_one_header(function: StartFunction) -> None:
    reply = get(function, "/", BROWSER, "http-v2", UPLOAD_ORIGINS="https://app.example.com")
    assert [value for name, value in reply.headers if name.lower() == "vary"] == ["Origin, Accept-Encoding"]
