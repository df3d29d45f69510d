"""docs/app.md: its code is that of the apps, and what it shows of messages is what they get. Its settings are those
that test_moments.py runs with."""

import json
from typing import Any, Dict

import guides
import messages
import pytest
from apps import ROOT

# Of each app: its file, how a comment starts there, and the language of its block.
CODE = {
    "express": ("express/server.js", "//", "js"),
    "fastapi": ("fastapi/app.py", "#", "python"),
    "go": ("go/main.go", "//", "go"),
}


@pytest.mark.parametrize("app", CODE)
def test_the_code_is_the_apps(app: str) -> None:
    path, comment, language = CODE[app]
    source = (ROOT / "examples/apps" / path).read_text("utf-8")
    handlers = source[source.index(f"{comment} Asked: ") : source.index(f"{comment} Your app has its own")]
    assert guides.block("app.md", language, f"{comment} Asked: ").strip() == handlers.strip()


def test_the_messages_have_what_they_are_shown_with() -> None:
    question, receipt = (json.loads(guides.block("app.md", "json", name)) for name in ("request_id", "iss"))
    assert set(question) == set(json.loads(messages.question()))
    claims = json.loads(messages.decoded(messages.receipt().split(".")[1]))
    assert set(receipt) == set(claims) and set(receipt["stored"]) == set(claims["stored"])
    assert receipt["exp"] - receipt["iat"] == 24 * 3600


def test_the_apps_are_started_as_it_says() -> None:
    text = guides.text_of("app.md")
    package: Dict[str, Any] = json.loads((ROOT / "examples/apps/express/package.json").read_text())
    assert "`npm ci && npm start`" in text and package["scripts"]["start"] == "node server.js"
    assert "-r requirements.txt && .venv/bin/python app.py`" in text and "`go run .`" in text
