"""The sample events of events/, and what a client does with the function's reply to each."""

import gzip
import json
from pathlib import Path
from typing import Any, Callable, Dict, Mapping
from urllib.parse import parse_qs, urlsplit

import forms
import multipart
from s3http import Answer, send

from local import replies

EVENTS = Path(__file__).resolve().parents[2] / "events"
WEB = EVENTS.parent / "build/web"
# The page's files by the path that has each.
PAGE_FILES = {
    **{f"/{name}": (WEB / name).read_bytes()
       for name in ("index.html", "page.css", "page.js", "messages.js", "login.js", "sha256_worker.js")},
    "/": (WEB / "index.html").read_bytes(),
    "/countersign.js": (WEB / "countersign.min.js").read_bytes(),
}  # fmt: skip
SAMPLES = sorted(EVENTS.glob("*.json"))
# The reply that a front takes, by what the names of its events start with.
REPLY_KINDS = {
    "http-api-v2": "http-v2",
    "function-url": "function-url",
    "rest-v1": "rest-v1",
    "alb-multi-value": "alb-multi-value",
    "alb": "alb",
}
FILE = b"Hello, world!"  # events/README.md
ORIGIN = "https://app.example.com"
# Without these the function refuses some of them.
SETTINGS = {"UPLOAD_PAGE": "on", "UPLOAD_SEAL_SECRET": multipart.SECRET, "UPLOAD_DOWNLOADS": "on"}
DECLARES_SIZE = ["content-length", "content-type", "host"]
SIGNED_HEADERS = {  # where they are others than content-type and host
    "http-api-v2-post-signed-url": DECLARES_SIZE,
    "http-api-v2-post-signed-url-base64": [*DECLARES_SIZE, "x-amz-checksum-sha256"],
    "rest-v1-post-signed-url": DECLARES_SIZE,
    "function-url-post-signed-url": DECLARES_SIZE,
    "alb-post-signed-url": DECLARES_SIZE,
}


def reply_kind(sample: Path) -> str:
    names = [name for name in REPLY_KINDS if sample.name.startswith(name)]
    return REPLY_KINDS[max(names, key=len)]


def request_of(sample: Path) -> str:
    """Method and route, such as `GET /signed_url`."""
    event = json.loads(sample.read_text(encoding="utf-8"))
    method = event.get("httpMethod") or event["requestContext"]["http"]["method"]
    path: str = event.get("rawPath") or event["path"]
    return f"{method} {path.replace('/my/route', '', 1)}"


def check(sample: Path, reply: replies.Response, s3: Any, bucket: str) -> None:
    """Uses the reply as a client does; `s3` has all rights."""
    assert reply.header("access-control-allow-origin") in ("*", ORIGIN)
    request = request_of(sample)
    if request.startswith("OPTIONS "):
        assert (reply.status, reply.body) == (204, b"")
        return
    assert reply.status == 200, reply.body
    if request == "GET /":
        assert reply.header("content-type").startswith("text/html")
        assert gzip.decompress(reply.body) == PAGE_FILES["/"]
        return
    CHECKS[request](sample, dict(reply.json()), s3, bucket)


def _put(upload: Mapping[str, Any], body: bytes) -> Answer:
    return send("PUT", upload["url"], body, upload["headers"])


def _is_stored(s3: Any, bucket: str, key: str) -> None:
    got = s3.get_object(Bucket=bucket, Key=key)
    assert got["Body"].read() == FILE
    assert got["ContentType"] == "text/plain"


def _signed_url(sample: Path, upload: Dict[str, Any], s3: Any, bucket: str) -> None:
    query = parse_qs(urlsplit(upload["url"]).query)
    signed = SIGNED_HEADERS.get(sample.stem, ["content-type", "host"])
    assert query["X-Amz-SignedHeaders"] == [";".join(signed)]
    assert _put(upload, FILE).status == 200
    _is_stored(s3, bucket, upload["key"])
    if "content-length" in signed:
        assert _put(upload, FILE + b"x").status == 403


def _signed_urls(sample: Path, batch: Dict[str, Any], s3: Any, bucket: str) -> None:
    *files, refused = batch["files"]
    assert len(files) == 2 and refused["status"] == 400
    for file in files:
        _signed_form(sample, file, s3, bucket)


def _signed_form(sample: Path, form: Dict[str, Any], s3: Any, bucket: str) -> None:
    assert forms.post(form, FILE).status == 201
    _is_stored(s3, bucket, form["key"])


def _sign(sample: Path, upload: Dict[str, Any], s3: Any, bucket: str) -> None:
    assert _put(upload, FILE).status == 200
    _is_stored(s3, bucket, upload["key"])


def _signed_download(sample: Path, download: Dict[str, Any], s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key=download["key"], Body=FILE)
    got = send("GET", download["url"])
    assert (got.status, got.body) == (200, FILE)
    assert got.headers["content-disposition"].startswith("attachment")


def _multipart(sample: Path, upload: Dict[str, Any], s3: Any, bucket: str) -> None:
    assert upload["bucket"] == bucket
    (begun,) = s3.list_multipart_uploads(Bucket=bucket, Prefix=upload["key"])["Uploads"]
    assert upload["uploadId"] != begun["UploadId"]  # it is sealed
    s3.abort_multipart_upload(Bucket=bucket, Key=upload["key"], UploadId=begun["UploadId"])


CHECKS: Dict[str, Callable[[Path, Dict[str, Any], Any, str], None]] = {
    "GET /signed_url": _signed_url,
    "POST /signed_url": _signed_url,
    "POST /signed_urls": _signed_urls,
    "GET /signed_form": _signed_form,
    "POST /sign": _sign,
    "GET /signed_download": _signed_download,
    "POST /s3/multipart": _multipart,
}
