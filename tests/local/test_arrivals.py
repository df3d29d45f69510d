"""What is new in a bucket, with a client that lists as it is told."""

import datetime
from typing import Any, Dict, Iterator, List

import pytest

from local.arrivals import Arrivals
from local.environment import fixed_part

NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)


def item(key: str, etag: str = "e", minute: int = 0) -> Dict[str, Any]:
    stored = NOON + datetime.timedelta(minutes=minute)
    return {"Key": key, "Size": 3, "ETag": f'"{etag}"', "LastModified": stored}


class FakeS3:
    """Its own paginator. A page is a list of objects, or an error to raise."""

    def __init__(self) -> None:
        self.pages: List[Any] = []
        self.asked: List[Dict[str, str]] = []

    def get_paginator(self, name: str) -> "FakeS3":
        assert name == "list_objects_v2"
        return self

    def paginate(self, **where: str) -> Iterator[Dict[str, Any]]:
        self.asked.append(where)
        for page in self.pages:
            if isinstance(page, Exception):
                raise page
            yield {"Contents": page} if page else {}


def seen(arrivals: Arrivals) -> List[str]:
    return [each.key for each in arrivals.new()]


def test_each_object_is_new_once_and_when_it_was_written_again() -> None:
    s3 = FakeS3()
    arrivals = Arrivals(s3, "bucket", "uploads/")
    s3.pages = [[]]
    assert seen(arrivals) == []
    s3.pages = [[item("b", minute=1), item("c", minute=0)], [item("d", minute=2)]]
    assert seen(arrivals) == ["c", "b", "d"]  # in their order, over all pages
    assert seen(arrivals) == []
    s3.pages = [[item("b", "other", minute=1), item("c", minute=3), item("d", minute=2)]]
    assert seen(arrivals) == ["b", "c"]  # another ETag, and the same bytes again
    s3.pages = [[item("c", minute=3)]]
    assert seen(arrivals) == []
    s3.pages = [[item("b", "other", minute=1), item("c", minute=3)]]
    assert seen(arrivals) == ["b"]  # it was gone
    assert s3.asked == [{"Bucket": "bucket", "Prefix": "uploads/"}] * 6


def test_a_listing_that_breaks_misses_nothing() -> None:
    s3 = FakeS3()
    arrivals = Arrivals(s3, "bucket", "")
    s3.pages = [[item("a")], ConnectionError()]
    with pytest.raises(ConnectionError):
        arrivals.new()
    s3.pages = [[item("a")], [item("b")]]
    assert seen(arrivals) == ["a", "b"]


def test_an_arrival() -> None:
    s3 = FakeS3()
    s3.pages = [[item("a b\n", "0123-2")]]
    (found,) = Arrivals(s3, "bucket", "").new()
    assert (found.key, found.size_bytes, found.etag, found.stored) == ("a b\n", 3, "0123-2", NOON)
    assert found.shown == "'a b\\n'"


@pytest.mark.parametrize(
    "template, begins",
    [
        (None, "uploads/"),
        ("", "uploads/"),
        (" ", "uploads/"),
        ("in/{date}/{id}", "in/"),
        ("{id}/{name}", ""),
        (" a/{name} ", "a/"),
    ],
)
def test_what_every_key_begins_with(template: Any, begins: str) -> None:
    assert fixed_part({} if template is None else {"UPLOAD_KEY": template}) == begins
