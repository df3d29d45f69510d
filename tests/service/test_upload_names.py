"""Names as people have them become keys that the store takes."""

from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import pytest
from uploads import BODY, StartFunction, asked, put, stored

from local.events import KINDS, Request

NAMES = [
    "a b  c.txt",
    "1+1=2.txt",
    "100%.txt",
    "%41%2F%00.txt",
    "żółw.txt",
    "🐢👩‍👩‍👧.png",
    "مرحبا שלום.pdf",
    "'quotes' \"double\" `back`.txt",
    "a&b;c,d:e@f$g!h*i(j)k[l]{m}|n<o>p^q~r#s?t.txt",
    "..a..",
    "e\u0301.txt",
    "x" * 255,
]


@pytest.mark.parametrize("name", NAMES)
def test_names(function: StartFunction, s3: Any, bucket: str, name: str) -> None:
    upload = asked(function(), file_name=name)
    assert upload["key"].split("/", 2)[2] == name
    assert unquote(urlsplit(upload["url"]).path) == f"/{bucket}/{upload['key']}"
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_through_every_front(
    function: StartFunction, s3: Any, bucket: str, kind: str
) -> None:
    """Each front encodes the query in its own way."""
    name = "a b+c%20d%&ż🐢.txt"
    query = urlencode({"file_name": name, "file_type": "text/x-proof"})
    reply = function().request(Request("GET", "/a%20stage/signed_url", query), kind)
    assert reply.status == 200, reply.body
    upload = reply.json()
    assert upload["key"].split("/", 2)[2] == name
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY


@pytest.mark.parametrize("name, becomes", [("a/b", "a_b"), ("a\\b", "a_b"), ("../../x", ".._.._x")])
def test_separators_are_replaced(
    function: StartFunction, s3: Any, bucket: str, name: str, becomes: str
) -> None:
    upload = asked(function(), file_name=name)
    assert upload["key"].split("/", 2)[2] == becomes
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY


@pytest.mark.parametrize("name", ["", ".", "..", "a\0b", "a\nb", "a\x7fb", "a\x1bb"])
def test_names_that_are_refused(function: StartFunction, name: str) -> None:
    reply = function().get("/signed_url", file_name=name)
    assert reply.status == 400
    assert set(reply.json()) == {"message", "error", "code", "requestId"}


def test_bad_utf8_is_refused(function: StartFunction) -> None:
    assert function().request(Request("GET", "/signed_url", "file_name=%ff%fe")).status == 400


def test_a_key_of_1024_bytes(function: StartFunction, s3: Any, bucket: str) -> None:
    """The template splits it: this store takes 255 bytes between slashes."""
    running = function(UPLOAD_KEY=f"{'p' * 202}/{'q' * 200}/{{name}}/{{name}}/{{name}}")
    name = "ż" * 103
    upload = asked(running, file_name=name)
    assert len(upload["key"].encode()) == 1024
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY
    assert running.get("/signed_url", file_name=name + "x").status == 400
