"""What a Lambda authorizer's context narrows: one caller's limits, which never get wider."""

import json
from pathlib import Path
from typing import Any, Dict, List
from urllib.parse import parse_qs, urlsplit

import pytest
from callers import LAMBDA, Claims, lambda_v2
from grants import FORMS, ROUTES, WITH_SIZE, File, granted, key_of, own
from grants import ask as ask_v2
from harness import Function
from multipart import MIB, PART_BYTES, SECRET, Upload, left_open, refused
from s3http import form, send
from uploads import BODY, StartFunction, stored

from local import events, replies
from local.events import Request

both_fronts = pytest.mark.parametrize("front", LAMBDA)
TEXT = File("a.txt", "text/plain")


def ask(
    function: Function,
    route: str,
    claims: Claims,
    file: File = File(),
    front: str = "http-v2",
    at: str = "",
) -> replies.Response:
    context = {"principalId": "user|a", **(claims or {})}  # a REST API's authorizer always has it
    return own(route, function.invoke(LAMBDA[front](ROUTES[route](at, file), context), front))


@pytest.fixture
def running(function: StartFunction) -> Function:
    return function(UPLOAD_SEAL_SECRET=SECRET)


# ---- Each claim -------------------------------------------------------------------

TEN: List[Any] = [("http-v2", 10), ("http-v2", "10"), ("rest-v1", "10")]


@pytest.mark.parametrize("front, limit", TEN)
def test_max_bytes(running: Function, front: str, limit: Any) -> None:
    claims = {"uploadMaxBytes": limit}
    for route in [*WITH_SIZE, "POST /s3/multipart"]:
        reply = ask(running, route, claims, File(size=11), front)
        refused(reply, 413, "TooLarge", "10 bytes")
        assert ask(running, route, claims, File(size=10), front).status == 200
        assert ask_v2(running, route, File(size=11)).status == 200
    refused(ask(running, "GET /signed_url", claims, File(), front), 400, "MissingParameter", "size")
    refused(ask(running, "POST /sign, parts", claims, File(), front), 403, "LimitsNeedCompanion")


@pytest.mark.parametrize("route", FORMS)
def test_a_form_is_held_to_it(running: Function, route: str) -> None:
    """Of a size that nobody told."""
    made = ask(running, route, {"uploadMaxBytes": len(BODY)}).json()
    for size, status in ((len(BODY), 201), (len(BODY) + 1, 400)):
        body, headers = form(made["fields"], b"x" * size)
        assert send("POST", made["url"], body, headers).status == status


@pytest.mark.parametrize("setting", [{"UPLOAD_FORM": "put"}, {"UPLOAD_OVERWRITE": "deny"}])
def test_max_bytes_without_forms(function: StartFunction, setting: Dict[str, str]) -> None:
    running, claims = function(**setting), {"uploadMaxBytes": 10}
    refused(ask(running, "POST /sign", claims), 400, "MissingParameter", "size")
    assert ask(running, "POST /sign", claims, File(size=10)).status == 200
    if "UPLOAD_FORM" in setting:
        refused(ask(running, "GET /s3/params", claims), 400, "MissingParameter")


@pytest.mark.parametrize(
    "front, types",
    [
        ("http-v2", "image/*,application/pdf"),
        ("http-v2", " image/* , application/pdf "),
        ("http-v2", ["image/*", "application/pdf"]),
        ("rest-v1", "image/*,application/pdf"),
    ],
)
def test_types(running: Function, front: str, types: Any) -> None:
    claims = {"uploadTypes": types}
    for route in ROUTES:
        refused(ask(running, route, claims, TEXT, front), 403, "TypeNotAllowed")
        for file in (File(), File("a.pdf", None), File("a.pdf", "application/pdf")):
            assert ask(running, route, claims, file, front).status == 200, route
    refused(ask(running, "GET /signed_url", claims, File("a", None), front), 403, "TypeNotAllowed")
    signed = ask(running, "POST /sign, parts", claims, File("a.gif", None), front).json()
    assert signed["headers"] == {"Content-Type": "image/gif"}


@pytest.mark.parametrize("front, seconds", [("http-v2", 7), ("http-v2", "7"), ("rest-v1", "7")])
def test_expires_seconds(running: Function, front: str, seconds: Any) -> None:
    claims = {"uploadExpiresSeconds": seconds}
    for route in ROUTES:
        made = ask(running, route, claims, File(), front).json()
        if route == "POST /s3/multipart":
            continue  # its URLs come with its parts
        told = made.get("expires_in", made.get("expires"))
        assert told in (7, None), route
        if "fields" not in made or not made["fields"]:
            assert parse_qs(urlsplit(made["url"]).query)["X-Amz-Expires"] == ["7"], route
    longer = ask(running, "GET /signed_url", claims, File(expires=8), front)
    refused(longer, 400, "InvalidParameter", "expires")
    shorter = ask(running, "GET /signed_url", claims, File(expires=6), front)
    assert shorter.json()["expires_in"] == 6


def test_the_url_of_a_part_and_of_a_download(function: StartFunction) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_DOWNLOADS="on")
    claims = {"uploadExpiresSeconds": 7}
    made = granted(running, "POST /s3/multipart", claims=claims)
    request = Request("GET", f"/s3/multipart/{made['uploadId']}/1", f"key={made['key']}")
    part = running.invoke(lambda_v2(request, claims)).json()
    assert part["expires"] == 7
    assert parse_qs(urlsplit(part["url"]).query)["X-Amz-Expires"] == ["7"]
    request = Request("GET", "/signed_download", f"key={made['key']}")
    assert running.invoke(lambda_v2(request, claims)).json()["expires_in"] == 7


PROFILES = json.dumps({"avatar": {}, "video": {}, "audio": {}})


@pytest.mark.parametrize(
    "front, names",
    [
        ("http-v2", "avatar,audio"),
        ("http-v2", "avatar , audio"),
        ("http-v2", ["audio", "avatar"]),
        ("rest-v1", "avatar,audio,other"),
    ],
)
def test_profiles(function: StartFunction, front: str, names: Any) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_PROFILES=PROFILES)
    claims = {"uploadProfiles": names}
    for route in ROUTES:
        for profile, status in (("avatar", 200), ("audio", 200), ("video", 403), ("other", 404)):
            reply = ask(running, route, claims, File(), front, at=f"/{profile}")
            assert reply.status == status, (route, profile, reply.body)
            if status == 403:
                refused(reply, 403, "ProfileNotAllowed")


@both_fronts
@pytest.mark.parametrize("names", ["avatar", "none"])
def test_profiles_where_there_are_none(running: Function, front: str, names: str) -> None:
    for route in ROUTES:
        for at in ("", "/avatar"):
            reply = ask(running, route, {"uploadProfiles": names}, File(), front, at)
            refused(reply, 403, "ProfileNotAllowed")


@pytest.mark.parametrize("names", ["ava", "avatars", "avatar_", "x,video", "avatar-video"])
def test_a_part_of_a_name_is_none(function: StartFunction, names: str) -> None:
    running = function(UPLOAD_PROFILES=PROFILES)
    reply = ask(running, "GET /signed_url", {"uploadProfiles": names}, at="/avatar")
    refused(reply, 403, "ProfileNotAllowed")


def test_profiles_at_what_comes_after_a_grant(function: StartFunction) -> None:
    running = function(
        UPLOAD_SEAL_SECRET=SECRET, UPLOAD_PROFILES=PROFILES, UPLOAD_DOWNLOADS="on"
    )
    made = granted(running, "POST /s3/multipart", at="/video")
    for reply in later_calls(running, made, {"uploadProfiles": "avatar"}, "/video"):
        refused(reply, 403, "ProfileNotAllowed")


def later_calls(
    function: Function, made: Dict[str, Any], claims: Claims, at: str = ""
) -> List[replies.Response]:
    """All of an upload that are no new one, and a download."""
    start, query = f"{at}/s3/multipart/{made['uploadId']}", f"key={made['key']}"
    parts = b'{"parts":[{"PartNumber":1,"ETag":"e"}]}'
    to_json = [("Content-Type", "application/json")]
    requests = [
        Request("GET", f"{start}/1", query),
        Request("GET", f"{start}/batch", f"{query}&partNumbers=1"),
        Request("GET", start, query),
        Request("POST", f"{start}/complete", query, to_json, parts),
        Request("DELETE", start, query),
        Request("GET", f"{at}/signed_download", query),
    ]
    return [function.invoke(lambda_v2(request, claims)) for request in requests]


# ---- Never wider ------------------------------------------------------------------


def test_more_than_the_deployment_allows(function: StartFunction) -> None:
    running = function(
        UPLOAD_MAX_BYTES="10",
        UPLOAD_TYPES="image/*",
        UPLOAD_EXPIRES_SECONDS="60",
        UPLOAD_SEAL_SECRET=SECRET,
    )
    wide = {"uploadMaxBytes": 1000, "uploadTypes": "*/*", "uploadExpiresSeconds": 3600}
    for route in WITH_SIZE:
        refused(ask(running, route, wide, File(size=11)), 413, "TooLarge", "10 bytes")
        refused(ask(running, route, wide, File("a.txt", "text/plain", 1)), 403, "TypeNotAllowed")
    assert ask(running, "GET /signed_url", wide, File(size=10)).json()["expires_in"] == 60
    made = ask(running, "GET /signed_form", wide).json()
    body, headers = form(made["fields"], b"x" * 11)
    assert send("POST", made["url"], body, headers).status == 400


@pytest.mark.parametrize("types", ["text/*", ["text/plain"], "image/svg+xml", "*/*, text/*"])
def test_types_outside_of_the_deployments(function: StartFunction, types: Any) -> None:
    """Only what both let in: of text/* that is nothing here."""
    running = function(UPLOAD_TYPES="image/png,image/gif", UPLOAD_SEAL_SECRET=SECRET)
    status = 200 if "*/*" in types else 403
    for route in ROUTES:
        refused(ask(running, route, {"uploadTypes": types}, TEXT), 403, "TypeNotAllowed")
        assert ask(running, route, {"uploadTypes": types}).status == status


def test_a_profile_is_narrowed_as_well(function: StartFunction) -> None:
    profiles = {"avatar": {"max_bytes": 100, "types": "image/*"}}
    running = function(UPLOAD_PROFILES=json.dumps(profiles))
    claims = {"uploadMaxBytes": 10, "uploadProfiles": "avatar", "uploadTypes": "*/*"}
    for claimed, size, status in (({}, 100, 200), (claims, 10, 200), (claims, 11, 413)):
        file = File(size=size)
        assert ask(running, "GET /signed_url", claimed, file, at="/avatar").status == status
    file = File("a.txt", "text/plain", 1)
    refused(ask(running, "GET /signed_url", claims, file, at="/avatar"), 403, "TypeNotAllowed")


def test_one_callers_limits_are_no_other_ones(running: Function) -> None:
    """The function lives on between calls."""
    tight = {"uploadMaxBytes": 1, "uploadTypes": "text/css", "uploadExpiresSeconds": 1}
    for claims, status in ((tight, 403), ({}, 200), (tight, 403), ({"sub": "a"}, 200)):
        assert ask(running, "GET /signed_url", claims, File(size=10)).status == status
    assert granted(running, "GET /signed_url")["expires_in"] == 300


def test_what_a_client_says_narrows_nothing(running: Function) -> None:
    request = Request("GET", "/signed_url", "file_name=a&uploadMaxBytes=0", [("uploadTypes", "x")])
    for kind in events.KINDS:
        assert running.request(request, kind).status == 200


# ---- Values without a meaning -----------------------------------------------------

NO_NUMBER: List[Any] = [None, 0, -1, 1.5, True, "", " ", "0", "-1", "1.5", "1e3", "ten", "0x10"]
NO_NUMBER += ["10 MB", [], [10], {}, {"a": 1}]
NO_LIST: List[Any] = [None, "", " ", ",", 1, True, [], [""], [1], [None], ["a", 1], {}, {"a": "b"}]
MEANINGLESS: Dict[str, List[Any]] = {
    "uploadMaxBytes": NO_NUMBER,
    "uploadExpiresSeconds": NO_NUMBER,
    "uploadTypes": [*NO_LIST, "image", ["image"], "image/*,", "a b/c"],
    "uploadProfiles": NO_LIST,
}


@pytest.mark.parametrize("claim", MEANINGLESS)
def test_a_value_without_a_meaning(running: Function, tmp_path: Path, claim: str) -> None:
    for value in MEANINGLESS[claim]:
        for route in ROUTES:
            reply = ask(running, route, {claim: value})
            assert (reply.status, reply.json().get("code")) == (500, "AuthorizerInvalid"), value
    lines = (tmp_path / "function.log").read_text().splitlines()
    told = [line for line in lines if "ERROR" in line and claim in line]
    assert len(told) == len(ROUTES) * len(MEANINGLESS[claim])


def test_such_a_text_of_a_rest_api(running: Function, tmp_path: Path) -> None:
    for claim in ("uploadMaxBytes", "uploadTypes", "uploadExpiresSeconds"):
        for value in ("", "0", "what-nobody-shall-read", "null", "[]"):
            reply = ask(running, "GET /signed_url", {claim: value}, front="rest-v1")
            assert reply.status == 500 and b"what-nobody" not in reply.body, (claim, value)
            assert reply.json()["code"] == "AuthorizerInvalid"
        log = (tmp_path / "function.log").read_text()
        assert claim in log and "what-nobody" not in log


def test_an_empty_text_is_no_pass(running: Function) -> None:
    """Though it be all that a REST API's authorizer says."""
    claims = {"principalId": "", "uploadMaxBytes": ""}
    refused(ask(running, "GET /signed_url", claims, front="rest-v1"), 500, "AuthorizerInvalid")


@pytest.mark.parametrize(
    "context, status, code",
    [
        ({"uploadTypes": ["text/plain"]}, 403, "TypeNotAllowed"),
        ({"uploadProfiles": ["avatar"]}, 403, "ProfileNotAllowed"),
        ({"uploadMaxBytes": None}, 500, "AuthorizerInvalid"),
        ({"uploadMaxBytes": [10]}, 500, "AuthorizerInvalid"),
        ({"uploadMaxBytes": {"a": 1}, "integrationLatency": 12}, 500, "AuthorizerInvalid"),
    ],
)
def test_limits_that_are_all_that_is_said(
    running: Function, context: Dict[str, Any], status: int, code: str
) -> None:
    """An HTTP API's events of payload format 1.0 have a REST API's form, but no principalId, and
    values of any type: one that tells nobody in is a limit all the same."""
    for route in ROUTES:
        event = events.rest_v1(ROUTES[route]("", File()))
        event["version"] = "1.0"
        event["requestContext"]["authorizer"] = context
        refused(own(route, running.invoke(event, "rest-v1")), status, code)


def test_such_a_value_after_the_grant(function: StartFunction) -> None:
    running = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_DOWNLOADS="on")
    made = granted(running, "POST /s3/multipart")
    for reply in later_calls(running, made, {"uploadMaxBytes": "much"}):
        refused(reply, 500, "AuthorizerInvalid")


def test_a_value_without_a_meaning_is_no_pass_for_a_profile(function: StartFunction) -> None:
    running = function(UPLOAD_PROFILES=PROFILES)
    for value in (None, "", [], 1):
        reply = ask(running, "GET /signed_url", {"uploadProfiles": value}, at="/avatar")
        refused(reply, 500, "AuthorizerInvalid")


# ---- Parts ------------------------------------------------------------------------


def started(function: Function, claims: Claims) -> Upload:
    made = granted(function, "POST /s3/multipart", claims=claims)
    return Upload(function, made["key"], made["uploadId"], claims=claims)


@pytest.mark.parametrize(
    "then, now, size, status",
    [
        (20, 20, 20, 200),
        (20, 20, 21, 413),
        (20, 10, 11, 413),  # it got smaller
        (20, 10, 10, 200),
        (20, 1000, 21, 413),  # what was sealed stays
        (20, None, 21, 413),
        (None, 10, 11, 413),
        (None, None, 21, 200),
    ],
)
def test_a_cap_that_changes_before_the_completion(
    running: Function, s3: Any, bucket: str, then: Any, now: Any, size: int, status: int
) -> None:
    def claims(limit: Any) -> Claims:
        return {} if limit is None else {"uploadMaxBytes": limit}

    upload = started(running, claims(then))
    parts = [upload.put(1, b"x" * size)]
    upload.claims = claims(now)
    reply = upload.complete(parts)
    if status == 200:
        assert reply.status == 200, reply.body
        assert stored(s3, bucket, upload.key) == b"x" * size
    else:
        refused(reply, 413, "TooLarge", f"{min(each for each in (then, now) if each)}")
        assert stored(s3, bucket, upload.key) is None
        assert left_open(s3, bucket, upload.key) == []


def test_parts_under_a_cap(running: Function) -> None:
    upload = started(running, {"uploadMaxBytes": PART_BYTES + MIB})
    assert upload.sign(2).status == 200
    refused(upload.sign(3), 413, "TooLarge")
    upload.claims = {"uploadMaxBytes": PART_BYTES}
    refused(upload.sign(2), 413, "TooLarge")
    refused(upload.batch("1,2"), 413, "TooLarge")
    assert upload.sign(1).status == 200


def test_a_declared_size_under_a_smaller_cap(running: Function) -> None:
    made = granted(running, "POST /s3/multipart", File(size=20), claims={"uploadMaxBytes": 20})
    upload = Upload(running, key_of(made), made["uploadId"], claims={"uploadMaxBytes": 10})
    refused(upload.sign(1), 413, "TooLarge", "10")


@pytest.mark.parametrize("types", [["", "image/png"], ["", "", "image/png"]])
def test_an_item_of_a_list_that_is_none(function: StartFunction, types: Any) -> None:
    event = events.http_v2(ROUTES["GET /signed_url"]("", File()))
    event["requestContext"]["authorizer"] = {"lambda": {"uploadTypes": types}}
    refused(function().invoke(event), 500, "AuthorizerInvalid")
