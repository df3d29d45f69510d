"""docs/openapi.yaml says what the function does: replies of every route, good and bad."""

import json
import re
from typing import Any, Dict, List, Tuple
from urllib.parse import quote, urlencode

import openapi
import pytest
from harness import ROOT, Function
from jsonschema import Draft202012Validator, ValidationError
from multipart import JSON, PARTS, SECRET
from s3http import send
from uploads import StartFunction

from local import replies
from local.events import Request
from local.store import Store

SHA256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
FILE = b"of a file"


@pytest.fixture
def reader(store: Store, bucket: str) -> Dict[str, str]:
    """The role of a function with downloads or receipts, which may look at objects."""
    role = store.temporary_credentials(bucket, reads=True)
    return {
        "AWS_ACCESS_KEY_ID": role.access_key_id,
        "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
        "AWS_SESSION_TOKEN": role.session_token,
    }


@pytest.fixture
def everything(reader: Dict[str, str]) -> Dict[str, str]:
    """All that can be turned on, but for profiles."""
    on = {"UPLOAD_SEAL_SECRET": SECRET, "UPLOAD_DOWNLOADS": "on", "UPLOAD_RECEIPT_SECRET": SECRET}
    return {**reader, **on}


@pytest.fixture
def complete(function: StartFunction, everything: Dict[str, str]) -> Function:
    return function(**everything)


def asked(function: Function, method: str, path: str, query: str = "", body: Any = None) -> Any:
    """A reply's JSON, which must be what the document says."""
    return openapi.check(method, path, sent(function, method, path, query, body))


def sent(
    function: Function, method: str, path: str, query: str = "", body: Any = None
) -> replies.Response:
    data = b"" if body is None else json.dumps(body).encode()
    headers = [] if body is None else JSON
    return function.request(Request(method, path, query, headers=headers, body=data))


def test_schemas_are_schemas() -> None:
    for schema in openapi.DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere() -> None:
    text = (ROOT / "docs/openapi.yaml").read_text("utf-8")
    for reference in re.findall(r"\$ref: '([^']*)'", text):
        openapi.resolved({"$ref": reference})


def test_every_route_is_there() -> None:
    """The table of routes and the document name the same, but for the page's files, which are no API."""
    table = (ROOT / "function/routes/routes.c").read_text("utf-8")
    rows = re.findall(r'\bROUTE\("(/[^"]*)", "([A-Z]+)"', table)
    declared = {
        (re.sub(r"\{[^}]*\}", "*", path), method) for method, path, _ in openapi.operations()
    }
    assert declared == set(rows)


def test_the_guide_has_every_code() -> None:
    files = (ROOT / "function").rglob("*.c")
    sources = "".join(path.read_text("utf-8") for path in files)
    codes = set(re.findall(r'\b[1-5]\d\d,\s*"([A-Z][A-Za-z]+)"', sources))
    assert len(codes) > 15
    guide = (ROOT / "docs/http-api.md").read_text("utf-8")
    assert [code for code in sorted(codes) if f"`{code}`" not in guide] == []


@pytest.mark.parametrize(
    "query",
    [
        {"file_name": "a.txt"},
        {"file_name": "é.txt", "file_type": "text/plain", "size": "3", "expires": "5"},
        {"file_name": "a", "sha256": SHA256, "metadata[name]": "é"},
    ],
)
@pytest.mark.parametrize("path", ["/signed_url", "/signed_form"])
def test_uploads(complete: Function, path: str, query: Dict[str, str]) -> None:
    assert "key" in asked(complete, "GET", path, urlencode(query))


def test_upload_as_json(complete: Function) -> None:
    body = {"file_name": "a", "size": 3, "metadata": {"name": "é", "n": 1, "none": None}}
    openapi.validator({"$ref": "#/components/schemas/UploadRequest"}).validate(body)
    assert "key" in asked(complete, "POST", "/signed_url", body=body)


@pytest.mark.parametrize("form", [True, False, None])
def test_many_uploads(complete: Function, form: Any) -> None:
    files = [{"file_name": "a", "size": 3, "metadata": {"n": 1}}, {"file_name": "b"}]
    body = {"files": files, "form": form}
    openapi.validator({"$ref": "#/components/schemas/UploadsRequest"}).validate(body)
    bad: List[Any] = [{}, 7, {"file_name": "a", "size": -1}]
    said = asked(complete, "POST", "/signed_urls", body={**body, "files": [*files, *bad]})["files"]
    assert ["receipt" in file for file in said] == [True, True, False, False, False]
    assert [file.get("status") for file in said] == [None, None, 400, 400, 400]


@pytest.mark.parametrize("form, method", [("post", "POST"), ("put", "PUT")])
def test_params(function: StartFunction, form: str, method: str) -> None:
    query = urlencode({"filename": "a", "type": "text/plain", "metadata[name]": "a"})
    assert asked(function(UPLOAD_FORM=form), "GET", "/s3/params", query)["method"] == method


def test_download(complete: Function) -> None:
    key = asked(complete, "GET", "/signed_url", "file_name=a")["key"]
    assert asked(complete, "GET", "/signed_download", urlencode({"key": key}))["key"] == key


def test_multipart(complete: Function) -> None:
    created = asked(complete, "POST", "/s3/multipart", body={"filename": "a", "type": "a/b"})
    path = "/s3/multipart/" + quote(created["uploadId"], safe="")
    key = urlencode({"key": created["key"]})
    parts: List[Dict[str, Any]] = []
    for number, part in enumerate(PARTS, 1):
        url = asked(complete, "GET", f"{path}/{number}", key)["url"]
        etag = send("PUT", url, part).headers["etag"]
        parts.append({"PartNumber": number, "ETag": etag})
    listed = asked(complete, "GET", path, key)
    assert [part["PartNumber"] for part in listed] == [1, 2, 3]
    batch = asked(complete, "GET", path + "/batch", key + "&partNumbers=1,2")
    assert (list(batch["presignedUrls"]), batch["expires"]) == (["1", "2"], 300)
    joined = asked(complete, "POST", path + "/complete", key, {"parts": parts})
    assert joined["key"] == created["key"]
    assert "receipt" in created and "receipt" in joined


def test_multipart_with_checksums(complete: Function) -> None:
    body = {"filename": "a", "checksum": "sha256"}
    assert asked(complete, "POST", "/s3/multipart", body=body)["checksum"] == "sha256"


def test_abort(complete: Function) -> None:
    created = asked(complete, "POST", "/s3/multipart", body={"filename": "a"})
    path = "/s3/multipart/" + quote(created["uploadId"], safe="")
    assert asked(complete, "DELETE", path, urlencode({"key": created["key"]})) == {}


@pytest.mark.parametrize("cap", ["", "1000"])
def test_sign(function: StartFunction, cap: str) -> None:
    running = function(UPLOAD_MAX_BYTES=cap)
    signed = asked(running, "POST", "/sign", body={"method": "PUT", "key": "a.txt"})
    assert ("fields" in signed) == bool(cap)


GRANTS: List[Tuple[str, str, str, Any]] = [
    ("GET", "/signed_url", "file_name=a", None),
    ("POST", "/signed_url", "", {"file_name": "a"}),
    ("GET", "/signed_form", "file_name=a", None),
    ("GET", "/s3/params", "filename=a", None),
    ("POST", "/s3/multipart", "", {"filename": "a"}),
    ("POST", "/sign", "", {"method": "PUT", "key": "a"}),
    ("POST", "/sign", "", {"method": "POST", "key": "a"}),
]


@pytest.mark.parametrize("form", ["post", "put"])
@pytest.mark.parametrize("method, path, query, body", GRANTS, ids=lambda value: str(value)[:40])
def test_receipts_of_what_is_granted(
    function: StartFunction,
    everything: Dict[str, str],
    form: str,
    method: str,
    path: str,
    query: str,
    body: Any,
) -> None:
    running = function(UPLOAD_FORM=form, **everything)
    assert "receipt" in asked(running, method, path, query, body)
    without = function(UPLOAD_FORM=form, UPLOAD_SEAL_SECRET=SECRET)
    assert "receipt" not in asked(without, method, path, query, body)


def test_confirm(complete: Function) -> None:
    granted = asked(complete, "GET", "/signed_url", f"file_name=a.txt&size={len(FILE)}")
    body = {"receipt": granted["receipt"]}
    openapi.validator({"$ref": "#/components/schemas/Confirmation"}).validate(body)
    assert asked(complete, "POST", "/confirm", body=body)["code"] == "NotStored"
    send("PUT", granted["url"], FILE, granted["headers"])
    confirmed = asked(complete, "POST", "/confirm", body=body)
    assert (confirmed["key"], confirmed["size"]) == (granted["key"], len(FILE))
    assert confirmed["receipt"] != granted["receipt"]


@pytest.mark.parametrize("method, path, query, body", GRANTS, ids=lambda value: str(value)[:40])
def test_profiles(
    function: StartFunction, method: str, path: str, query: str, body: Any
) -> None:
    """As the second of the document's servers has it."""
    one, below = openapi.DOCUMENT["servers"]
    profile = below["variables"]["profile"]["default"]
    base = below["url"].replace("{profile}", profile).removeprefix(one["url"])
    running = function(UPLOAD_PROFILES=json.dumps({profile: {}}), UPLOAD_SEAL_SECRET=SECRET)
    granted = openapi.check(method, path, sent(running, method, base + path, query, body))
    key = granted.get("key") or granted["fields"]["key"]
    assert key.startswith(f"uploads/{profile}/")
    assert asked(running, method, path, query, body)["code"] == "UnknownProfile"


ERRORS: List[Tuple[str, str, str, Any]] = [
    ("GET", "/signed_url", "", None),
    ("POST", "/signed_url", "", []),
    ("POST", "/signed_urls", "", {"files": []}),
    ("GET", "/signed_form", "file_name=a&size=x", None),
    ("GET", "/signed_download", "key=other", None),
    ("GET", "/s3/params", "", None),
    ("POST", "/s3/multipart", "", {}),
    ("GET", "/s3/multipart/x", "key=a", None),
    ("DELETE", "/s3/multipart/x", "key=a", None),
    ("GET", "/s3/multipart/x/1", "key=a", None),
    ("GET", "/s3/multipart/x/batch", "key=a&partNumbers=1", None),
    ("POST", "/s3/multipart/x/complete", "key=a", {"parts": []}),
    ("GET", "/s3/sts", "", None),
    ("POST", "/sign", "", {"method": "DELETE", "key": "a"}),
    ("POST", "/confirm", "", {"receipt": "a.b.c"}),
]


@pytest.mark.parametrize("method, path, query, body", ERRORS, ids=lambda value: str(value)[:40])
def test_errors(complete: Function, method: str, path: str, query: str, body: Any) -> None:
    assert set(asked(complete, method, path, query, body)) == {
        *("message", "error", "code", "requestId")
    }


def test_every_operation_has_an_error_above() -> None:
    named = {id(openapi.operation(method, path)) for method, path, _, _ in ERRORS}
    assert named == {id(found) for _, _, found in openapi.operations()}


def test_the_judge_is_strict() -> None:
    """A reply with one member too many, or one too few, is told apart."""
    good = {"url": "https://a/", "method": "GET", "key": "a", "expires_in": 1,
            "expires_at": "2026-11-24T12:05:00Z"}  # fmt: skip
    judge = openapi.validator({"$ref": "#/components/schemas/SignedDownload"})
    judge.validate(good)
    for bad in ({**good, "token": "x"}, {k: v for k, v in good.items() if k != "key"}):
        with pytest.raises(ValidationError):
            judge.validate(bad)
    said = {"message": "a", "error": "a", "code": "Aa", "requestId": "a"}
    for name, whole in (("Error", said), ("FileRefused", {**said, "status": 400})):
        judge = openapi.validator({"$ref": f"#/components/schemas/{name}"})
        judge.validate(whole)
        for bad in ({**whole, "token": "x"}, *({k: whole[k] for k in whole if k != x} for x in whole)):
            with pytest.raises(ValidationError):
                judge.validate(bad)
