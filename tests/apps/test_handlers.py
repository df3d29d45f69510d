"""Each app's three handlers, called as the upload service, EventBridge and a page would, and as others might."""

import subprocess
import time
from pathlib import Path
from typing import Any, Dict

import messages
import pytest
from apps import START_SECONDS, App, process, settings_of
from messages import KEY, altered, granted, receipt, signed

MEMBERS_ALONE = "Only members may upload a picture."
NO_RECEIPT = "That is no receipt for a picture of yours."


# ---- Asked ----


def test_a_members_picture_is_let_in(lasting_app: App) -> None:
    answer = lasting_app.ask()
    assert answer.status == 200
    assert answer.json() == {"allow": True, "max_bytes": 1_000_000, "metadata": {"user": "ann"}}


@pytest.mark.parametrize("caller", [{"sub": "mallory"}, {"sub": ""}, {}, None], ids=str)
def test_others_are_refused_with_a_message(lasting_app: App, caller: Any) -> None:
    answer = lasting_app.ask(caller=caller)
    assert (answer.status, answer.json()) == (200, {"allow": False, "message": MEMBERS_ALONE})


def test_what_is_stored_counts(app: App) -> None:
    app.ask()
    app.tell(KEY, 600_000, "0055AED6DCD90281E5")
    assert app.ask(size=400_000).json()["max_bytes"] == 400_000
    refused = {"allow": False, "message": "You have 400000 bytes left."}
    assert app.ask(size=400_001).json() == refused
    assert app.ask(size=1000, caller={"sub": "bob"}).json()["max_bytes"] == 1_000_000


def test_nothing_is_left(app: App) -> None:
    app.ask()
    app.tell(KEY, 1_000_000, "0055AED6DCD90281E5")
    assert app.ask(size=0).json() == {"allow": False, "message": "You have 0 bytes left."}


def test_one_of_two_signatures_will_do(lasting_app: App) -> None:
    """Both are there while the secret is changed."""
    body = messages.question()
    headers, other = signed(body), signed(body, b"another key, of the same 32 bytes")
    both = {**headers, "webhook-signature": f"{other['webhook-signature']} {headers['webhook-signature']}"}
    assert lasting_app.call("POST", "/may-upload", body, both).json()["allow"] is True


def without(headers: Dict[str, str], *names: str) -> Dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


BODY = messages.question()
UNSIGNED = {
    "nothing": lambda: without(signed(BODY), "webhook-id", "webhook-timestamp", "webhook-signature"),
    "no id": lambda: without(signed(BODY), "webhook-id"),
    "no time": lambda: without(signed(BODY), "webhook-timestamp"),
    "no signature": lambda: without(signed(BODY), "webhook-signature"),
    "an empty signature": lambda: {**signed(BODY), "webhook-signature": ""},
    "another secret": lambda: signed(BODY, b"another key, of the same 32 bytes"),
    "another body": lambda: signed(messages.question(size=1)),
    "the same JSON in other bytes": lambda: signed(BODY.replace(b": ", b":")),
    "another id": lambda: {**signed(BODY), "webhook-id": "msg_2"},
    "another version": lambda: {
        **signed(BODY), "webhook-signature": signed(BODY)["webhook-signature"].replace("v1,", "v2,")
    },
    "too old": lambda: signed(BODY, age_seconds=600),
    "of the future": lambda: signed(BODY, age_seconds=-600),
    "an old one with a new time": lambda: {
        **signed(BODY, age_seconds=600), "webhook-timestamp": str(int(time.time()))
    },
}


def test_who_has_not_the_secret_is_not_answered(app: App) -> None:
    for what, headers in UNSIGNED.items():
        answer = app.call("POST", "/may-upload", BODY, headers())
        assert answer.status == 401, what
        assert "allow" not in answer.json(), what
    app.tell(KEY, 1000, "0055AED6DCD90281E5")
    assert app.of()["files"] == {}  # none of them let a key in


# ---- Told ----


def test_what_it_is_told_is_remembered_once(app: App) -> None:
    app.ask()
    assert app.of() == {"files": {}, "picture": None}
    for size, sequencer in ((7, "0055AED6DCD90281E5"), (7, "0055AED6DCD90281E5"), (5, "0055AED6DCD90281E4")):
        assert app.tell(KEY, size, sequencer).status == 200
        assert app.of()["files"] == {KEY: 7}
    app.tell(KEY, 9, "0055AED6DCD90281E6")
    assert app.of()["files"] == {KEY: 9}
    assert app.of("bob")["files"] == {}


def test_an_unknown_key_is_taken(app: App) -> None:
    """Else it would be sent for a day."""
    assert app.tell("uploads/other", 7, "0055AED6DCD90281E5").status == 200
    assert app.of()["files"] == {}


def test_who_has_not_the_header_tells_nothing(app: App) -> None:
    app.ask()
    secret = messages.NOTIFY_SECRET
    for wrong in ("", "another", secret[:-1], f"{secret}x", secret.upper(), "ż".encode().decode("latin-1")):
        assert app.tell(KEY, 7, "0055AED6DCD90281E5", **{"x-notify-secret": wrong}).status == 401, wrong
    told = messages.event(KEY, 7, "0055AED6DCD90281E5")
    assert app.post("/stored", told).status == 401
    assert app.of()["files"] == {}


# ---- Proof ----


def test_a_stored_receipt_is_taken(app: App) -> None:
    for _ in range(2):
        answer = app.attach(receipt())
        assert (answer.status, answer.json()) == (200, {"picture": KEY})
    assert app.of()["picture"] == KEY


def test_a_clock_that_is_off_by_less_than_a_minute(lasting_app: App) -> None:
    now = int(time.time())
    for times in ({"iat": now + 30}, {"iat": now - 90000, "exp": now - 20}):
        assert lasting_app.attach(receipt(**times)).status == 200


def ago(seconds: int) -> Dict[str, int]:
    return {"iat": int(time.time()) - seconds - 60, "exp": int(time.time()) - seconds}


REFUSED = {
    "a grant": lambda: granted(),
    "a grant that says stored": lambda: receipt(typ="granted+jwt"),
    "of no type": lambda: receipt(typ=None),
    "of the usual type": lambda: receipt(typ="JWT"),
    "nothing stored": lambda: receipt(stored=None),
    "another bucket's": lambda: receipt(aud="another-bucket"),
    "no bucket's": lambda: receipt(aud=None),
    "another issuer's": lambda: receipt(iss="someone"),
    "no issuer's": lambda: receipt(iss=None),
    "expired": lambda: receipt(**ago(600)),
    "without an end": lambda: receipt(exp=None),
    "another user's": lambda: receipt(sub="bob"),
    "nobody's": lambda: receipt(sub=None),
    "another profile's": lambda: receipt(profile="video"),
    "no profile's": lambda: receipt(profile=None),
    "not signed": lambda: receipt(alg="none"),
    "said to be not signed": lambda: receipt(alg="none") + receipt().rpartition(".")[2],
    "of another algorithm with the secret": lambda: receipt(alg="HS512"),
    "of a public key, which the secret is no": lambda: receipt(alg="RS256"),
    "of another secret": lambda: receipt(secret="another-secret-of-more-than-32-characters"),
    "of an empty secret": lambda: receipt(secret=""),
    "altered": lambda: altered(receipt(), key="uploads/avatar/of-bob/secret.png"),
    "a grant made stored": lambda: altered(granted(), stored={"size": 1000}),
    "without its signature": lambda: receipt().rpartition(".")[0] + ".",
    "two parts": lambda: receipt().rpartition(".")[0],
    "no JWT": lambda: "receipt",
    "empty": lambda: "",
}


def test_a_receipt_for_another_use_is_refused(app: App) -> None:
    for what, made in REFUSED.items():
        answer = app.attach(made())
        assert (answer.status, answer.json()) == (403, {"message": NO_RECEIPT}), what
    assert app.of()["picture"] is None
    assert app.attach(receipt()).status == 200


def test_a_users_receipt_is_no_other_users(app: App) -> None:
    assert app.attach(receipt(), "bob").status == 403
    assert app.attach(receipt(sub="bob"), "bob").status == 200
    assert app.of()["picture"] is None


def test_who_is_not_logged_in_attaches_nothing(lasting_app: App) -> None:
    for headers in ({}, {"Cookie": "session="}, {"Cookie": "session=another"}):
        for subject in ("ann", "", None):
            assert lasting_app.post("/attach", {"receipt": receipt(sub=subject)}, headers).status == 401


# ---- Settings ----


@pytest.mark.parametrize("missing", settings_of(""))
def test_it_does_not_start_without_a_secret(name: str, folder: Path, missing: str) -> None:
    settings = settings_of("http://127.0.0.1:9/avatar")
    running = process(name, folder, {**settings, missing: ""}, subprocess.PIPE)
    try:
        output, _ = running.communicate(timeout=START_SECONDS)
    finally:
        running.kill()
    assert running.returncode != 0
    assert f"{missing} is not set" in output.decode()
