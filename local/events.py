"""HTTP requests as Lambda gets them: one event form for each front that AWS has.

How they differ was taken from AWS's documentation and from events captured on AWS:
- HTTP API (v2) decodes the path; REST API, function URL and ALB leave it encoded;
- v2 leaves the raw query, and joins values by commas in queryStringParameters;
- ALB leaves the query's names and values encoded;
- REST API keeps the case of header names, the others send them in lower case;
- a body is text for text/*, JSON, JavaScript and XML, and base64 otherwise; a REST
  API without binary media types makes text of everything, which ruins other bytes.
"""

import base64
import datetime
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Tuple
from urllib.parse import parse_qsl, unquote

Pairs = List[Tuple[str, str]]
Event = Dict[str, Any]
Claims = Dict[str, Any]

ACCOUNT = "000000000000"
API_ID = "local"
TEXT_TYPES = ("application/json", "application/javascript", "application/xml")
TARGET_GROUP = (
    f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:targetgroup/local/0000000000000000"
)


@dataclass
class Request:
    method: str
    path: str = "/"  # percent-encoded, without the query
    query: str = ""  # percent-encoded, without the question mark
    headers: Pairs = field(default_factory=list)
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"
    stage: str = "$default"
    host: str = "127.0.0.1"
    port: int = 80
    claims: Optional[Claims] = None  # what a JWT authorizer passed on; a function URL and an ALB have none

    def header(self, name: str) -> str:
        """All values of a header, joined by commas."""
        return ",".join(value for key, value in self.headers if key.lower() == name)

    def with_forwarded(self) -> Pairs:
        """The headers that reach the function: AWS adds these four."""
        added = {
            "x-amzn-trace-id": f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}",
            "x-forwarded-for": self.source_ip,
            "x-forwarded-port": str(self.port),
            "x-forwarded-proto": "http",
        }
        kept = [pair for pair in self.headers if pair[0].lower() not in added]
        return kept + list(added.items())


def http_v2(request: Request) -> Event:
    """API Gateway HTTP API, payload format 2.0."""
    event = _format_v2(request, unquote(request.path))
    if request.claims is not None:
        event["requestContext"]["authorizer"] = {"jwt": {"claims": request.claims, "scopes": None}}
    return event


def function_url(request: Request) -> Event:
    """Lambda function URL: format 2.0 with the path left as it came."""
    return _format_v2(request, request.path)


def _format_v2(request: Request, path: str) -> Event:
    headers = [(k.lower(), v) for k, v in request.with_forwarded()]
    cookies = [v for k, v in headers if k == "cookie"]
    now = datetime.datetime.now(datetime.timezone.utc)
    event: Event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": _joined([pair for pair in headers if pair[0] != "cookie"]),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": request.host,
            "domainPrefix": request.host.split(".")[0],
            "http": {
                "method": request.method,
                "path": path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": request.header("user-agent"),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": request.stage,
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = [part.strip() for v in cookies for part in v.split(";")]
    if request.query:
        event["queryStringParameters"] = _joined(_decoded(request.query))
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request)
    return event


def rest_v1(request: Request) -> Event:
    """API Gateway REST API, Lambda proxy integration on /{proxy+}."""
    headers = request.with_forwarded()
    query = _decoded(request.query)
    now = datetime.datetime.now(datetime.timezone.utc)
    stage = "local" if request.stage == "$default" else request.stage
    authorizer = {} if request.claims is None else {"authorizer": {"claims": request.claims}}
    return {
        "resource": "/{proxy+}",
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(headers) or None,
        "multiValueHeaders": _listed(headers) or None,
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _listed(query) or None,
        "pathParameters": {"proxy": request.path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            **authorizer,
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": request.host,
            "domainPrefix": request.host.split(".")[0],
            "extendedRequestId": secrets.token_urlsafe(12),
            "httpMethod": request.method,
            "identity": {
                "sourceIp": request.source_ip,
                "userAgent": request.header("user-agent") or None,
            },
            "path": f"/{stage}{request.path}",
            "protocol": request.protocol,
            "requestId": str(uuid.uuid4()),
            "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": int(now.timestamp() * 1000),
            "resourcePath": "/{proxy+}",
            "stage": stage,
        },
        "body": request.body.decode("utf-8", "replace") if request.body else None,
        "isBase64Encoded": False,
    }


def alb(request: Request) -> Event:
    """Application Load Balancer: the last value of each header and parameter."""
    headers, query = _alb_pairs(request)
    return {**_alb(request), "headers": dict(headers), "queryStringParameters": dict(query)}


def alb_multi_value(request: Request) -> Event:
    """ALB with lambda.multi_value_headers.enabled."""
    headers, query = _alb_pairs(request)
    return {
        **_alb(request),
        "multiValueHeaders": _listed(headers),
        "multiValueQueryStringParameters": _listed(query),
    }


def _alb(request: Request) -> Event:
    body, encoded = _body(request)
    return {
        "requestContext": {"elb": {"targetGroupArn": TARGET_GROUP}},
        "httpMethod": request.method,
        "path": request.path,
        "body": body,
        "isBase64Encoded": encoded,
    }


def _alb_pairs(request: Request) -> Tuple[Pairs, Pairs]:
    headers = [(k.lower(), v) for k, v in request.with_forwarded()]
    parts = [part.partition("=") for part in request.query.split("&") if part]
    return headers, [(name, value) for name, _, value in parts]


def _body(request: Request) -> Tuple[str, bool]:
    if not request.body:
        return "", False
    kind = request.header("content-type").split(";")[0].strip().lower()
    if kind.startswith("text/") or kind in TEXT_TYPES:
        try:
            return request.body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass  # bytes that no JSON string can hold
    return base64.b64encode(request.body).decode("ascii"), True


def _decoded(query: str) -> Pairs:
    return parse_qsl(query, keep_blank_values=True)


def _joined(pairs: Pairs) -> Dict[str, str]:
    return {name: ",".join(values) for name, values in _listed(pairs).items()}


def _listed(pairs: Pairs) -> Dict[str, List[str]]:
    lists: Dict[str, List[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return lists


KINDS: Dict[str, Callable[[Request], Event]] = {
    "http-v2": http_v2,
    "rest-v1": rest_v1,
    "function-url": function_url,
    "alb": alb,
    "alb-multi-value": alb_multi_value,
}
