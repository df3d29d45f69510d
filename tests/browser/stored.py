"""What the store has of what a page sent."""

from pathlib import Path
from typing import Any

from conftest import BUCKET
from upload_page import UploadPage


def stored(s3: Any, key: str) -> Any:
    return s3.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")


def check_stored(s3: Any, page: UploadPage, path: Path) -> Any:
    found = stored(s3, page.key_of(path.name))
    assert found["Body"].read() == path.read_bytes()
    return found
