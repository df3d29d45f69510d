"""Each request that starts an upload: what profiles, limits, the app and receipts are about."""

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, Optional
from urllib.parse import urlencode

from callers import Claims, called_by
from harness import Function
from multipart import JSON, Upload
from s3http import form, send
from uploads import BODY

from local import events, replies
from local.events import Request


@dataclass(frozen=True)
class File:
    """What a client tells of it; None: nothing."""

    name: str = "a.png"
    type: Optional[str] = "image/png"
    size: Optional[int] = None
    sha256: Optional[str] = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    expires: Optional[int] = None


def _told(file: File, **names: str) -> Dict[str, Any]:
    """The file's members under the names that a route has for them."""
    members = {names[own]: getattr(file, own) for own in names}
    return {name: value for name, value in members.items() if value is not None}


OWN = {
    "name": "file_name",
    "type": "file_type",
    "size": "size",
    "sha256": "sha256",
    "expires": "expires",
}


def _query(path: str, told: Dict[str, Any], file: File) -> Request:
    metadata = {f"metadata[{name}]": value for name, value in file.metadata.items()}
    return Request("GET", path, urlencode({**told, **metadata}))


def _post(path: str, body: Dict[str, Any], file: File) -> Request:
    if file.metadata:
        body = {**body, "metadata": dict(file.metadata)}
    return Request("POST", path, headers=JSON, body=json.dumps(body).encode())


def _batch(path: str, told: Dict[str, Any], file: File, form: bool) -> Request:
    """Of one file, whose reply own() makes one of its own."""
    own = {**told, "metadata": dict(file.metadata)}
    return _post(path, {"files": [own], "form": form}, File())


def _sign(path: str, method: str, file: File) -> Request:
    told = _told(file, name="key", type="contentType", size="size", sha256="sha256")
    return _post(path, {"method": method, **told}, file)


# By what docs/http-api.md calls it. Of "parts", S3 joins what is uploaded.
ROUTES: Dict[str, Callable[[str, File], Request]] = {
    "GET /signed_url": lambda at, file: _query(f"{at}/signed_url", _told(file, **OWN), file),
    "POST /signed_url": lambda at, file: _post(f"{at}/signed_url", _told(file, **OWN), file),
    "GET /signed_form": lambda at, file: _query(f"{at}/signed_form", _told(file, **OWN), file),
    "POST /signed_urls": lambda at, file: _batch(
        f"{at}/signed_urls", _told(file, **OWN), file, False
    ),
    "POST /signed_urls, forms": lambda at, file: _batch(
        f"{at}/signed_urls", _told(file, **OWN), file, True
    ),
    "GET /s3/params": lambda at, file: _query(
        f"{at}/s3/params", _told(file, name="filename", type="type"), file
    ),
    "POST /s3/multipart": lambda at, file: _post(
        f"{at}/s3/multipart", _told(file, name="filename", type="type", size="size"), file
    ),
    "POST /sign": lambda at, file: _sign(f"{at}/sign", "PUT", file),
    "POST /sign, parts": lambda at, file: _sign(f"{at}/sign", "POST", file),
}
PARTS = ["POST /s3/multipart", "POST /sign, parts"]
# Those that are asked about: signRequest's parts are off where an app has its say.
ASKED = [name for name in ROUTES if name != "POST /sign, parts"]
# Those that a size can be told, a SHA-256, metadata.
WITH_SIZE = [name for name in ROUTES if "/signed_" in name] + ["POST /sign"]
# Those that answer a form where there is a largest size.
FORMS = ["GET /signed_form", "POST /signed_urls, forms", "GET /s3/params", "POST /sign"]
WITH_METADATA = [name for name in ROUTES if name not in ("POST /sign", "POST /sign, parts")]


def own(route: str, reply: replies.Response) -> replies.Response:
    """What a file's own call would have said, of a batch of one."""
    if not route.startswith("POST /signed_urls") or reply.status != 200:
        return reply
    (file,) = reply.json()["files"]
    return replies.Response(file.pop("status", 200), reply.headers, json.dumps(file).encode())


def ask(
    function: Function, route: str, file: File = File(), at: str = "", claims: Claims = None
) -> replies.Response:
    """`at` is what the path has before the route: a profile's, such as /avatar."""
    return own(route, function.invoke(called_by(claims, ROUTES[route](at, file))))


def granted(function: Function, route: str, file: File = File(), **how: Any) -> Dict[str, Any]:
    """One that must succeed."""
    reply = ask(function, route, file, **how)
    assert reply.status == 200, reply.body
    return dict(reply.json())


def key_of(grant: Mapping[str, Any]) -> str:
    return str(grant.get("key") or grant["fields"]["key"])


def stored_by(function: Function, route: str, file: File = File(), **how: Any) -> Dict[str, Any]:
    """The grant of a file that was uploaded by this route."""
    made = granted(function, route, file, **how)
    if route == "POST /s3/multipart":
        upload = Upload(function, made["key"], made["uploadId"], **how)
        assert upload.complete([upload.put(1, BODY)]).status == 200
    elif made.get("fields"):
        body, headers = form(made["fields"], BODY)
        assert send("POST", made["url"], body, headers).status in (201, 204)
    else:
        assert send("PUT", made["url"], BODY, made["headers"]).status == 200
    return made
