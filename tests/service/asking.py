"""A function that asks an app."""

import base64
import json
from pathlib import Path
from typing import Any, Dict

from fake_app import FakeApp
from harness import Function
from multipart import SECRET
from standardwebhooks import Webhook
from uploads import StartFunction


def secret_of(byte: bytes, size: int = 32) -> str:
    return "whsec_" + base64.b64encode(byte * size).decode()


WEBHOOK = secret_of(b"a")
LONG_MS = "25000"  # never binds
PROFILES = json.dumps({"avatar": {}, "video": {}})


def settings_of(app: FakeApp) -> Dict[str, str]:
    return {"UPLOAD_ASK_URL": app.url, "UPLOAD_WEBHOOK_SECRET": WEBHOOK}


def asking(start: StartFunction, app: FakeApp, **settings: str) -> Function:
    usual = {
        **settings_of(app),
        "UPLOAD_ASK_TIMEOUT_MS": LONG_MS,
        "UPLOAD_SEAL_SECRET": SECRET,
    }
    return start(**{**usual, **settings})


def log_of(tmp_path: Path) -> str:
    return (tmp_path / "function.log").read_text()


def verified(secret: str, asked: FakeApp) -> Any:
    question = asked.asked[-1]
    return Webhook(secret).verify(question.body, question.headers)
