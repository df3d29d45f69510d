"""Where the app may be, how it is reached, and what the log has of it."""

import base64
from pathlib import Path
from typing import Any

import pytest
from asking import WEBHOOK, asking, log_of, secret_of, verified
from fake_app import StartApp
from grants import File, ask, granted
from harness import LoopThread
from http_proxy import proxies
from multipart import refused
from test_multipart_tls import certificate, context_of
from uploads import StartFunction

from local.runtime_api import FunctionFailed

# ---- Where it may be, and how -----------------------------------------------------


def problem(start: StartFunction, **settings: str) -> str:
    usual = {"UPLOAD_ASK_URL": "https://app.example/ask", "UPLOAD_WEBHOOK_SECRET": WEBHOOK}
    with pytest.raises(FunctionFailed) as failed:
        start(**{**usual, **settings})
    return failed.value.message


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example/ask",
        "http://10.0.0.1/ask",
        "http://169.254.169.254/latest",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.evil.example/",
        "http://1270.0.0.1/",
        "http://127.0.0.1@evil.example/",
        "http://localhost:80@evil.example/",
        "http://evil.example/#@localhost/",
        "http://evil.example/?@localhost/",
        "http://evil.example\\@localhost/",
        "http://[::2]/",
        "http://[::1].evil.example/",
        "http://0.0.0.0/",
        "https://user:words@app.example/",
        "https://user@app.example/",
        "https://app.example/ask#x",
        "https://app.example/a b",
        "https://app.example/a\tb",
        "https://app.example:0/",
        "https://app.example:65536/",
        "https://app.example:x/",
        "https:///ask",
        "https://",
        "ftp://app.example/",
        "file:///etc/passwd",
        "app.example/ask",
        "//app.example/ask",
        "https://app.example/" + "x" * 2048,
    ],
)
def test_where_the_app_may_not_be(function: StartFunction, url: str) -> None:
    said = problem(function, UPLOAD_ASK_URL=url)
    assert "UPLOAD_ASK_URL" in said and "words" not in said


@pytest.mark.parametrize(
    "url",
    [
        "https://app.example/ask",
        "https://app.example:8443/ask?token=a%20b",
        "https://10.0.0.1/ask",
        "https://[2001:db8::1]:8443/ask",
        "http://localhost:3000/ask",
        "http://127.0.0.1/ask",
        "http://127.9.9.9:1/a",
        "http://[::1]:3000/ask",
        "https://app.example/" + "x" * (2048 - len("https://app.example/")),
    ],
)
def test_where_the_app_may_be(function: StartFunction, url: str) -> None:
    running = function(UPLOAD_ASK_URL=url, UPLOAD_WEBHOOK_SECRET=WEBHOOK, UPLOAD_PAGE="on")
    assert running.get("/").status == 200


SHORT = secret_of(b"s", 23)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        SHORT,
        secret_of(b"s", 65),
        WEBHOOK.replace("whsec_", ""),
        WEBHOOK.replace("whsec_", "WHSEC_"),
        "whsec_" + "s" * 31 + "!",
        WEBHOOK + "s",
        "whsec_" + "-_" * 24,
        f"{WEBHOOK},",
        f",{WEBHOOK}",
        f"{WEBHOOK},{SHORT}",
        f"{WEBHOOK},{WEBHOOK},{WEBHOOK}",
        f"{WEBHOOK} {WEBHOOK}",
    ],
)
def test_a_secret_that_is_none(function: StartFunction, secret: str) -> None:
    said = problem(function, UPLOAD_WEBHOOK_SECRET=secret)
    assert "UPLOAD_WEBHOOK_SECRET" in said
    assert base64.b64encode(b"s" * 12).decode() not in said and WEBHOOK not in said


@pytest.mark.parametrize("value", ["99", "25001", "0", "-1", "1.5", "3s"])
def test_a_timeout_that_is_none(function: StartFunction, value: str) -> None:
    assert "UPLOAD_ASK_TIMEOUT_MS" in problem(function, UPLOAD_ASK_TIMEOUT_MS=value)


def test_all_is_told_at_once(function: StartFunction) -> None:
    said = problem(
        function,
        UPLOAD_ASK_URL="http://app.example/",
        UPLOAD_WEBHOOK_SECRET=SHORT,
        UPLOAD_ASK_TIMEOUT_MS="1",
    )
    for name in ("UPLOAD_ASK_URL", "UPLOAD_WEBHOOK_SECRET", "UPLOAD_ASK_TIMEOUT_MS"):
        assert name in said


@pytest.mark.parametrize("trusted, host", [(True, "localhost"), (False, "localhost"), (True, "x")])
def test_https(
    function: StartFunction, app: StartApp, tmp_path: Path, trusted: bool, host: str
) -> None:
    made = certificate(tmp_path, host)
    other = certificate(tmp_path, "other.example")
    asked = app(tls=context_of(made))
    running = asking(function, asked, AWS_CA_BUNDLE=str(made if trusted else other))
    if trusted and host == "localhost":
        for _ in range(2):
            granted(running, "GET /signed_url")
        assert (len(asked.asked), asked.connections) == (2, 1)
        assert verified(WEBHOOK, asked)
    else:
        refused(ask(running, "GET /signed_url"), 503, "AppUnreachable")
        assert asked.asked == []


def test_no_proxy_is_before_this_machine(function: StartFunction, app: StartApp) -> None:
    nowhere = {name: "http://127.0.0.1:9" for name in ("http_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
    granted(asking(function, app(), **nowhere), "GET /signed_url")


def test_a_proxy(
    function: StartFunction, app: StartApp, loop_thread: LoopThread, tmp_path: Path
) -> None:
    made = certificate(tmp_path, "localhost")
    asked = app(tls=context_of(made))
    with proxies(loop_thread) as start_proxy:
        proxy = start_proxy()
        running = asking(function, asked, AWS_CA_BUNDLE=str(made), HTTPS_PROXY=proxy.address)
        granted(running, "GET /signed_url")
        assert (len(proxy.requests), len(asked.asked)) == (1, 1)
        assert verified(WEBHOOK, asked)


# ---- What is not logged -----------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [{"allow": True}, {"allow": False, "message": "words-of-the-app"}, b"words-of-the-app"]
    + [{"allow": True, "key": "words-of-the-app\n"}, {"allow": True, "types": "words-of-the-app"}],
)
def test_not_logged(function: StartFunction, app: StartApp, tmp_path: Path, answer: Any) -> None:
    asked = app(answer)
    running = asking(
        function,
        asked,
        UPLOAD_ASK_URL=f"{asked.url}?token=of-the-url",
        AWS_LAMBDA_LOG_LEVEL="TRACE",
    )
    file = File("name-of-the-file.png", metadata={"note": "note-of-the-client"})
    claims = {"sub": "name-of-the-caller"}
    ask(running, "GET /signed_url", file, claims=claims)
    log, (question,) = log_of(tmp_path), asked.asked
    signature = question.headers["webhook-signature"].partition(",")[2]
    for private in ("of-the-", WEBHOOK, WEBHOOK[6:30], signature[:12]):
        assert private not in log


def test_without_an_app_nobody_is_asked(function: StartFunction) -> None:
    granted(function(UPLOAD_ASK_URL="", UPLOAD_WEBHOOK_SECRET=""), "GET /signed_url")
