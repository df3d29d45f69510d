"""Each way to be refused, made on the real store, and the cause that countersign-doctor names.

URLs are signed by botocore, so that the doctor is not asked about the work of its own signer.
"""

import http.client
import json
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Optional
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from doctor_program import Doctor, Said, doctor_of, sent
from harness import ON_MINIO
from minio import Minio
from s3http import Answer, form, send, sha256

from local.store import REGION, Credentials, Store

BODY = b"bytes of a file\n"
TEXT = {"Content-Type": "text/plain"}
HTML = {"Content-Type": "text/html"}

Sign = Callable[..., str]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On both stores, but for what only one refuses."""
    marks = metafunc.definition.iter_markers("parametrize")
    if "store" in metafunc.fixturenames and "store" not in [mark.args[0] for mark in marks]:
        metafunc.parametrize("store", ["versitygw", "minio"], indirect=True, scope="session")



@pytest.fixture
def doctor(tmp_path: Path, credentials: Credentials) -> Doctor:
    return doctor_of(tmp_path, [credentials.secret_access_key, credentials.session_token])


@pytest.fixture
def sign(store: Store, bucket: str, credentials: Credentials) -> Sign:
    """sign(key, headers) -> a URL for PUT."""

    def signed(
        key: str,
        headers: Optional[Mapping[str, str]] = None,
        method: str = "PUT",
        expires: int = 300,
        token: Optional[str] = None,
        secret: str = credentials.secret_access_key,
        access_key_id: str = credentials.access_key_id,
        region: str = REGION,
        shift_seconds: int = 0,
    ) -> str:
        request = AWSRequest(
            method, f"{store.url}/{bucket}/{quote(key)}", headers=dict(headers or {})
        )
        token = credentials.session_token if token is None else token
        who = BotocoreCredentials(access_key_id, secret, token or None)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("botocore.auth.get_current_datetime", lambda: clock(shift_seconds))
            S3SigV4QueryAuth(who, "s3", region, expires=expires).add_auth(request)
        return str(request.url)

    return signed


def clock(shift_seconds: int) -> datetime:
    return datetime.fromtimestamp(time.time() + shift_seconds, timezone.utc)


def reply_of(url: str, headers: Mapping[str, str] = {}) -> Dict[str, object]:
    """What Countersign answers with such a URL."""
    return {"url": url, "method": "PUT", "headers": dict(headers)}


def assert_names(said: Said, *causes: str, words: bool = True) -> None:
    """`words`: the store has said something, and it is shown."""
    assert ("\n  S3 says: " in said.text) == words, said.text
    assert said.causes == list(causes), said.text + said.errors
    assert said.status == 0
    assert "To change: " in said.text


def refused(answer: Answer, *codes: str) -> bytes:
    """Stores have one of these codes for it, S3 the first."""
    assert answer.code in codes, answer.body
    return answer.body


@pytest.fixture
def tells(store: Store) -> bool:
    """Whether the store tells what it made of the request, as S3 does."""
    return not isinstance(store, Minio)


# ---- SignatureDoesNotMatch: by the signed reply, and by the secret that signed ----


class Case:
    """A way to send a request otherwise than it was signed."""

    def __init__(
        self,
        cause: str,
        method: str = "PUT",
        signed: Mapping[str, str] = TEXT,
        headers: Mapping[str, str] = TEXT,
        change: Callable[[str], str] = str,
        words: str = "",
    ) -> None:
        self.cause = cause
        self.method = method
        self.signed = signed
        self.headers = headers
        self.change = change  # of the URL
        self.words = words


CASES = {
    "other method": Case("method", method="DELETE", words="signed for PUT, and the request was a DELETE"),
    "other type": Case("other header value", headers=HTML, words='signed "text/plain", sent "text/html"'),
    "encoded twice": Case("key encoding", change=lambda url: url.replace("%20", "%2520")),
    "plus for space": Case("key encoding", change=lambda url: url.replace("%20", "+")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
@pytest.mark.parametrize("by", ["reply", "secret"])
def test_another_request_than_the_signed_one(
    doctor: Doctor, sign: Sign, credentials: Credentials, case: Case, by: str
) -> None:
    signed_url = sign("a file.txt", case.signed)
    url = case.change(signed_url)
    body = refused(send(case.method, url, BODY, case.headers), "SignatureDoesNotMatch")
    told = sent(case.method, case.headers)
    if by == "reply":
        said = doctor.explain(url, body, *told, reply=reply_of(signed_url, case.signed))
    else:
        said = doctor.explain(url, body, *told, signer=credentials)
    assert_names(said, case.cause)
    assert case.words in said.text
    assert "WHAT WAS SIGNED" in said.text
    assert [line for line in said.text.splitlines() if line.startswith("! ")]


@ON_MINIO  # others refuse the header, for nobody signed it
@pytest.mark.parametrize("by", ["reply", "secret"])
def test_another_payload_hash(
    doctor: Doctor, sign: Sign, credentials: Credentials, by: str
) -> None:
    case = Case("payload hash", headers={**TEXT, "x-amz-content-sha256": "0" * 64})
    test_another_request_than_the_signed_one(doctor, sign, credentials, case, by)


def test_a_missing_header(
    doctor: Doctor, sign: Sign, credentials: Credentials, tells: bool
) -> None:
    """Told by the URL alone: it lists what is signed. (MinIO calls it AccessDenied.)"""
    url = sign("missing", TEXT)
    body = refused(send("PUT", url, BODY), "SignatureDoesNotMatch", "AccessDenied")
    said = doctor.explain(url, body, *sent("PUT"))
    # versitygw takes the name of what is missing out of the query, too.
    assert_names(said, "missing header", *(["query"] if tells else []))
    assert "content-type" in said.text
    said = doctor.explain(url, body, *sent("PUT"), signer=credentials)
    assert_names(said, "missing header", *(["query"] if tells else []))
    assert '"text/plain"' in said.text


def test_another_key(doctor: Doctor, sign: Sign) -> None:
    signed_url = sign("one-key")
    url = signed_url.replace("/one-key?", "/other-key?")
    body = refused(send("PUT", url, BODY), "SignatureDoesNotMatch")
    assert_names(doctor.explain(url, body, *sent("PUT"), reply=reply_of(signed_url)), "path")


def test_another_host(doctor: Doctor, sign: Sign) -> None:
    """As a proxy makes it that does not keep the Host header."""
    url = sign("host")
    host = {"Host": "proxy.example"}
    parts = urlsplit(url)
    body = refused(send_to(parts.netloc, url, host), "SignatureDoesNotMatch")
    said = doctor.explain(url, body, *sent("PUT", host), reply=reply_of(url))
    assert_names(said, "host")


def send_to(address: str, url: str, headers: Mapping[str, str]) -> Answer:
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        parts = urlsplit(url)
        connection.request("PUT", f"{parts.path}?{parts.query}", BODY, dict(headers))
        reply = connection.getresponse()
        return Answer(reply.status, dict(reply.getheaders()), reply.read())
    finally:
        connection.close()


def test_another_secret(
    doctor: Doctor, sign: Sign, credentials: Credentials, tells: bool
) -> None:
    url = sign("secret", TEXT, secret="not-the-secret-of-this-access-key")
    body = refused(send("PUT", url, BODY, TEXT), "SignatureDoesNotMatch")
    said = doctor.explain(url, body, *sent("PUT", TEXT), reply=reply_of(url, TEXT))
    assert_names(said, "secret key")
    assert ("Most likely" in said.text) == (not tells)
    url = sign("secret", secret="not-the-secret-of-this-access-key")
    body = refused(send("PUT", url, BODY), "SignatureDoesNotMatch")
    said = doctor.explain(url, body, *sent("PUT"), signer=credentials)
    assert_names(said, "secret key")
    assert "Most likely" in said.text


def test_a_signature_that_was_changed(doctor: Doctor, sign: Sign) -> None:
    signed_url = sign("changed", TEXT)
    url = signed_url[:-1] + ("1" if signed_url.endswith("0") else "0")
    body = refused(send("PUT", url, BODY, TEXT), "SignatureDoesNotMatch")
    said = doctor.explain(url, body, *sent("PUT", TEXT), reply=reply_of(signed_url, TEXT))
    assert_names(said, "URL")


def test_an_object_that_is_not_there(doctor: Doctor, store: Store, bucket: str) -> None:
    """Nothing of the request is to blame, though it is no PUT as the reply's."""
    url = store.root.client("s3", store.url).generate_presigned_url(
        "get_object", {"Bucket": bucket, "Key": "not-there"}
    )
    body = refused(send("GET", url), "NoSuchKey")
    said = doctor.explain(url, body, *sent("GET", HTML), reply=reply_of(url))
    assert_names(said, "path")
    assert "no object with this key" in said.text


def test_another_size(doctor: Doctor, sign: Sign, credentials: Credentials) -> None:
    """Nobody knows which one was signed: it is in no reply."""
    url = sign("size", {**TEXT, "Content-Length": "5"})
    body = refused(send("PUT", url, BODY, TEXT), "SignatureDoesNotMatch")
    told = sent("PUT", {**TEXT, "Content-Length": str(len(BODY))})
    said = doctor.explain(url, body, *told, reply=reply_of(url, TEXT))
    assert said.status == 1
    assert f"Look whether the content-length that was sent, {len(BODY)}, was signed" in said.text
    said = doctor.explain(url, body, *told, signer=credentials)
    assert_names(said, "other header value")
    assert "Most likely" in said.text and "content-length" in said.text


def test_a_changed_query(doctor: Doctor, sign: Sign) -> None:
    signed_url = sign("query")
    url = signed_url + "&x-id=PutObject"
    body = refused(send("PUT", url, BODY), "SignatureDoesNotMatch")
    said = doctor.explain(url, body, *sent("PUT"), reply=reply_of(signed_url))
    assert_names(said, "query")
    assert "x-id of the URL was added" in said.text


def test_without_what_was_sent_it_says_that_it_can_not_tell(doctor: Doctor, sign: Sign) -> None:
    url = sign("unknown", TEXT)
    body = refused(send("PUT", url, BODY, HTML), "SignatureDoesNotMatch")
    said = doctor.explain(url, body)
    assert said.status == 1
    assert "can't be told" in said.text


# ---- What the error or the URL says by itself ----


def test_an_expired_url(doctor: Doctor, sign: Sign) -> None:
    url = sign("expired", expires=60, shift_seconds=-600)
    said = doctor.explain(url, refused(send("PUT", url, BODY), "AccessDenied"))
    assert_names(said, "expired")
    assert "min later" in said.text


@ON_MINIO  # versitygw takes it
@pytest.mark.parametrize("shift_seconds, words", [(7200, "ahead"), (90000, "ahead")])
def test_a_clock_that_is_wrong(doctor: Doctor, sign: Sign, shift_seconds: int, words: str) -> None:
    url = sign("clock", shift_seconds=shift_seconds)
    said = doctor.explain(url, refused(send("PUT", url, BODY), "AccessDenied"))
    assert_names(said, "clock")
    assert words in said.text


def test_another_region(doctor: Doctor, sign: Sign, tells: bool) -> None:
    url = sign("region", region="eu-west-1")
    answer = send("PUT", url, BODY)
    assert answer.status == 400
    said = doctor.explain(url, answer.body)
    assert_names(said, "region")
    assert "Most likely: " in said.text, "MinIO says MissingFields"
    words = "signed for the region eu-west-1, and the store names us-east-1"
    assert (words in said.text) == (not tells)


def test_an_access_key_that_is_not_there(doctor: Doctor, sign: Sign) -> None:
    url = sign("access", access_key_id="AKIAIOSFODNN7EXAMPLE", token="")
    said = doctor.explain(url, refused(send("PUT", url, BODY), "InvalidAccessKeyId"))
    assert_names(said, "access key")
    assert "AKIA****MPLE" in said.text
    assert "AKIAIOSFODNN7EXAMPLE" not in said.text


def test_another_token(doctor: Doctor, sign: Sign) -> None:
    url = sign("token", token="no-token-of-the-store")
    said = doctor.explain(url, refused(send("PUT", url, BODY), "InvalidToken", "InvalidTokenId"))
    assert_names(said, "session token")
    assert "not the one that belongs" in said.text


def test_a_missing_token(doctor: Doctor, sign: Sign) -> None:
    url = sign("no-token", token="")
    said = doctor.explain(url, refused(send("PUT", url, BODY), "InvalidAccessKeyId", "InvalidTokenId"))
    assert_names(said, "session token")
    assert "is missing" in said.text


def test_a_url_from_html(doctor: Doctor, sign: Sign) -> None:
    url = sign("html").replace("&", "&amp;")
    answer = send("PUT", url, BODY)
    assert answer.status == 400
    said = doctor.explain(url, answer.body)
    assert_names(said, "URL")
    assert "&amp;" in said.text


def test_a_url_that_was_cut(doctor: Doctor, sign: Sign) -> None:
    url = sign("cut")
    for cut, words in ((url.partition("&X-Amz-Signature")[0], "no X-Amz-Signature"), (url[:-10], "54")):
        answer = send("PUT", cut, BODY)
        assert answer.status in (400, 403)
        said = doctor.explain(cut, answer.body)
        assert_names(said, "URL")
        assert words in said.text


def test_a_url_that_lives_too_long(doctor: Doctor, sign: Sign) -> None:
    url = sign("long", expires=604801)
    said = doctor.explain(url, refused(send("PUT", url, BODY), "AuthorizationQueryParametersError"))
    assert_names(said, "URL")
    assert "604800" in said.text


def test_an_unsigned_request(doctor: Doctor, store: Store, bucket: str) -> None:
    url = f"{store.url}/{bucket}/unsigned"
    said = doctor.explain(url, refused(send("PUT", url, BODY), "AccessDenied"))
    assert_names(said, "URL")
    assert "not signed" in said.text


def test_what_the_signer_may_not_do(doctor: Doctor, sign: Sign) -> None:
    url = sign("permission", method="DELETE")
    said = doctor.explain(url, refused(send("DELETE", url), "AccessDenied"))
    assert_names(said, "permission")


def test_other_bytes_than_the_checksum_says(doctor: Doctor, sign: Sign) -> None:
    checksum = {"x-amz-checksum-sha256": sha256(BODY)}
    url = sign("checksum", checksum)
    body = refused(send("PUT", url, b"other", checksum), "BadDigest", "XAmzContentChecksumMismatch")
    assert_names(doctor.explain(url, body), "checksum")
    url = sign("md5")
    digest = {"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}
    body = refused(send("PUT", url, BODY, digest), "BadDigest")
    assert_names(doctor.explain(url, body), "checksum")


@ON_MINIO  # versitygw calls it SignatureDoesNotMatch
def test_other_bytes_than_the_payload_hash_says(doctor: Doctor, sign: Sign) -> None:
    hashed = {"x-amz-content-sha256": "0" * 64}
    url = sign("payload", hashed)
    body = refused(send("PUT", url, BODY, hashed), "XAmzContentSHA256Mismatch")
    assert_names(doctor.explain(url, body), "payload hash")


def test_an_object_that_is_there(doctor: Doctor, sign: Sign) -> None:
    once = {"If-None-Match": "*"}
    url = sign("there", once)
    assert send("PUT", url, BODY, once).status == 200
    body = refused(send("PUT", url, BODY, once), "PreconditionFailed")
    assert_names(doctor.explain(url, body), "precondition")


# ---- Forms ----


@pytest.fixture
def post(store: Store, bucket: str, credentials: Credentials) -> Callable[..., Any]:
    """post(body, **changed fields) -> the form's URL, the reply and the store's answer."""

    def send_form(body: bytes, **changed: str) -> Any:
        signed = credentials.client("s3", store.url).generate_presigned_post(
            bucket, "form", Conditions=[["content-length-range", 1, 64]], ExpiresIn=60
        )
        content, headers = form({**signed["fields"], **changed}, body)
        reply = {"url": signed["url"], "method": "POST", "fields": signed["fields"]}
        return signed["url"], reply, send("POST", signed["url"], content, headers)

    return send_form


@pytest.mark.parametrize(
    "body, changed, code, cause",
    [
        (b"x" * 65, {}, "EntityTooLarge", "size"),
        (b"", {}, "EntityTooSmall", "size"),
        (BODY, {"key": "other"}, "AccessDenied", "form"),
        (BODY, {"x-amz-signature": "0" * 64}, "SignatureDoesNotMatch", "form"),
    ],
    ids=["too large", "too small", "other key", "other signature"],
)
def test_a_form(
    doctor: Doctor,
    post: Callable[..., Any],
    body: bytes,
    changed: Dict[str, str],
    code: str,
    cause: str,
) -> None:
    url, reply, answer = post(body, **changed)
    error = refused(answer, code)
    said = doctor.explain(url, error, reply=reply)
    assert_names(said, cause)
    for name in ("policy", "x-amz-signature", "x-amz-security-token"):
        assert reply["fields"][name] not in said.text
    assert_names(doctor.explain(url, error), cause)


# ---- The function itself ----


def test_the_famous_403_of_the_function(doctor: Doctor, function: Callable[..., Any]) -> None:
    """A page sends another Content-Type than the one it asked for."""
    answer = function().get("/signed_url", file_name="a photo.jpg", file_type="image/jpeg")
    reply = json.loads(answer.body)
    headers = {"Content-Type": "image/png"}
    body = refused(send("PUT", reply["url"], BODY, headers), "SignatureDoesNotMatch")
    said = doctor.explain(reply["url"], body, *sent("PUT", headers), reply=reply)
    assert_names(said, "other header value")
    assert 'signed "image/jpeg", sent "image/png"' in said.text
