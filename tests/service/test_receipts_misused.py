"""Receipts: no use but their own, and by nobody but their owner."""

import base64
import hmac
import json
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any, Dict, List

import jwt
import pytest
from fake_store import CREATED, FakeStore, Says, StartStore
from grants import File, granted, stored_by
from multipart import JSON, Upload, refused
from multipart import SECRET as SEAL_SECRET
from receipts import (
    DAY_SECONDS,
    DIGEST,
    GRANTED,
    SECRET,
    STORED,
    AtFake,
    Confirming,
    confirm,
    confirmed,
    head,
    make,
    read,
)
from uploads import BODY, StartFunction

from local.events import Request
from local.runtime_api import FunctionFailed

PROFILES = json.dumps({"avatar": {}, "video": {}})
WHOLE = File(size=len(BODY), sha256=DIGEST)


# ---- Wrong uses -------------------------------------------------------------------


@pytest.fixture
def never(start: StartStore) -> FakeStore:
    """A store that would confirm anything."""
    return start(head())


def payload_of(bucket: str, **changed: Any) -> Dict[str, Any]:
    """A grant's payload; a member that is ... is left out."""
    now = int(time.time())
    usual = {
        "iss": "countersign",
        "aud": bucket,
        "iat": now,
        "exp": now + DAY_SECONDS,
        "key": "uploads/" + "ab" * 16 + "/a.png",
        "content_type": "image/png",
    }
    return {name: value for name, value in {**usual, **changed}.items() if value is not ...}


def encoded(data: Any) -> str:
    whole = data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def signed(header: Any, payload: Any, digest: str = "sha256", secret: str = SECRET) -> str:
    """With a signature that is right, whatever the header says."""
    message = f"{encoded(header)}.{encoded(payload)}"
    return f"{message}.{encoded(hmac.digest(secret.encode(), message.encode(), digest))}"


def test_the_forger_here_is_able(
    never: FakeStore, at_fake: AtFake, bucket: str
) -> None:
    """What is refused below is refused for what it is, and not for how it was made."""
    running, payload = at_fake(never), payload_of(bucket)
    for receipt in (make(payload), signed({"alg": "HS256", "typ": GRANTED}, payload)):
        told = read(confirmed(running, receipt)["receipt"], bucket)
        assert told["key"] == payload["key"]


HEADERS: List[Any] = [
    {"alg": "none", "typ": GRANTED},
    {"alg": "None", "typ": GRANTED},
    {"alg": "RS256", "typ": GRANTED},
    {"alg": "HS384", "typ": GRANTED},
    {"alg": "hs256", "typ": GRANTED},
    {"alg": "", "typ": GRANTED},
    {"alg": ["HS256"], "typ": GRANTED},
    {"typ": GRANTED},
    {"alg": "HS256"},
    {"alg": "HS256", "typ": "JWT"},
    {"alg": "HS256", "typ": STORED},
    {"alg": "HS256", "typ": None},
    {"alg": "HS256", "typ": "application/" + GRANTED},
    {"alg": "HS256", "typ": GRANTED, "crit": ["exp"]},
    [],
    "HS256",
    b"{",
    b"",
]


def test_headers_of_no_grant(
    never: FakeStore, at_fake: AtFake, bucket: str
) -> None:
    running = at_fake(never)
    for header in HEADERS:
        whole = signed(header, payload_of(bucket))
        message = whole.rpartition(".")[0]
        sha384 = signed(header, payload_of(bucket), "sha384")
        for receipt in (whole, f"{message}.", message, sha384):
            reply = confirm(running, receipt)
            assert (reply.status, reply.json().get("code")) == (403, "InvalidReceipt"), header
    assert never.requests == []


@pytest.mark.parametrize("bits", ["384", "512"])
def test_other_algorithms_of_the_same_secret(
    never: FakeStore, at_fake: AtFake, bucket: str, bits: str
) -> None:
    header = {"alg": f"HS{bits}", "typ": GRANTED}
    receipt = signed(header, payload_of(bucket), f"sha{bits}")
    refused(confirm(at_fake(never), receipt), 403, "InvalidReceipt")


OTHER_CODES = ["InvalidReceipt", "ReceiptOfOther", "ReceiptExpired"]
PAYLOADS: List[Any] = [
    ({"aud": "another-bucket"}, "ReceiptOfOther"),
    ({"aud": ...}, None),
    ({"aud": ["countersign-test", "other"]}, None),
    ({"aud": "countersign-tes"}, "ReceiptOfOther"),
    ({"aud": "countersign-test2"}, "ReceiptOfOther"),
    ({"iss": "other"}, None),
    ({"iss": ...}, None),
    ({"profile": "avatar"}, "ReceiptOfOther"),
    ({"sub": "alice"}, "ReceiptOfOther"),
    ({"exp": 1}, "ReceiptExpired"),
    ({"exp": 0}, None),
    ({"exp": -1}, None),
    ({"exp": ...}, None),
    ({"exp": None}, None),
    ({"exp": "9999999999"}, None),
    ({"exp": True}, None),
]


def test_payloads_of_no_grant(
    never: FakeStore, at_fake: AtFake, bucket: str
) -> None:
    """Signed by our own secret, as another use of it, or a bug of ours, might."""
    running = at_fake(never)
    for changed, code in PAYLOADS:
        receipt = signed({"alg": "HS256", "typ": GRANTED}, payload_of(bucket, **changed))
        reply = confirm(running, receipt)
        assert reply.status == 403, changed
        assert reply.json()["code"] in ([code] if code else OTHER_CODES), changed
    assert never.requests == []


def test_payloads_that_are_none(never: FakeStore, at_fake: AtFake) -> None:
    running = at_fake(never)
    for payload in (b"", b"x", b"[]", b"1", b'"a"', b"null", b"{", b"\xff{}", b"{}"):
        receipt = signed({"alg": "HS256", "typ": GRANTED}, payload)
        refused(confirm(running, receipt), 403, "InvalidReceipt")
    assert never.requests == []


def test_a_receipt_that_was_changed(
    never: FakeStore, at_fake: AtFake, bucket: str
) -> None:
    running = at_fake(never)
    receipt = granted(running, "GET /signed_url")["receipt"]
    head_, payload, signature = receipt.split(".")
    other = encoded(payload_of(bucket, key="uploads/other/secret.txt"))
    wrong = [f"{head_}.{other}.{signature}", f"{head_}.{payload}.{encoded(b'x' * 32)}"]
    wrong += [receipt[:-count] for count in (1, 2, 3, 10, len(signature), len(signature) + 1)]
    wrong += [receipt + end for end in ("A", "AAAA", ".", "=", " ", "\n", "\0", ".AAAA")]
    wrong += [" " + receipt, "." + receipt, f"{head_}..{signature}", "", ".", "..", "...", "x"]
    wrong += [receipt.replace("_", "/").replace("-", "+") + "=", f"{head_}.{payload}"]
    wrong += [f"{head_}.{payload}.{signature}.{signature}", receipt.upper(), "x" * 100_000]
    wrong += [f"{head_}.{'e' * 100_000}.{signature}", "." * 100_000, receipt[1:], receipt[::-1]]
    for each in wrong:
        assert confirm(running, each).status in ((403,) if each else (400, 403)), each[:80]
    assert never.requests == []
    confirmed(running, receipt)


def test_no_part_of_it_may_be_another(never: FakeStore, at_fake: AtFake) -> None:
    running = at_fake(never)
    receipt = granted(running, "GET /signed_url")["receipt"]
    for at in range(0, len(receipt) - 1, 5):
        changed = receipt[:at] + ("A" if receipt[at] != "A" else "B") + receipt[at + 1 :]
        refused(confirm(running, changed), 403, "InvalidReceipt")
    assert never.requests == []


def test_bodies_that_are_none(never: FakeStore, at_fake: AtFake) -> None:
    running = at_fake(never)
    for body in (b"", b"x", b"[]", b"{}", b'{"receipt":', b'{"receipt":1}', b'{"receipt":null}'):
        reply = running.request(Request("POST", "/confirm", headers=JSON, body=body))
        assert reply.status == 400, body
    assert never.requests == []


def test_other_ways_to_ask(never: FakeStore, at_fake: AtFake) -> None:
    running = at_fake(never)
    receipt = granted(running, "GET /signed_url")["receipt"]
    refused(running.get("/confirm", receipt=receipt), 405, "MethodNotAllowed")
    refused(confirm(running, [receipt]), 400, "InvalidParameter", "receipt")
    request = Request("POST", "/confirm", body=f"receipt={receipt}".encode())
    assert running.request(request).status in (400, 415)
    assert never.requests == []


def test_a_stored_one_is_no_grant(confirming: Confirming) -> None:
    running = confirming()
    made = stored_by(running, "GET /signed_url")
    stored = confirmed(running, made["receipt"])["receipt"]
    refused(confirm(running, stored), 403, "InvalidReceipt")


def test_a_grant_is_no_stored_one(confirming: Confirming, bucket: str) -> None:
    receipt = granted(confirming(), "GET /signed_url")["receipt"]
    with pytest.raises(AssertionError):
        read(receipt, bucket, STORED)
    assert "stored" not in read(receipt, bucket, GRANTED)
    for other in ({"audience": "another-bucket"}, {"issuer": "another"}):
        right = {"audience": bucket, "issuer": "countersign"}
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(receipt, SECRET, algorithms=["HS256"], **{**right, **other})


def test_neither_secret_makes_the_others_work(
    never: FakeStore, at_fake: AtFake
) -> None:
    """Though they be the same one."""
    never.answers[:] = [Says(200, CREATED), head()]
    running = at_fake(never, UPLOAD_SEAL_SECRET=SECRET)
    made = granted(running, "POST /s3/multipart")
    refused(confirm(running, made["uploadId"]), 403, "InvalidReceipt")
    refused(Upload(running, made["key"], made["receipt"]).sign(1), 403, "InvalidUploadId")


# ---- Whose, of what, and when -----------------------------------------------------

ALICE = {"sub": "alice"}


def test_another_callers(never: FakeStore, at_fake: AtFake) -> None:
    running = at_fake(never)
    receipt = granted(running, "GET /signed_url", claims=ALICE)["receipt"]
    others = [{"sub": each} for each in ("bob", "alic", "alice2", "Alice")]
    for claims in (*others, {}, None):
        refused(confirm(running, receipt, claims=claims), 403, "ReceiptOfOther")
    for nobody in ("", 7):
        refused(confirm(running, receipt, claims={"sub": nobody}), 403, "CallerNotAllowed")
    assert never.requests == []
    confirmed(running, receipt, claims=ALICE)


def test_nobodys_receipt_is_not_everybodys(
    never: FakeStore, at_fake: AtFake
) -> None:
    running = at_fake(never)
    receipt = granted(running, "GET /signed_url")["receipt"]
    refused(confirm(running, receipt, claims=ALICE), 403, "ReceiptOfOther")
    assert never.requests == []
    confirmed(running, receipt, claims={"tenant": "red"})


def test_another_callers_by_the_claim_that_is_named(
    never: FakeStore, at_fake: AtFake
) -> None:
    running = at_fake(never, UPLOAD_RECEIPT_SUBJECT="tenant")
    receipt = granted(running, "GET /signed_url", claims={"sub": "a", "tenant": "red"})["receipt"]
    for claims in ({"sub": "red"}, {"sub": "a", "tenant": "blue"}, {"sub": "a"}, None):
        assert confirm(running, receipt, claims=claims).status == 403
    assert never.requests == []
    confirmed(running, receipt, claims={"sub": "b", "tenant": "red"})


def test_who_may_not_call(never: FakeStore, at_fake: AtFake, bucket: str) -> None:
    running = at_fake(never, UPLOAD_CALLER="required")
    refused(confirm(running, make(payload_of(bucket))), 401, "CallerUnknown")
    narrow = {"uploadProfiles": "video"}
    running = at_fake(never, UPLOAD_PROFILES=PROFILES)
    receipt = make(payload_of(bucket, profile="avatar"))
    reply = confirm(running, receipt, at="/avatar", claims=narrow)
    refused(reply, 403, "ProfileNotAllowed")
    assert never.requests == []


def test_another_profiles(never: FakeStore, at_fake: AtFake) -> None:
    running = at_fake(never, UPLOAD_PROFILES=PROFILES)
    receipt = granted(running, "GET /signed_url", at="/avatar")["receipt"]
    refused(confirm(running, receipt, at="/video"), 403, "ReceiptOfOther")
    refused(confirm(running, receipt), 404, "UnknownProfile")
    assert never.requests == []
    confirmed(running, receipt, at="/avatar")


def test_a_profile_that_is_gone(never: FakeStore, at_fake: AtFake) -> None:
    before = at_fake(never, UPLOAD_PROFILES=PROFILES)
    receipt = granted(before, "GET /signed_url", at="/avatar")["receipt"]
    now = at_fake(never, UPLOAD_PROFILES='{"video":{}}')
    refused(confirm(now, receipt, at="/avatar"), 404, "UnknownProfile", "video")
    refused(confirm(now, receipt, at="/video"), 403, "ReceiptOfOther")
    without = at_fake(never)
    for at in ("", "/avatar"):
        refused(confirm(without, receipt, at=at), 403, "ReceiptOfOther")
    of_none = granted(without, "GET /signed_url")["receipt"]
    refused(confirm(now, of_none, at="/video"), 403, "ReceiptOfOther")
    assert never.requests == []


def test_another_buckets(never: FakeStore, at_fake: AtFake) -> None:
    other = at_fake(never, UPLOAD_BUCKET="another-bucket")
    receipt = granted(other, "GET /signed_url")["receipt"]
    refused(confirm(at_fake(never), receipt), 403, "ReceiptOfOther")
    assert never.requests == []


def test_another_secrets(never: FakeStore, at_fake: AtFake, bucket: str) -> None:
    running = at_fake(never)
    for secret in ("x" * 40, SECRET + "x", SECRET[:-1], SEAL_SECRET, SECRET.upper()):
        refused(confirm(running, make(payload_of(bucket), secret=secret)), 403, "InvalidReceipt")
    assert never.requests == []


def test_a_rotation(never: FakeStore, at_fake: AtFake, bucket: str) -> None:
    new = "the-new-secret-of-receipts-of-the-tests"
    old = granted(at_fake(never), "GET /signed_url")["receipt"]
    both = at_fake(never, UPLOAD_RECEIPT_SECRET=f"{new},{SECRET}")
    stored = confirmed(both, old)["receipt"]
    assert read(stored, bucket, secret=new)
    granted_by_both = granted(both, "GET /signed_url")["receipt"]
    assert read(granted_by_both, bucket, GRANTED, new)
    after = at_fake(never, UPLOAD_RECEIPT_SECRET=new)
    refused(confirm(after, old), 403, "InvalidReceipt")
    confirmed(after, granted_by_both)


HOUR, WEEK = 3600, 7 * DAY_SECONDS


@pytest.mark.parametrize("iat, exp", [(60, WEEK), (-60, WEEK), (-WEEK, -1)])
def test_a_clock_that_is_a_minute_off(
    never: FakeStore, at_fake: AtFake, bucket: str, iat: int, exp: int
) -> None:
    """That of who granted it, or of who confirms: what has just expired, has not everywhere."""
    now = int(time.time())
    receipt = make(payload_of(bucket, iat=now + iat, exp=now + exp))
    told = confirmed(at_fake(never), receipt)["receipt"]
    assert read(told, bucket)["stored"]["size"] == len(BODY)


@pytest.mark.parametrize("ago", [HOUR, 400 * DAY_SECONDS])
def test_an_old_one(
    never: FakeStore, at_fake: AtFake, bucket: str, ago: int
) -> None:
    then = int(time.time()) - ago
    receipt = make(payload_of(bucket, iat=then - WEEK, exp=then))
    refused(confirm(at_fake(never), receipt), 403, "ReceiptExpired")
    assert never.requests == []


# ---- Settings, and the log --------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    ["s" * 31, "s" * 1025, "s" * 16 + " " + "s" * 20, "s" * 40 + ",", "," + "s" * 40]
    + ["s" * 40 + ",short", ",".join(["s" * 40] * 3), "s" * 40 + "\x7f", "ż" * 40],
)
def test_a_secret_that_is_none(function: StartFunction, secret: str) -> None:
    with pytest.raises(FunctionFailed, match="UPLOAD_RECEIPT_SECRET") as failed:
        function(UPLOAD_RECEIPT_SECRET=secret)
    assert "s" * 16 not in failed.value.message


def test_a_subject_needs_a_secret(function: StartFunction) -> None:
    with pytest.raises(FunctionFailed, match="UPLOAD_RECEIPT_SUBJECT") as failed:
        function(UPLOAD_RECEIPT_SUBJECT="sub")
    assert "UPLOAD_RECEIPT_SECRET" in failed.value.message


@pytest.mark.parametrize("says", [head(), head(b""), Says(404), Says(403)])
def test_not_logged(
    start: StartStore, at_fake: AtFake, tmp_path: Path, says: Says
) -> None:
    running = at_fake(start(says), AWS_LAMBDA_LOG_LEVEL="TRACE")
    receipt = granted(running, "GET /signed_url", WHOLE, claims=ALICE)["receipt"]
    for each in (receipt, receipt + "A", "x"):
        confirm(running, each, claims=ALICE)
    log = (tmp_path / "function.log").read_text()
    for private in (SECRET, *receipt.split("."), "X-Amz-", "alice"):
        assert private not in log


def test_a_file_from_before_the_grant(start: StartStore, at_fake: AtFake) -> None:
    """Without {id}, or with a key of the app's, a grant is had for a key that has a file: whoever
    has one could show somebody else's file as the own upload, and need send nothing."""
    then = formatdate(time.time() - 3600, usegmt=True)
    running = at_fake(start(head(Last_Modified=then)), UPLOAD_KEY="uploads/{name}")
    made = granted(running, "GET /signed_url", claims={"sub": "eve"})
    refused(confirm(running, made["receipt"], claims={"sub": "eve"}), 404, "NotStored")
