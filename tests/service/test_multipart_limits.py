"""What UPLOAD_MAX_BYTES and its like mean for multipart uploads, at a real S3 server."""

from typing import Any, Optional

import pytest
from harness import Function
from multipart import JSON, MIB, PART_BYTES, SECRET, Upload, create, created, left_open, refused
from s3http import send
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
    refused(upload.sign(3), 413, "TooLarge", "at most 6291456 bytes")
    refused(upload.batch("1,2,3"), 413, "TooLarge", "at most 6291456 bytes")
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
    upload = created(running, size=PART_BYTES + 4)
    first = upload.put(1, b"a" * PART_BYTES)
    refused(upload.complete([first]), 400, "Incomplete")
    assert upload.complete([first, upload.put(2, b"abcd")]).status == 200
    assert len(stored(s3, bucket, upload.key) or b"") == PART_BYTES + 4


def stored_bytes(upload: Upload) -> int:
    return sum(part["Size"] for part in upload.list().json())


def test_parts_of_a_declared_size_are_held_to_it(function: StartFunction) -> None:
    """80 MB of parts were once stored for an upload of 5 bytes."""
    running = function(
        UPLOAD_SEAL_SECRET=SECRET, UPLOAD_REQUIRE="size", UPLOAD_MAX_BYTES="1000"
    )
    upload = created(running, size=5)
    url = upload.sign(1).json()["url"]
    for body in (b"a" * PART_BYTES, b"abcdef", b"abcd", b""):
        assert send("PUT", url, body).status == 403
    assert stored_bytes(upload) == 0
    refused(upload.sign(1, size="6"), 400, "InvalidParameter", "size must be 5")
    refused(upload.sign(2), 400, "InvalidParameter", "1 to 1")
    refused(upload.batch("1,2"), 400, "InvalidParameter", "1 to 1")
    assert send("PUT", upload.batch("1").json()["presignedUrls"]["1"], b"123456").status == 403
    part = upload.put(1, b"abcde")
    assert stored_bytes(upload) == 5
    assert upload.complete([part]).status == 200


@pytest.mark.parametrize("asked, size", [(None, PART_BYTES), (6 * MIB, 6 * MIB)])
def test_the_size_of_a_part_is_told_and_kept(
    running: Function, s3: Any, bucket: str, asked: Optional[int], size: int
) -> None:
    """Whether the client chooses it or not, and whether it tells the part's size or not."""
    more = {} if asked is None else {"partSize": asked}
    reply = create(running, size=2 * size + 3, **more).json()
    assert reply["partSize"] == size
    upload = Upload(running, reply["key"], reply["uploadId"])
    bodies = [b"a" * size, b"b" * size, b"abc"]
    for number, body in enumerate(bodies, 1):
        for wrong in (body + b"x", body[1:]):
            assert send("PUT", upload.sign(number).json()["url"], wrong).status == 403
        assert upload.sign(number, size=f"00{len(body)}").status == 200
    assert upload.complete(upload.put_all(bodies)).status == 200
    assert stored(s3, bucket, upload.key) == b"".join(bodies)


def test_an_empty_file_has_one_empty_part(running: Function, s3: Any, bucket: str) -> None:
    upload = created(running, size=0)
    assert send("PUT", upload.sign(1).json()["url"], b"x").status == 403
    assert upload.complete([upload.put(1, b"")]).status == 200
    assert stored(s3, bucket, upload.key) == b""


@pytest.mark.parametrize(
    "size, part_size, status, words",
    [
        (5, PART_BYTES - 1, 400, f"{PART_BYTES} to {5 * 1024 * MIB}"),
        (5, 5 * 1024 * MIB + 1, 400, f"{PART_BYTES} to {5 * 1024 * MIB}"),
        (5, "big", 400, "partSize"),
        (5, 0, 400, "partSize"),
        (10_000 * 6 * MIB + 1, 6 * MIB, 400, f"partSize must be {6 * MIB + 1} to"),
        (None, 6 * MIB, 400, "partSize needs size"),
        (10_000 * 5 * 1024 * MIB + 1, None, 413, "53687091200000"),
    ],
)
def test_sizes_of_parts_that_can_not_be(
    running: Function, size: Any, part_size: Any, status: int, words: str
) -> None:
    body = {"size": size, "partSize": part_size}
    code = "InvalidParameter" if status == 400 else "TooLarge"
    refused(create(running, **body), status, code, words)


def test_no_size_no_size_of_parts(running: Function) -> None:
    assert "partSize" not in create(running).json()


def test_a_cap_that_became_less(running: Function, function: StartFunction) -> None:
    upload = created(running, size=11)
    upload.function = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_MAX_BYTES="10")
    refused(upload.sign(1), 413, "TooLarge", "10")
    refused(upload.batch("1"), 413, "TooLarge", "10")


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
