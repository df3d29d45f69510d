"""Multipart uploads in Companion's protocol, at a real S3 server."""

import re
import time
from typing import Any, Dict
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from harness import ROOT, Function
from multipart import (
    PART_BYTES,
    PARTS,
    SECRET,
    Upload,
    create,
    created,
    is_sealed,
    left_open,
    refused,
    seal,
    unseal,
)
from s3http import send, sha256
from uploads import StartFunction, stored

from local.events import Request
from local.store import Store


@pytest.fixture
def running(function: StartFunction) -> Function:
    return function(UPLOAD_SEAL_SECRET=SECRET)


# ---- What clients do ----------------------------------------------------------


def test_whole_upload(running: Function, s3: Any, bucket: str) -> None:
    reply = create(running, metadata={"name": "film", "who": "żółw 🐢", "relativePath": None})
    assert reply.status == 200
    assert list(reply.json()) == ["key", "uploadId", "bucket"]
    assert reply.json()["bucket"] == bucket
    upload = Upload(running, reply.json()["key"], reply.json()["uploadId"])
    parts = upload.put_all(PARTS)
    done = upload.complete(parts)
    assert done.status == 200, done.body
    assert done.json()["key"] == upload.key
    assert done.json()["bucket"] == bucket
    assert done.json()["location"].endswith(f"/{bucket}/{upload.key}")
    got = s3.get_object(Bucket=bucket, Key=upload.key)
    assert got["Body"].read() == b"".join(PARTS)
    assert got["ContentType"] == "video/mp4"
    assert got["Metadata"]["name"] == "film"
    assert "relativepath" not in got["Metadata"]


def test_names_of_any_script(running: Function, s3: Any, bucket: str) -> None:
    upload = created(running, filename="a b+ż🐢 100%.mp4")
    assert upload.key.endswith("/a b+ż🐢 100%.mp4")
    part = upload.put(1, b"data")
    for encode in (None, quote_plus):
        reply = upload.call("GET", encode=encode) if encode else upload.list()
        assert reply.json() == [{"PartNumber": 1, "ETag": part["ETag"], "Size": 4}]
    assert upload.complete([part]).status == 200
    assert stored(s3, bucket, upload.key) == b"data"


def test_resumed_upload(running: Function, s3: Any, bucket: str) -> None:
    """What was uploaded before a pause is listed, and ETags come quoted and bare."""
    upload = created(running)
    upload.put(1, PARTS[0])
    listed = upload.list().json()
    assert [(part["PartNumber"], part["Size"]) for part in listed] == [(1, PART_BYTES)]
    assert isinstance(listed[0]["PartNumber"], int)
    second = upload.put(2, PARTS[2])
    second["ETag"] = second["ETag"].strip('"')
    assert upload.complete([{k: listed[0][k] for k in ("PartNumber", "ETag")}, second]).status == 200
    assert stored(s3, bucket, upload.key) == PARTS[0] + PARTS[2]


def test_batch(running: Function, s3: Any, bucket: str) -> None:
    upload = created(running)
    urls = upload.batch("1,2,3").json()["presignedUrls"]
    assert list(urls) == ["1", "2", "3"]
    parts = []
    for number, data in enumerate(PARTS, 1):
        answer = send("PUT", urls[str(number)], data)
        parts.append({"PartNumber": number, "ETag": answer.headers["etag"]})
    assert upload.complete(parts).status == 200
    assert stored(s3, bucket, upload.key) == b"".join(PARTS)


def test_all_pages_are_listed(running: Function) -> None:
    """More than the 1,000 parts of a page."""
    upload = created(running)
    numbers = [*range(1, 1003), 10000]
    for start in range(0, len(numbers), 500):
        chunk = numbers[start : start + 500]
        urls = upload.batch(",".join(map(str, chunk))).json()["presignedUrls"]
        for number in chunk:
            assert send("PUT", urls[str(number)], b"x").status == 200
    listed = upload.list().json()
    assert [part["PartNumber"] for part in listed] == numbers
    assert upload.abort().status == 200


def test_abort_leaves_nothing(running: Function, s3: Any, bucket: str) -> None:
    upload = created(running)
    upload.put(1, PARTS[2])
    assert left_open(s3, bucket, upload.key) == [unseal(upload.upload_id)]
    reply = upload.abort()
    assert (reply.status, reply.json()) == (200, {})
    assert left_open(s3, bucket, upload.key) == []
    assert upload.abort().status == 200  # the answer to the first may have been lost
    refused(upload.list(), 404, "NoSuchUpload")
    refused(upload.complete([{"PartNumber": 1, "ETag": "0" * 32}]), 404, "NoSuchUpload")
    assert stored(s3, bucket, upload.key) is None


def test_a_part_with_a_checksum(running: Function, s3: Any, bucket: str) -> None:
    upload = created(running, checksum="sha256")
    refused(upload.sign(1), 400, "MissingChecksum", "sha256")
    refused(upload.batch("1"), 400, "MissingChecksum", "sha256")
    refused(upload.sign(1, sha256="no"), 400, "InvalidParameter", "sha256")
    signed = upload.sign(1, sha256=sha256(b"data")).json()
    assert signed["headers"] == {"x-amz-checksum-sha256": sha256(b"data")}
    assert send("PUT", signed["url"], b"atad", signed["headers"]).status == 400
    assert send("PUT", signed["url"], b"data", {}).status in (400, 403)
    answer = send("PUT", signed["url"], b"data", signed["headers"])
    assert answer.status == 200, answer.body
    assert upload.complete([{"PartNumber": 1, "ETag": answer.headers["etag"]}]).status == 200
    assert stored(s3, bucket, upload.key) == b"data"
    refused(created(running).sign(1, sha256=sha256(b"")), 400, "InvalidParameter", "checksum")


def test_a_part_with_a_size(running: Function) -> None:
    upload = created(running, size=4)
    refused(upload.sign(1, size="5"), 400, "InvalidParameter", "size")
    url = upload.sign(1, size="4").json()["url"]
    assert send("PUT", url, b"12345").status == 403
    assert send("PUT", url, b"1234").status == 200


def test_a_part_with_a_size_and_zeros_before_it(running: Function) -> None:
    upload = created(running)
    url = upload.sign(1, size="004").json()["url"]
    assert send("PUT", url, b"12345").status == 403
    assert send("PUT", url, b"1234").status == 200


def test_a_part_that_is_larger_than_the_cap(function: StartFunction) -> None:
    upload = created(function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_MAX_BYTES="10"))
    refused(upload.sign(1, size="11"), 400, "InvalidParameter", "10 at most")
    assert upload.sign(1, size="10").status == 200
    larger = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_MAX_BYTES="20")
    upload.function = larger
    refused(upload.sign(1, size="11"), 400, "InvalidParameter", "10 at most")


def test_tags_and_overwriting(function: StartFunction, s3: Any, bucket: str) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_OVERWRITE="deny", UPLOAD_KEY="m/{name}")
    first, second = created(running), created(running)
    assert first.key == second.key
    assert first.complete([first.put(1, b"first")]).status == 200
    part = second.put(1, b"second")
    refused(second.complete([part]), 412, "PreconditionFailed", "may not be replaced")
    assert stored(s3, bucket, first.key) == b"first"


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("filename", 1, "filename must be a text"),
        ("type", ["image/png"], "type must be a text"),
        ("size", True, "size must be a whole number"),
        ("size", 1.5, "size must be a whole number"),
        ("checksum", 256, "checksum must be a text"),
        ("checksum", "md5", "checksum must be sha256"),
        ("metadata", "x", "metadata must be an object"),
        ("metadata", {"a": -1}, "not negative"),
    ],
)
def test_members_of_another_type(running: Function, name: str, value: Any, words: str) -> None:
    refused(create(running, **{name: value}), 400, "InvalidParameter", words)


# ---- Attacks ------------------------------------------------------------------


def test_unset_secret(function: StartFunction) -> None:
    refused(create(function()), 501, "MultipartOff", "UPLOAD_SEAL_SECRET")
    refused(Upload(function(), "k", "x").list(), 501, "MultipartOff", "UPLOAD_SEAL_SECRET")


def every_call(upload: Upload) -> Dict[str, Any]:
    return {
        "sign": upload.sign(1),
        "batch": upload.batch("1,2"),
        "list": upload.list(),
        "complete": upload.complete([{"PartNumber": 1, "ETag": "0" * 32}]),
        "abort": upload.abort(),
    }


@pytest.fixture
def upload(running: Function) -> Upload:
    return created(running)


def test_forged_upload_id(running: Function, upload: Upload, s3: Any, bucket: str) -> None:
    raw = unseal(upload.upload_id)
    soon = int(time.time()) + 60
    changed = ("B" if upload.upload_id[0] == "A" else "A") + upload.upload_id[1:]
    forgeries = [raw, changed, upload.upload_id[:-1], seal("x" * 32, upload.key, raw, soon), "x"]
    for forgery in forgeries:
        for reply in every_call(Upload(running, upload.key, forgery)).values():
            refused(reply, 403, "InvalidUploadId", "start the upload again")
    assert left_open(s3, bucket, upload.key) == [raw]


def test_upload_of_another_key(running: Function, upload: Upload, s3: Any, bucket: str) -> None:
    other = created(running)
    for reply in every_call(Upload(running, other.key, upload.upload_id)).values():
        refused(reply, 403, "UploadOfOtherKey")
    assert left_open(s3, bucket, upload.key) and left_open(s3, bucket, other.key)


@pytest.mark.parametrize("key", ["private/secret.txt", "uploads/../x", "", "uploads/zz/film.mp4"])
def test_key_that_is_none_of_the_service(running: Function, upload: Upload, key: str) -> None:
    soon = int(time.time()) + 60
    sealed = seal(SECRET, key, unseal(upload.upload_id), soon)  # even with the secret
    for reply in every_call(Upload(running, key, sealed)).values():
        refused(reply, 403, "KeyNotAllowed")


def test_missing_and_double_key(upload: Upload) -> None:
    path = f"/s3/multipart/{upload.upload_id}"
    for query in ("", f"key={upload.key}&key=other"):
        reply = upload.function.request(Request("GET", path, query))
        refused(reply, 400, "MissingParameter", "key")


def test_expired_upload(running: Function, upload: Upload) -> None:
    raw = unseal(upload.upload_id)
    good = seal(SECRET, upload.key, raw, int(time.time()) + 60)
    assert Upload(running, upload.key, good).list().status == 200  # so that the next says something
    late = seal(SECRET, upload.key, raw, int(time.time()) - 1)
    for reply in every_call(Upload(running, upload.key, late)).values():
        refused(reply, 403, "UploadExpired", "start it again")


def test_secret_that_was_replaced(function: StartFunction, upload: Upload) -> None:
    both = function(UPLOAD_SEAL_SECRET="n" * 32 + "," + SECRET)
    assert Upload(both, upload.key, upload.upload_id).list().status == 200
    new = created(both)
    refused(Upload(upload.function, new.key, new.upload_id).list(), 403, "InvalidUploadId")
    only_new = function(UPLOAD_SEAL_SECRET="n" * 32)
    assert Upload(only_new, new.key, new.upload_id).list().status == 200
    refused(Upload(only_new, upload.key, upload.upload_id).list(), 403, "InvalidUploadId")


def test_a_part_url_is_for_this_part_alone(upload: Upload, s3: Any, bucket: str) -> None:
    url = upload.sign(1).json()["url"]
    assert parse_qs(urlsplit(url).query)["partNumber"] == ["1"]
    for changed in (
        url.replace("partNumber=1", "partNumber=2"),
        url.replace("film.mp4", "other.mp4"),
        url.replace("X-Amz-Expires=300", "X-Amz-Expires=600"),
    ):
        assert changed != url
        assert send("PUT", changed, b"x").status == 403
    assert send("DELETE", url).status == 403
    assert upload.list().json() == []


@pytest.mark.parametrize("number", ["0", "01", "10001", "-1", "1.5", "x", "1%2C2"])
def test_part_numbers(upload: Upload, number: str) -> None:
    refused(upload.sign(number), 400, "InvalidParameter", "1 to 10000")


@pytest.mark.parametrize("numbers", ["", "0", "1,", "1,x", ",".join(map(str, range(1, 502)))])
def test_batches_that_are_none(upload: Upload, numbers: str) -> None:
    refused(upload.batch(numbers), 400, "InvalidParameter")


@pytest.mark.parametrize(
    "parts",
    [
        [],
        "x",
        [1],
        [{"PartNumber": 1}],
        [{"PartNumber": "1", "ETag": "a"}],
        [{"PartNumber": 1.5, "ETag": "a"}],
        [{"PartNumber": 0, "ETag": "a"}],
        [{"PartNumber": 1, "ETag": "</ETag><x>"}],
        [{"PartNumber": 1, "ETag": ""}],
        [{"PartNumber": 2, "ETag": "a"}, {"PartNumber": 1, "ETag": "a"}],
        [{"PartNumber": 1, "ETag": "a"}, {"PartNumber": 1, "ETag": "a"}],
    ],
)
def test_lists_that_are_none(upload: Upload, parts: Any) -> None:
    refused(upload.complete(parts), 400, "InvalidParameter", "PartNumber")


def test_completing_what_is_not_there(upload: Upload, s3: Any, bucket: str) -> None:
    part = upload.put(1, PARTS[0])
    refused(upload.complete([{**part, "ETag": "0" * 32}]), 400, "InvalidPart")
    refused(upload.complete([part, {"PartNumber": 2, "ETag": "0" * 32}]), 400, "InvalidPart")
    assert stored(s3, bucket, upload.key) is None


def test_parts_that_are_too_small(upload: Upload) -> None:
    refused(upload.complete(upload.put_all([b"a", b"b"])), 400, "EntityTooSmall", "5242880")


def test_credentials_are_not_handed_out(running: Function) -> None:
    refused(running.get("/s3/sts"), 403, "NoCredentials")


def test_preflight_of_delete(running: Function) -> None:
    asking = [("Origin", "https://a.example"), ("Access-Control-Request-Method", "DELETE")]
    reply = running.request(Request("OPTIONS", "/s3/multipart/x", "key=y", headers=asking))
    assert reply.status == 204
    assert "DELETE" in reply.header("access-control-allow-methods")


def test_no_secret_is_told(running: Function, upload: Upload, store: Store) -> None:
    for reply in [create(running), *every_call(upload).values()]:
        assert SECRET.encode() not in reply.body


def test_the_fuzzers_corpus_has_ids_that_open() -> None:
    """Or the fuzzer would get no further than the seal."""
    source = (ROOT / "tests/fuzz/fuzz_event.c").read_text("utf-8")
    (secret,) = re.findall(r'#define SEAL_SECRET "(.+)"', source)
    for sample in (ROOT / "tests/fuzz/corpus/event").glob("multipart-*"):
        for token in re.findall(r"/s3/multipart/([\w-]{60,})", sample.read_text("utf-8")):
            assert is_sealed(secret, token), sample.name
