"""What the store has of what a page sent."""

from pathlib import Path
from typing import Any

from upload_site import BUCKET


def stored(s3: Any, key: str) -> Any:
    return s3.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")


def check_stored(s3: Any, page: Any, path: Path) -> Any:
    found = stored(s3, page.key_of(path.name))
    assert found["Body"].read() == path.read_bytes()
    return found
