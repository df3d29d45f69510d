"""POST /signed_urls, as a client asks for it."""

import json
from typing import Any, Dict, List

from callers import Claims, called_by
from forms import post
from harness import Function
from multipart import JSON
from s3http import Answer
from uploads import BODY, put

from local import replies
from local.events import Request


def request(body: Any, at: str = "") -> Request:
    """`body` as it is when it is bytes, else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("POST", f"{at}/signed_urls", headers=JSON, body=data)


def ask(function: Function, body: Any, at: str = "", claims: Claims = None) -> replies.Response:
    return function.invoke(called_by(claims, request(body, at)))


def signed(function: Function, files: List[Any], **more: Any) -> List[Dict[str, Any]]:
    """What is said of each file; `more` is of the body."""
    reply = ask(function, {"files": files, **more})
    assert reply.status == 200, reply.body
    said = reply.json()
    assert set(said) == {"files"} and len(said["files"]) == len(files)
    return list(said["files"])


def upload(file: Dict[str, Any], body: bytes = BODY) -> Answer:
    """As the reply has it: a form or a PUT."""
    return post(file, body) if file["method"] == "POST" else put(file, body)
