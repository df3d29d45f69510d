"""What an app does with receipts, and what an attacker does."""

import json
from typing import Any, Callable, Dict, Optional

from callers import Claims
from fake_store import Says
from grants import called_by
from harness import Function
from multipart import JSON
from s3http import sha256
from uploads import BODY

from local import replies
from local.events import Request

SECRET = "the-secret-of-receipts-of-the-tests-alone"
GRANTED, STORED = "granted+jwt", "stored+jwt"
DAY_SECONDS = 24 * 3600
# The fixtures of these names.
Confirming = Callable[..., Function]
AtFake = Callable[..., Function]


def read(receipt: str, bucket: str, kind: str = STORED, secret: str = SECRET) -> Dict[str, Any]:
    """As docs/app.md has an app do it: with the algorithm named, and the kind looked at."""
    import jwt  # here, for the tests of SAM, whose environment lacks it, load this file too

    header = jwt.get_unverified_header(receipt)
    assert header == {"alg": "HS256", "typ": kind}
    return dict(
        jwt.decode(
            receipt,
            secret,
            algorithms=["HS256"],
            audience=bucket,
            issuer="countersign",
            options={"require": ["iss", "aud", "iat", "exp"]},
        )
    )


def make(payload: Dict[str, Any], kind: Any = GRANTED, secret: str = SECRET, **how: Any) -> str:
    """One that the service did not write."""
    import jwt

    algorithm = how.get("algorithm", "HS256")
    return jwt.encode(payload, secret, algorithm=algorithm, headers={"typ": kind})


def confirm(
    function: Function, receipt: Any, at: str = "", claims: Claims = None
) -> replies.Response:
    body = json.dumps({"receipt": receipt}).encode()
    request = Request("POST", f"{at}/confirm", headers=JSON, body=body)
    return function.invoke(called_by(claims, request))


def confirmed(function: Function, receipt: str, **how: Any) -> Dict[str, Any]:
    """One that must succeed."""
    reply = confirm(function, receipt, **how)
    assert reply.status == 200, reply.body
    return dict(reply.json())


DIGEST = sha256(BODY)
SAME = {"Content-Type": "image/png", "ETag": '"e-1"', "x-amz-checksum-sha256": DIGEST}


def head(body: bytes = BODY, **changed: Optional[str]) -> Says:
    """A HEAD's answer; None takes a header out of it."""
    named = {name.replace("_", "-"): value for name, value in changed.items()}
    headers = {name: value for name, value in {**SAME, **named}.items() if value is not None}
    return Says(200, body, headers=headers)
