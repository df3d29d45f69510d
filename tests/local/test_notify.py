"""The app is told of what was stored, until it has taken it."""

import asyncio
import datetime
import json
import re
import threading
import uuid
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, Iterator, List, Optional

import pytest
from told_app import LONG_SECONDS, ToldApp, told_app

from local.arrivals import Arrival
from local.notify import App, Notifier, NotifyProblem, chosen_app, object_created, telling

STORED = datetime.datetime(2026, 11, 24, 12, 0, 1, 999000, tzinfo=datetime.timezone.utc)
SECRET = "sixteen-letters!"
SETTINGS = {"NOTIFY_URL": "http://127.0.0.1:3000/stored", "NOTIFY_SECRET": SECRET}


def event(key: str, etag: str = "0123") -> Dict[str, Any]:
    return object_created(Arrival(key, 3, etag, STORED), "my-bucket", "eu-west-1")


def run(
    told: ToldApp,
    test: Callable[[Notifier], Awaitable[None]],
    answer_seconds: float = LONG_SECONDS,
    sleep: Optional[Callable[[float], Awaitable[None]]] = None,
) -> List[float]:
    """The pauses that were made, none of which took any time."""
    pauses = []

    async def no_time(seconds: float) -> None:
        pauses.append(seconds)

    async def main() -> None:
        app = App(told.url, "x-notify-secret", SECRET)
        async with telling(app, answer_seconds, sleep or no_time) as notifier:
            await test(notifier)

    asyncio.run(main())
    return pauses


async def tell(notifier: Notifier, key: str) -> None:
    """Until it is taken or given up."""
    await asyncio.wait_for(notifier.tell(key, event(key)), LONG_SECONDS)


def test_the_event_is_that_of_eventbridge() -> None:
    """Of the example in the S3 User Guide, "EventBridge event message structure"."""
    made = event("uploads/1/ż ó&.txt")
    assert made["detail"]["object"].pop("sequencer") < event("a")["detail"]["object"]["sequencer"]
    assert re.fullmatch("[0-9A-F]{16}", made["detail"].pop("request-id"))
    assert str(uuid.UUID(made["id"])) == made.pop("id")
    assert made == {
        "version": "0",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "000000000000",
        "time": "2026-11-24T12:00:01Z",
        "region": "eu-west-1",
        "resources": ["arn:aws:s3:::my-bucket"],
        "detail": {
            "version": "0",
            "bucket": {"name": "my-bucket"},
            "object": {"key": "uploads/1/ż ó&.txt", "size": 3, "etag": "0123"},
            "requester": "000000000000",
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    }
    assert event("a", "0123-2")["detail"]["reason"] == "CompleteMultipartUpload"


def members(value: Any, path: str = "") -> Iterator[str]:
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from members(inner, f"{path}/{name}")


def test_the_document_shows_the_event() -> None:
    document = (Path(__file__).resolve().parents[2] / "docs/app.md").read_text("utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```$", document, re.M | re.S)
    (shown,) = [block for block in blocks if "detail-type" in block]
    without_versions = set(members(json.loads(shown))) - {"/detail/object/version-id"}
    assert without_versions == set(members(event("a")))


def test_what_is_sent() -> None:
    sent = event("uploads/ż")

    async def test(notifier: Notifier) -> None:
        await asyncio.wait_for(notifier.tell("ż", sent), LONG_SECONDS)

    with told_app() as told:
        run(told, test)
        got, headers = told.next()
    assert got == sent
    assert "ż".encode() in told.bodies[0]  # as it is, without escapes
    assert headers["x-notify-secret"] == SECRET
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["user-agent"] == "Amazon/EventBridge/ApiDestinations"
    assert headers["connection"] == "close"
    assert headers["range"] == "bytes=0-1048575"


@pytest.mark.parametrize("status", [401, 407, 409, 429, 500, 503, 599])
def test_it_is_told_again(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    async def test(notifier: Notifier) -> None:
        await tell(notifier, "a")

    with told_app(lambda event, number: status if number < 8 else 200) as told:
        pauses = run(told, test)
        assert len({told.next()[0]["id"] for _ in range(9)}) == 1  # the same event each time
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    said = capsys.readouterr()
    assert f"the app did not take a: {status}. Again in 60 s" in said.err
    assert said.out == "told the app of a: 200\n"


@pytest.mark.parametrize("status", [300, 302, 400, 403, 404, 410, 422])
def test_it_is_given_up(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    async def test(notifier: Notifier) -> None:
        await tell(notifier, "a")
        await tell(notifier, "b")

    def answers(event: Dict[str, Any], number: int) -> Any:
        return (status, {"Location": "/elsewhere"}) if number == 0 else 200

    with told_app(answers) as told:
        assert run(told, test) == []
        told.next(), told.next()
        assert told.keys() == ["a", "b"]
    said = capsys.readouterr()
    assert said.err == f"the app refused a: {status}. It is not told again\n"
    assert said.out == "told the app of b: 200\n"


@pytest.mark.parametrize("asked, pauses", [("90", [90]), ("0", [1]), ("soon", [1]), ("-1", [])])
def test_the_app_says_when(asked: str, pauses: List[float]) -> None:
    """Never sooner than it would be told anyway; a negative number is for never."""

    async def test(notifier: Notifier) -> None:
        await tell(notifier, "a")

    with told_app(lambda event, number: (503, {"Retry-After": asked}) if number == 0 else 200) as told:
        assert run(told, test) == pauses


def test_no_answer_is_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    second = threading.Event()

    def answers(event: Dict[str, Any], number: int) -> int:
        if number > 0:
            second.set()
        second.wait(LONG_SECONDS)
        return 200

    async def test(notifier: Notifier) -> None:
        await tell(notifier, "a")

    with told_app(answers) as told:
        run(told, test, answer_seconds=0.5)
    said = capsys.readouterr()
    assert "the app did not take a: no answer within 0.5 s. Again in 1 s\n" in said.err
    assert said.out == "told the app of a: 200\n"


def test_an_app_that_is_down_is_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    async def test(notifier: Notifier) -> None:
        await tell(notifier, "a")

    with told_app(listens=False) as told:

        async def starts(seconds: float) -> None:
            told.listen()

        run(told, test, sleep=starts)
        assert told.next()[0]["detail"]["object"]["key"] == "a"
    said = capsys.readouterr()
    assert "the app did not take a: Connect call failed" in said.err
    assert said.out == "told the app of a: 204\n"


def test_order_and_nobody_waits_for_another() -> None:
    """First all in their order; then each by itself, as it becomes due."""
    due: "Dict[float, asyncio.Event]" = {}
    turn: List[str] = []

    async def sleep(seconds: float) -> None:
        event = due.setdefault(seconds, asyncio.Event())
        await event.wait()

    def answers(event: Dict[str, Any], number: int) -> Any:
        key = event["detail"]["object"]["key"]
        turn.append(key)
        return (503, {"Retry-After": key}) if turn.count(key) == 1 and key != "free" else 200

    async def until(count: int) -> None:
        while len(turn) < count:
            await asyncio.sleep(0.01)

    async def test(notifier: Notifier) -> None:
        tasks = []
        for number, key in enumerate(["30", "10", "20", "free"]):
            tasks.append(notifier.tell(key, event(key)))
            await asyncio.wait_for(until(number + 1), LONG_SECONDS)
        for number, key in enumerate(["10", "30", "20"]):
            due.setdefault(float(key), asyncio.Event()).set()
            await asyncio.wait_for(until(number + 5), LONG_SECONDS)
        await asyncio.wait_for(asyncio.gather(*tasks), LONG_SECONDS)

    with told_app(answers) as told:
        run(told, test, sleep=sleep)
    assert turn == ["30", "10", "20", "free", "10", "30", "20"]


def test_one_that_gets_no_answer_holds_up_no_other() -> None:
    others = threading.Event()

    def answers(event: Dict[str, Any], number: int) -> int:
        if event["detail"]["object"]["key"] == "held":
            assert others.wait(LONG_SECONDS)
        return 200

    async def test(notifier: Notifier) -> None:
        keys = ["held", *(str(number) for number in range(20))]
        tasks = [notifier.tell(key, event(key)) for key in keys]
        await asyncio.to_thread(lambda: [told.next() for _ in range(21)])
        others.set()
        await asyncio.wait_for(asyncio.gather(*tasks), LONG_SECONDS)

    with told_app(answers) as told:
        assert run(told, test) == []
        assert set(told.keys()) == {"held", *(str(number) for number in range(20))}


def test_the_end_says_what_was_not_taken(capsys: pytest.CaptureFixture[str]) -> None:
    async def sleep(seconds: float) -> None:
        await asyncio.Event().wait()

    async def test(notifier: Notifier) -> None:
        notifier.tell("a", event("a"))
        notifier.tell("b", event("b"))
        await asyncio.to_thread(lambda: [told.next(), told.next()])

    with told_app(lambda event, number: 503) as told:
        run(told, test, sleep=sleep)
    assert "The app was not told of 2 stored files." in capsys.readouterr().err


def test_settings() -> None:
    assert chosen_app({}) is None
    assert chosen_app({"NOTIFY_URL": "", "NOTIFY_SECRET": SECRET}) is None
    app = chosen_app({**SETTINGS, "NOTIFY_HEADER": ""})
    assert app == App(SETTINGS["NOTIFY_URL"], "x-notify-secret", SECRET)
    url = "https://app.example.com/in?token=private"
    app = chosen_app({**SETTINGS, "NOTIFY_URL": url, "NOTIFY_HEADER": "Authorization"})
    assert app is not None and (app.url, app.header) == (url, "Authorization")
    assert app.shown == "https://app.example.com/in"
    assert "private" not in repr(app) and SECRET not in repr(app)


WRONG = {
    "NOTIFY_URL": [
        *("ftp://app.example.com/", "app.example.com", "/stored", "http://", "http://:80/"),
        *("http://a:99999/", "http://a:0/", "http://[::1/", "http://user:private@a/"),
        *("http://a/#private", "http://a b/", "http://a/\n"),
    ],
    "NOTIFY_HEADER": ["x-my secret", "x-:", "x-é", "x-", "Content-Type", "HOST", "range"],
    "NOTIFY_SECRET": ["", "fifteen-letters", "x" * 513, "the private words", "private-" * 2 + "\n"]
    + ["priváte-" * 2, "private:" * 2],
}


@pytest.mark.parametrize("name, value", [(n, v) for n, values in WRONG.items() for v in values])
def test_wrong_settings(name: str, value: str) -> None:
    with pytest.raises(NotifyProblem, match=f"^{name} must ") as raised:
        chosen_app({**SETTINGS, name: value})
    assert "private" not in str(raised.value) and "\n" not in str(raised.value)
