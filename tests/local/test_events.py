"""Requests as events, and replies as responses, against what AWS documents."""

import base64
import json
from typing import Any, Dict

import pytest

from local import events, replies
from local.events import Request

REQUEST = Request(
    method="POST",
    path="/my%20route/signed_url",
    query="file_name=a%20b%2Bc+d&x=1&x=2&empty=",
    headers=[
        ("Host", "api.example"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Twice", "one"),
        ("x-twice", "two"),
        ("Cookie", "a=1; b=2"),
        ("User-Agent", "test/1"),
    ],
    body='{"name":"ż"}'.encode(),
    source_ip="203.0.113.9",
    host="api.example",
    port=8443,
)
QUERY = {"file_name": "a b+c d", "x": "1,2", "empty": ""}


def test_http_v2() -> None:
    event = events.http_v2(REQUEST)
    assert event["version"] == "2.0"
    assert event["rawPath"] == "/my route/signed_url"
    assert event["rawQueryString"] == REQUEST.query
    assert event["queryStringParameters"] == QUERY
    assert event["cookies"] == ["a=1", "b=2"]
    headers = event["headers"]
    assert headers["x-twice"] == "one,two"
    assert "cookie" not in headers and headers["host"] == "api.example"
    assert headers["x-forwarded-for"] == "203.0.113.9"
    assert (headers["x-forwarded-port"], headers["x-forwarded-proto"]) == ("8443", "http")
    assert (event["body"], event["isBase64Encoded"]) == ('{"name":"ż"}', False)
    context = event["requestContext"]
    assert context["http"] == {
        "method": "POST",
        "path": "/my route/signed_url",
        "protocol": "HTTP/1.1",
        "sourceIp": "203.0.113.9",
        "userAgent": "test/1",
    }
    assert (context["stage"], context["domainName"]) == ("$default", "api.example")
    assert isinstance(context["timeEpoch"], int) and context["requestId"]
    assert context["time"].endswith(" +0000")


def test_http_v2_without_query_cookies_and_body() -> None:
    event = events.http_v2(Request("GET"))
    assert event["rawQueryString"] == ""
    assert not {"queryStringParameters", "cookies", "body"} & event.keys()
    assert event["isBase64Encoded"] is False


def test_function_url_keeps_the_path_encoded() -> None:
    assert events.function_url(REQUEST)["rawPath"] == "/my%20route/signed_url"


def test_rest_v1() -> None:
    event = events.rest_v1(REQUEST)
    assert (event["httpMethod"], event["path"]) == ("POST", "/my%20route/signed_url")
    assert event["requestContext"]["path"] == "/local/my%20route/signed_url"
    assert event["headers"]["Content-Type"] == "application/json; charset=utf-8"
    assert event["multiValueHeaders"]["X-Twice"] == ["one"]
    assert event["queryStringParameters"] == {"file_name": "a b+c d", "x": "2", "empty": ""}
    assert event["multiValueQueryStringParameters"]["x"] == ["1", "2"]
    assert event["requestContext"]["identity"]["sourceIp"] == "203.0.113.9"
    empty = events.rest_v1(Request("GET"))
    for name in ("body", "queryStringParameters", "multiValueQueryStringParameters"):
        assert empty[name] is None


def test_alb() -> None:
    event = events.alb(REQUEST)
    assert event["requestContext"]["elb"]["targetGroupArn"].startswith("arn:aws:elastic")
    assert event["queryStringParameters"] == {"file_name": "a%20b%2Bc+d", "x": "2", "empty": ""}
    assert event["headers"]["x-twice"] == "two"
    assert "multiValueHeaders" not in event
    many = events.alb_multi_value(REQUEST)
    assert many["multiValueHeaders"]["x-twice"] == ["one", "two"]
    assert many["multiValueQueryStringParameters"]["x"] == ["1", "2"]
    assert not {"headers", "queryStringParameters"} & many.keys()
    assert events.alb(Request("GET"))["body"] == ""


@pytest.mark.parametrize(
    "kind, text",
    [
        ("text/plain", True),
        ("Application/JSON", True),
        ("application/xml", True),
        ("application/javascript", True),
        ("application/x-www-form-urlencoded", False),
        ("image/png", False),
        ("", False),
    ],
)
def test_which_bodies_are_base64(kind: str, text: bool) -> None:
    headers = [("Content-Type", kind)] if kind else []
    for make in (events.http_v2, events.function_url, events.alb):
        event = make(Request("POST", headers=headers, body=b"abc"))
        assert event["isBase64Encoded"] is not text
        assert event["body"] == ("abc" if text else base64.b64encode(b"abc").decode())


@pytest.mark.parametrize("kind", events.KINDS)
def test_any_bytes_make_an_event(kind: str) -> None:
    request = Request("POST", headers=[("content-type", "text/plain")], body=b"\xff\x00")
    assert json.dumps(events.KINDS[kind](request))


def reply(**parts: Any) -> bytes:
    return json.dumps({"statusCode": 200, **parts}).encode()


def test_reply_v2() -> None:
    got = replies.format_v2(
        reply(headers={"X-A": "1", "X-N": 2}, cookies=["a=1", "b=2"], body="żółw")
    )
    assert (got.status, got.body.decode()) == (200, "żółw")
    assert got.header("x-a") == "1" and got.header("x-n") == "2"
    assert [v for k, v in got.headers if k == "Set-Cookie"] == ["a=1", "b=2"]
    assert got.header("content-type") == "text/plain;charset=utf-8"


def test_reply_v2_without_status_is_the_body() -> None:
    got = replies.format_v2(b'{"any": "json"}')
    assert (got.status, got.body) == (200, b'{"any": "json"}')
    assert got.header("content-type") == "application/json"
    assert replies.format_v2(b'"text"').body == b"text"


@pytest.mark.parametrize("kind", replies.KINDS)
def test_reply_base64(kind: str) -> None:
    got = replies.KINDS[kind](reply(body="AP8=", isBase64Encoded=True))
    assert got.body == b"\x00\xff"
    assert replies.KINDS[kind](reply(statusCode="204")).status == 204


def test_reply_v1_joins_both_header_maps() -> None:
    got = replies.format_v1(
        reply(headers={"a": "1", "B": "x"}, multiValueHeaders={"A": ["1", "2"]})
    )
    assert got.header("a") == "1,2" and got.header("b") == "x"


@pytest.mark.parametrize("kind", replies.KINDS)
@pytest.mark.parametrize(
    "broken",
    [
        {"statusCode": "none"},
        {"statusCode": None},
        {"statusCode": 99},
        {"statusCode": 101},
        {"body": {"an": "object"}},
        {"body": "no base64!", "isBase64Encoded": True},
        {"headers": ["a"]},
        {"headers": {"a": ["b"]}},
        {"headers": {"a": "b\r\nc: d"}},
        {"headers": {"a b": "c"}},
    ],
)
def test_malformed_replies(kind: str, broken: Dict[str, Any]) -> None:
    with pytest.raises(replies.MalformedReply):
        replies.KINDS[kind](reply(**broken))


def test_malformed_by_kind() -> None:
    with pytest.raises(replies.MalformedReply):
        replies.format_v2(b"no json")
    with pytest.raises(replies.MalformedReply):
        replies.format_v2(reply(cookies="a=1"))
    for payload in (b"[]", b"{}", b"null", reply(multiValueHeaders={"a": "b"})):
        with pytest.raises(replies.MalformedReply):
            replies.format_v1(payload)
