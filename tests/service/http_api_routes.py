"""Which route of an OpenAPI document an HTTP API takes for a request.

A path variable is one segment, a greedy one at the end is what is left. A route whose path fits without a greedy
variable goes before one with it, and the request's own method before any. A slash at the end counts.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html"""

import re
from typing import Any, Dict, Mapping, Tuple

ANY = "x-amazon-apigateway-any-method"


def route_of(paths: Mapping[str, Any], method: str, path: str) -> Dict[str, Any]:
    """The operation; KeyError when the API would answer Not Found."""
    found = [
        (_rank(template, name), operation)
        for template, operations in paths.items()
        if _fits(template, path)
        for name, operation in operations.items()
        if name in (method.lower(), ANY)
    ]
    if not found:
        raise KeyError(f"no route for {method} {path}")
    return dict(min(found, key=lambda each: each[0])[1])


def _fits(template: str, path: str) -> bool:
    parts = re.split(r"(\{[A-Za-z]+\+?\})", template)
    patterns = {True: ".+", False: "[^/]+"}
    pattern = [
        patterns[part.endswith("+}")] if part.startswith("{") else re.escape(part) for part in parts
    ]
    return bool(re.fullmatch("".join(pattern), path))


def _rank(template: str, method: str) -> Tuple[bool, int, bool]:
    return "+}" in template, template.count("{"), method == ANY
