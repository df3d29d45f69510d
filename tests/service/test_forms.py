"""Forms at a real S3 server: each stores the right file, and nothing else can be done with it."""

import base64
import datetime
import email.header
import hashlib
import json
import time
from typing import Any, Dict

import pytest
from forms import post
from uploads import BODY, StartFunction, put, stored

from local.events import Request

UNICODE_NAME = "żółw 🐢 שלום 日本.txt"


def made(function: Any, **query: str) -> Dict[str, Any]:
    reply = function.get("/signed_form", **query)
    assert reply.status == 200, reply.body
    return dict(reply.json())


def decoded(value: str) -> str:
    """Metadata as its reader sees it: RFC 2047."""
    return str(email.header.make_header(email.header.decode_header(value)))


def policy_of(form: Dict[str, Any]) -> Dict[str, Any]:
    return dict(json.loads(base64.b64decode(form["fields"]["policy"])))


@pytest.fixture
def form(function: StartFunction) -> Dict[str, Any]:
    return made(function(UPLOAD_MAX_BYTES="1000"), file_name="a.txt", file_type="text/x-proof")


def test_reply(function: StartFunction, s3: Any, bucket: str) -> None:
    form = made(function(), file_name="test.txt", file_type="text/plain")
    assert list(form) == ["url", "method", "fields", "key", "expires_in", "expires_at"]
    assert form["method"] == "POST" and form["url"].endswith("/")
    assert form["fields"]["key"] == form["key"]
    assert "file" not in form["fields"]
    answer = post(form, BODY)
    assert answer.status == 201
    assert b"<Key>" in answer.body and answer.headers["etag"]
    got = s3.get_object(Bucket=bucket, Key=form["key"])
    assert got["Body"].read() == BODY
    assert got["ContentType"] == "text/plain"


def test_every_field_is_a_condition(form: Dict[str, Any]) -> None:
    conditions = policy_of(form)["conditions"]
    exact = {name: value for c in conditions if isinstance(c, dict) for name, value in c.items()}
    fields = {k: v for k, v in form["fields"].items() if k not in ("policy", "x-amz-signature")}
    assert exact == {**fields, "bucket": exact["bucket"]}
    assert [c for c in conditions if isinstance(c, list)] == [["content-length-range", 0, 1000]]


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_sizes_up_to_the_cap(form: Dict[str, Any], size: int, s3: Any, bucket: str) -> None:
    assert post(form, b"x" * size).status == 201
    assert stored(s3, bucket, form["key"]) == b"x" * size


@pytest.mark.parametrize("name", [UNICODE_NAME, " a  b ", "a+b%2F&?#", '"quoted".txt', "{id}"])
def test_names(function: StartFunction, name: str, s3: Any, bucket: str) -> None:
    form = made(function(), file_name=name)
    assert form["key"].endswith("/" + name)
    assert post(form, BODY).status == 201
    assert stored(s3, bucket, form["key"]) == BODY


def test_what_is_configured_is_stored(function: StartFunction, s3: Any, bucket: str) -> None:
    form = made(function(UPLOAD_TAGS="team=a%20b&x=1%2B2"), file_name="a")
    answer = post(form, BODY)
    assert answer.status == 201, answer.body
    tags = s3.get_object_tagging(Bucket=bucket, Key=form["key"])["TagSet"]
    assert sorted((t["Key"], t["Value"]) for t in tags) == [("team", "a b"), ("x", "1+2")]


# ---- Metadata ------------------------------------------------------------------

METADATA = {"name": UNICODE_NAME, "caption": "two\nlines", "plain": "a b", "looks": "=?UTF-8?Q?a?="}
QUERY = {f"metadata[{name}]": value for name, value in METADATA.items()}


def check_metadata(s3: Any, bucket: str, key: str) -> None:
    got = s3.head_object(Bucket=bucket, Key=key)["Metadata"]
    assert got["plain"] == METADATA["plain"]
    assert {name: decoded(value) for name, value in got.items()} == METADATA


def test_metadata_of_a_form_comes_back(function: StartFunction, s3: Any, bucket: str) -> None:
    form = made(function(), file_name="a", **QUERY)
    assert post(form, BODY).status == 201
    check_metadata(s3, bucket, form["key"])


def test_metadata_of_a_put_comes_back(function: StartFunction, s3: Any, bucket: str) -> None:
    upload = function().get("/signed_url", file_name="a", **QUERY).json()
    assert put(upload).status == 200
    check_metadata(s3, bucket, upload["key"])


def test_metadata_of_a_json_request_comes_back(
    function: StartFunction, s3: Any, bucket: str
) -> None:
    body = json.dumps({"file_name": "a", "metadata": METADATA}).encode()
    headers = [("Content-Type", "application/json")]
    upload = function().request(Request("POST", "/signed_url", headers=headers, body=body)).json()
    assert put(upload).status == 200
    check_metadata(s3, bucket, upload["key"])


@pytest.mark.parametrize("query", [{"metadata[a b]": "x"}, {"metadata[n]": "x" * 2048}])
def test_metadata_that_s3_would_refuse(function: StartFunction, query: Dict[str, str]) -> None:
    assert function().get("/signed_form", file_name="a", **query).status == 400


# ---- Attacks -------------------------------------------------------------------


def test_too_large(form: Dict[str, Any], s3: Any, bucket: str) -> None:
    answer = post(form, b"x" * 1001)
    assert (answer.status, answer.code) == (400, "EntityTooLarge")
    assert stored(s3, bucket, form["key"]) is None


@pytest.mark.parametrize("size", [len(BODY) - 1, len(BODY) + 1])
def test_another_size_than_declared(
    function: StartFunction, size: int, s3: Any, bucket: str
) -> None:
    form = made(function(), file_name="a", size=str(len(BODY)))
    assert post(form, (BODY + b"x")[:size]).status == 400
    assert stored(s3, bucket, form["key"]) is None
    assert post(form, BODY).status == 201


@pytest.mark.parametrize(
    "name, value",
    [
        ("key", "uploads/other.txt"),
        ("key", "uploads/${filename}"),
        ("Content-Type", "text/html"),
        ("success_action_status", "200"),
        ("x-amz-date", "20260101T000000Z"),
        ("x-amz-signature", "0" * 64),
        ("x-amz-meta-role", "admin"),
        ("x-amz-security-token", "other"),
    ],
)
def test_a_changed_field(
    form: Dict[str, Any], name: str, value: str, s3: Any, bucket: str
) -> None:
    assert post(form, BODY, {name: value}).status == (400 if name == "x-amz-security-token" else 403)
    assert stored(s3, bucket, form["key"]) is None


def test_a_changed_policy(form: Dict[str, Any], s3: Any, bucket: str) -> None:
    policy = policy_of(form)
    policy["conditions"] = [c for c in policy["conditions"] if not isinstance(c, list)]
    forged = base64.b64encode(json.dumps(policy).encode()).decode()
    assert post(form, b"x" * 1001, {"policy": forged}).status == 403
    assert stored(s3, bucket, form["key"]) is None


def test_other_bytes_than_declared(function: StartFunction, s3: Any, bucket: str) -> None:
    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    form = made(function(), file_name="a", sha256=digest)
    assert post(form, BODY[:-1] + b"?").status == 400
    assert stored(s3, bucket, form["key"]) is None
    assert post(form, BODY).status == 201


def test_expired(function: StartFunction, s3: Any, bucket: str) -> None:
    form = made(function(), file_name="a", expires="1")
    ends = datetime.datetime.strptime(form["expires_at"], "%Y-%m-%dT%H:%M:%S%z").timestamp()
    time.sleep(max(0.0, ends - time.time()) + 1.1)
    assert post(form, BODY).status == 403
    assert stored(s3, bucket, form["key"]) is None


def test_a_name_that_s3_would_expand(function: StartFunction) -> None:
    reply = function().get("/signed_form", file_name="${filename}")
    assert (reply.status, reply.json()["code"]) == (400, "CannotSign")


def test_no_form_when_nothing_may_be_replaced(function: StartFunction) -> None:
    reply = function(UPLOAD_OVERWRITE="deny").get("/signed_form", file_name="a")
    assert (reply.status, reply.json()["code"]) == (501, "NotSupported")


def test_a_form_for_a_type_that_is_not_allowed(function: StartFunction) -> None:
    refusing = function(UPLOAD_TYPES="image/*")
    for path, query in (
        ("/signed_form", {"file_name": "a", "file_type": "text/html"}),
        ("/s3/params", {"filename": "a", "type": "text/html"}),
    ):
        reply = refusing.get(path, **query)
        assert (reply.status, reply.json()["code"]) == (403, "TypeNotAllowed")


# ---- Companion's params --------------------------------------------------------


@pytest.mark.parametrize("path", ["/s3/params", "//s3/params", "/stage/companion/s3/params"])
def test_params(function: StartFunction, path: str, s3: Any, bucket: str) -> None:
    """As Uppy 6 asks, which sends null for what it does not know."""
    query = {"filename": UNICODE_NAME, "type": "text/plain"}
    metadata = {"metadata[relativePath]": "null", "metadata[name]": UNICODE_NAME}
    reply = function(UPLOAD_MAX_BYTES="1000").get(path, **query, **metadata)
    assert reply.status == 200, reply.body
    form = reply.json()
    assert list(form) == ["method", "url", "fields", "expires"]
    assert (form["method"], form["expires"]) == ("POST", 300)
    assert form["url"].endswith("/") and form["fields"]["success_action_status"] == "201"
    assert post(form, BODY).status == 201
    got = s3.get_object(Bucket=bucket, Key=form["fields"]["key"])
    assert got["Body"].read() == BODY
    assert {n: decoded(v) for n, v in got["Metadata"].items()} == {"name": UNICODE_NAME}
    assert post(form, b"x" * 1001).status == 400


def test_params_for_a_store_without_forms(function: StartFunction, s3: Any, bucket: str) -> None:
    reply = function(UPLOAD_FORM="put", UPLOAD_OVERWRITE="deny").get(
        "/s3/params", filename="a.txt", type="text/plain", **{"metadata[name]": "é"}
    )
    upload = reply.json()
    assert list(upload) == ["method", "url", "fields", "headers", "expires"]
    assert (upload["method"], upload["fields"]) == ("PUT", {})
    assert put(upload).status == 200
    assert put(upload).status == 412


@pytest.mark.parametrize("query", [{}, {"filename": ""}, {"filename": ".."}, {"filename": "a\n"}])
def test_params_need_a_name(function: StartFunction, query: Dict[str, str]) -> None:
    reply = function().get("/s3/params", **query)
    assert reply.status == 400
    assert reply.json()["message"] == reply.json()["error"]
