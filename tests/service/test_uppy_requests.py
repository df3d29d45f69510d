"""What stock Uppy asks for, and what it hears when it can't have that: its messages reach the user."""

import json
from typing import Callable, Dict, Set

import pytest
from harness import Function
from multipart import JSON, SECRET, Upload, refused
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


# ---- Settings that not every way of uploading goes with: the table of docs/uppy.md ----

MAX, DENY, PUT = {"UPLOAD_MAX_BYTES": "1000"}, {"UPLOAD_OVERWRITE": "deny"}, {"UPLOAD_FORM": "put"}
REQUIRES = [{"UPLOAD_REQUIRE": "size"}, {"UPLOAD_REQUIRE": "sha256"}]
WAYS = {"params": params, "parts": multipart, "sign": sign_put, "sign parts": sign_start}


@pytest.mark.parametrize(
    "settings, form, going",
    [
        ({}, True, {"params", "parts", "sign", "sign parts"}),
        (MAX, True, {"params", "parts", "sign"}),
        (DENY, False, {"parts", "sign", "sign parts"}),
        ({**DENY, **PUT}, False, {"params", "parts", "sign", "sign parts"}),
        ({**DENY, **MAX}, False, {"parts"}),
        ({**DENY, **MAX, **PUT}, False, {"parts"}),
        (PUT, False, {"params", "parts", "sign", "sign parts"}),
        ({**PUT, **MAX}, False, {"parts"}),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_what_goes_with_which_setting(
    function: StartFunction, settings: Dict[str, str], form: bool, going: Set[str]
) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, **settings)
    answers = {way: ask(running) for way, ask in WAYS.items()}
    assert {way for way, answer in answers.items() if answer.status == 200} == going
    # Uppy 6 takes a form alone from Companion.
    if "params" in going:
        assert (answers["params"].json()["method"] == "POST") == form
    for way in WAYS.keys() - going:
        message = answers[way].json()["message"]
        assert "shouldUseMultipart" in message, f"{way}: {message}"


@pytest.mark.parametrize("settings", REQUIRES, ids=["size", "sha256"])
def test_what_uppy_never_declares(function: StartFunction, settings: Dict[str, str]) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, **settings)
    for ask in (params, sign_put):
        reply = ask(running)
        assert reply.status == 400
        assert "Uppy tells none" in reply.json()["message"]
    refused(sign_start(running), 403, "LimitsNeedCompanion")
    started = multipart(running)
    if started.status == 200:  # the checksum is each part's
        answer = started.json()
        started = Upload(running, answer["key"], answer["uploadId"]).sign(1)
    assert started.status == 400
    assert started.json()["code"] in ("MissingParameter", "MissingChecksum")
