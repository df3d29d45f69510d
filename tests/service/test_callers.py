"""Who may: keys are made of the caller's own claims, and downloads are of the caller's own keys."""

from dataclasses import replace
from typing import Any, Callable, Dict, Optional
from urllib.parse import urlencode

import pytest
from callers import LAMBDA, Claims, lambda_v2
from harness import Function
from s3http import send
from uploads import BODY, StartFunction, put

from local import events
from local.events import Request

OWN = "uploads/{claim:sub}/{id}/{name}"


def jwt_v2(request: Request, claims: Claims) -> Dict[str, Any]:
    return events.http_v2(replace(request, claims=claims))


def jwt_v1(request: Request, claims: Claims) -> Dict[str, Any]:
    return events.rest_v1(replace(request, claims=claims))


KINDS: Dict[str, Callable[[Request, Claims], Dict[str, Any]]] = {
    "http-v2": jwt_v2,
    "rest-v1": jwt_v1,
}


def asked(function: Function, path: str, query: str, claims: Claims, kind: str = "http-v2") -> Any:
    return function.invoke(KINDS[kind](Request("GET", path, query), claims), kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "path, query",
    [
        ("/signed_url", "file_name=a.txt"),
        ("/signed_form", "file_name=a.txt"),
        ("/s3/params", "filename=a.txt"),
    ],
)
def test_each_caller_has_a_folder(
    function: StartFunction, kind: str, path: str, query: str
) -> None:
    reply = asked(function(UPLOAD_KEY=OWN), path, query, {"sub": "auth0|alice"}, kind)
    assert reply.status == 200, reply.body
    key = reply.json().get("key") or reply.json()["fields"]["key"]
    assert key.startswith("uploads/auth0|alice/") and key.endswith("/a.txt")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "claims",
    [
        None,
        {},
        {"aud": "x"},
        {"sub": ""},
        {"sub": "a/b"},
        {"sub": ".."},
        {"sub": "a\nb"},
        {"sub": 1},
        {"sub": "x" * 257},
    ],
    ids=str,
)
def test_a_caller_without_a_fit_claim_is_refused(
    function: StartFunction, kind: str, claims: Claims
) -> None:
    reply = asked(function(UPLOAD_KEY=OWN), "/signed_url", "file_name=a", claims, kind)
    assert (reply.status, reply.json()["code"]) == (403, "CallerNotAllowed")
    assert "sub" in reply.json()["message"]


def test_a_client_can_not_claim_by_itself(function: StartFunction) -> None:
    """What a client sends is nowhere near what the authorizer says."""
    forged = [("Authorization", "Bearer x.eyJzdWIiOiJib2IifQ."), ("x-amzn-oidc-identity", "bob")]
    running = function(UPLOAD_KEY=OWN)
    for kind in events.KINDS:
        request = Request("GET", "/signed_url", "file_name=a&sub=bob&claim:sub=bob", forged)
        assert running.request(request, kind).status == 403
    agent = function(UPLOAD_KEY="{claim:userAgent}/{id}")
    request = Request("GET", "/signed_url", "file_name=a", [("User-Agent", "bob")])
    assert agent.request(request, "rest-v1").status == 403


@pytest.mark.parametrize(
    "event, context",
    [
        (events.function_url, {"authorizer": {"iam": {"userId": "AIDA1"}}}),
        (events.rest_v1, {"identity": {"user": "AIDA1"}}),
    ],
)
def test_iam_identities(function: StartFunction, event: Any, context: Dict[str, Any]) -> None:
    made = event(Request("GET", "/signed_url", "file_name=a"))
    made["requestContext"].update(context)
    kind = "rest-v1" if event is events.rest_v1 else "http-v2"
    reply = function(UPLOAD_KEY="{claim:userId}/{id}").invoke(made, kind)
    assert reply.json()["key"].startswith("AIDA1/")


ASKING = Request("GET", "/signed_url", "file_name=a&tenant=eve", [("tenant", "eve")])


@pytest.mark.parametrize("kind, event", LAMBDA.items())
def test_what_a_lambda_authorizer_says_is_a_claim(
    function: StartFunction, kind: str, event: Any
) -> None:
    context = {"principalId": "user|a", "tenant": "42"}
    for name, folder in context.items():
        running = function(UPLOAD_KEY=f"uploads/{{claim:{name}}}/{{id}}")
        reply = running.invoke(event(ASKING, context), kind)
        assert reply.status == 200, reply.body
        assert reply.json()["key"].startswith(f"uploads/{folder}/")


@pytest.mark.parametrize("kind, event", LAMBDA.items())
@pytest.mark.parametrize(
    "value, said",
    [
        (None, "must be there"),
        (42, "must be a text: no number"),
        (True, "must be a text: no number"),
        (["a"], "must be a text: no number"),
        ({"a": "b"}, "must be a text: no number"),
        ('["a"]', "no list or object"),
        ('{"a":"b"}', "no list or object"),
    ],
    ids=str,
)
def test_a_claim_of_another_kind_is_no_folder(
    function: StartFunction, kind: str, event: Any, value: Any, said: str
) -> None:
    running = function(UPLOAD_KEY="{claim:tenant}/{id}")
    reply = running.invoke(event(ASKING, {"principalId": "a", "tenant": value}), kind)
    assert (reply.status, reply.json()["code"]) == (403, "CallerNotAllowed")
    assert "tenant" in reply.json()["message"] and said in reply.json()["message"]


@pytest.mark.parametrize("groups", ["[admin]", "[admin user]", "map[a:b]"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_a_token_is_no_folder(function: StartFunction, kind: str, groups: str) -> None:
    """API Gateway makes a text of it, which two callers with the same groups would share."""
    claims = {"sub": "a", "cognito:groups": groups}
    running = function(UPLOAD_KEY="{claim:cognito:groups}/{id}")
    reply = asked(running, "/signed_url", "file_name=a", claims, kind)
    assert (reply.status, reply.json()["code"]) == (403, "CallerNotAllowed")
    assert "no list or object" in reply.json()["message"]


def test_another_callers_file_by_a_lambda_authorizer(function: StartFunction) -> None:
    running = function(UPLOAD_KEY="{claim:tenant}/{id}/{name}", UPLOAD_DOWNLOADS="on")
    key = running.invoke(lambda_v2(ASKING, {"tenant": "red"})).json()["key"]
    request = Request("GET", "/signed_download", urlencode({"key": key}))
    assert running.invoke(lambda_v2(request, {"tenant": "red"})).status == 200
    for context in ({"tenant": "blue"}, {"sub": "red"}, {}, None):
        refused = running.invoke(lambda_v2(request, context))
        assert (refused.status, refused.json()["code"]) == (403, "KeyNotAllowed")


# ---- Downloads -----------------------------------------------------------------


@pytest.fixture
def own(function: StartFunction, reading: Dict[str, str]) -> Function:
    return function(UPLOAD_KEY=OWN, UPLOAD_DOWNLOADS="on", **reading)


def uploaded(function: Function, claims: Claims, name: str = "a.txt") -> str:
    request = Request("GET", "/signed_url", urlencode({"file_name": name}))
    upload = function.invoke(jwt_v2(request, claims)).json()
    assert put(upload).status == 200
    return str(upload["key"])


def download(function: Function, claims: Claims, **query: str) -> Any:
    return asked(function, "/signed_download", urlencode(query), claims)


@pytest.mark.parametrize(
    "name, disposition",
    [
        ("a.txt", 'attachment; filename="a.txt"'),
        ("a b.txt", 'attachment; filename="a b.txt"'),
        ("é🐢.txt", "attachment; filename=\"__.txt\"; filename*=UTF-8''%C3%A9%F0%9F%90%A2.txt"),
        ('q"\\x%41', "attachment; filename=\"q__x_41\"; filename*=UTF-8''q%22_x%2541"),
        (";\r", None),
    ],
)
def test_download(own: Function, name: str, disposition: Optional[str]) -> None:
    alice = {"sub": "alice"}
    if disposition is None:
        key = uploaded(own, alice)
        assert download(own, alice, key=key, file_name=name).status == 400
        return
    reply = download(own, alice, key=uploaded(own, alice, name))
    assert reply.status == 200, reply.body
    made = reply.json()
    assert list(made) == ["url", "method", "key", "expires_in", "expires_at"]
    got = send("GET", made["url"])
    assert (got.status, got.body) == (200, BODY)
    assert got.headers["content-disposition"] == disposition


def test_a_name_of_the_clients_own(own: Function) -> None:
    key = uploaded(own, {"sub": "alice"})
    made = download(own, {"sub": "alice"}, key=key, file_name="report.pdf", expires="5").json()
    assert made["expires_in"] == 5
    got = send("GET", made["url"])
    assert got.headers["content-disposition"] == 'attachment; filename="report.pdf"'


def test_an_empty_name_is_the_keys_own(own: Function) -> None:
    key = uploaded(own, {"sub": "alice"})
    made = download(own, {"sub": "alice"}, key=key, file_name="").json()
    got = send("GET", made["url"])
    assert got.headers["content-disposition"] == 'attachment; filename="a.txt"'


def test_a_name_without_end(own: Function) -> None:
    key = uploaded(own, {"sub": "alice"})
    longest = download(own, {"sub": "alice"}, key=key, file_name="a" * 1024).json()
    assert send("GET", longest["url"]).body == BODY
    reply = download(own, {"sub": "alice"}, key=key, file_name="a" * 1025)
    assert (reply.status, reply.json()["code"]) == (400, "InvalidParameter")
    assert "file_name must be at most 1024 bytes" in reply.json()["message"]


@pytest.mark.parametrize("name", ["file_name", "expires"])
def test_a_parameter_of_a_download_that_is_given_twice(own: Function, name: str) -> None:
    query = f"key={uploaded(own, {'sub': 'alice'})}&{name}=5&{name}=5"
    reply = asked(own, "/signed_download", query, {"sub": "alice"})
    assert reply.status == 400
    assert f"{name} is given more than once" in reply.json()["message"]


def test_downloads_are_off_by_default(function: StartFunction) -> None:
    running = function(UPLOAD_KEY=OWN)
    key = uploaded(running, {"sub": "alice"})
    assert download(running, {"sub": "alice"}, key=key).status == 404


def test_another_callers_file(own: Function) -> None:
    key = uploaded(own, {"sub": "alice"})
    for claims in ({"sub": "bob"}, {"sub": "alic"}, {"sub": "alice2"}, {}, None):
        reply = download(own, claims, key=key)
        assert (reply.status, reply.json()["code"]) == (403, "KeyNotAllowed")


@pytest.mark.parametrize(
    "key",
    [
        "secrets/passwords.txt",
        "uploads/alice/",
        "uploads/alice/a.txt",
        "uploads/alice/00010f107f80a5ff1122334455667788/../../bob/a.txt",
        "uploads/alice/00010f107f80a5ff1122334455667788/a/b.txt",
        "uploads/{claim:sub}/00010f107f80a5ff1122334455667788/a.txt",
        "/uploads/alice/00010f107f80a5ff1122334455667788/a.txt",
    ],
)
def test_a_key_that_the_template_never_makes(own: Function, key: str) -> None:
    reply = download(own, {"sub": "alice"}, key=key)
    assert (reply.status, reply.json()["code"]) == (403, "KeyNotAllowed")


@pytest.mark.parametrize("expires, status", [("300", 200), ("301", 400), ("0", 400)])
def test_a_download_lives_no_longer_than_an_upload(
    own: Function, expires: str, status: int
) -> None:
    key = "uploads/alice/00010f107f80a5ff1122334455667788/a.txt"
    assert download(own, {"sub": "alice"}, key=key, expires=expires).status == status


def test_a_download_url_stores_nothing(own: Function) -> None:
    key = uploaded(own, {"sub": "alice"})
    url = download(own, {"sub": "alice"}, key=key).json()["url"]
    assert send("PUT", url, b"x").status == 403
    assert send("DELETE", url).status == 403
    assert send("GET", url.replace("a.txt", "b.txt")).status == 403
    assert send("GET", url.replace("attachment", "inline")).status == 403
    assert send("GET", url).body == BODY


def test_a_key_is_required_once(own: Function) -> None:
    assert download(own, {"sub": "alice"}).status == 400
    reply = asked(own, "/signed_download", "key=a&key=b", {"sub": "alice"})
    assert reply.status == 400
