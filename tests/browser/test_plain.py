"""A page without any library asks for a URL, and sends the file, on three origins."""

from typing import Any, Dict

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy

FILES = {
    "small": File("test.txt", "text/plain", b"bytes \x00\xff of a file\n"),
    "empty": File("empty.bin", "application/octet-stream", b""),
    "unicode": File("żółw 🐢 1+1 100%41 שלום 乌龟.png", "image/png", bytes(range(256)) * 40),
    "untyped": File("no extension", "", b"x"),
    "charset": File("a.html", "text/html; charset=utf-8", "<p>ż".encode()),
}
DECLARED = {"nothing": [], "size": ["size"], "sha256": ["sha256"], "both": ["size", "sha256"]}


def upload(tab: Tab, api: str, file: File, **options: Any) -> Dict[str, Any]:
    tab.choose(file)
    return dict(
        tab.page.evaluate("([api, options]) => plainPage.upload(api, options)", [api, options])
    )


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("kind", FILES)
def test_upload(tab: Tab, deploy: Deploy, s3: Any, kind: str, declared: str) -> None:
    file = FILES[kind]
    outcome = upload(tab, deploy(), file, declare=DECLARED[declared])
    assert (outcome["asked"], outcome.get("sent")) == (200, 200), outcome
    stored = s3.get_object(Bucket=BUCKET, Key=outcome["key"])
    assert stored["Body"].read() == file.body
    assert stored["ContentType"] == (file.type or "application/octet-stream")
    assert outcome["key"].rsplit("/", 1)[1] == file.name
    assert outcome["etag"] == stored["ETag"]  # the page may read it
    assert tab.complaints == []


def test_asked_by_post(tab: Tab, deploy: Deploy, s3: Any) -> None:
    """JSON makes the browser ask with a preflight first."""
    file = FILES["unicode"]
    outcome = upload(tab, deploy(), file, declare=["size", "sha256"], method="POST")
    assert (outcome["asked"], outcome.get("sent")) == (200, 200), outcome
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == file.body


@pytest.mark.parametrize("declared", ["size", "sha256"])
def test_other_bytes_are_refused(tab: Tab, deploy: Deploy, declared: str) -> None:
    other = "other bytes" if declared == "size" else "x" * len(FILES["small"].body)
    outcome = upload(tab, deploy(), FILES["small"], declare=[declared], otherBytes=other)
    assert outcome["sent"] in (400, 403), outcome
    assert "<Code>" in outcome["text"]  # the page may read why


def test_a_refusal_can_be_read(tab: Tab, deploy: Deploy) -> None:
    outcome = upload(tab, deploy(UPLOAD_TYPES="image/*"), FILES["small"])
    assert outcome["asked"] == 403
    assert "image/*" in outcome["error"]


def test_another_origin_is_refused(tab: Tab, deploy: Deploy) -> None:
    outcome = upload(tab, deploy(UPLOAD_ORIGINS="https://app.example.com"), FILES["small"])
    assert outcome["asked"] is None  # the browser keeps the reply from the page
