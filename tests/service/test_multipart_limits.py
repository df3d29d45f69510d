"""What UPLOAD_MAX_BYTES and its like mean for multipart uploads, at a real S3 server."""

from typing import Any

import pytest
from harness import Function
from multipart import JSON, MIB, PART_BYTES, SECRET, Upload, create, created, left_open, refused
from uploads import StartFunction, stored

from local.events import Request


@pytest.fixture
def running(function: StartFunction) -> Function:
    return function(UPLOAD_SEAL_SECRET=SECRET)


@pytest.fixture
def capped(function: StartFunction) -> Function:
    return function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_MAX_BYTES=str(6 * MIB))


def test_over_the_cap(capped: Function, s3: Any, bucket: str) -> None:
    upload = created(capped)
    parts = upload.put_all([b"a" * PART_BYTES, b"b" * (MIB + 1)])
    refused(upload.complete(parts), 413, "TooLarge", "6291456")
    assert left_open(s3, bucket, upload.key) == []
    assert stored(s3, bucket, upload.key) is None


def test_parts_that_are_never_joined_are_not_held_to_the_cap(
    capped: Function, s3: Any, bucket: str
) -> None:
    """docs/security.md warns of it: only the bucket's lifecycle rule ends such an upload."""
    upload = created(capped)
    upload.put_all([b"a" * PART_BYTES, b"b" * PART_BYTES])
    assert sum(part["Size"] for part in upload.list().json()) > 6 * MIB
    assert len(left_open(s3, bucket, upload.key)) == 1
    assert stored(s3, bucket, upload.key) is None


def test_no_multipart_uploads_at_all(function: StartFunction) -> None:
    running = function(UPLOAD_MAX_BYTES=str(6 * MIB))
    refused(create(running), 501, "MultipartOff")
    body = b'{"method":"POST","key":"film.mp4"}'
    reply = running.request(Request("POST", "/sign", headers=JSON, body=body))
    refused(reply, 403, "LimitsNeedCompanion")


def test_at_the_cap(capped: Function, s3: Any, bucket: str) -> None:
    upload = created(capped)
    parts = upload.put_all([b"a" * PART_BYTES, b"b" * MIB])
    assert upload.complete(parts).status == 200
    assert len(stored(s3, bucket, upload.key) or b"") == 6 * MIB


def test_a_cap_that_was_taken_away(capped: Function, function: StartFunction) -> None:
    """The upload keeps the one that it was started under."""
    started = created(capped)
    parts = started.put_all([b"a" * PART_BYTES, b"b" * (MIB + 1)])
    upload = Upload(function(UPLOAD_SEAL_SECRET=SECRET), started.key, started.upload_id)
    refused(upload.complete(parts), 413, "TooLarge", "aborted")


def test_under_a_cap_etags_must_be_those_that_were_summed(capped: Function) -> None:
    upload = created(capped)
    part = upload.put(1, b"data")
    refused(upload.complete([{**part, "ETag": "0" * 32}]), 400, "InvalidPart", "part 1")
    refused(upload.complete([{**part, "PartNumber": 2}]), 400, "InvalidPart", "part 2")
    assert upload.complete([part]).status == 200


def test_declared_size(running: Function, capped: Function, s3: Any, bucket: str) -> None:
    refused(create(capped, size=6 * MIB + 1), 413, "TooLarge", "6291456")
    refused(create(running, size="x"), 400, "InvalidParameter", "size")
    upload = created(running, size=4)
    refused(upload.complete([upload.put(1, b"abc")]), 400, "Incomplete")
    assert upload.complete([upload.put(1, b"abcd")]).status == 200
    upload = created(running, size=4)
    refused(upload.complete([upload.put(1, b"abcde")]), 413, "TooLarge", "aborted")
    assert left_open(s3, bucket, upload.key) == []


def test_types_and_names(function: StartFunction) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_TYPES="image/*")
    refused(create(running), 403, "TypeNotAllowed", "image/*")
    refused(create(running, filename=None), 400, "MissingParameter")
    refused(create(running, type="image/png", filename=".."), 400, "InvalidParameter")
    assert create(running, type="image/png").status == 200
    reply = running.request(Request("POST", "/s3/multipart", body=b"{}"))
    refused(reply, 415, "UnsupportedMediaType")


def test_required_checksum(function: StartFunction) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_REQUIRE="sha256,size")
    refused(create(running), 400, "MissingParameter", "size")
    refused(created(running, size=4).sign(1), 400, "MissingChecksum", "sha256")
