"""What a client of the function does."""

from typing import Any, Callable, Dict, Optional

from harness import Function
from s3http import Answer, send

# The fixture `function`: starts one with these environment variables.
StartFunction = Callable[..., Function]
BODY = b"bytes \x00\xff of a file\n"


def asked(function: Function, **query: str) -> Dict[str, Any]:
    """GET /signed_url, which must succeed."""
    reply = function.get("/signed_url", **query)
    assert reply.status == 200, reply.body
    return dict(reply.json())


def put(upload: Dict[str, Any], body: bytes = BODY, url: Optional[str] = None) -> Answer:
    """As a browser does it: the very headers that the reply named."""
    return send(upload["method"], url or upload["url"], body, upload["headers"])


def stored(s3: Any, bucket: str, key: str) -> Optional[bytes]:
    """An object's bytes; None when there is none."""
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except s3.exceptions.NoSuchKey:
        return None
