"""Copies what arrives in the bucket into a folder where the user can look at it.

The store's own files hold more than the bytes that were uploaded, so they are of no
use to a person."""

import os
import shutil
from pathlib import Path
from typing import Any, Callable

from .arrivals import Arrival

Report = Callable[[str], None]


class Mirror:
    """`s3` is a boto3 client with the right to read."""

    def __init__(self, s3: Any, bucket: str, folder: Path, report: Report) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._folder = folder
        self._report = report

    def copy(self, arrival: Arrival) -> None:
        target = self._folder / safe_path(arrival.key)
        stored = self._s3.get_object(Bucket=self._bucket, Key=arrival.key)
        what = f"stored {arrival.shown} ({stored['ContentLength']} bytes, {stored['ContentType']})"
        partial = self._folder / f".partial-{os.getpid()}"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(partial, "wb") as file:
                shutil.copyfileobj(stored["Body"], file)
            partial.replace(target)
        except OSError as error:  # a name that this file system does not take
            partial.unlink(missing_ok=True)
            what += f", not copied: {error.strerror}"
        self._report(what)


def safe_path(key: str) -> Path:
    """The key as a path that stays inside the folder."""
    parts = [part if part not in ("", ".", "..") else "_" for part in key.split("/")]
    return Path(*(part.replace("\0", "_") for part in parts))
