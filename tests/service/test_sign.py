"""POST /sign at a real S3 server: Uppy 6's signRequest, and what it must not give."""

import json
import re
from typing import Any, Dict

import pytest
from harness import Function
from multipart import JSON, PARTS, SECRET, left_open, refused
from s3http import Answer, form, send
from uploads import BODY, StartFunction, stored

from local import replies
from local.events import Request


def ask(function: Function, **body: Any) -> replies.Response:
    """Without a Content-Type, as in Uppy's own example."""
    headers = [("Content-Type", "text/plain;charset=UTF-8")]
    data = json.dumps(body).encode()
    return function.request(Request("POST", "/sign", headers=headers, body=data))


def signed(function: Function, **body: Any) -> Dict[str, Any]:
    reply = ask(function, **body)
    assert reply.status == 200, reply.body
    return dict(reply.json())


def do(function: Function, data: bytes = b"", **body: Any) -> Answer:
    """Asks for a signature and does what was signed, as Uppy does."""
    made = signed(function, **body)
    return send(body["method"], made["url"], data, made["headers"])


def upload_id_of(answer: Answer) -> str:
    found = re.search(rb"<UploadId>([^<]*)</UploadId>", answer.body)
    assert found, answer.body
    return found.group(1).decode()


@pytest.fixture
def running(function: StartFunction) -> Function:
    return function()


def test_put(running: Function, s3: Any, bucket: str) -> None:
    made = signed(running, method="PUT", key="1-żółw.txt", contentType="text/plain")
    assert list(made) == ["url", "key", "headers"]
    assert re.fullmatch(r"uploads/[0-9a-f]{32}/1-żółw\.txt", made["key"])
    assert send("PUT", made["url"], BODY, made["headers"]).status == 200
    got = s3.get_object(Bucket=bucket, Key=made["key"])
    assert (got["Body"].read(), got["ContentType"]) == (BODY, "text/plain")


def test_put_under_a_cap_is_a_form(function: StartFunction, s3: Any, bucket: str) -> None:
    made = signed(function(UPLOAD_MAX_BYTES="10"), method="PUT", key="a.txt")
    assert list(made) == ["url", "key", "fields"]
    assert made["fields"]["key"] == made["key"]
    body, headers = form(made["fields"], b"12345678901")
    assert send("POST", made["url"], body, headers).code == "EntityTooLarge"
    body, headers = form(made["fields"], b"1234567890")
    assert send("POST", made["url"], body, headers).status == 201
    assert stored(s3, bucket, made["key"]) == b"1234567890"


def test_multipart(running: Function, s3: Any, bucket: str) -> None:
    created = signed(running, method="POST", key="film.mp4")
    headers = {**created["headers"], "Content-Type": "video/mp4"}
    of = {
        "key": created["key"],
        "uploadId": upload_id_of(send("POST", created["url"], b"", headers)),
    }
    etags = [
        do(running, data, method="PUT", partNumber=number, **of).headers["etag"]
        for number, data in enumerate(PARTS, 1)
    ]
    listed = do(running, method="GET", **of)
    assert [etag.encode() in listed.body.replace(b"&#34;", b'"') for etag in etags] == [True] * 3
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        for number, etag in enumerate(etags, 1)
    )
    xml = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    assert do(running, xml, method="POST", **of).status == 200
    got = s3.get_object(Bucket=bucket, Key=created["key"])
    assert got["Body"].read() == b"".join(PARTS)
    assert got["ContentType"] == "video/mp4"


def test_abort(running: Function, s3: Any, bucket: str) -> None:
    created = signed(running, method="POST", key="film.mp4", contentType="video/mp4")
    assert created["headers"] == {"Content-Type": "video/mp4"}
    upload_id = upload_id_of(send("POST", created["url"], b"", created["headers"]))
    answer = do(running, method="DELETE", key=created["key"], uploadId=upload_id)
    assert answer.status == 204
    assert left_open(s3, bucket, created["key"]) == []


def test_lifetime(running: Function) -> None:
    for asked, given in ((10, 10), (9999, 300), (0, 300), ("x", 300), (None, 300)):
        url = signed(running, method="PUT", key="a", expiresIn=asked)["url"]
        assert f"X-Amz-Expires={given}&" in url


@pytest.mark.parametrize(
    "body",
    [
        {"method": "DELETE"},
        {"method": "GET"},
        {"method": "HEAD"},
        {"method": "HEAD", "uploadId": "u"},
        {"method": "DELETE", "uploadId": ""},
        {"method": "DELETE", "uploadId": None},
        {"method": "DELETE", "partNumber": 1},
        {"method": "DELETE", "uploadId": "u", "partNumber": 1},
        {"method": "PUT", "uploadId": "u"},
        {"method": "PUT", "partNumber": 1},
        {"method": "put"},
    ],
)
def test_what_is_no_upload(running: Function, s3: Any, bucket: str, body: Dict[str, Any]) -> None:
    key = signed(running, method="PUT", key="a")["key"]
    s3.put_object(Bucket=bucket, Key=key, Body=BODY)
    refused(ask(running, key=key, **body), 403, "NotSigned", "uploads")
    assert stored(s3, bucket, key) == BODY


@pytest.mark.parametrize("key", ["private/secret", "uploads/x/y", "uploads/../a", "/"])
@pytest.mark.parametrize(
    "body",
    [
        {"method": "PUT", "partNumber": 1},
        {"method": "GET"},
        {"method": "POST"},
        {"method": "DELETE"},
    ],
)
def test_keys_that_are_none_of_the_callers(
    running: Function, key: str, body: Dict[str, Any]
) -> None:
    refused(ask(running, key=key, uploadId="u", **body), 403, "KeyNotAllowed")


def test_a_put_never_gets_the_key_that_was_asked_for(running: Function) -> None:
    first = signed(running, method="PUT", key="a")["key"]
    assert signed(running, method="PUT", key=first)["key"] != first


@pytest.mark.parametrize("setting", [{"UPLOAD_MAX_BYTES": "10"}, {"UPLOAD_REQUIRE": "sha256"}])
def test_limits_that_can_not_be_held(function: StartFunction, setting: Dict[str, str]) -> None:
    running = function(**setting)
    key = f"uploads/{'ab' * 16}/a"
    for body in (
        {"method": "POST", "key": "a"},
        {"method": "POST", "key": key, "uploadId": "u"},
        {"method": "PUT", "key": key, "uploadId": "u", "partNumber": 1},
    ):
        refused(ask(running, **body), 403, "LimitsNeedCompanion", "companionEndpoint")
    assert ask(running, method="DELETE", key=key, uploadId="u").status == 200


def test_types(function: StartFunction) -> None:
    running = function(UPLOAD_TYPES="image/*")
    for method in ("PUT", "POST"):
        refused(ask(running, method=method, key="a"), 403, "TypeNotAllowed")
        made = signed(running, method=method, key="a", contentType="image/png")
        assert made["headers"]["Content-Type"] == "image/png"


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"method":"PUT"}', b'{"key":"a"}'])
def test_bodies_that_are_none(running: Function, body: bytes) -> None:
    refused(running.request(Request("POST", "/sign", body=body)), 400, "InvalidBody", "method")


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("method", 1, "method must be a text"),
        ("key", ["a"], "key must be a text"),
        ("contentType", 5, "contentType must be a text"),
        ("uploadId", 7, "uploadId must be a text"),
        ("partNumber", True, "partNumber must be a whole number"),
        ("size", {}, "size must be a whole number"),
        ("size", -1, "size must be a whole number"),
        ("sha256", 1, "sha256 must be a text"),
    ],
)
def test_members_of_another_type(running: Function, name: str, value: Any, words: str) -> None:
    reply = ask(running, **{"method": "PUT", "key": "a", name: value})
    refused(reply, 400, "InvalidParameter", words)


def test_a_null_is_none(running: Function) -> None:
    body = {"contentType": None, "uploadId": None, "partNumber": None, "size": None, "sha256": None}
    assert ask(running, method="PUT", key="a", **body).status == 200


MIB = 1024 * 1024


@pytest.mark.parametrize("path", ["/sign", "/signed_url", "/s3/multipart"])
@pytest.mark.parametrize(
    "body, status, code",
    [
        (b'{"a":"' + b"x" * 4 * MIB + b'"}', 413, "TooLarge"),
        (b'{"a":[' + b"1," * 2 * MIB + b"1]}", 413, "TooLarge"),
        (b'{"a":[' + b"1," * (MIB - 8) + b"1]}", 400, "InvalidBody"),
        (b'{"a":[' + b"1," * (MIB - 8), 400, "InvalidBody"),
    ],
    ids=["a long text", "a long list", "a list that needs much memory", "such a list, broken off"],
)
def test_large_bodies(
    function: StartFunction, path: str, body: bytes, status: int, code: str
) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET)
    refused(running.request(Request("POST", path, headers=JSON, body=body)), status, code, "body")
    assert signed(running, method="PUT", key="a")["key"]


@pytest.mark.parametrize("number", [0, 10001, 1.5, "x", -1])
def test_part_numbers(running: Function, number: Any) -> None:
    body = {"method": "PUT", "key": f"uploads/{'ab' * 16}/a", "uploadId": "u"}
    reply = ask(running, partNumber=number, **body)
    assert reply.status in (400, 403)
    assert reply.json()["code"] in ("InvalidParameter", "NotSigned")
