"""What each member of a profile does, and what is none."""

import base64
import json
import re
from typing import Any, Dict, List
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from grants import ROUTES, WITH_SIZE, File, ask, granted, key_of
from harness import ROOT, Function
from multipart import SECRET, created, refused
from profiles import FILM, profiled
from uploads import BODY, StartFunction, put, stored

from local.events import Request
from local.runtime_api import FunctionFailed

# ---- Keys -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template, profile, key",
    [
        ("uploads/{id}/{name}", {}, "uploads/a/ID/a.png"),
        ("up/of/{date}/{id}", {}, "up/of/a/DATE/ID"),
        ("{id}/{name}", {}, "a/ID/a.png"),
        ("{claim:sub}/{id}", {}, "a/alice/ID"),
        ("uploads/{claim:sub}/{id}/{name}", {}, "uploads/a/alice/ID/a.png"),
        ("uploads/{id}/{name}", {"key": "uploads/{id}"}, "uploads/ID"),
        ("uploads/{id}/{name}", {"key": "uploads/b/c/{date}-{id}"}, "uploads/b/c/DATE-ID"),
        ("{id}/{name}", {"key": "x/{id}"}, "x/ID"),
    ],
)
def test_keys(function: StartFunction, template: str, profile: Any, key: str) -> None:
    running = profiled(function, {"a": profile}, UPLOAD_KEY=template)
    made = key_of(granted(running, "GET /signed_url", at="/a", claims={"sub": "alice"}))
    pattern = re.escape(key).replace("ID", "[0-9a-f]{32}").replace("DATE", r"20\d\d-\d\d-\d\d")
    assert re.fullmatch(pattern, made)


@pytest.mark.parametrize(
    "one, other",
    [
        ({"key": "uploads/x/{id}/{name}"}, {"key": "uploads/x/{id}/{name}"}),
        ({}, {"key": "uploads/one/{id}/{name}"}),
        ({}, {"key": "uploads/{claim:sub}/{id}/{name}"}),  # whose sub is "one"
        ({"key": "uploads/{date}/{id}"}, {"key": "uploads/{claim:sub}/{id}"}),
        ({"key": "uploads/{id}/{id}"}, {"key": "uploads/{id}/{name}"}),
        ({"key": "uploads/{name}"}, {"key": "uploads/{id}"}),
        ({"key": "uploads/x{name}"}, {"key": "uploads/{name}x"}),
    ],
)
def test_keys_that_two_profiles_could_make(function: StartFunction, one: Any, other: Any) -> None:
    """A key tells whose profile it is, or what one does not allow would be had by the other."""
    for both in ({"one": one, "two": other}, {"two": other, "one": one}):
        with pytest.raises(FunctionFailed) as failed:
            profiled(function, both)
        assert f"UPLOAD_PROFILES: {list(both)[1]}.key" in failed.value.message


@pytest.mark.parametrize(
    "one, other",
    [
        ({}, {}),
        ({"key": "uploads/a-{id}"}, {"key": "uploads/b-{id}"}),
        ({"key": "uploads/x/{id}"}, {"key": "uploads/x-y/{id}"}),
    ],
)
def test_keys_that_never_meet(function: StartFunction, one: Any, other: Any) -> None:
    running = profiled(function, {"one": {**one, "downloads": "on"}, "two": other})
    for name in ("one", "two"):
        assert ask(running, "GET /signed_url", at=f"/{name}").status == 200


# ---- What each member does --------------------------------------------------------


def members(start: StartFunction, **profile: Any) -> Function:
    """A profile "a" with these, and "plain" with none."""
    return profiled(start, {"a": profile, "plain": {}})


def test_types(function: StartFunction) -> None:
    running = members(function, types="image/*,application/pdf")
    for route in ROUTES:
        refused(ask(running, route, File("a.txt", "text/plain"), at="/a"), 403, "TypeNotAllowed")
        for file in (File(), File("a.pdf", None)):
            assert ask(running, route, file, at="/a").status == 200
        assert ask(running, route, File("a.txt", "text/plain"), at="/plain").status == 200
    signed = granted(running, "POST /sign, parts", File("a.gif", None), at="/a")["headers"]
    assert signed == {"Content-Type": "image/gif"}


@pytest.mark.parametrize("limit", [10, "10"])
def test_max_bytes(function: StartFunction, limit: Any) -> None:
    running = members(function, max_bytes=limit)
    for route in [*WITH_SIZE, "POST /s3/multipart"]:
        refused(ask(running, route, File(size=11), at="/a"), 413, "TooLarge", "10 bytes")
        assert ask(running, route, File(size=10), at="/a").status == 200
        assert ask(running, route, File(size=11), at="/plain").status == 200
    refused(ask(running, "GET /signed_url", at="/a"), 400, "MissingParameter", "size")
    policy = granted(running, "GET /s3/params", at="/a")["fields"]["policy"]
    other = granted(running, "GET /s3/params", at="/plain")["fields"]["policy"]
    assert content_length_range(policy)[1] == 10 and content_length_range(other)[1] > 10


def content_length_range(policy: str) -> List[int]:
    conditions = json.loads(base64.b64decode(policy))["conditions"]
    lists = [each for each in conditions if isinstance(each, list)]
    (found,) = [each[1:] for each in lists if each[0] == "content-length-range"]
    return list(found)


@pytest.mark.parametrize("seconds", [7, "7"])
def test_expires_seconds(function: StartFunction, seconds: Any) -> None:
    running = members(function, expires_seconds=seconds)
    for name, given in (("a", 7), ("plain", 300)):
        assert granted(running, "GET /signed_url", at=f"/{name}")["expires_in"] == given
        assert granted(running, "GET /s3/params", at=f"/{name}")["expires"] == given
        url = granted(running, "POST /sign", at=f"/{name}")["url"]
        assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == [str(given)]
    refused(ask(running, "GET /signed_url", File(expires=8), at="/a"), 400, "InvalidParameter")


def test_require(function: StartFunction) -> None:
    running = profiled(
        function, {"a": {"require": "size"}, "b": {"require": "sha256"}, "plain": {}}
    )
    for route in WITH_SIZE:
        refused(ask(running, route, at="/a"), 400, "MissingParameter", "size")
        refused(ask(running, route, at="/b"), 400, "MissingChecksum", "sha256")
        assert ask(running, route, at="/plain").status == 200
    for name in ("a", "b"):
        reply = ask(running, "POST /sign, parts", at=f"/{name}")
        refused(reply, 403, "LimitsNeedCompanion")


def test_overwrite(function: StartFunction) -> None:
    running = members(function, overwrite="deny")
    assert granted(running, "GET /signed_url", at="/a")["headers"]["If-None-Match"] == "*"
    assert "If-None-Match" not in granted(running, "GET /signed_url", at="/plain")["headers"]
    refused(ask(running, "GET /signed_form", at="/a"), 501, "NotSupported")
    assert ask(running, "GET /signed_form", at="/plain").status == 200


def test_form(function: StartFunction) -> None:
    running = members(function, form="put")
    assert granted(running, "GET /s3/params", at="/a")["method"] == "PUT"
    assert granted(running, "GET /s3/params", at="/plain")["method"] == "POST"


@pytest.mark.parametrize(
    "member, value, header",
    [
        ("tags", "kind=avatar&of=a%20b", "x-amz-tagging"),
        ("disposition", "attachment", "Content-Disposition"),
        ("cache_control", "private, max-age=60", "Cache-Control"),
    ],
)
def test_headers_of_the_object(
    function: StartFunction, member: str, value: str, header: str
) -> None:
    running = members(function, **{member: value})
    assert granted(running, "GET /signed_url", at="/a")["headers"][header] == value
    assert header not in granted(running, "GET /signed_url", at="/plain")["headers"]
    assert put(granted(running, "GET /signed_url", at="/a")).status == 200


def test_members_start_from_the_deployments_own(function: StartFunction) -> None:
    own = {"types": "text/*", "max_bytes": 20, "disposition": "inline", "expires_seconds": 400}
    running = profiled(
        function,
        {"a": own, "plain": {}},
        UPLOAD_TYPES="image/*",
        UPLOAD_MAX_BYTES="10",
        UPLOAD_DISPOSITION="attachment",
        UPLOAD_CACHE_CONTROL="no-store",
        UPLOAD_EXPIRES_SECONDS="100",
    )
    of_a = granted(running, "GET /signed_url", File("a.txt", "text/plain", 20), at="/a")
    assert of_a["expires_in"] == 400
    assert of_a["headers"]["Content-Disposition"] == "inline"
    assert of_a["headers"]["Cache-Control"] == "no-store"
    refused(ask(running, "GET /signed_url", File(size=20), at="/a"), 403, "TypeNotAllowed")
    plain = granted(running, "GET /signed_url", File(size=10), at="/plain")
    assert plain["expires_in"] == 100
    assert plain["headers"]["Content-Disposition"] == "attachment"
    refused(ask(running, "GET /signed_url", File(size=11), at="/plain"), 413, "TooLarge")
    text = File("a.txt", "text/plain", 10)
    refused(ask(running, "GET /signed_url", text, at="/plain"), 403, "TypeNotAllowed")


def test_a_completion_is_held_to_its_own_profile(
    function: StartFunction, s3: Any, bucket: str
) -> None:
    running = members(function, max_bytes=len(BODY) - 1)
    small, large = (created(running, f"/{name}", **FILM) for name in ("a", "plain"))
    refused(small.complete([small.put(1, BODY)]), 413, "TooLarge")
    assert stored(s3, bucket, small.key) is None
    assert large.complete([large.put(1, BODY)]).status == 200


# ---- What the function does not start with ----------------------------------------


def problems(start: StartFunction, profiles: Any, **settings: str) -> str:
    text = profiles if isinstance(profiles, str) else json.dumps(profiles)
    with pytest.raises(FunctionFailed) as failed:
        start(UPLOAD_PROFILES=text, **settings)
    assert "UPLOAD_PROFILES" in failed.value.message
    return failed.value.message


@pytest.mark.parametrize(
    "text",
    ["x", "{", '{"a":{}', '{"a":{}}x', '{"a":{},}', "[]", '["a"]', '"a"', "1", "null", "true"]
    + ["{}", '{"a":[]}', '{"a":"b"}', '{"a":null}', '{"a":1}', "[" * 3000],
)
def test_what_is_no_object_of_objects(function: StartFunction, text: str) -> None:
    assert problems(function, text)


BAD_MEMBERS: List[Any] = [
    ("key", "no braces"),
    ("key", "private/{id}"),
    ("key", "uploadsx/{id}"),
    ("key", "{id}"),
    ("key", "uploads/{idd}"),
    ("expires_seconds", 0),
    ("expires_seconds", 604801),
    ("expires_seconds", 1.5),
    ("expires_seconds", "1s"),
    ("max_bytes", 0),
    ("max_bytes", -1),
    ("max_bytes", 1e300),
    ("max_bytes", "2MB"),
    ("max_bytes", True),
    ("max_bytes", None),
    ("max_bytes", [1]),
    ("max_bytes", {}),
    ("types", "image"),
    ("types", 1),
    ("types", ["image/*"]),
    ("require", "everything"),
    ("overwrite", "never"),
    ("overwrite", False),
    ("form", "get"),
    ("downloads", True),
    ("downloads", "yes"),
    ("tags", "no"),
    ("tags", {"a": "b"}),
    ("disposition", "x"),
    ("cache_control", "a\nb"),
    ("seal_secret", SECRET),
    ("bucket", "b"),
    ("origins", "*"),
    ("page", "on"),
    ("Types", "image/*"),
    ("UPLOAD_TYPES", "image/*"),
    ("", "x"),
    ("types\n", "image/*"),
]


def test_members_that_are_wrong(function: StartFunction) -> None:
    wrong = {f"p{i:02}": {member: value} for i, (member, value) in enumerate(BAD_MEMBERS)}
    said = problems(function, {"good": {"types": "image/*"}, **wrong})
    for name, profile in wrong.items():
        (member,) = profile
        shown = f"{name}.{member}" if member.isidentifier() else f"{name}."
        assert f"UPLOAD_PROFILES: {shown}" in said, profile
    assert "good" not in said


def test_members_that_are_empty(function: StartFunction) -> None:
    names = ["types", "key", "max_bytes", "tags", "require", "cache_control"]
    said = problems(function, {"avatar": {name: "" for name in names}})
    for name in names:
        assert f"UPLOAD_PROFILES: avatar.{name}" in said


# The words of the table of routes: a profile by such a name would stand where a route does.
RESERVED = sorted(
    {
        word
        for path in re.findall(
            r'^ +ROUTE\("(/[^"]*)"', (ROOT / "function/routes/routes.c").read_text("utf-8"), re.M
        )
        for word in path.split("/")
        if re.fullmatch(r"[a-z0-9_-]+", word)
    }
)


NO_NAMES = ["", "a" * 33, "Avatar", "a b", "a/b", "a.b", "ä", "%61", "*", "{id}", "..", "a\n"]


def test_names_that_are_none(function: StartFunction) -> None:
    assert {"s3", "sign", "confirm"} < set(RESERVED)
    said = problems(function, {name: {} for name in [*NO_NAMES, "good", *RESERVED]})
    assert said.count("UPLOAD_PROFILES: ") == len(NO_NAMES) + len(RESERVED)
    for name in ["Avatar", *RESERVED]:
        assert f"UPLOAD_PROFILES: {name}: " in said
    assert "good" not in said


def test_names_that_are_some(function: StartFunction) -> None:
    names = ["a", "a" * 32, "0", "-", "_", "a-b_0", "signed", "s3-"]
    running = profiled(function, {name: {} for name in names})
    for name in names:
        made = key_of(granted(running, "GET /signed_url", at=f"/{name}"))
        assert made.startswith(f"uploads/{name}/")


@pytest.mark.parametrize(
    "text",
    ['{"a":{},"a":{}}', '{"a":{},"b":{},"\\u0061":{"types":"image/*"}}']
    + ['{"a":{"types":"image/*","types":"*/*"}}'],
)
def test_a_name_that_is_there_twice(function: StartFunction, text: str) -> None:
    assert re.search(r"\ba\b", problems(function, text).split("UPLOAD_PROFILES", 1)[1])


def test_all_that_is_wrong_is_told_at_once(function: StartFunction) -> None:
    profiles: Dict[str, Any] = {
        "sign": {},
        "Odd": {},
        "one": {"types": "x", "max_bytes": "1 MB", "colour": "red"},
        "two": {"key": "private/{id}", "tags": 1},
    }
    said = problems(function, profiles, UPLOAD_FORM="x", UPLOAD_MAX_BYTES="y")
    for each in ("one.types", "one.max_bytes", "one.colour", "two.key", "two.tags"):
        assert f"UPLOAD_PROFILES: {each}" in said
    for each in ("sign", "Odd", "UPLOAD_FORM", "UPLOAD_MAX_BYTES"):
        assert each in said


def test_many_profiles(function: StartFunction) -> None:
    """As many as a variable of 4 kB holds, with the names that differ least."""
    names = [f"p{number:02}" for number in range(60)]
    running = profiled(function, {name: {"max_bytes": 1 + i} for i, name in enumerate(names)})
    for i, name in enumerate(names):
        query = urlencode({"file_name": "a", "size": 1 + i})
        assert running.request(Request("GET", f"/{name}/signed_url", query)).status == 200
        refused(running.get(f"/{name}/signed_url", file_name="a", size=str(2 + i)), 413, "TooLarge")
