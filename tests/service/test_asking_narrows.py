"""What an app that lets an upload in may say of it."""

import json
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from asking import PROFILES, asking, log_of
from fake_app import StartApp
from grants import ASKED, FORMS, WITH_METADATA, WITH_SIZE, File, ask, granted, key_of, stored_by
from multipart import JSON, SECRET, Upload, refused, seal, unseal
from s3http import form, send
from uploads import BODY, StartFunction, stored

from local.events import Request

# ---- Yes, but ---------------------------------------------------------------------


def test_a_largest_size(function: StartFunction, app: StartApp) -> None:
    running = asking(function, app({"allow": True, "max_bytes": 10}))
    for route in [*WITH_SIZE, "POST /s3/multipart"]:
        refused(ask(running, route, File(size=11)), 413, "TooLarge", "10 bytes")
        assert ask(running, route, File(size=10)).status == 200
    refused(ask(running, "GET /signed_url"), 400, "MissingParameter", "size")
    refused(ask(running, "POST /sign, parts"), 403, "LimitsNeedCompanion")


@pytest.mark.parametrize("route", FORMS)
def test_a_largest_size_of_a_form(function: StartFunction, app: StartApp, route: str) -> None:
    """Of a size that nobody told."""
    made = granted(asking(function, app({"allow": True, "max_bytes": len(BODY)})), route)
    for size, status in ((len(BODY), 201), (len(BODY) + 1, 400)):
        body, headers = form(made["fields"], b"x" * size)
        assert send("POST", made["url"], body, headers).status == status


def test_a_largest_size_of_parts(
    function: StartFunction, app: StartApp, s3: Any, bucket: str
) -> None:
    running = asking(function, app({"allow": True, "max_bytes": len(BODY) - 1}))
    made = granted(running, "POST /s3/multipart")
    upload = Upload(running, made["key"], made["uploadId"])
    refused(upload.complete([upload.put(1, BODY)]), 413, "TooLarge", str(len(BODY) - 1))
    assert stored(s3, bucket, upload.key) is None


def test_a_largest_size_can_not_be_left_behind(function: StartFunction, app: StartApp) -> None:
    """S3's own upload id stands in the sealed one, and /sign would join its parts unseen."""
    running = asking(function, app({"allow": True, "max_bytes": 10}))
    made = granted(running, "POST /s3/multipart")
    of_s3 = {"key": made["key"], "uploadId": unseal(made["uploadId"])}
    for more in ({"method": "PUT", "partNumber": 1}, {"method": "POST"}):
        body = json.dumps({**of_s3, **more}).encode()
        reply = running.request(Request("POST", "/sign", headers=JSON, body=body))
        assert reply.status == 403, reply.body


@pytest.mark.parametrize("types", ["text/*,image/gif", ["text/*", "image/gif"]])
def test_types(function: StartFunction, app: StartApp, types: Any) -> None:
    running = asking(function, app({"allow": True, "types": types}))
    for route in ASKED:
        refused(ask(running, route), 403, "TypeNotAllowed")
        assert ask(running, route, File("a.gif", None)).status == 200


@pytest.mark.parametrize("setting", [{"UPLOAD_FORM": "put"}, {"UPLOAD_OVERWRITE": "deny"}])
def test_a_largest_size_without_forms(
    function: StartFunction, app: StartApp, setting: Dict[str, str]
) -> None:
    running = asking(function, app({"allow": True, "max_bytes": 10}), **setting)
    refused(ask(running, "POST /sign"), 400, "MissingParameter", "size")
    assert ask(running, "POST /sign", File(size=10)).status == 200
    if "UPLOAD_FORM" in setting:
        refused(ask(running, "GET /s3/params"), 400, "MissingParameter")


def test_a_lifetime(function: StartFunction, app: StartApp) -> None:
    running = asking(function, app({"allow": True, "expires_seconds": 7}))
    assert granted(running, "GET /signed_url")["expires_in"] == 7
    assert granted(running, "GET /signed_form")["expires_in"] == 7
    assert granted(running, "GET /s3/params")["expires"] == 7
    query = parse_qs(urlsplit(granted(running, "POST /sign")["url"]).query)
    assert query["X-Amz-Expires"] == ["7"]
    assert granted(running, "GET /signed_url", File(expires=6))["expires_in"] == 6


def test_nothing_gets_wider(function: StartFunction, app: StartApp) -> None:
    wide = {"allow": True, "max_bytes": 1000, "types": "*/*", "expires_seconds": 3600}
    asked = app(wide)
    running = asking(
        function,
        asked,
        UPLOAD_MAX_BYTES="10",
        UPLOAD_TYPES="image/*",
        UPLOAD_EXPIRES_SECONDS="60",
    )
    assert granted(running, "GET /signed_url", File(size=10))["expires_in"] == 60
    made = granted(running, "GET /signed_form")
    body, headers = form(made["fields"], b"x" * 11)
    assert send("POST", made["url"], body, headers).status == 400
    claims = {"uploadMaxBytes": 5, "uploadExpiresSeconds": 4}
    made = granted(running, "GET /signed_form", claims=claims)
    body, headers = form(made["fields"], b"x" * 6)
    assert send("POST", made["url"], body, headers).status == 400
    assert made["expires_in"] == 4


def test_one_answer_is_none_for_the_next(function: StartFunction, app: StartApp) -> None:
    tight = {"allow": True, "max_bytes": 1, "types": "text/css", "tags": {"a": "b"}, "key": "k"}
    running = asking(function, app(tight, {"allow": True}))
    refused(ask(running, "GET /signed_url", File(size=2)), 403, "TypeNotAllowed")
    made = granted(running, "GET /signed_url", File(size=2))
    assert made["key"].endswith("/a.png") and "x-amz-tagging" not in made["headers"]


# ---- What the app gives an object -------------------------------------------------


def test_metadata(function: StartFunction, app: StartApp, s3: Any, bucket: str) -> None:
    """The app's value goes before the client's of the same name, however that is written."""
    answer = {"allow": True, "metadata": {"owner": "alice", "Plan": "ż", "n": 3}}
    running = asking(function, app(answer))
    file = File(metadata={"note": "x", "OWNER": "eve", "plan": "gold"})
    for route in ASKED:
        head = s3.head_object(Bucket=bucket, Key=key_of(stored_by(running, route, file)))
        told = {name: value for name, value in head["Metadata"].items() if name != "plan"}
        note = {"note": "x"} if route in WITH_METADATA else {}
        assert told == {"owner": "alice", "n": "3", **note}, route
        assert head["Metadata"]["plan"] in ("ż", "=?UTF-8?B?xbw=?=")


def tags_of(s3: Any, bucket: str, key: str) -> Dict[str, str]:
    found = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    return {tag["Key"]: tag["Value"] for tag in found}


@pytest.mark.parametrize("own", ["", "kind=a%20b&x=1"])
def test_tags(
    function: StartFunction, app: StartApp, s3: Any, bucket: str, own: str
) -> None:
    tags = {"scan": "no", "a b": "c/d+e=f", "empty": ""}
    running = asking(function, app({"allow": True, "tags": tags}), UPLOAD_TAGS=own)
    for route in ASKED:
        key = key_of(stored_by(running, route))
        assert tags_of(s3, bucket, key) == {**dict(parse_qsl(own)), **tags}, route


@pytest.mark.parametrize(
    "given, key",
    [
        ("team/a.png", "uploads/team/a.png"),
        ("uploads/team/a.png", "uploads/team/a.png"),
        ("a", "uploads/a"),
        ("żółw 1+1.png", "uploads/żółw 1+1.png"),
        ("uploadsx/a", "uploads/uploadsx/a"),
    ],
)
def test_a_key(
    function: StartFunction, app: StartApp, s3: Any, bucket: str, given: str, key: str
) -> None:
    running = asking(function, app({"allow": True, "key": given}))
    for route in ASKED:
        assert key_of(stored_by(running, route)) == key
        assert stored(s3, bucket, key) == BODY
        s3.delete_object(Bucket=bucket, Key=key)


def test_a_key_at_a_profile(function: StartFunction, app: StartApp) -> None:
    running = asking(function, app({"allow": True, "key": "b.png"}), UPLOAD_PROFILES=PROFILES)
    key = key_of(granted(running, "GET /signed_url", at="/avatar"))
    assert key == "uploads/b.png"


def test_parts_of_an_apps_key_that_came_too_late(function: StartFunction, app: StartApp) -> None:
    """The client hears of the time, and not of a key that is none of the template's."""
    key, of_app = "uploads/team/a.png", 2
    running = asking(function, app())
    for late, code in ((-1, "UploadExpired"), (60, "")):
        sealed = seal(SECRET, key, "upload-1", int(time.time()) + late, options=of_app)
        upload = Upload(running, key, sealed)
        if code:
            refused(upload.sign(1), 403, code)
        else:
            assert upload.sign(1).status == 200
    refused(Upload(running, "uploads/team/b.png", sealed).sign(1), 403, "KeyNotAllowed")


def test_null_is_none(function: StartFunction, app: StartApp) -> None:
    """As libraries write what an app did not set."""
    members = ("max_bytes", "types", "expires_seconds", "metadata", "tags", "key", "message")
    running = asking(function, app({"allow": True, **dict.fromkeys(members)}))
    for route in ASKED:
        assert ask(running, route).status == 200


WRONG: List[Tuple[str, Any]] = [
    *(("max_bytes", value) for value in (0, -1, 1.5, "ten", True, [10], {}, 1e300)),
    *(("expires_seconds", value) for value in (0, -1, 1.5, "7s", True, [7], {})),
    *(("types", value) for value in (1, True, "", ",", "image", [], [1], ["image"], {})),
    ("types", ["image/png", 1]),
    *(("metadata", value) for value in ("a=b", ["a"], 1, True, {"a b": "c"}, {"a": {}})),
    *(("metadata", value) for value in ({"a": "\x01"}, {"": "x"}, {"a": "x" * 3000}, {"a": 1.5})),
    ("metadata", {f"n{i}": "x" for i in range(17)}),
    *(("tags", value) for value in ("a=b", ["a"], 1, {"a": 1}, {"": "x"}, {"aws:a": "b"})),
    *(("tags", value) for value in ({"a": "b\n"}, {"a": "x" * 257}, {"x" * 129: "a"}, {"a": "<"})),
    ("tags", {f"n{i}": "x" for i in range(11)}),
    ("tags", {"mine": "other"}),
    ("tags", {f"n{i}": "x" for i in range(10)}),  # with the deployment's own one too many
    *(("key", value) for value in (1, True, "", [], {}, "..", ".", "../a", "a/../b", "./a", "a/.")),
    *(("key", value) for value in ("/a", "/", "//a", "uploads/")),
    *(("key", value) for value in ("uploads/../a", "a\nb", "a\x00b", "a\x7f", "x" * 2048)),
]


@pytest.mark.parametrize("member", sorted({member for member, _ in WRONG}))
def test_a_member_that_is_wrong(
    function: StartFunction, app: StartApp, tmp_path: Path, member: str
) -> None:
    values = [value for name, value in WRONG if name == member]
    asked = app(*({"allow": True, member: value} for value in values for _ in range(2)))
    running = asking(function, asked, UPLOAD_TAGS="mine=1")
    for value in values:
        for route in ("GET /signed_url", "POST /s3/multipart"):
            reply = ask(running, route, File(size=1))
            assert (reply.status, reply.json().get("code")) == (503, "AppUnreachable"), value
    lines = [line for line in log_of(tmp_path).splitlines() if "ERROR" in line and member in line]
    assert len(asked.asked) == len(lines) == 2 * len(values)


def test_a_lifetime_of_parts(function: StartFunction, app: StartApp) -> None:
    running = asking(function, app({"allow": True, "expires_seconds": 7}))
    made = granted(running, "POST /s3/multipart")
    part = Upload(running, made["key"], made["uploadId"]).sign(1)
    assert part.json()["expires"] == 7


def test_parts_of_an_apps_key_are_of_their_caller(function: StartFunction, app: StartApp) -> None:
    """As those of a key by the template are."""
    key = "uploads/shared/film.mp4"
    running = asking(
        function, app({"allow": True, "key": key}), UPLOAD_KEY="uploads/{claim:sub}/{id}/{name}"
    )
    alice, bob = {"sub": "alice"}, {"sub": "bob"}
    made = granted(running, "POST /s3/multipart", claims=alice)
    assert Upload(running, key, made["uploadId"], claims=alice).sign(1).status == 200
    for claims in (bob, None):
        other = Upload(running, key, made["uploadId"], claims=claims)
        for reply in (other.sign(1), other.list(), other.abort()):
            assert reply.status == 403, reply.body
