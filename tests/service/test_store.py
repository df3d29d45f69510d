"""The store refuses what S3 refuses. Requests are signed by botocore here, so a
failure of these tests says that the store proves nothing, not that we sign wrongly.

The function's URLs meet the same attacks in test_uploads.py.
"""

import re
import time
from typing import Any, Dict, Optional
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from s3http import allows, form, preflight, send, sha256

from local.store import REGION, Credentials, Store

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
    """Stores differ in the code here; S3 answers InvalidToken."""
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
    assert_refused(send("PUT", url, BODY[::-1], checksum), 400, "XAmzContentChecksumMismatch")
    other = {"x-amz-checksum-sha256": sha256(BODY[::-1])}
    assert_refused(send("PUT", url, BODY[::-1], other), 403, "SignatureDoesNotMatch")
    assert_header_missed(send("PUT", url, BODY))
    assert_not_stored(s3, bucket, "checksum")
    assert send("PUT", url, BODY, checksum).status == 200


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


def test_cors(store: Store, bucket: str, sign: Any) -> None:
    origin = "https://app.example"
    url = f"{store.url}/{bucket}/cors"
    headers = ["content-type", "x-amz-checksum-sha256", "if-none-match"]
    answer = preflight(url, origin, "PUT", headers)
    assert allows(answer, origin, "PUT", headers), answer
    assert allows(preflight(url, origin, "POST", []), origin, "POST", [])
    stored = send("PUT", sign("cors"), BODY, {"Origin": origin})
    assert stored.status == 200
    assert stored.headers["access-control-allow-origin"] in ("*", origin)
    exposed = stored.headers["access-control-expose-headers"].lower()
    assert "etag" in exposed
