"""UPLOAD_PROFILES: several kinds of upload in one deployment."""

import datetime
import json
import re
from typing import Any, Dict, List
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import botocore.auth
import pytest
from asking import PROFILES
from grants import ROUTES, File, ask, granted, key_of, own
from multipart import SECRET, Upload, created, refused
from profiles import FILES, FILM, KEYS, TWO, profiled, unknown
from s3http import send
from uploads import BODY, StartFunction, put, stored

from local import events, replies
from local.events import Request
from local.store import Credentials, Store

# What a front has before the profile: a stage or a mount, or nothing.
FRONTS = [
    ("http-v2", ""),
    ("http-v2", "/prod"),
    ("rest-v1", "/prod"),
    ("function-url", ""),
    ("alb", "/my/route"),
    ("alb-multi-value", ""),
]


# ---- Which profile a request is of ------------------------------------------------


@pytest.mark.parametrize("kind, before", FRONTS)
def test_every_route_of_every_front(function: StartFunction, kind: str, before: str) -> None:
    running = profiled(function)
    for route, request in ROUTES.items():
        for profile, file in FILES.items():
            reply = own(route, running.request(request(f"{before}/{profile}", file), kind))
            assert reply.status == 200, (route, reply.body)
            assert re.fullmatch(KEYS[profile], key_of(reply.json())), route


@pytest.mark.parametrize("kind, before", FRONTS)
def test_a_request_of_no_profile(function: StartFunction, kind: str, before: str) -> None:
    running = profiled(function)
    for name in ("", "/x", "/Avatar", "/AVATAR", "/avatars", "/avata", "/avatar/x", "/avatar/"):
        for route in ROUTES.values():
            reply = running.request(route(before + name, FILES["avatar"]), kind)
            unknown(reply, "avatar", "video")


@pytest.mark.parametrize("kind", [kind for kind in events.KINDS if kind != "http-v2"])
def test_a_name_in_other_letters(function: StartFunction, kind: str) -> None:
    """Compared as it came. An HTTP API decodes paths before the function sees them."""
    running = profiled(function)
    for name in ("/%61vatar", "/avata%72", "/avatar%00", "/avatar%2F", "/%2Favatar"):
        for route in ROUTES.values():
            unknown(running.request(route(name, FILES["avatar"]), kind))


def test_the_rest_of_the_routes_are_of_a_profile_as_well(function: StartFunction) -> None:
    running = profiled(function, UPLOAD_PAGE="on", UPLOAD_DOWNLOADS="on")
    for method, path in [
        ("GET", "/signed_download"),
        ("GET", "/s3/multipart/u"),
        ("DELETE", "/s3/multipart/u"),
        ("GET", "/s3/multipart/u/1"),
        ("GET", "/s3/multipart/u/batch"),
        ("POST", "/s3/multipart/u/complete"),
        ("GET", "/s3/sts"),
    ]:
        unknown(running.request(Request(method, path, "key=a")), "avatar", "video")
        reply = running.request(Request(method, f"/video{path}", "key=a"))
        assert reply.status != 404, (path, reply.body)


@pytest.mark.parametrize("before", ["", "/prod", "/my/route"])
def test_the_page_is_at_each_profile(function: StartFunction, before: str) -> None:
    running = profiled(function, UPLOAD_PAGE="on")
    for name in TWO:
        page = running.get(f"{before}/{name}/")
        assert page.status == 200 and page.header("content-type").startswith("text/html")
        for file in ("page.css", "page.js", "messages.js", "countersign.js", "sha256_worker.js"):
            assert running.get(f"{before}/{name}/{file}").status == 200
        refused(running.get(f"{before}/{name}/signed_url/"), 404, "NotFound")
    unknown(running.get(f"{before}/"), "avatar", "video")
    unknown(running.get(f"{before}/Avatar/"), "avatar", "video")


def test_the_page_is_told_what_its_profile_takes(function: StartFunction) -> None:
    running = profiled(function, UPLOAD_PAGE="on", UPLOAD_MAX_BYTES="77")
    for name, rules in TWO.items():
        told = running.get(f"/prod/{name}/page.json").json()
        assert told["types"] == rules["types"].split(",")
        assert told["max_bytes"] == rules.get("max_bytes", 77)
    unknown(running.get("/page.json"), "avatar", "video")


def test_what_is_at_no_path_is_no_matter_of_profiles(function: StartFunction) -> None:
    running = profiled(function)
    for path in ("/nothing", "/avatar/nothing", "/avatar"):
        refused(running.get(path), 404, "NotFound")
    refused(running.request(Request("DELETE", "/avatar/signed_url")), 405, "MethodNotAllowed")
    for path in ("/avatar/signed_url", "/signed_url"):
        assert running.request(Request("OPTIONS", path)).status == 204


def test_who_may_not_call_is_told_of_no_profile(function: StartFunction) -> None:
    running = profiled(function, UPLOAD_CALLER="required")
    for path in ("/signed_url", "/avatar/signed_url"):
        reply = running.get(path, file_name="a")
        refused(reply, 401, "CallerUnknown")
        assert "video" not in reply.json()["message"]


def test_without_profiles_any_prefix_is_one(function: StartFunction) -> None:
    for settings in ({}, {"UPLOAD_PROFILES": ""}, {"UPLOAD_PROFILES": "  "}):
        reply = function(**settings).get("/avatar/signed_url", file_name="a.png")
        assert reply.json()["key"].startswith("uploads/") and "avatar" not in reply.json()["key"]


# ---- What of one profile is of no use at another ----------------------------------


def multipart_calls(upload: Upload) -> List[replies.Response]:
    part = [{"PartNumber": 1, "ETag": "e"}]
    return [
        upload.sign(1),
        upload.batch("1"),
        upload.list(),
        upload.complete(part),
        upload.abort(),
    ]


def test_parts_are_of_their_profile(function: StartFunction, s3: Any, bucket: str) -> None:
    upload = created(profiled(function), "/avatar", **FILM)
    upload.at = "/video"
    for reply in multipart_calls(upload):
        assert reply.status == 403, reply.body
    upload.at = "/avatar"
    assert upload.complete([upload.put(1, BODY)]).status == 200
    assert stored(s3, bucket, upload.key) == BODY


SAME_KEYS = {"key": "uploads/avatar/{id}/{name}"}


@pytest.mark.parametrize(
    "then, at, status",
    [
        ({"portrait": SAME_KEYS}, "/portrait", 403),
        ({"portrait": SAME_KEYS}, "/avatar", 404),
        ({"avatar2": SAME_KEYS}, "/avatar2", 403),
        (None, "/avatar", 403),
        (None, "", 403),
        ({"avatar": {}}, "/avatar", 200),
    ],
)
def test_parts_of_a_profile_that_is_gone(
    function: StartFunction, then: Any, at: str, status: int
) -> None:
    """Though the new one could have made the very key."""
    upload = created(profiled(function, {"avatar": {}}), "/avatar", **FILM)
    if then is None:
        upload.function = function(
            UPLOAD_SEAL_SECRET=SECRET, UPLOAD_KEY="uploads/avatar/{id}/{name}"
        )
    else:
        upload.function = profiled(function, then)
    upload.at = at
    answers = multipart_calls(upload)
    if status == 200:
        assert [each.status for each in answers[:3]] == [200] * 3
    else:
        assert [each.status for each in answers] == [status] * 5
    if status == 404:
        unknown(answers[0], *then)


def test_parts_from_before_there_were_profiles(function: StartFunction) -> None:
    before = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_KEY="uploads/avatar/{id}/{name}")
    upload = created(before, **FILM)
    upload.function = profiled(function, {"avatar": {}})
    upload.at = "/avatar"
    for reply in multipart_calls(upload):
        assert reply.status == 403, reply.body


def test_downloads_are_of_their_profile(
    function: StartFunction, reading: Dict[str, str]
) -> None:
    profiles = {"avatar": {"downloads": "on"}, "video": {"downloads": "on"}, "closed": {}}
    running = profiled(function, profiles, **reading)
    upload = granted(running, "GET /signed_url", at="/avatar")
    assert put(upload).status == 200
    own = running.get("/avatar/signed_download", key=upload["key"])
    assert send("GET", own.json()["url"]).body == BODY
    refused(running.get("/video/signed_download", key=upload["key"]), 403, "KeyNotAllowed")
    refused(running.get("/closed/signed_download", key=upload["key"]), 404, "NotFound")


def test_a_key_of_another_profile_at_sign(function: StartFunction) -> None:
    running = profiled(function)
    key = key_of(granted(running, "POST /sign, parts", at="/avatar"))
    for method, number in (("PUT", 1), ("GET", None), ("POST", None), ("DELETE", None)):
        body = {"method": method, "key": key, "uploadId": "u", "partNumber": number}
        request = Request("POST", "/video/sign", body=json.dumps(body).encode())
        refused(running.request(request), 403, "KeyNotAllowed")


# ---- What is signed ---------------------------------------------------------------


def test_botocore_signs_the_same(
    function: StartFunction, credentials: Credentials, store: Store, bucket: str, s3: Any
) -> None:
    profile = {"expires_seconds": 60, "tags": "kind=avatar", "cache_control": "no-store"}
    running = profiled(function, {"avatar": profile})
    upload = granted(running, "GET /signed_url", File("żółw 1+1.png"), at="/avatar")
    at = parse_qs(urlsplit(upload["url"]).query)["X-Amz-Date"][0]
    now = datetime.datetime.strptime(at, "%Y%m%dT%H%M%SZ")
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda **_: now):
        expected = credentials.client("s3", store.url).generate_presigned_url(
            "put_object",
            Params={
                "Bucket": bucket,
                "Key": upload["key"],
                "ContentType": "image/png",
                "Tagging": "kind=avatar",
                "CacheControl": "no-store",
            },
            ExpiresIn=60,
        )
    assert upload["url"] == expected
    assert put(upload).status == 200
    assert stored(s3, bucket, upload["key"]) == BODY


def test_each_route_stores_what_it_grants(function: StartFunction, s3: Any, bucket: str) -> None:
    running = profiled(function)
    for route in ("GET /signed_url", "POST /signed_url", "POST /sign"):
        upload = granted(running, route, at="/avatar")
        assert send("PUT", upload["url"], BODY, upload["headers"]).status == 200
        assert stored(s3, bucket, upload["key"]) == BODY


@pytest.mark.parametrize("between", ["/", "/x/", "/prod/"])
def test_a_path_of_two_profiles(function: StartFunction, between: str) -> None:
    """A route /avatar/{proxy+} that is open, an IAM policy of .../*/avatar/*, an authorizer that looks
    where the path begins: all of them let this pass for the avatar's."""
    running = function(UPLOAD_PROFILES=PROFILES, UPLOAD_SEAL_SECRET=SECRET)
    for route in ROUTES:
        reply = ask(running, route, at=f"/avatar{between}video")
        assert reply.status == 404, (route, reply.body)
