"""The stores refuse what S3 refuses, but for what is at the end. Requests are signed by botocore here, so a
failure of these tests says that a store proves nothing, not that we sign wrongly.

The function's URLs meet the same attacks in test_uploads.py.
"""

import contextlib
import datetime
import re
import socket
import time
from typing import Any, Dict, Iterator, Optional
from unittest import mock
from urllib.parse import parse_qs, quote, urlsplit

import botocore.auth
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from harness import ON_BOTH
from minio import Minio
from s3http import allows, form, preflight, send, sha256

from local.store import REGION, Credentials, Store

pytestmark = ON_BOTH

BODY = b"bytes \x00\xff of a file\n"
TYPE = {"Content-Type": "text/x-proof"}


@pytest.fixture
def sign(store: Store, bucket: str, credentials: Credentials) -> Any:
    """sign(key, headers) -> a URL for PUT that botocore signed with these headers."""

    def signed(
        key: str,
        headers: Optional[Dict[str, str]] = None,
        expires: int = 60,
        token: Optional[str] = None,
    ) -> str:
        request = AWSRequest(
            "PUT", f"{store.url}/{bucket}/{quote(key)}", headers=dict(headers or {})
        )
        who = BotocoreCredentials(
            credentials.access_key_id,
            credentials.secret_access_key,
            credentials.session_token if token is None else token,
        )
        S3SigV4QueryAuth(who, "s3", REGION, expires=expires).add_auth(request)
        return str(request.url)

    return signed


def assert_not_stored(s3: Any, bucket: str, key: str) -> None:
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=key)
    assert listed["KeyCount"] == 0


def assert_refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.body


def assert_header_missed(answer: Any) -> None:
    """A signed header was not sent. S3 answers SignatureDoesNotMatch."""
    assert answer.status in (400, 403)
    assert answer.code in ("SignatureDoesNotMatch", "AccessDenied"), answer.body


def assert_token_refused(answer: Any) -> None:
    """S3 answers InvalidToken, or InvalidAccessKeyId when there is none."""
    assert answer.status in (400, 403)
    assert answer.code in ("InvalidToken", "InvalidTokenId", "InvalidAccessKeyId"), answer.body


def test_credentials_are_temporary(credentials: Credentials, sign: Any) -> None:
    assert credentials.session_token
    query = parse_qs(urlsplit(sign("any")).query)
    assert query["X-Amz-Security-Token"] == [credentials.session_token]


def test_good_put_stores_bytes_and_type(s3: Any, bucket: str, sign: Any) -> None:
    assert send("PUT", sign("good", TYPE), BODY, TYPE).status == 200
    stored = s3.get_object(Bucket=bucket, Key="good")
    assert stored["Body"].read() == BODY
    assert stored["ContentType"] == TYPE["Content-Type"]


def test_tampered_signature(s3: Any, bucket: str, sign: Any) -> None:
    url = sign("tampered")
    last = "0" if url[-1] != "0" else "1"
    assert re.search(r"X-Amz-Signature=[0-9a-f]{64}$", url)
    assert_refused(send("PUT", url[:-1] + last, BODY), 403, "SignatureDoesNotMatch")
    assert_not_stored(s3, bucket, "tampered")


def test_other_key(s3: Any, bucket: str, sign: Any) -> None:
    url = sign("one-key").replace("/one-key?", "/other-key?")
    assert_refused(send("PUT", url, BODY), 403, "SignatureDoesNotMatch")
    assert_not_stored(s3, bucket, "other-key")


def test_other_method(sign: Any) -> None:
    assert_refused(send("DELETE", sign("method")), 403, "SignatureDoesNotMatch")


def test_other_content_type(s3: Any, bucket: str, sign: Any) -> None:
    url = sign("type", TYPE)
    other = {"Content-Type": "text/html"}
    assert_refused(send("PUT", url, BODY, other), 403, "SignatureDoesNotMatch")
    assert_header_missed(send("PUT", url, BODY))
    assert_not_stored(s3, bucket, "type")


def test_other_size(s3: Any, bucket: str, sign: Any) -> None:
    url = sign("size", {"Content-Length": str(len(BODY))})
    for body in (BODY + b"x", BODY[:-1], b""):
        assert_refused(send("PUT", url, body), 403, "SignatureDoesNotMatch")
    assert_not_stored(s3, bucket, "size")
    assert send("PUT", url, BODY).status == 200


def test_wrong_checksum(s3: Any, bucket: str, sign: Any) -> None:
    checksum = {"x-amz-checksum-sha256": sha256(BODY)}
    url = sign("checksum", checksum)
    answer = send("PUT", url, BODY[::-1], checksum)
    assert answer.status == 400
    assert answer.code in ("BadDigest", "XAmzContentChecksumMismatch"), answer.body
    other = {"x-amz-checksum-sha256": sha256(BODY[::-1])}
    assert_refused(send("PUT", url, BODY[::-1], other), 403, "SignatureDoesNotMatch")
    assert_header_missed(send("PUT", url, BODY))
    assert_not_stored(s3, bucket, "checksum")
    assert send("PUT", url, BODY, checksum).status == 200


def test_an_upload_that_breaks_off(
    store: Store, s3: Any, bucket: str, credentials: Credentials, sign: Any
) -> None:
    """Whole or a part. versitygw is mended for it: see tools/pins/store.py."""
    role, where = credentials.client("s3", store.url), {"Bucket": bucket, "Key": "broken"}
    upload = {**where, "UploadId": role.create_multipart_upload(**where)["UploadId"]}
    part = role.generate_presigned_url("upload_part", Params={**upload, "PartNumber": 1})
    for url in (sign("broken"), part):
        send_half(url, size_bytes=1_000_000, sent_bytes=300_000)
    assert_not_stored(s3, bucket, "broken")
    assert role.list_parts(**upload).get("Parts", []) == []


def send_half(url: str, size_bytes: int, sent_bytes: int) -> None:
    """Until the store has done with it."""
    parts = urlsplit(url)
    head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(f"{head}Content-Length: {size_bytes}\r\n\r\n".encode() + bytes(sent_bytes))
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while connection.recv(65536):
                pass


def test_expired(s3: Any, bucket: str, sign: Any) -> None:
    url = sign("expired", expires=1)
    time.sleep(2.1)
    answer = send("PUT", url, BODY)
    assert_refused(answer, 403, "AccessDenied")
    assert b"expired" in answer.body
    assert_not_stored(s3, bucket, "expired")


def test_wrong_token(s3: Any, bucket: str, sign: Any, credentials: Credentials) -> None:
    """Signed well, but over a token that the store never gave."""
    token = credentials.session_token
    for wrong in (token[:-8] + token[-8:][::-1], "nonsense"):
        assert_token_refused(send("PUT", sign("token", token=wrong), BODY))
    assert_not_stored(s3, bucket, "token")


def test_missing_token(s3: Any, bucket: str, sign: Any) -> None:
    assert_token_refused(send("PUT", sign("no-token", token=""), BODY))
    assert_not_stored(s3, bucket, "no-token")


def test_other_token_in_a_signed_url(s3: Any, bucket: str, sign: Any) -> None:
    url = re.sub(r"X-Amz-Security-Token=[^&]*", "X-Amz-Security-Token=other", sign("swapped"))
    assert_token_refused(send("PUT", url, BODY))
    assert_not_stored(s3, bucket, "swapped")


def test_unsigned_request(s3: Any, store: Store, bucket: str) -> None:
    assert_refused(send("PUT", f"{store.url}/{bucket}/anonymous", BODY), 403, "AccessDenied")
    assert_not_stored(s3, bucket, "anonymous")


def test_if_none_match(s3: Any, bucket: str, sign: Any) -> None:
    header = {"If-None-Match": "*"}
    url = sign("once", header)
    assert send("PUT", url, BODY, header).status == 200
    assert_refused(send("PUT", url, b"other", header), 412, "PreconditionFailed")
    assert_header_missed(send("PUT", url, b"other"))
    assert s3.get_object(Bucket=bucket, Key="once")["Body"].read() == BODY


def test_the_role_may_put_and_nothing_else(
    store: Store, bucket: str, credentials: Credentials
) -> None:
    limited = credentials.client("s3", store.url)
    for call in ("list_objects_v2", "delete_bucket"):
        with pytest.raises(limited.exceptions.ClientError, match="AccessDenied"):
            getattr(limited, call)(Bucket=bucket)


@pytest.fixture
def post(store: Store, bucket: str, credentials: Credentials) -> Any:
    """post(key, body, **changed fields) sends a form that allows the key "form/good"
    and 1 to 64 bytes."""
    signed = credentials.client("s3", store.url).generate_presigned_post(
        bucket,
        "form/good",
        Fields={"Content-Type": "text/x-proof", "success_action_status": "201"},
        Conditions=[
            {"Content-Type": "text/x-proof"},
            {"success_action_status": "201"},
            ["content-length-range", 1, 64],
        ],
        ExpiresIn=60,
    )

    def send_form(body: bytes, **changed: str) -> Any:
        content, headers = form({**signed["fields"], **changed}, body)
        return send("POST", signed["url"], content, headers)

    return send_form


def test_form_stores_bytes_and_type(s3: Any, bucket: str, post: Any) -> None:
    assert post(BODY).status == 201
    stored = s3.get_object(Bucket=bucket, Key="form/good")
    assert stored["Body"].read() == BODY
    assert stored["ContentType"] == "text/x-proof"


def test_form_refuses(s3: Any, bucket: str, post: Any) -> None:
    assert_refused(post(b"x" * 65), 400, "EntityTooLarge")
    assert_refused(post(b""), 400, "EntityTooSmall")
    assert_refused(post(BODY, key="form/other"), 403, "AccessDenied")
    assert_refused(post(BODY, **{"Content-Type": "text/html"}), 403, "AccessDenied")
    assert_refused(post(BODY, **{"x-amz-signature": "0" * 64}), 403, "SignatureDoesNotMatch")
    assert post(BODY, **{"x-amz-security-token": "other"}).status in (400, 403)
    assert_not_stored(s3, bucket, "form/other")


ORIGIN = "https://app.example"
SENT = ["content-type", "x-amz-checksum-sha256", "if-none-match"]


@pytest.fixture
def object_url(store: Store, bucket: str) -> Iterator[str]:
    """In a bucket that has the template's rules for one origin."""
    store.allow(bucket, [ORIGIN])
    yield f"{store.url}/{bucket}/cors"
    store.allow(bucket, ["*"])


def test_cors(object_url: str, sign: Any) -> None:
    answer = preflight(object_url, ORIGIN, "PUT", SENT)
    assert allows(answer, ORIGIN, "PUT", SENT), answer
    assert allows(preflight(object_url, ORIGIN, "POST", []), ORIGIN, "POST", [])
    stored = send("PUT", sign("cors"), BODY, {"Origin": ORIGIN})
    assert stored.status == 200
    assert stored.headers["access-control-allow-origin"] in ("*", ORIGIN)
    exposed = stored.headers["access-control-expose-headers"].lower()
    assert "etag" in exposed


# ---- What one of them keeps, and the other does not -----------------------------


def test_cors_rules(store: Store, object_url: str, sign: Any) -> None:
    """MinIO's buckets have none."""
    kept = not isinstance(store, Minio)
    other = "https://other.example"
    asked = preflight(object_url, other, "PUT", [])
    assert allows(asked, other, "PUT", []) == (not kept)
    stored = send("PUT", sign("cors"), BODY, {"Origin": other})
    assert stored.status == 200
    assert ("access-control-allow-origin" in stored.headers) == (not kept)
    if kept:
        assert asked.code == "AccessForbidden"
        assert preflight(object_url, ORIGIN, "PUT", SENT).headers["access-control-max-age"] == "3600"
        assert preflight(object_url, ORIGIN, "PUT", ["x-other"]).status == 403
        assert preflight(object_url, ORIGIN, "PATCH", []).status in (400, 403)


def test_etag_is_exposed_whatever_the_rules_say(
    store: Store, bucket: str, object_url: str, sign: Any
) -> None:
    """At versitygw, too: so a page that can't read it is tried with answers of the tests' own."""
    store.allow(bucket, [ORIGIN], ExposeHeaders=[])
    answer = send("PUT", sign("cors"), BODY, {"Origin": ORIGIN})
    assert "etag" in answer.headers["access-control-expose-headers"].lower()


UNSIGNED = ["x-amz-tagging", "x-amz-storage-class", "x-amz-acl", "x-amz-meta-a"]


@pytest.mark.parametrize("name", UNSIGNED)
def test_an_x_amz_header_that_is_not_signed(
    store: Store, s3: Any, bucket: str, sign: Any, name: str
) -> None:
    """MinIO takes all of them but metadata."""
    key = f"unsigned-{name}"
    values = {"x-amz-tagging": "a=b", "x-amz-storage-class": "STANDARD", "x-amz-acl": "private"}
    answer = send("PUT", sign(key), BODY, {name: values.get(name, "b")})
    if isinstance(store, Minio) and name in values:
        assert answer.status == 200
        return
    assert answer.code == "AccessDenied", answer.body
    assert_not_stored(s3, bucket, key)
    if not isinstance(store, Minio):
        assert answer.status == 403
        assert f"<HeadersNotSigned>{name}</HeadersNotSigned>".encode() in answer.body


def test_what_a_refusal_tells(store: Store, sign: Any) -> None:
    """S3 tells what it made of the request, which MinIO does not."""
    told = send("PUT", sign("told", TYPE), BODY, {"Content-Type": "text/html"}).body
    told_by_s3 = [b"<StringToSign>AWS4-HMAC-SHA256", b"<CanonicalRequest>PUT", b"<SignatureProvided>"]
    assert [words in told for words in told_by_s3] == [not isinstance(store, Minio)] * 3



def test_completing_what_was_aborted(store: Store, bucket: str, credentials: Credentials) -> None:
    """versitygw takes any object of the key for what was joined."""
    role, where = credentials.client("s3", store.url), {"Bucket": bucket, "Key": "aborted"}
    role.put_object(**where, Body=BODY)
    upload = {**where, "UploadId": role.create_multipart_upload(**where)["UploadId"]}
    part = role.upload_part(**upload, PartNumber=1, Body=BODY)
    role.abort_multipart_upload(**upload)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    if isinstance(store, Minio):
        with pytest.raises(role.exceptions.ClientError, match="NoSuchUpload"):
            role.complete_multipart_upload(**upload, MultipartUpload=parts)
    else:
        role.complete_multipart_upload(**upload, MultipartUpload=parts)


def test_signed_in_the_future(store: Store, sign: Any) -> None:
    """versitygw takes it."""
    tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda **_: tomorrow):
        url = sign("tomorrow", expires=60)
    answer = send("PUT", url, BODY)
    if isinstance(store, Minio):
        assert_refused(answer, 403, "AccessDenied")
    else:
        assert answer.status == 200


def test_encryption_by_a_key_that_is_not_there(store: Store, sign: Any) -> None:
    """versitygw has none, and does not say so."""
    headers = {"x-amz-server-side-encryption": "aws:kms"}
    headers["x-amz-server-side-encryption-aws-kms-key-id"] = "no-such-key"
    answer = send("PUT", sign("encrypted", headers), BODY, headers)
    assert (answer.status == 200) == (not isinstance(store, Minio)), answer.body


def test_a_key_below_another_one_s(store: Store, sign: Any) -> None:
    """versitygw's keys are files and folders."""
    assert send("PUT", sign("below"), BODY).status == 200
    kept = isinstance(store, Minio)
    assert (send("PUT", sign("below/it"), BODY).status == 200) == kept
