"""A file whose type the client does not know, as browsers don't that of an iPhone's photo: it is the name's, by every
way up."""

import json
from typing import Any, Callable, Dict, Optional

import batches
import pytest
from forms import post as post_form
from harness import Function
from multipart import JSON, SECRET, Upload
from s3http import send
from uploads import BODY, StartFunction, put

from local import replies
from local.events import Request

NAME = "IMG_1.HEIC"
# What says nothing of the type: no parameter, and an empty one.
UNTOLD = [None, ""]
Answer = Dict[str, Any]
Way = Callable[[Function, Optional[str]], str]


def taken(reply: replies.Response) -> Answer:
    assert reply.status == 200, reply.body
    return dict(reply.json())


def get(function: Function, path: str, name: str, type_name: str, type: Optional[str]) -> Answer:
    told = {} if type is None else {type_name: type}
    return taken(function.get(path, **{name: NAME, **told}))


def post(function: Function, path: str, **body: object) -> Answer:
    data = json.dumps(body).encode()
    return taken(function.request(Request("POST", path, headers=JSON, body=data)))


def url(function: Function, type: Optional[str]) -> str:
    signed = get(function, "/signed_url", "file_name", "file_type", type)
    assert put(signed).status == 200
    return str(signed["key"])


def url_by_post(function: Function, type: Optional[str]) -> str:
    signed = post(function, "/signed_url", file_name=NAME, file_type=type)
    assert put(signed).status == 200
    return str(signed["key"])


def urls(function: Function, type: Optional[str]) -> str:
    (signed,) = batches.signed(function, [{"file_name": NAME, "file_type": type}])
    assert batches.upload(signed).status == 200
    return str(signed["key"])


def form(function: Function, type: Optional[str]) -> str:
    made = get(function, "/signed_form", "file_name", "file_type", type)
    assert post_form(made, BODY).status == 201
    return str(made["key"])


def params(function: Function, type: Optional[str]) -> str:
    made = get(function, "/s3/params", "filename", "type", type)
    assert post_form(made, BODY).status == 201
    return str(made["fields"]["key"])


def parts(function: Function, type: Optional[str]) -> str:
    made = post(function, "/s3/multipart", filename=NAME, type=type, metadata={})
    upload = Upload(function, made["key"], made["uploadId"])
    assert upload.complete([upload.put(1, BODY)]).status == 200
    return upload.key


def sign(function: Function, type: Optional[str]) -> str:
    made = post(function, "/sign", method="PUT", key=NAME, contentType=type)
    assert send("PUT", made["url"], BODY, made["headers"]).status == 200
    return str(made["key"])


@pytest.mark.parametrize("type", UNTOLD)
@pytest.mark.parametrize("way", [url, url_by_post, urls, form, params, parts, sign])
def test_the_name_tells(
    function: StartFunction, s3: Any, bucket: str, way: Way, type: Optional[str]
) -> None:
    running = function(UPLOAD_TYPES="image/*", UPLOAD_SEAL_SECRET=SECRET)
    stored = s3.get_object(Bucket=bucket, Key=way(running, type))
    assert (stored["Body"].read(), stored["ContentType"]) == (BODY, "image/heic")


@pytest.mark.parametrize("type", UNTOLD)
def test_an_upload_in_parts_that_the_browser_starts(
    function: StartFunction, type: Optional[str]
) -> None:
    """Uppy's signRequest never tells the type then, and sends what the reply tells."""
    running = function(UPLOAD_TYPES="image/*")
    made = post(running, "/sign", method="POST", key=NAME, contentType=type)
    assert made["headers"] == {"Content-Type": "image/heic"}
    assert send("POST", made["url"], b"", made["headers"]).status == 200
