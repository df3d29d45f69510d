"""Receipts as the function gives them, and confirmations that go wrong on the way."""

import base64
import hashlib
import hmac
import json
from typing import Any, Dict, List

from browser import Tab
from playwright.sync_api import Request, Route

SECRET = "only-the-tests-in-a-browser-have-this-one"
ON = {"UPLOAD_RECEIPT_SECRET": SECRET}
ANYBODY = {"Access-Control-Allow-Origin": "*"}
LOST = {"lost": True}


def refusal(status: int, code: str) -> Dict[str, Any]:
    body = {"message": f"told by {code}", "error": "", "code": code, "requestId": "x"}
    return {"status": status, "headers": ANYBODY, "json": body}


NOT_STORED = refusal(404, "NotStored")
STORED_DIFFERS = refusal(409, "StoredDiffers")
FORBIDDEN = refusal(403, "ReceiptOfOther")
BUSY = refusal(503, "StoreError")


class Confirmations:
    """The first ones get these answers, and the others the service's own."""

    def __init__(self, tab: Tab, *answers: Dict[str, Any]) -> None:
        self._tab = tab
        self._answers = list(answers)
        tab.page.route("**/confirm", self._confirm)

    @property
    def asked(self) -> List[Request]:
        return self._tab.sent("POST", "/confirm")

    def _confirm(self, route: Route) -> None:
        answer = self._answers.pop(0) if self._answers else None
        if answer is None:
            route.continue_()
        elif answer is LOST:
            route.abort()
        else:
            route.fulfill(**answer)


def without_the_completions(tab: Tab) -> None:
    """As when S3 did not show the object then."""

    def answer(route: Route) -> None:
        response = route.fetch()
        told = {name: value for name, value in response.json().items() if name != "receipt"}
        route.fulfill(response=response, json=told)

    tab.page.route("**/complete?*", answer)


def claims(token: str, kind: str) -> Dict[str, Any]:
    """What a receipt of this kind says (RFC 7519), which must be signed with the secret."""
    signed, _, signature = token.rpartition(".")
    digest = hmac.digest(SECRET.encode(), signed.encode(), hashlib.sha256)
    assert hmac.compare_digest(digest, _bytes(signature))
    header, _, payload = signed.partition(".")
    assert json.loads(_bytes(header)) == {"alg": "HS256", "typ": f"{kind}+jwt"}
    return dict(json.loads(_bytes(payload)))


def proved(token: str) -> Any:
    """(key, size) of what is stored."""
    said = claims(token, "stored")
    return said["key"], said["stored"]["size"]


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
