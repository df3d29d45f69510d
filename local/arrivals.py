"""What is new in a bucket. It is found by listing it again and again, for every store can do that."""

import datetime
from dataclasses import dataclass
from typing import Any, Dict, List


@dataclass(frozen=True)
class Arrival:
    """An object as it was when it was stored."""

    key: str
    size_bytes: int
    etag: str  # without the quotes
    stored: datetime.datetime

    @property
    def shown(self) -> str:
        """The key, for the screen."""
        return self.key if self.key.isprintable() else ascii(self.key)


class Arrivals:
    """`s3` is a boto3 client with the right to list. Only keys that begin with `prefix` are looked for."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._pages = s3.get_paginator("list_objects_v2")
        self._where = {"Bucket": bucket, "Prefix": prefix}
        self._known: Dict[str, Arrival] = {}

    def new(self) -> List[Arrival]:
        """What is new or was written again since the last call, in the order of its arrival. A call
        that raises has missed nothing: the next one finds it."""
        pages = self._pages.paginate(**self._where)
        listed = [_arrival(item) for page in pages for item in page.get("Contents", [])]
        new = [each for each in listed if self._known.get(each.key) != each]
        self._known = {each.key: each for each in listed}
        return sorted(new, key=lambda each: each.stored)


def _arrival(listed: Dict[str, Any]) -> Arrival:
    return Arrival(listed["Key"], listed["Size"], listed["ETag"].strip('"'), listed["LastModified"])
