"""Events of callers of whom a Lambda authorizer said something."""

from typing import Any, Callable, Dict, Optional

from local import events
from local.events import Request

Claims = Optional[Dict[str, Any]]


def lambda_v2(request: Request, context: Claims) -> Dict[str, Any]:
    event = events.http_v2(request)
    event["requestContext"]["authorizer"] = {"lambda": context}
    return event


def lambda_v1(request: Request, context: Claims) -> Dict[str, Any]:
    event = events.rest_v1(request)
    event["requestContext"]["authorizer"] = {**(context or {}), "integrationLatency": 12}
    return event


LAMBDA: Dict[str, Callable[[Request, Claims], Dict[str, Any]]] = {
    "http-v2": lambda_v2,
    "rest-v1": lambda_v1,
}


def called_by(claims: Claims, request: Request) -> Dict[str, Any]:
    """None: there is no authorizer."""
    return events.http_v2(request) if claims is None else lambda_v2(request, claims)
