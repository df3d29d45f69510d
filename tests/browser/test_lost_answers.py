"""A file that was sent whole, and whose answer is lost: it never ends under two keys."""

from typing import Any

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy
from lost import EMPTY, FILE, UNTIL_STALE, WHILE_FRESH, Lost, keys
from wire import GIVEN_UP, STALLED, SWALLOWED, UNANSWERED, Wire


@pytest.mark.parametrize("file", [FILE, EMPTY], ids=["bytes", "empty"])
def test_it_is_sent_again_to_the_same_key(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any, file: File
) -> None:
    folder = f"fresh-{len(file.body)}"
    lost = Lost(tab, wire_to_store, deploy_to(f"{folder}/{{id}}/{{name}}"), file, UNANSWERED)
    lost.pass_seconds(WHILE_FRESH + 2)
    wire_to_store.pass_on()
    key = lost.outcome()["key"]
    assert keys(s3, folder) == [key]
    first, again = lost.puts()
    assert first == again


def test_cors_is_not_blamed_for_it(tab: Tab, deploy_to: Deploy, wire_to_store: Wire) -> None:
    lost = Lost(tab, wire_to_store, deploy_to("blame/{id}/{name}"), FILE, UNANSWERED)
    wire_to_store.cut()
    ((code, message),) = tab.wait("retried.length && retried")
    assert (code, "CORS" in message) == ("NoAnswer", False)
    wire_to_store.mend()
    wire_to_store.pass_on()
    assert "key" in lost.outcome()


def test_cors_is_not_blamed_for_what_breaks_off(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire
) -> None:
    file = File("large.bin", "", bytes(15 * 1024 * 1024))
    Lost(tab, wire_to_store, deploy_to("blame/{id}/{name}"), file, STALLED)
    tab.wait("progress.sentBytes > 0")
    wire_to_store.cut()
    ((code, message),) = tab.wait("retried.length && retried")
    assert (code, "CORS" in message) == ("Interrupted", False)


@pytest.mark.parametrize("file", [FILE, EMPTY], ids=["bytes", "empty"])
def test_nobody_says_whether_it_is_stored(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any, file: File
) -> None:
    """A new URL would have another key."""
    folder = f"unsaid-{len(file.body)}"
    api = deploy_to(f"{folder}/{{id}}/{{name}}")
    lost = Lost(tab, wire_to_store, api, file, UNANSWERED, answerSeconds=UNTIL_STALE)
    lost.pass_seconds(UNTIL_STALE + 3)
    wire_to_store.pass_on()
    for _ in range(2):  # nor does another start
        outcome = lost.outcome()
        assert (outcome["code"], outcome["retryable"]) == ("Unconfirmed", False)
        assert keys(s3, folder) == [outcome["key"]]
        tab.page.evaluate("start()")
    assert len(lost.puts()) == 1


def test_a_proxy_gives_the_answer_up(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any
) -> None:
    """Its 504 says nothing of the file, which is stored."""
    api = deploy_to("given-up/{id}/{name}")
    lost = Lost(tab, wire_to_store, api, FILE, UNANSWERED, answerSeconds=2 * UNTIL_STALE)
    lost.pass_seconds(UNTIL_STALE)
    wire_to_store.hold_puts(GIVEN_UP)
    outcome = lost.outcome()
    assert (outcome["code"], len(lost.puts())) == ("Unconfirmed", 1)
    assert keys(s3, "given-up") == [outcome["key"]]


def test_a_download_says_that_it_is_stored(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any
) -> None:
    api = deploy_to("there/{id}/{name}", UPLOAD_DOWNLOADS="on")
    lost = Lost(tab, wire_to_store, api, FILE, UNANSWERED, answerSeconds=UNTIL_STALE)
    lost.pass_seconds(UNTIL_STALE + 3)
    wire_to_store.pass_on()
    key = lost.outcome()["key"]
    assert keys(s3, "there") == [key]
    assert len(lost.puts()) == 1


def test_a_download_says_that_it_is_not_stored(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any
) -> None:
    """S3 says so to those who may list the bucket."""
    api = deploy_to("nowhere/{id}/{name}", UPLOAD_DOWNLOADS="on")
    missing = {"status": 404, "headers": {"Access-Control-Allow-Origin": "*"}}
    tab.page.route("**/*response-content-disposition*", lambda route: route.fulfill(**missing))
    lost = Lost(tab, wire_to_store, api, FILE, SWALLOWED, answerSeconds=UNTIL_STALE)
    lost.pass_seconds(UNTIL_STALE + 3)
    wire_to_store.pass_on()
    key = lost.outcome()["key"]
    assert keys(s3, "nowhere") == [key]
    first, again = lost.puts()
    assert first.partition("?")[0] != again.partition("?")[0]


def test_a_download_that_is_forbidden_says_nothing(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire
) -> None:
    """S3's answer for what is not there, to those who may not list the bucket: it will not change."""
    api = deploy_to("forbidden/{id}/{name}", UPLOAD_DOWNLOADS="on")
    denied = {"status": 403, "headers": {"Access-Control-Allow-Origin": "*"}}
    tab.page.route("**/*response-content-disposition*", lambda route: route.fulfill(**denied))
    lost = Lost(tab, wire_to_store, api, FILE, SWALLOWED, answerSeconds=UNTIL_STALE)
    lost.pass_seconds(UNTIL_STALE + 3)
    outcome = lost.outcome()
    assert (outcome["code"], outcome["retryable"]) == ("Unconfirmed", False)


def test_a_key_of_names_stays_the_same(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any
) -> None:
    """What lies there may be another file of this name, so the file is sent again."""
    s3.put_object(Bucket=BUCKET, Key="named/photo.jpg", Body=b"o" * len(FILE.body))
    api = deploy_to("named/{name}", UPLOAD_DOWNLOADS="on")
    lost = Lost(tab, wire_to_store, api, FILE, SWALLOWED, answerSeconds=UNTIL_STALE)
    lost.pass_seconds(UNTIL_STALE + 3)
    wire_to_store.pass_on()
    assert lost.outcome()["key"] == "named/photo.jpg"
    assert s3.get_object(Bucket=BUCKET, Key="named/photo.jpg")["Body"].read() == FILE.body
    assert len(lost.puts()) == 2


def test_what_may_not_be_replaced_is_there(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any
) -> None:
    api = deploy_to("once/{id}/{name}", UPLOAD_OVERWRITE="deny")
    lost = Lost(tab, wire_to_store, api, FILE, UNANSWERED)
    lost.pass_seconds(WHILE_FRESH + 2)
    wire_to_store.pass_on()
    key = lost.outcome()["key"]
    assert keys(s3, "once") == [key]
    assert tab.wait_for_response("PUT").status == 412


def test_what_may_not_be_replaced_is_of_somebody_else(
    tab: Tab, deploy_to: Deploy, wire_to_store: Wire, s3: Any
) -> None:
    s3.put_object(Bucket=BUCKET, Key="taken/photo.jpg", Body=b"of somebody else")
    api = deploy_to("taken/{name}", UPLOAD_OVERWRITE="deny")
    lost = Lost(tab, wire_to_store, api, FILE, UNANSWERED)
    lost.pass_seconds(WHILE_FRESH + 2)
    wire_to_store.pass_on()
    assert lost.outcome()["code"] == "PreconditionFailed"
