"""What stock Uppy asks for, and what it hears when it can't have that: its messages reach the user."""

import json
from typing import Callable, Dict

import pytest
from harness import Function
from multipart import JSON, SECRET, refused
from uploads import StartFunction

from local import replies
from local.events import Request

Ask = Callable[..., replies.Response]


def post(function: Function, path: str, **body: object) -> replies.Response:
    data = json.dumps(body).encode()
    return function.request(Request("POST", path, headers=JSON, body=data))


def params(function: Function, name: str = "a.png", type: str = "image/png") -> replies.Response:
    return function.get("/s3/params", filename=name, type=type)


def multipart(function: Function, name: str = "a.png", type: str = "image/png") -> replies.Response:
    return post(function, "/s3/multipart", filename=name, type=type, metadata={})


def sign_put(function: Function, name: str = "a.png", type: str = "image/png") -> replies.Response:
    return post(function, "/sign", method="PUT", key=name, contentType=type, expiresIn=900)


def sign_start(function: Function, name: str = "a.png", type: str = "image/png") -> replies.Response:
    return post(function, "/sign", method="POST", key=name, contentType=type, expiresIn=900)


COMPANION = {"name": "filename", "type": "type"}
SIGN = {"name": "key", "type": "contentType"}


@pytest.mark.parametrize(
    "ask, names",
    [(params, COMPANION), (multipart, COMPANION), (sign_put, SIGN), (sign_start, SIGN)],
    ids=["params", "multipart", "sign PUT", "sign POST"],
)
def test_an_error_names_what_the_client_sent(
    function: StartFunction, ask: Ask, names: Dict[str, str]
) -> None:
    running = function(UPLOAD_TYPES="image/*", UPLOAD_SEAL_SECRET=SECRET)
    refused(ask(running, name=".."), 400, "InvalidParameter", f"{names['name']} must not be")
    too_long = f"{names['name']} is too long"
    refused(ask(running, name="a" * 1024), 400, "InvalidParameter", too_long)
    refused(ask(running, type="image"), 400, "InvalidParameter", f"{names['type']} must be")
    refused(ask(running, type="text/html"), 403, "TypeNotAllowed", f"{names['type']} must be one of")
    if ask in (params, multipart):
        refused(ask(running, name=""), 400, "MissingParameter", "filename is required")
