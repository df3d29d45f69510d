"""Which path is whose, who is let in, and which pages may call: the same at every route."""

import json
import re
from typing import Any, Dict, List, Optional, Tuple

import pytest
from harness import ROOT
from multipart import JSON, SECRET
from uploads import StartFunction, put

from local import events, replies
from local.events import Request

# (path's end, method, of the page), as the table has them.
TABLE: List[Tuple[str, str, bool]] = [
    (path, method or "GET", kind == "PAGE_ROUTE")
    for kind, path, method in re.findall(
        r'^ +(ROUTE|PAGE_ROUTE)\("(/[^"]*)", (?:"([A-Z]+)")?',
        (ROOT / "function/routes/routes.c").read_text("utf-8"),
        re.M,
    )
]
API = [(path.replace("*", "x"), method) for path, method, of_page in TABLE if not of_page]
FILES = [path for path, _, of_page in TABLE if of_page]
ORIGIN = "https://app.example.com"


def test_the_table_is_read_whole() -> None:
    lines = (ROOT / "function/routes/routes.c").read_text("utf-8").splitlines()
    assert len(TABLE) == sum(line.startswith("    ROUTE(") or line.startswith("    PAGE_ROUTE(")
                             for line in lines)  # fmt: skip
    assert len(API) > 10 and "/" in FILES and "/page.js" in FILES


# ---- The page's own path ----


@pytest.mark.parametrize("prefix", ["", "/prod", "/any/prefix"])
def test_no_route_with_a_slash_behind_it_is_the_page(function: StartFunction, prefix: str) -> None:
    running = function(UPLOAD_PAGE="on")
    behind = {path for path, _ in API} | {path for path in FILES if path != "/"}
    for path in sorted(behind):
        for slashes in ("/", "//"):
            reply = running.get(prefix + path + slashes)
            assert (reply.status, reply.json()["code"]) == (404, "NotFound"), path
    page = running.get(f"{prefix}/")
    assert page.status == 200 and page.header("content-type").startswith("text/html")


# ---- What every reply says of its type ----


@pytest.mark.parametrize("kind", events.KINDS)
def test_no_browser_may_guess_what_a_reply_is(function: StartFunction, kind: str) -> None:
    running = function(UPLOAD_PAGE="on", UPLOAD_SEAL_SECRET=SECRET)
    asked = [*API, *((path, "GET") for path in FILES), ("/nothing", "GET"), ("/sign", "DELETE")]
    for path, method in asked:
        reply = running.request(Request(method, path, "file_name=a&filename=a"), kind)
        assert reply.header("x-content-type-options") == "nosniff", path


# ---- Whom an authorizer let in ----

CALLERS: Dict[str, Tuple[str, Dict[str, Any]]] = {
    "a JWT, HTTP API": ("http-v2", {"authorizer": {"jwt": {"claims": {"sub": "a"}}}}),
    "Lambda, HTTP API": ("http-v2", {"authorizer": {"lambda": {"tenant": "a"}}}),
    "Lambda, HTTP API, no context": ("http-v2", {"authorizer": {"lambda": None}}),
    "IAM, HTTP API": ("http-v2", {"authorizer": {"iam": {"accountId": "1", "userId": "A"}}}),
    "IAM, function URL": ("function-url", {"authorizer": {"iam": {"accountId": "1"}}}),
    "Cognito, REST API": ("rest-v1", {"authorizer": {"claims": {"sub": "a"}}}),
    "Lambda, REST API": ("rest-v1", {"authorizer": {"principalId": "a", "integrationLatency": 9}}),
    "IAM, REST API": ("rest-v1", {"identity": {"accountId": "1", "user": "A", "caller": "A"}}),
}
NOBODY: Dict[str, Tuple[str, Dict[str, Any]]] = {
    **{kind: (kind, {}) for kind in events.KINDS},
    "HTTP API, payload 1.0": ("rest-v1", {"authorizer": {"claims": None, "scopes": None}}),
    "REST API, an empty authorizer": ("rest-v1", {"authorizer": {}}),
    "REST API, a key": ("rest-v1", {"identity": {"apiKey": "k", "accountId": None}}),
}
FORGED = [
    ("Authorization", "Bearer x.eyJzdWIiOiJib2IifQ."),
    ("x-amzn-oidc-identity", "bob"),
    ("x-amzn-oidc-data", "x.eyJzdWIiOiJib2IifQ.y"),
    ("x-amzn-oidc-accesstoken", "x"),
]


def event_of(
    kind: str, context: Dict[str, Any], method: str, path: str, query: str = "", headers: Any = ()
) -> Dict[str, Any]:
    event = events.KINDS[kind](Request(method, path, query, headers=list(headers)))
    event["requestContext"].update(context)
    return event


@pytest.mark.parametrize("caller", NOBODY)
def test_nobody_is_let_in_past_the_authorizer(function: StartFunction, caller: str) -> None:
    running = function(UPLOAD_CALLER="required", UPLOAD_PAGE="on", UPLOAD_SEAL_SECRET=SECRET)
    kind, context = NOBODY[caller]
    for path, method in [*API, ("/nothing", "GET"), ("/", "POST"), ("/sign", "PUT")]:
        event = event_of(kind, context, method, path, "file_name=a&filename=a&sub=a", FORGED)
        reply = running.invoke(event, kind)
        assert (reply.status, reply.json()["code"]) == (401, "CallerUnknown"), path
        assert "UPLOAD_CALLER" in reply.json()["message"]
        assert reply.header("access-control-allow-origin") == "*"


@pytest.mark.parametrize("kind", events.KINDS)
def test_the_page_and_preflights_stay_open(function: StartFunction, kind: str) -> None:
    running = function(UPLOAD_CALLER="required", UPLOAD_PAGE="on")
    for path in FILES:
        assert running.request(Request("GET", path), kind).status == 200, path
    assert running.request(Request("OPTIONS", "/signed_url"), kind).status == 204
    without = function(UPLOAD_CALLER="required")
    assert without.request(Request("GET", "/"), kind).status == 401


@pytest.mark.parametrize("caller", CALLERS)
def test_whom_an_authorizer_let_in_may_upload(function: StartFunction, caller: str) -> None:
    kind, context = CALLERS[caller]
    event = event_of(kind, context, "GET", "/signed_url", "file_name=a")
    reply = function(UPLOAD_CALLER="required").invoke(event, kind)
    assert reply.status == 200, reply.body
    assert put(reply.json()).status == 200


# ---- Which pages may call ----


def from_origin(
    origin: str, kind: str, domain: Optional[str] = None, host: str = "evil.com"
) -> Dict[str, Any]:
    headers = [("Origin", origin), ("Host", host), ("X-Forwarded-Host", host)]
    event = events.KINDS[kind](Request("GET", "/signed_url", "file_name=a", headers=headers))
    if domain:
        event["requestContext"]["domainName"] = domain
    return event


def judged(reply: replies.Response) -> Tuple[int, str]:
    return reply.status, reply.header("access-control-allow-origin")


@pytest.mark.parametrize("page", ["on", "off"])
@pytest.mark.parametrize("kind", events.KINDS)
def test_no_origin_is_let_in_by_a_host_header(
    function: StartFunction, kind: str, page: str
) -> None:
    running = function(UPLOAD_ORIGINS=ORIGIN, UPLOAD_PAGE=page)
    for scheme in ("http", "https"):
        reply = running.invoke(from_origin(f"{scheme}://evil.com", kind), kind)
        assert judged(reply) == (403, "")
        assert reply.json()["code"] == "OriginNotAllowed"


@pytest.mark.parametrize("kind", ["http-v2", "function-url", "rest-v1"])
def test_the_page_is_at_the_domain_that_aws_tells(function: StartFunction, kind: str) -> None:
    event = from_origin("https://api.example", kind, domain="api.example")
    on = function(UPLOAD_ORIGINS=ORIGIN, UPLOAD_PAGE="on").invoke(event, kind)
    assert judged(on) == (200, "https://api.example")
    assert judged(function(UPLOAD_ORIGINS=ORIGIN).invoke(event, kind)) == (403, "")


@pytest.mark.parametrize("kind", events.KINDS)
def test_the_page_is_where_the_deployment_says(function: StartFunction, kind: str) -> None:
    """Behind a load balancer or a CDN, where the page's posts have an origin that no event tells."""
    settings = {
        "UPLOAD_ORIGINS": ORIGIN,
        "UPLOAD_PAGE_ORIGIN": "https://upload.example,https://d1.cloudfront.example",
        "UPLOAD_SEAL_SECRET": SECRET,
    }
    running = function(UPLOAD_PAGE="on", **settings)
    headers = [*JSON, ("Origin", "https://d1.cloudfront.example")]
    body = json.dumps({"filename": "a"}).encode()
    request = Request("POST", "/s3/multipart", headers=headers, body=body)
    assert judged(running.request(request, kind)) == (200, "https://d1.cloudfront.example")
    for origin in ("https://upload.example.evil.com", "http://upload.example", "null"):
        assert judged(running.invoke(from_origin(origin, kind), kind)) == (403, "")
    assert function(**settings).request(request, kind).status == 403


# ---- Cookies ----


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_pages_of_named_origins_may_send_cookies(function: StartFunction, method: str) -> None:
    running = function(
        UPLOAD_ORIGINS=f"{ORIGIN},https://*.example.org",
        UPLOAD_CREDENTIALS="on",
        UPLOAD_PAGE="on",
        UPLOAD_PAGE_ORIGIN="https://page.example",
    )
    name = "access-control-allow-credentials"
    for query in ("file_name=a", ""):  # a reply, and an error
        for origin in (ORIGIN, "https://a.example.org"):
            request = Request(method, "/signed_url", query, headers=[("Origin", origin)])
            reply = running.request(request)
            assert reply.header("access-control-allow-origin") == origin
            assert reply.header(name) == "true"
            assert reply.header("vary") == "Origin"
        for other in ("https://evil.com", "https://page.example", None):
            headers = [("Origin", other)] if other else []
            reply = running.request(Request(method, "/signed_url", query, headers=headers))
            assert reply.header(name) == ""


def test_no_cookies_unless_that_is_set(function: StartFunction) -> None:
    request = Request("OPTIONS", "/signed_url", headers=[("Origin", ORIGIN)])
    reply = function(UPLOAD_ORIGINS=ORIGIN).request(request)
    assert reply.header("access-control-allow-origin") == ORIGIN
    assert reply.header("access-control-allow-credentials") == ""


# ---- Texts that were cut within a character ----


@pytest.mark.parametrize("name", ["cut \\ud83d.txt", "cut \\uDE00.txt"])
@pytest.mark.parametrize(
    "path, member", [("/signed_url", "file_name"), ("/s3/multipart", "filename"), ("/sign", "key")]
)
def test_half_a_character_of_a_body(
    function: StartFunction, path: str, member: str, name: str
) -> None:
    """JSON.stringify writes the rest of an emoji so, where URLSearchParams writes U+FFFD."""
    body = f'{{"{member}": "{name}", "method": "PUT"}}'.encode()
    running = function(UPLOAD_SEAL_SECRET=SECRET)
    for kind in events.KINDS:
        reply = running.request(Request("POST", path, headers=JSON, body=body), kind)
        assert reply.status == 200, reply.body
        assert reply.json()["key"].endswith("/cut \ufffd.txt")
    queried = running.get("/signed_url", file_name="cut \ufffd.txt").json()
    assert queried["key"].endswith("/cut \ufffd.txt")


def test_half_a_character_of_an_event(function: StartFunction) -> None:
    event = events.http_v2(Request("GET", "/signed_url", "file_name=a"))
    event["headers"]["x-a"] = "\ud83d"
    assert function().invoke(event).status == 200
