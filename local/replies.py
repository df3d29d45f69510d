"""What a function returns, as the HTTP response that AWS makes of it."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Tuple

Pairs = List[Tuple[str, str]]
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
FORBIDDEN_IN_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class MalformedReply(Exception):
    """AWS would answer 502 (500 on an HTTP API) instead of this."""


@dataclass(frozen=True)
class Response:
    status: int
    headers: Pairs
    body: bytes

    def header(self, name: str) -> str:
        """All values of a header, joined by commas."""
        return ",".join(value for key, value in self.headers if key.lower() == name.lower())

    def json(self) -> Any:
        return json.loads(self.body)


def internal_error() -> Response:
    """What API Gateway says when the function failed; it never tells why."""
    return message(502, "Internal Server Error")


def message(status: int, text: str) -> Response:
    body = json.dumps({"message": text}).encode()
    return Response(status, [("Content-Type", "application/json")], body)


def format_v2(payload: bytes) -> Response:
    """HTTP API and function URL: with headers and cookies, or any JSON as it is."""
    reply = _json(payload)
    if not isinstance(reply, dict) or "statusCode" not in reply:
        body = reply.encode() if isinstance(reply, str) else payload
        return Response(200, [("Content-Type", "application/json")], body)
    headers = _single(reply)
    cookies = reply.get("cookies") or []
    if not _strings(cookies):
        raise MalformedReply("cookies is no list of strings")
    headers += [("Set-Cookie", cookie) for cookie in cookies]
    return _response(reply, headers, "text/plain;charset=utf-8")


def format_v1(payload: bytes) -> Response:
    """REST API: headers and multiValueHeaders together."""
    return _format_v1(payload, "application/json")


def alb(payload: bytes) -> Response:
    return _format_v1(payload, "application/octet-stream")


def _format_v1(payload: bytes, default_type: str) -> Response:
    reply = _json(payload)
    if not isinstance(reply, dict) or "statusCode" not in reply:
        raise MalformedReply("no JSON object with statusCode")
    multi = reply.get("multiValueHeaders") or {}
    if not isinstance(multi, dict) or not all(_strings(v) for v in multi.values()):
        raise MalformedReply("multiValueHeaders does not hold lists of strings")
    headers = [(name, value) for name, values in multi.items() for value in values]
    known = {(name.lower(), value) for name, value in headers}
    headers += [(k, v) for k, v in _single(reply) if (k.lower(), v) not in known]
    return _response(reply, headers, default_type)


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError as error:
        raise MalformedReply(f"no JSON: {error}") from error


def _strings(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _single(reply: Dict[str, Any]) -> Pairs:
    headers = reply.get("headers") or {}
    if not isinstance(headers, dict):
        raise MalformedReply("headers is no object")
    pairs = []
    for name, value in headers.items():
        if isinstance(value, (dict, list)) or value is None:
            raise MalformedReply(f"the header {name} is no string")
        pairs.append((name, value if isinstance(value, str) else json.dumps(value)))
    return pairs


def _response(reply: Dict[str, Any], headers: Pairs, default_type: str) -> Response:
    try:
        status = int(reply["statusCode"])
    except (TypeError, ValueError) as error:
        raise MalformedReply("statusCode is no number") from error
    if not 200 <= status <= 599:
        raise MalformedReply(f"statusCode {status} is no status of a response")
    body = "" if reply.get("body") is None else reply["body"]
    if not isinstance(body, str):
        raise MalformedReply("body is no string")
    content = body.encode("utf-8", "surrogatepass")
    if reply.get("isBase64Encoded") is True:
        try:
            content = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError) as error:
            raise MalformedReply("body is no base64") from error
    for name, value in headers:
        if not HEADER_NAME.fullmatch(name) or FORBIDDEN_IN_VALUE.search(value):
            raise MalformedReply(f"the header {name!r} can't be sent")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = headers + [("Content-Type", default_type)]
    return Response(status, headers, content)


KINDS: Dict[str, Callable[[bytes], Response]] = {
    "http-v2": format_v2,
    "rest-v1": format_v1,
    "function-url": format_v2,
    "alb": alb,
    "alb-multi-value": alb,
}
