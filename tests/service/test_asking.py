"""UPLOAD_ASK_URL: what the app is asked before an upload is signed, and when."""

import json
from typing import Any, Dict
from urllib.parse import urlsplit

import pytest
from asking import PROFILES, WEBHOOK, asking, secret_of, verified
from fake_app import ALLOWED, CLOSE, Answer, StartApp, says
from fake_store import CREATED, Says, StartStore, error
from grants import ASKED, PARTS, ROUTES, WITH_METADATA, WITH_SIZE, File, ask, granted, key_of
from multipart import JSON, Upload, refused
from s3http import sha256
from standardwebhooks import Webhook, WebhookVerificationError
from uploads import BODY, StartFunction

from local import events
from local.events import Request

# ---- What the app is asked --------------------------------------------------------

DIGEST = sha256(BODY)
WHOLE = File(size=len(BODY), sha256=DIGEST, metadata={"note": "a b", "more": "ż 🐢\n=?"})
TOLD = {"file_name": "a.png", "file_type": "image/png"}
CLAIMS = {"sub": "alice", "plan": 3, "admin": False, "groups": ["a", "b"]}


def test_what_is_asked(function: StartFunction, app: StartApp) -> None:
    asked = app()
    running = asking(function, asked, UPLOAD_PROFILES=PROFILES)
    for route in ASKED:
        made = granted(running, route, WHOLE, at="/avatar", claims=CLAIMS)
        question = asked.questions()[-1]
        expected: Dict[str, Any] = {**TOLD, "profile": "avatar", "caller": CLAIMS}
        expected["key"] = key_of(made)
        if route in WITH_SIZE or route in PARTS:
            expected["size"] = len(BODY)
        if route in WITH_SIZE or route == "POST /sign, parts":
            expected["sha256"] = DIGEST
        if route in WITH_METADATA:
            expected["metadata"] = dict(WHOLE.metadata)
        if route in PARTS:
            expected["parts"] = True
        assert question.pop("request_id")
        assert question == expected, route


def test_what_is_not_known_is_left_out(function: StartFunction, app: StartApp) -> None:
    asked = app()
    running = asking(function, asked)
    for route in ASKED:
        made = granted(running, route, File("b.png", None))
        question = asked.questions()[-1]
        assert question.pop("request_id")
        parts = {"parts": True} if route in PARTS else {}
        rest = {"file_name": "b.png", "file_type": "image/png", "key": key_of(made)}
        assert question == {**rest, **parts}, route


@pytest.mark.parametrize(
    "kind, authorizer, caller",
    [
        ("http-v2", {"jwt": {"claims": {"sub": "a", "scope": "x y"}, "scopes": None}}, None),
        ("rest-v1", {"claims": {"sub": "a", "email": "a@b.example"}}, None),
        ("rest-v1", {"principalId": "u|1", "tenant": "42", "integrationLatency": 9}, ["tenant"]),
    ],
)
def test_who_is_asked_for(
    function: StartFunction, app: StartApp, kind: str, authorizer: Any, caller: Any
) -> None:
    asked = app()
    event = events.KINDS[kind](Request("GET", "/signed_url", "file_name=a"))
    event["requestContext"]["authorizer"] = authorizer
    assert asking(function, asked).invoke(event, kind).status == 200
    told = asked.questions()[0]["caller"]
    if caller is None:
        assert told == (authorizer.get("jwt") or authorizer)["claims"]
    else:
        assert (told["principalId"], told["tenant"]) == ("u|1", "42")


@pytest.mark.parametrize("kind", events.KINDS)
def test_nobody_is_nobody(function: StartFunction, app: StartApp, kind: str) -> None:
    """Whatever a client says of itself."""
    asked = app()
    headers = [("Authorization", "Bearer x.eyJzdWIiOiJib2IifQ."), ("caller", "bob")]
    request = Request("GET", "/signed_url", "file_name=a&caller=bob", headers)
    assert asking(function, asked).request(request, kind).status == 200
    assert "caller" not in asked.questions()[0]


@pytest.mark.parametrize("name", ["żółw 🐢.png", 'q"\\x\u2028.png', "%41&=+.png", "a/b.png"])
def test_names_come_whole(function: StartFunction, app: StartApp, name: str) -> None:
    asked = app()
    running = asking(function, asked)
    for route in ("GET /signed_url", "POST /s3/multipart"):
        made = granted(running, route, File(name))
        question = asked.questions()[-1]
        assert (question["file_name"], question["key"]) == (name, key_of(made))


def test_how_it_is_asked(function: StartFunction, app: StartApp) -> None:
    asked = app()
    url = asked.url.replace("/ask", "/a/b%20c?x=1&y=%2F")
    granted(asking(function, asked, UPLOAD_ASK_URL=url), "GET /signed_url")
    (question,) = asked.asked
    assert (question.method, question.target) == ("POST", "/a/b%20c?x=1&y=%2F")
    assert question.headers["content-type"] == "application/json"
    assert question.headers["host"] == urlsplit(url).netloc
    assert question.headers["webhook-id"].startswith("msg_")


# ---- That it is we who ask --------------------------------------------------------


@pytest.mark.parametrize("size", [24, 32, 64])
def test_the_signature(function: StartFunction, app: StartApp, size: int) -> None:
    asked, secret = app(), secret_of(b"\xfe", size)
    running = asking(function, asked, UPLOAD_WEBHOOK_SECRET=secret)
    for route in ASKED:
        granted(running, route, WHOLE)
        assert verified(secret, asked) == asked.questions()[-1]
        with pytest.raises(WebhookVerificationError):
            verified(WEBHOOK, asked)
    assert len({each.headers["webhook-id"] for each in asked.asked}) == len(ASKED)


def test_a_rotation(function: StartFunction, app: StartApp) -> None:
    asked, new = app(), secret_of(b"b")
    for both in (f"{new},{WEBHOOK}", f"{new} , {WEBHOOK}"):
        granted(asking(function, asked, UPLOAD_WEBHOOK_SECRET=both), "GET /signed_url")
        assert len(asked.asked[-1].headers["webhook-signature"].split(" ")) == 2
        assert verified(new, asked) == verified(WEBHOOK, asked)


def test_what_is_signed_is_what_came(function: StartFunction, app: StartApp) -> None:
    asked = app()
    granted(asking(function, asked), "GET /signed_url", WHOLE)
    (question,) = asked.asked
    other = question.headers["webhook-id"][:-1] + "!"
    for body, headers in (
        (question.body + b" ", question.headers),
        (question.body, {**question.headers, "webhook-id": other}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(WEBHOOK).verify(body, headers)


# ---- When it is asked -------------------------------------------------------------


def test_once_for_each_upload_and_on_one_connection(
    function: StartFunction, app: StartApp
) -> None:
    asked = app()
    running = asking(function, asked)
    for count, route in enumerate(ASKED, 1):
        granted(running, route)
        assert len(asked.asked) == count
    assert asked.connections == 1


def test_parts_are_not_asked_for(
    function: StartFunction, app: StartApp, s3: Any, bucket: str
) -> None:
    asked = app()
    running = asking(function, asked, UPLOAD_DOWNLOADS="on", UPLOAD_PAGE="on")
    made = granted(running, "POST /s3/multipart")
    upload = Upload(running, made["key"], made["uploadId"])
    assert upload.complete([upload.put(1, BODY)]).status == 200
    upload.batch("1,2")
    upload.list()
    upload.abort()
    for method, number in (("PUT", 1), ("GET", None), ("POST", None), ("DELETE", None)):
        body = {"method": method, "key": upload.key, "uploadId": "u", "partNumber": number}
        request = Request("POST", "/sign", headers=JSON, body=json.dumps(body).encode())
        listed = method in ("GET", "DELETE")
        assert running.request(request).status == (200 if listed else 403)
    assert running.get("/signed_download", key=upload.key).status == 200
    assert running.get("/").status == 200
    assert running.request(Request("OPTIONS", "/signed_url")).status == 204
    assert len(asked.asked) == 1


def test_once_though_the_store_is_asked_twice(
    function: StartFunction, app: StartApp, start: StartStore
) -> None:
    store = start(Says(503, error("SlowDown")), Says(200, CREATED))
    asked = app()
    granted(asking(function, asked, AWS_ENDPOINT_URL_S3=store.url), "POST /s3/multipart")
    assert (len(store.requests), len(asked.asked)) == (2, 1)


@pytest.mark.parametrize("answer", [{"allow": False}, b"garbage"])
def test_nothing_is_started_before_the_answer(
    function: StartFunction, app: StartApp, start: StartStore, answer: Any
) -> None:
    store = start(Says(200, CREATED))
    running = asking(function, app(answer), AWS_ENDPOINT_URL_S3=store.url)
    assert ask(running, "POST /s3/multipart").status in (403, 503)
    assert store.requests == []


@pytest.mark.parametrize(
    "file, code",
    [
        (File("a.txt", "text/plain", 1), "TypeNotAllowed"),
        (File(size=11), "TooLarge"),
        (File(""), "MissingParameter"),
    ],
)
def test_what_is_refused_anyway_is_not_asked_for(
    function: StartFunction, app: StartApp, file: File, code: str
) -> None:
    asked = app()
    running = asking(function, asked, UPLOAD_TYPES="image/*", UPLOAD_MAX_BYTES="10")
    assert ask(running, "GET /signed_url", file).json()["code"] == code
    assert asked.asked == []


def test_connections_that_the_app_has_closed(function: StartFunction, app: StartApp) -> None:
    asked = app()
    running = asking(function, asked)
    for connections in (1, 2, 3):
        granted(running, "GET /signed_url")
        assert (len(asked.asked), asked.connections) == (connections, connections)
        asked.drop_connections()


def test_a_connection_that_breaks_under_a_question(
    function: StartFunction, app: StartApp
) -> None:
    """A kept one may have been given up while the question was on its way: it is the same one,
    by its id, that comes on a new connection."""
    asked = app(ALLOWED, Answer(b"", CLOSE), ALLOWED)
    running = asking(function, asked)
    for _ in range(2):
        granted(running, "GET /signed_url")
    first, second, again = asked.asked
    assert (second.headers, second.body) == (again.headers, again.body)
    assert first.headers["webhook-id"] != again.headers["webhook-id"]
    assert asked.connections == 2


def test_an_app_that_closes_after_each_answer(function: StartFunction, app: StartApp) -> None:
    asked = app(says({"allow": True}, headers={"Connection": "close"}, then=CLOSE))
    running = asking(function, asked)
    for _ in range(3):
        granted(running, "GET /signed_url")
    assert (len(asked.asked), asked.connections) == (3, 3)


def test_after_a_broken_answer_all_is_well_again(function: StartFunction, app: StartApp) -> None:
    asked = app(Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", CLOSE), ALLOWED)
    running = asking(function, asked)
    refused(ask(running, "GET /signed_url"), 503, "AppUnreachable")
    granted(running, "GET /signed_url")
    assert len(asked.asked) == 2


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_claim_that_is_no_number_of_json(
    function: StartFunction, app: StartApp, number: str
) -> None:
    asked = app()
    running = asking(function, asked)
    event = events.http_v2(ROUTES["GET /signed_url"]("", File()))
    event["requestContext"]["authorizer"] = {"lambda": {"n": 12345}}
    raw = json.dumps(event).replace("12345", number).encode()
    running.invoke_raw(raw)
    for question in asked.asked:
        json.loads(question.body)
