"""docs/openapi.yaml, as the judge of live replies."""

import re
from typing import Any, Dict, Iterator, Tuple

import yaml
from harness import ROOT
from jsonschema import Draft202012Validator, FormatChecker

from local import replies

DOCUMENT: Dict[str, Any] = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text("utf-8"))
METHODS = ("get", "post", "put", "delete", "patch")


def operations() -> Iterator[Tuple[str, str, Dict[str, Any]]]:
    """(method, path, operation) for each."""
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def validator(schema: Dict[str, Any]) -> Draft202012Validator:
    """The schema with the document's components beside it, where its $refs lead."""
    return Draft202012Validator(
        {**schema, "components": DOCUMENT["components"]}, format_checker=FormatChecker()
    )


def resolved(part: Dict[str, Any]) -> Dict[str, Any]:
    """What a $ref stands for."""
    while "$ref" in part:
        found: Any = DOCUMENT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def operation(method: str, path: str) -> Dict[str, Any]:
    """The operation for a path; one with fewer variables goes first."""
    fitting = [
        (declared.count("{"), found)
        for declared_method, declared, found in operations()
        if declared_method == method
        and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", declared), path)
    ]
    assert fitting, f"{method} {path} is not in the document"
    return min(fitting, key=lambda pair: pair[0])[1]


def check(method: str, path: str, reply: replies.Response) -> Any:
    """The reply is one that the document has; returns its JSON."""
    responses = operation(method, path)["responses"]
    declared = resolved(responses.get(str(reply.status)) or responses["default"])
    (media,) = declared["content"]
    assert reply.header("content-type").split(";")[0] == media
    body = reply.json()
    validator(declared["content"][media]["schema"]).validate(body)
    return body
