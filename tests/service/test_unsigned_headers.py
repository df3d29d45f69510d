"""Headers that a client adds to a signed upload.

S3 and versitygw refuse unsigned x-amz headers. MinIO takes them, and so may others of its kind: there the signer's
policy denies copies.
"""

from typing import Any, Dict

import pytest
from harness import ON_BOTH
from multipart import SECRET, created
from s3http import Answer, send
from uploads import BODY, StartFunction, asked, put, stored

pytestmark = ON_BOTH
OTHERS = b"what somebody else has stored"
SETTINGS = {
    "UPLOAD_DISPOSITION": "attachment",
    "UPLOAD_CACHE_CONTROL": "private, max-age=60",
}


@pytest.fixture
def of_another(s3: Any, bucket: str) -> str:
    key = "uploads/of-another/secret.txt"
    s3.put_object(Bucket=bucket, Key=key, Body=OTHERS)
    return key


def put_with(upload: Dict[str, Any], body: bytes, **more: str) -> Answer:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    return send("PUT", upload["url"], body, {**upload["headers"], **headers})


def test_an_upload_is_no_copy(
    function: StartFunction, s3: Any, bucket: str, of_another: str
) -> None:
    """With the very URL that it was given, a client once read the objects of all others."""
    upload = asked(function(), file_name="mine.txt", file_type="text/plain")
    answer = put_with(upload, b"", x_amz_copy_source=f"/{bucket}/{of_another}")
    assert (answer.status, b"AccessDenied" in answer.body) == (403, True)
    assert stored(s3, bucket, upload["key"]) is None
    assert put(upload).status == 200


@pytest.mark.parametrize("spelling", ["X-Amz-Copy-Source", "x-amz-copy-source"])
@pytest.mark.parametrize("source", ["/{}/{}", "{}/{}", "%2F{}%2F{}"])
def test_however_the_source_is_written(
    function: StartFunction, s3: Any, bucket: str, of_another: str, spelling: str, source: str
) -> None:
    upload = asked(function(), file_name="mine.txt")
    header = {spelling: source.format(bucket, of_another)}
    assert send("PUT", upload["url"], b"", {**upload["headers"], **header}).status == 403
    assert stored(s3, bucket, upload["key"]) is None


def test_a_part_is_no_copy(
    function: StartFunction, bucket: str, of_another: str
) -> None:
    upload = created(function(UPLOAD_SEAL_SECRET=SECRET))
    url = upload.sign(1).json()["url"]
    copying = {"x-amz-copy-source": f"/{bucket}/{of_another}"}
    for more in ({}, {"x-amz-copy-source-range": "bytes=0-3"}):
        assert send("PUT", url, b"", {**copying, **more}).status == 403
    assert upload.list().json() == []
    assert send("PUT", url, BODY).status == 200


def test_disposition_and_caching_of_the_configuration(
    function: StartFunction, s3: Any, bucket: str
) -> None:
    upload = asked(function(**SETTINGS), file_name="a.html", file_type="text/html")
    assert upload["headers"]["Content-Disposition"] == "attachment"
    assert upload["headers"]["Cache-Control"] == "private, max-age=60"
    assert put_with(upload, BODY, Content_Disposition="inline").status == 403
    assert put_with(upload, BODY, Cache_Control="public, max-age=31536000").status == 403
    without = {k: v for k, v in upload["headers"].items() if k != "Content-Disposition"}
    assert send("PUT", upload["url"], BODY, without).status in (400, 403)
    assert put(upload).status == 200
    check_headers(s3, bucket, upload["key"])


def check_headers(s3: Any, bucket: str, key: str) -> None:
    head = s3.head_object(Bucket=bucket, Key=key)
    assert head["ContentDisposition"] == "attachment"
    assert head["CacheControl"] == "private, max-age=60"


def test_disposition_and_caching_of_parts(
    function: StartFunction, s3: Any, bucket: str
) -> None:
    upload = created(function(UPLOAD_SEAL_SECRET=SECRET, **SETTINGS))
    assert upload.complete([upload.put(1, BODY)]).status == 200
    check_headers(s3, bucket, upload.key)
