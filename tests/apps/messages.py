"""What an app gets: signed questions, events and receipts, right ones and wrong ones. Made here by hand, so that
none of the libraries under test says what is right."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any, Dict

BUCKET = "countersign-local"
WEBHOOK_KEY = b"only-the-tests-have-this-one-key"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(WEBHOOK_KEY).decode()
RECEIPT_SECRET = "only-the-tests-have-this-receipt-secret"
NOTIFY_SECRET = "only-the-tests-have-this-notify-secret"
KEY = "uploads/avatar/0123456789abcdef/cat.png"
HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def question(**changes: Any) -> bytes:
    asked = {
        "profile": "avatar",
        "file_name": "cat.png",
        "file_type": "image/png",
        "size": 1000,
        "key": KEY,
        "caller": {"sub": "ann"},
        "request_id": "request-1",
    }
    return json.dumps({name: value for name, value in {**asked, **changes}.items() if value is not None}).encode()


def signature(body: bytes, key: bytes, identity: str, at: int) -> str:
    signed_text = f"{identity}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed_text, "sha256")).decode()


def signed(body: bytes, key: bytes = WEBHOOK_KEY, age_seconds: int = 0) -> Dict[str, str]:
    """The headers of a webhook, as Standard Webhooks 1.0 have them."""
    identity, at = "msg_1", int(time.time()) - age_seconds
    return {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(body, key, identity, at),
    }


def event(key: str, size: int, sequencer: str) -> Dict[str, Any]:
    """EventBridge's, of an object that was created."""
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "000000000000",
        "time": "2026-11-28T12:00:00Z",
        "region": "us-east-1",
        "resources": [f"arn:aws:s3:::{BUCKET}"],
        "detail": {
            "version": "0",
            "bucket": {"name": BUCKET},
            "object": {"key": key, "size": size, "etag": "e", "sequencer": sequencer},
            "request-id": "C3D13FE58DE4C810",
            "requester": "000000000000",
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    }


def encoded(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def receipt(secret: str = RECEIPT_SECRET, alg: str = "HS256", typ: Any = "stored+jwt", **changes: Any) -> str:
    """One of ann's stored picture. A claim that is None is left out. An algorithm that is no HMAC gets the MAC of
    HS256, and none no signature."""
    now = int(time.time())
    claims = {
        "iss": "countersign",
        "aud": BUCKET,
        "sub": "ann",
        "iat": now,
        "exp": now + 86400,
        "key": KEY,
        "profile": "avatar",
        "content_type": "image/png",
        "size": 1000,
        "stored": {"size": 1000, "etag": "0123456789abcdef0123456789abcdef"},
        **changes,
    }
    header = {name: value for name, value in {"alg": alg, "typ": typ}.items() if value is not None}
    payload = {name: value for name, value in claims.items() if value is not None}
    text = f"{encoded(header)}.{encoded(payload)}"
    mac = hmac.new(secret.encode(), text.encode(), HASHES.get(alg, hashlib.sha256)).digest()
    return f"{text}.{'' if alg == 'none' else encoded(mac)}"


def granted(**changes: Any) -> str:
    """What comes with the URL, before anything is stored."""
    return receipt(**{"typ": "granted+jwt", "stored": None, **changes})


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def altered(token: str, **changes: Any) -> str:
    """With other claims, under the signature as it was."""
    header, payload, mac = token.split(".")
    return f"{header}.{encoded({**json.loads(decoded(payload)), **changes})}.{mac}"
