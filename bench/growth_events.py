"""Events of any size, and calls for any number of parts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
from pathlib import Path
from typing import Any

from programs import EVENT

PARTS_EVENT = Path("events/http-api-v2-post-s3-multipart.json")
SEAL_SECRET = "0123456789abcdef0123456789abcdef"
KEY = "uploads/0123456789abcdef0123456789abcdef/film.mp4"
UPLOAD_ID = "VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA"
NEVER = 4102444800  # the year 2100, in Unix's seconds


def compact(event: object) -> str:
    return json.dumps(event, separators=(",", ":"))


def of_size(size_bytes: int) -> dict[str, Any]:
    """A call for a signed URL, filled with what no route reads."""
    sample = json.loads(EVENT.read_text("utf-8"))
    kept = ("version", "rawPath", "rawQueryString", "queryStringParameters", "isBase64Encoded")
    event = {name: sample[name] for name in kept}
    event["headers"] = {"host": sample["headers"]["host"]}
    event["requestContext"] = {"http": sample["requestContext"]["http"], "stage": "$default"}
    event["stageVariables"] = {"padding": ""}
    event["stageVariables"]["padding"] = "x" * (size_bytes - len(compact(event)))
    return event


def sealed() -> str:
    """An upload id as function/admission/seal.h describes it, of nobody in particular."""
    derived = hmac.digest(SEAL_SECRET.encode(), b"countersign: multipart upload id, version 3", "sha256")
    head = struct.pack(">BqqqqqB", 3, NEVER, 0, -1, 0, 300, 0)
    subject = b"\0".join([b"", KEY.encode(), b"", b"", b""])
    message = head + hashlib.sha256(subject).digest() + UPLOAD_ID.encode()
    return base64.urlsafe_b64encode(message + hmac.digest(derived, message, "sha256")).decode().rstrip("=")


def of_parts(count: int) -> dict[str, Any]:
    """A call for the URLs of so many parts of an upload."""
    event = json.loads(PARTS_EVENT.read_text("utf-8"))
    numbers = ",".join(map(str, range(1, count + 1)))
    path = f"{event['rawPath']}/{sealed()}/batch"
    event.update(rawPath=path, rawQueryString=f"key={KEY}&partNumbers={numbers}",
                 queryStringParameters={"key": KEY, "partNumbers": numbers})
    event["requestContext"]["http"].update(method="GET", path=path)
    for name in ("body", "pathParameters"):
        del event[name]
    return event
