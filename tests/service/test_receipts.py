"""Receipts: what was granted, and what is stored, in words that an app can trust."""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

import jwt
import pytest
from asking import log_of
from fake_store import COMPLETED, CREATED, Says, StartStore
from grants import PARTS, ROUTES, WITH_SIZE, File, ask, granted, key_of, stored_by
from harness import built
from multipart import JSON, Upload, refused, seal
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
from s3http import sha256
from uploads import BODY, StartFunction, put

from local import events
from local.events import Request
from local.store import Store

PROFILES = json.dumps({"avatar": {}, "video": {}})
WHOLE = File(size=len(BODY), sha256=DIGEST)


# ---- What a grant says ------------------------------------------------------------


def test_a_grant(confirming: Confirming, bucket: str) -> None:
    running = confirming(UPLOAD_PROFILES=PROFILES)
    for route in ROUTES:
        before = int(time.time())
        made = granted(running, route, WHOLE, at="/avatar", claims={"sub": "auth0|alice"})
        told = read(made["receipt"], bucket, GRANTED)
        assert before <= told["iat"] <= int(time.time())
        assert told.pop("exp") - told.pop("iat") == 8 * DAY_SECONDS
        expected: Dict[str, Any] = {
            "iss": "countersign",
            "aud": bucket,
            "sub": "auth0|alice",
            "key": key_of(made),
            "profile": "avatar",
            "content_type": "image/png",
        }
        if route in WITH_SIZE or route in PARTS:
            expected["size"] = len(BODY)
        if route in WITH_SIZE or route == "POST /sign, parts":
            expected["sha256"] = DIGEST
        assert told == expected, route


def test_what_is_not_known_is_left_out(confirming: Confirming, bucket: str) -> None:
    running = confirming()
    for route in ROUTES:
        told = read(granted(running, route)["receipt"], bucket, GRANTED)
        assert set(told) == {"iss", "aud", "iat", "exp", "key", "content_type"}, route


def test_names_come_whole(confirming: Confirming, bucket: str) -> None:
    running = confirming()
    for name in ("żółw 🐢.png", 'q"\u2028.png', "%41&=+.png"):
        made = granted(running, "GET /signed_url", File(name))
        assert read(made["receipt"], bucket, GRANTED)["key"] == made["key"]
        assert made["key"].endswith(name)


def test_without_a_secret_there_are_none(function: StartFunction) -> None:
    running = function(UPLOAD_SEAL_SECRET=SEAL_SECRET)
    for route in ROUTES:
        assert "receipt" not in granted(running, route)
    refused(confirm(running, "x"), 501, "ReceiptsOff", "UPLOAD_RECEIPT_SECRET")


@pytest.mark.parametrize(
    "claims, sub", [({"sub": "a"}, "a"), ({"tenant": "t"}, None), (None, None), ({"sub": None}, None)]
)
def test_whose_it_is(confirming: Confirming, bucket: str, claims: Any, sub: Optional[str]) -> None:
    made = granted(confirming(), "GET /signed_url", claims=claims)
    assert read(made["receipt"], bucket, GRANTED).get("sub") == sub


@pytest.mark.parametrize("sub", [7, "", "a" * 257, "a\nb", ["a"]])
def test_who_can_not_be_named(confirming: Confirming, sub: Any) -> None:
    """Or the receipt of one of them would be another's."""
    reply = ask(confirming(), "GET /signed_url", claims={"sub": sub})
    refused(reply, 403, "CallerNotAllowed", "the claim sub")


def test_a_claim_that_is_named(confirming: Confirming, bucket: str) -> None:
    running = confirming(UPLOAD_RECEIPT_SUBJECT="email")
    made = granted(running, "GET /signed_url", claims={"sub": "a", "email": "a@b.example"})
    assert read(made["receipt"], bucket, GRANTED)["sub"] == "a@b.example"
    for claims in (None, {}, {"sub": "a"}, {"email": ""}, {"email": 7}):
        for route in ROUTES:
            refused(ask(running, route, claims=claims), 403, "CallerNotAllowed", "email")


# ---- What is stored ---------------------------------------------------------------


STORING = [route for route in ROUTES if route != "POST /sign, parts"]


@pytest.mark.parametrize("route", STORING)
def test_a_confirmation(confirming: Confirming, bucket: str, s3: Any, route: str) -> None:
    running = confirming(UPLOAD_PROFILES=PROFILES)
    caller = {"claims": {"sub": "alice"}, "at": "/avatar"}
    made = stored_by(running, route, File(size=len(BODY)), **caller)
    reply = confirmed(running, made["receipt"], **caller)
    assert (reply["key"], reply["size"]) == (key_of(made), len(BODY))
    grant, told = read(made["receipt"], bucket, GRANTED), read(reply["receipt"], bucket)
    found = told.pop("stored")
    head = s3.head_object(Bucket=bucket, Key=key_of(made))
    assert found.pop("sha256", None) in (None, DIGEST)
    assert found == {"size": len(BODY), "etag": head["ETag"].strip('"')}
    assert told["exp"] - told["iat"] == DAY_SECONDS
    for member in ("exp", "iat"):
        told.pop(member), grant.pop(member)
    assert told == grant


@pytest.mark.parametrize("route", ["GET /signed_url", "GET /signed_form", "POST /sign"])
def test_a_checksum(confirming: Confirming, bucket: str, route: str) -> None:
    running = confirming()
    made = stored_by(running, route, WHOLE)
    told = read(confirmed(running, made["receipt"])["receipt"], bucket)
    assert (told["stored"]["sha256"], told["sha256"]) == (DIGEST, DIGEST)


def test_what_is_not_there(confirming: Confirming) -> None:
    running = confirming()
    made = granted(running, "GET /signed_url")
    for _ in range(2):
        refused(confirm(running, made["receipt"]), 404, "NotStored")
    assert put(made).status == 200
    for _ in range(2):
        confirmed(running, made["receipt"])


def test_an_empty_file(confirming: Confirming, bucket: str) -> None:
    running = confirming()
    made = granted(running, "GET /signed_url", File(size=0))
    assert put(made, b"").status == 200
    reply = confirmed(running, made["receipt"])
    assert (reply["size"], read(reply["receipt"], bucket)["stored"]["size"]) == (0, 0)


def test_a_version(function: StartFunction, store: Store, s3: Any) -> None:
    name = "countersign-versions"
    store.make_bucket(name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    may_get = store.temporary_credentials(name, reads=True)
    running = function(
        UPLOAD_BUCKET=name, UPLOAD_RECEIPT_SECRET=SECRET, **may_get.variables()
    )
    made = stored_by(running, "GET /signed_url")
    told = read(confirmed(running, made["receipt"])["receipt"], name)
    head = s3.head_object(Bucket=name, Key=made["key"])
    assert told["stored"]["version"] == head["VersionId"]


@pytest.mark.parametrize("kind", events.KINDS)
def test_every_front(confirming: Confirming, bucket: str, kind: str) -> None:
    running = confirming(UPLOAD_PROFILES=PROFILES)
    made = stored_by(running, "GET /signed_url", at="/avatar")
    body = json.dumps({"receipt": made["receipt"]}).encode()
    request = Request("POST", "/prod/avatar/confirm", headers=JSON, body=body)
    reply = running.request(request, kind)
    assert read(reply.json()["receipt"], bucket)["key"] == made["key"]
    assert reply.header("cache-control") == "no-store"


def test_what_a_grant_is_not_taken_for(confirming: Confirming, bucket: str) -> None:
    """By the one line that docs/app.md has for PyJWT, which looks at no type."""
    receipt = granted(confirming(), "GET /signed_url", claims={"sub": "eve"})["receipt"]
    guide = (Path(__file__).resolve().parents[2] / "docs/app.md").read_text("utf-8")
    (line,) = re.findall(r"`(jwt\.decode\(.+?\))`", guide)
    call = line.replace("audience=…", "audience=bucket").replace("subject=…", "subject='eve'")
    names = {"jwt": jwt, "receipt": receipt, "secret": SECRET, "bucket": bucket}
    with pytest.raises(jwt.MissingRequiredClaimError):
        eval(call, names)


def test_a_completion_has_one(confirming: Confirming, bucket: str) -> None:
    running = confirming(UPLOAD_PROFILES=PROFILES)
    made = granted(running, "POST /s3/multipart", at="/video", claims={"sub": "alice"})
    bob = Upload(running, made["key"], made["uploadId"], "/video", {"sub": "bob"})
    refused(bob.sign(1), 403, "UploadOfOtherKey", "caller")
    upload = Upload(running, made["key"], made["uploadId"], "/video", {"sub": "alice"})
    reply = upload.complete([upload.put(1, BODY)]).json()
    told = read(reply["receipt"], bucket)
    assert (told["key"], told["profile"]) == (made["key"], "video")
    assert told["stored"]["size"] == len(BODY)
    assert set(reply) == {"location", "key", "bucket", "receipt"}


def test_a_completion_of_a_role_that_may_not_look(
    function: StartFunction, bucket: str
) -> None:
    running = function(UPLOAD_RECEIPT_SECRET=SECRET, UPLOAD_SEAL_SECRET=SEAL_SECRET)
    made = granted(running, "POST /s3/multipart")
    upload = Upload(running, made["key"], made["uploadId"])
    reply = upload.complete([upload.put(1, BODY)])
    assert reply.status == 200 and "receipt" not in reply.json()


@pytest.mark.parametrize("head", [Says(403), Says(404), Says(500), Says(0, hang_up=True)])
def test_a_completion_whose_object_can_not_be_looked_at(
    start: StartStore, at_fake: AtFake, head: Says
) -> None:
    store = start(Says(200, COMPLETED), head)
    key = "uploads/" + "ab" * 16 + "/film.mp4"
    sealed = seal(SEAL_SECRET, key, "upload-1", int(time.time()) + 60)
    reply = Upload(at_fake(store), key, sealed).complete([{"PartNumber": 1, "ETag": "e"}])
    assert reply.status == 200 and "receipt" not in reply.json()


def test_a_role_that_may_not_look(function: StartFunction, tmp_path: Path) -> None:
    """The client must not take a file that is there for one that is not, and send it again."""
    running = function(UPLOAD_RECEIPT_SECRET=SECRET, UPLOAD_SEAL_SECRET=SEAL_SECRET)
    made = granted(running, "GET /signed_url")
    refused(confirm(running, made["receipt"]), 404, "NotStored")
    assert put(made).status == 200
    refused(confirm(running, made["receipt"]), 502, "StoreError", "the function's log")
    assert "s3:GetObject" in log_of(tmp_path)


# ---- What a store may say of an object --------------------------------------------

TOLD: List[Any] = [
    (head(), {"etag": "e-1", "sha256": DIGEST}),
    (head(ETag='W/"e-2"'), {"etag": "e-2", "sha256": DIGEST}),
    (head(ETag="bare"), {"etag": "bare", "sha256": DIGEST}),
    (head(ETag=None), {"sha256": DIGEST}),
    (head(x_amz_version_id="v/1+2=="), {"etag": "e-1", "sha256": DIGEST, "version": "v/1+2=="}),
    (head(x_amz_version_id="null"), {"etag": "e-1", "sha256": DIGEST}),
    (head(Content_Type="IMAGE/PNG"), {"etag": "e-1", "sha256": DIGEST}),
]


def test_what_a_store_tells(start: StartStore, at_fake: AtFake, bucket: str) -> None:
    store = start(*(says for says, _ in TOLD))
    running = at_fake(store)
    made = granted(running, "GET /signed_url", WHOLE)
    for _, stored in TOLD:
        told = read(confirmed(running, made["receipt"])["receipt"], bucket)
        assert told["stored"] == {"size": len(BODY), **stored}
    asked = {each.split("?")[0] for each in store.requests}
    assert asked == {f"HEAD /{bucket}/{made['key']}"} and len(store.requests) == len(TOLD)


DIFFERENT: List[Any] = [
    (head(BODY + b"x"), "size"),
    (head(BODY[:-1]), "size"),
    (head(Content_Type="image/gif"), "content type"),
    (head(Content_Type="image/png2"), "content type"),
    (head(Content_Type=""), "content type"),
    (head(x_amz_checksum_sha256=sha256(b"other")), "sha256"),
    (head(x_amz_checksum_sha256=f"{DIGEST}-2"), "sha256"),  # of parts, not of the whole
    (head(x_amz_checksum_sha256=None), "sha256"),  # nobody knows whether it differs
    (head(x_amz_checksum_sha256=None, x_amz_checksum_crc32="AAAAAA=="), "sha256"),
]


def test_what_differs(start: StartStore, at_fake: AtFake) -> None:
    running = at_fake(start(*(says for says, _ in DIFFERENT)))
    made = granted(running, "GET /signed_url", WHOLE)
    for _, words in DIFFERENT:
        refused(confirm(running, made["receipt"]), 409, "StoredDiffers", words)


@pytest.mark.parametrize("says", [head(BODY * 2), head(x_amz_checksum_sha256=sha256(b"other"))])
def test_what_was_not_declared_can_not_differ(
    start: StartStore, at_fake: AtFake, bucket: str, says: Says
) -> None:
    running = at_fake(start(says))
    made = granted(running, "GET /signed_url")
    told = read(confirmed(running, made["receipt"])["receipt"], bucket)
    assert told["stored"]["size"] == len(says.body)
    assert "size" not in told and "sha256" not in told


@pytest.mark.parametrize("status, codes", [(404, {404}), (403, {502}), (301, {502})])
def test_a_store_that_does_not_tell(
    start: StartStore, at_fake: AtFake, status: int, codes: Any
) -> None:
    running = at_fake(start(Says(status)))
    reply = confirm(running, granted(running, "GET /signed_url")["receipt"])
    assert reply.status in codes and "receipt" not in reply.json()
    if status == 404:
        refused(reply, 404, "NotStored")


@pytest.mark.parametrize("broken", [Says(503), Says(500), Says(0, hang_up=True)])
def test_a_store_that_fails_first(
    start: StartStore, at_fake: AtFake, broken: Says
) -> None:
    store = start(broken, head())
    running = at_fake(store)
    confirmed(running, granted(running, "GET /signed_url", WHOLE)["receipt"])
    assert len(store.requests) == 2


# ---- Read by jose -----------------------------------------------------------------

READER = """
import { jwtVerify } from %s
let text = ''
for await (const piece of process.stdin) text += piece
const { tokens, secret, audience } = JSON.parse(text)
const key = new TextEncoder().encode(secret)
const results = await Promise.all(tokens.map(([token, typ]) =>
  jwtVerify(token, key, { algorithms: ['HS256'], issuer: 'countersign', audience, typ })
    .then(({ payload }) => payload, (error) => error.code)))
console.log(JSON.stringify(results))
"""


def test_jose_reads_the_same(confirming: Confirming, bucket: str, tmp_path: Path) -> None:
    """By the name of its type it takes neither kind for the other."""
    running = confirming()
    made = stored_by(running, "GET /signed_url", File("żółw.png", size=len(BODY), sha256=DIGEST))
    grant, stored = made["receipt"], confirmed(running, made["receipt"])["receipt"]
    script = tmp_path / "read.mjs"
    module = built("COUNTERSIGN_CLIENTS", "build/clients") / "jose/dist/webapi/index.js"
    script.write_text(READER % json.dumps(module.resolve().as_uri()))
    tokens = [(grant, GRANTED), (stored, STORED), (grant, STORED), (stored, GRANTED)]
    tokens += [(make({"key": "a"}, STORED, "x" * 40), STORED)]
    asked = json.dumps({"tokens": tokens, "secret": SECRET, "audience": bucket})
    node = built("COUNTERSIGN_CDK", "build/cdk") / "node"
    done = subprocess.run([node, script], input=asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        read(grant, bucket, GRANTED),
        read(stored, bucket, STORED),
        "ERR_JWT_CLAIM_VALIDATION_FAILED",
        "ERR_JWT_CLAIM_VALIDATION_FAILED",
        "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    ]


def test_a_completion_of_another_size(start: StartStore, at_fake: AtFake) -> None:
    """Of a key that was written again since: /confirm says StoredDiffers of it."""
    listed = (
        b'<?xml version="1.0"?><ListPartsResult><IsTruncated>false</IsTruncated><Part>'
        b'<PartNumber>1</PartNumber><ETag>"e"</ETag><Size>5</Size></Part></ListPartsResult>'
    )
    store = start(Says(200, CREATED), Says(200, listed), Says(200, COMPLETED), head(b"x" * 9))
    running = at_fake(store)
    made = granted(running, "POST /s3/multipart", File(size=5))
    upload = Upload(running, made["key"], made["uploadId"])
    reply = upload.complete([{"PartNumber": 1, "ETag": "e"}])
    assert reply.status == 200, reply.body
    assert "receipt" not in reply.json()


@pytest.mark.parametrize("code", ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"])
def test_a_store_that_refuses_the_signer(at_fake: AtFake, start: StartStore, code: str) -> None:
    """Nobody knows then whether it is stored: a client that hears NotStored sends it again."""
    error = f"<Error><Code>{code}</Code><Message>m</Message></Error>"
    running = at_fake(start(Says(403), Says(403, error)))
    made = granted(running, "GET /signed_url")
    refused(confirm(running, made["receipt"]), 502, "StoreError")
