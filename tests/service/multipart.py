"""What Companion's clients do: requests as Uppy makes them."""

import base64
import hashlib
import hmac
import json
import struct
from typing import Any, Dict, List, Optional, Sequence
from urllib.parse import quote, urlencode

from callers import Claims, called_by
from harness import Function
from s3http import send

from local import replies
from local.events import Request

SECRET = "a-secret-of-the-tests-with-32-bytes-or-more"
MIB = 1024 * 1024
PART_BYTES = 5 * MIB
PARTS = [b"a" * PART_BYTES, b"b" * PART_BYTES, b"the end"]
PURPOSE = b"countersign: multipart upload id, version 3"
JSON = [("Content-Type", "application/json")]


def create(function: Function, at: str = "", **body: Any) -> replies.Response:
    """`at` is what the path has before the route: a profile's, such as /video."""
    asked = {"filename": "film.mp4", "type": "video/mp4", "metadata": {}, **body}
    data = json.dumps(asked).encode()
    return function.request(Request("POST", f"{at}/s3/multipart", headers=JSON, body=data))


class Upload:
    """One that was created, or what an attacker takes for one."""

    def __init__(
        self, function: Function, key: str, upload_id: str, at: str = "", claims: Claims = None
    ) -> None:
        self.function = function
        self.at = at
        self.claims = claims
        self.key = key
        self.upload_id = upload_id

    def call(
        self,
        method: str,
        end: str = "",
        query: Optional[Dict[str, str]] = None,
        body: Optional[Any] = None,
        encode: Any = quote,
    ) -> replies.Response:
        """`encode` writes the key: with %20 as Uppy 5 or with + as Uppy 6 does."""
        path = f"{self.at}/s3/multipart/{quote(self.upload_id, safe='')}{end}"
        query_text = "key=" + encode(self.key)
        if query:
            query_text += "&" + urlencode(query)
        data = b"" if body is None else json.dumps(body).encode()
        headers = JSON if body is not None else []
        request = Request(method, path, query_text, headers=headers, body=data)
        return self.function.invoke(called_by(self.claims, request))

    def sign(self, number: Any, **query: str) -> replies.Response:
        return self.call("GET", f"/{number}", query)

    def batch(self, numbers: str) -> replies.Response:
        return self.call("GET", "/batch", {"partNumbers": numbers})

    def list(self) -> replies.Response:
        return self.call("GET")

    def abort(self) -> replies.Response:
        return self.call("DELETE")

    def complete(self, parts: Sequence[Dict[str, Any]]) -> replies.Response:
        return self.call("POST", "/complete", body={"parts": parts})

    def put(self, number: int, data: bytes) -> Dict[str, Any]:
        """Signs and uploads a part, which must succeed."""
        signed = self.sign(number)
        assert signed.status == 200, signed.body
        answer = send("PUT", signed.json()["url"], data)
        assert answer.status == 200, answer.body
        return {"PartNumber": number, "ETag": answer.headers["etag"]}

    def put_all(self, parts: Sequence[bytes]) -> List[Dict[str, Any]]:
        return [self.put(number, data) for number, data in enumerate(parts, 1)]


def created(function: Function, at: str = "", **body: Any) -> Upload:
    """An upload whose start must succeed."""
    reply = create(function, at, **body)
    assert reply.status == 200, reply.body
    answer = reply.json()
    return Upload(function, answer["key"], answer["uploadId"], at)


def seal(
    secret: str, key: str, upload_id: str, expires_at: int, cap: int = 0, options: int = 0
) -> str:
    """A sealed upload id as function/admission/seal.h describes it, of nobody in particular."""
    derived = hmac.digest(secret.encode(), PURPOSE, "sha256")
    head = struct.pack(">BqqqqqB", 3, expires_at, cap, -1, 0, 300, options)
    subject = b"\0".join([b"", key.encode(), b"", b"", b""])
    message = head + hashlib.sha256(subject).digest() + upload_id.encode()
    whole = message + hmac.digest(derived, message, "sha256")
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def is_sealed(secret: str, token: str) -> bool:
    """Whether the secret sealed it, in the form of today."""
    whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    derived = hmac.digest(secret.encode(), PURPOSE, "sha256")
    return hmac.digest(derived, whole[:-32], "sha256") == whole[-32:]


def unseal(token: str) -> str:
    """S3's upload id out of a sealed one."""
    whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return whole[74:-32].decode()


def left_open(s3: Any, bucket: str, key: str) -> List[str]:
    """The uploads of a key that are neither completed nor aborted."""
    listed = s3.list_multipart_uploads(Bucket=bucket, Prefix=key).get("Uploads", [])
    return [upload["UploadId"] for upload in listed if upload["Key"] == key]


def refused(reply: replies.Response, status: int, code: str, words: str = "") -> None:
    """An error as documented: its message is what Uppy shows."""
    assert reply.status == status, reply.body
    error = reply.json()
    assert error["code"] == code
    assert set(error) == {"message", "error", "code", "requestId"}
    assert words in error["message"]
    assert reply.header("access-control-allow-origin") == "*"


