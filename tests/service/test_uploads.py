"""The function's URLs at a real S3 server: each stores the right file, and nothing
else can be done with it."""

import datetime
import json
import re
import time
from typing import Any, Dict
from urllib.parse import parse_qs, urlsplit

import pytest
from multipart import SECRET, created
from s3http import Answer, allows, preflight, send, sha256
from uploads import BODY, StartFunction, asked, put, stored

from local.events import Request
from local.store import REGION, Credentials, Store

ORIGIN = "https://app.example.com"


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.body


def with_query(url: str, name: str, value: str) -> str:
    """The URL with another value for a parameter that it has."""
    changed, count = re.subn(rf"([?&]{name}=)[^&]*", rf"\g<1>{value}", url)
    assert count == 1
    return changed


def test_reply(function: StartFunction, bucket: str, s3: Any) -> None:
    running = function()
    earliest = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    reply = running.get("/any/stage/signed_url", file_name="test.txt", file_type="text/plain")
    latest = datetime.datetime.now(datetime.timezone.utc)
    assert reply.status == 200
    assert reply.header("content-type").split(";")[0] == "application/json"
    assert reply.header("access-control-allow-origin") == "*"
    upload = reply.json()
    assert list(upload) == ["url", "method", "headers", "key", "expires_in", "expires_at"]
    assert (upload["method"], upload["expires_in"]) == ("PUT", 300)
    assert upload["headers"] == {"Content-Type": "text/plain"}
    assert re.fullmatch(r"uploads/[^/]{16,}/test\.txt", upload["key"])
    ends = datetime.datetime.strptime(upload["expires_at"], "%Y-%m-%dT%H:%M:%S%z")
    assert earliest <= ends - datetime.timedelta(seconds=300) <= latest
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY


def test_post_is_the_same(function: StartFunction, bucket: str, s3: Any) -> None:
    body = {"file_name": "żółw 🐢.txt", "file_type": "text/plain", "size": len(BODY)}
    headers = [("Content-Type", "application/json")]
    request = Request("POST", "/signed_url", headers=headers, body=json.dumps(body).encode())
    upload = function().request(request).json()
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY


def test_keys_of_another_store(
    function: StartFunction, store: Store, bucket: str, s3: Any
) -> None:
    """In the place of the role's, which this store does not know."""
    running = function(
        AWS_REGION="eu-west-9",
        AWS_ACCESS_KEY_ID="AKIAOFTHEROLE",
        AWS_SECRET_ACCESS_KEY="of-the-role",
        AWS_SESSION_TOKEN="of-the-role",
        UPLOAD_REGION=REGION,
        UPLOAD_ACCESS_KEY_ID=store.root.access_key_id,
        UPLOAD_SECRET_ACCESS_KEY=store.root.secret_access_key,
        UPLOAD_SEAL_SECRET=SECRET,
    )
    upload = asked(running, file_name="a.txt")
    assert "X-Amz-Security-Token" not in upload["url"]
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY
    parts = created(running)
    assert parts.complete([parts.put(1, BODY)]).status == 200
    assert stored(s3, bucket, parts.key) == BODY


def test_default_type(function: StartFunction, bucket: str, s3: Any) -> None:
    upload = asked(function(), file_name="plain")
    assert upload["headers"] == {"Content-Type": "application/octet-stream"}
    assert put(upload).status == 200
    got = s3.get_object(Bucket=bucket, Key=upload["key"])
    assert got["ContentType"] == "application/octet-stream"


def test_the_token_is_in_the_url(function: StartFunction, credentials: Credentials) -> None:
    query = parse_qs(urlsplit(asked(function(), file_name="a")["url"]).query)
    assert query["X-Amz-Security-Token"] == [credentials.session_token]


# ---- Attacks ------------------------------------------------------------------


@pytest.fixture
def upload(function: StartFunction) -> Dict[str, Any]:
    return asked(function(), file_name="attacked.bin", file_type="text/x-proof")


def test_tampered_signature(upload: Dict[str, Any], s3: Any, bucket: str) -> None:
    signature = parse_qs(urlsplit(upload["url"]).query)["X-Amz-Signature"][0]
    other = ("0" if signature[0] != "0" else "1") + signature[1:]
    url = with_query(upload["url"], "X-Amz-Signature", other)
    refused(put(upload, url=url), 403, "SignatureDoesNotMatch")
    assert stored(s3, bucket, upload["key"]) is None


def test_other_key(upload: Dict[str, Any], s3: Any, bucket: str) -> None:
    url = upload["url"].replace("attacked.bin", "other.bin")
    refused(put(upload, url=url), 403, "SignatureDoesNotMatch")
    assert stored(s3, bucket, upload["key"].replace("attacked", "other")) is None


def test_longer_life(upload: Dict[str, Any]) -> None:
    url = with_query(upload["url"], "X-Amz-Expires", "604800")
    refused(put(upload, url=url), 403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_other_method(upload: Dict[str, Any], method: str) -> None:
    answer = send(method, upload["url"], headers=upload["headers"])
    refused(answer, 403, "SignatureDoesNotMatch")


def test_other_content_type(upload: Dict[str, Any], s3: Any, bucket: str) -> None:
    answer = send("PUT", upload["url"], BODY, {"Content-Type": "text/html"})
    refused(answer, 403, "SignatureDoesNotMatch")
    assert send("PUT", upload["url"], BODY).status in (400, 403)
    assert stored(s3, bucket, upload["key"]) is None


def test_other_size(function: StartFunction, s3: Any, bucket: str) -> None:
    upload = asked(function(), file_name="sized", size=str(len(BODY)))
    assert list(upload["headers"]) == ["Content-Type"]  # browsers set the length themselves
    for body in (BODY + b"x", BODY[:-1], b""):
        refused(put(upload, body), 403, "SignatureDoesNotMatch")
    assert stored(s3, bucket, upload["key"]) is None
    assert put(upload).status == 200


def test_wrong_checksum(function: StartFunction, s3: Any, bucket: str) -> None:
    upload = asked(function(), file_name="summed", sha256=sha256(BODY))
    assert upload["headers"]["x-amz-checksum-sha256"] == sha256(BODY)
    answer = put(upload, BODY[::-1])
    assert (answer.status, answer.code) in (
        (400, "XAmzContentChecksumMismatch"),
        (400, "BadDigest"),
    )
    other = {**upload["headers"], "x-amz-checksum-sha256": sha256(BODY[::-1])}
    refused(send("PUT", upload["url"], BODY[::-1], other), 403, "SignatureDoesNotMatch")
    assert stored(s3, bucket, upload["key"]) is None
    assert put(upload).status == 200


def test_expired(function: StartFunction, s3: Any, bucket: str) -> None:
    upload = asked(function(), file_name="late", expires="1")
    assert upload["expires_in"] == 1
    time.sleep(2.1)
    answer = put(upload)
    refused(answer, 403, "AccessDenied")
    assert b"expired" in answer.body
    assert stored(s3, bucket, upload["key"]) is None


def test_wrong_token(upload: Dict[str, Any], s3: Any, bucket: str) -> None:
    """Changed in a signed URL."""
    answer = put(upload, url=with_query(upload["url"], "X-Amz-Security-Token", "other"))
    assert answer.status in (400, 403)
    assert answer.code in ("InvalidToken", "InvalidTokenId", "SignatureDoesNotMatch")
    assert stored(s3, bucket, upload["key"]) is None


@pytest.mark.parametrize("token", ["", "other"])
def test_function_with_a_wrong_token(
    function: StartFunction, token: str, s3: Any, bucket: str
) -> None:
    """Signed well, by a function whose token the store never gave."""
    upload = asked(function(AWS_SESSION_TOKEN=token), file_name="token")
    assert ("X-Amz-Security-Token" in upload["url"]) == bool(token)
    answer = put(upload)
    assert answer.status in (400, 403)
    assert answer.code in ("InvalidToken", "InvalidTokenId", "InvalidAccessKeyId")
    assert stored(s3, bucket, upload["key"]) is None


def test_overwriting(function: StartFunction, s3: Any, bucket: str) -> None:
    denying = function(UPLOAD_OVERWRITE="deny", UPLOAD_KEY="fixed/{name}")
    upload = asked(denying, file_name="once")
    assert upload["headers"]["If-None-Match"] == "*"
    assert put(upload).status == 200
    refused(put(upload, b"other"), 412, "PreconditionFailed")
    again = asked(denying, file_name="once")
    refused(put(again, b"other"), 412, "PreconditionFailed")
    without = {k: v for k, v in again["headers"].items() if k != "If-None-Match"}
    assert send("PUT", again["url"], b"other", without).status in (400, 403)
    assert stored(s3, bucket, "fixed/once") == BODY


# ---- Browsers -----------------------------------------------------------------


def test_a_browser_may_ask_and_upload(function: StartFunction, s3: Any, bucket: str) -> None:
    running = function(UPLOAD_ORIGINS=ORIGIN, UPLOAD_OVERWRITE="deny")
    asking = [
        ("Origin", ORIGIN),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ]
    answer = running.request(Request("OPTIONS", "/signed_url", headers=asking))
    assert answer.status == 204
    assert answer.header("access-control-allow-origin") == ORIGIN
    assert "POST" in answer.header("access-control-allow-methods")
    assert "content-type" in answer.header("access-control-allow-headers").lower()
    body = json.dumps({"file_name": "a", "sha256": sha256(BODY)}).encode()
    headers = [("Origin", ORIGIN), ("Content-Type", "application/json")]
    reply = running.request(Request("POST", "/signed_url", headers=headers, body=body))
    assert reply.header("access-control-allow-origin") == ORIGIN
    upload = reply.json()
    names = list(upload["headers"])
    assert {name.lower() for name in names} == {
        "content-type",
        "if-none-match",
        "x-amz-checksum-sha256",
    }
    assert allows(preflight(upload["url"], ORIGIN, "PUT", names), ORIGIN, "PUT", names)
    sent = send("PUT", upload["url"], BODY, {**upload["headers"], "Origin": ORIGIN})
    assert sent.status == 200
    assert sent.headers["access-control-allow-origin"] in ("*", ORIGIN)
    assert stored(s3, bucket, upload["key"]) == BODY
