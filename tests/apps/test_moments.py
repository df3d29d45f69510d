"""The three moments of an upload, in a browser: the app is asked, it is told, and its page brings proof. The function, the
store and the app are real; EventBridge is played by what `make run` starts."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import messages
import pytest
from apps import App, settings_of, started
from browser import File, Tab, chromium
from playwright.sync_api import BrowserContext
from service import made_run

from local.processes import free_ports

PROFILES = {"avatar": {"types": "image/*", "max_bytes": 2_000_000, "require": "size"}}
PICTURE = File("cat.png", "image/png", b"\x89PNG and so on")


@dataclass(frozen=True)
class Moments:
    """An app, the service that asks it, and where the service's files are."""

    app: App
    api: str
    files: Path

    def ask_for_url(self) -> "tuple[int, Any]":
        query = "file_name=a.png&file_type=image/png&size=10"
        try:
            with urllib.request.urlopen(f"{self.api}/avatar/signed_url?{query}", timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@pytest.fixture(scope="session")
def opened_browser() -> Iterator[BrowserContext]:
    with chromium() as running:
        yield running.new_context()


@pytest.fixture(scope="session")
def moments(name: str, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moments]:
    port, app_port = free_ports(2)
    work, app_url = tmp_path_factory.mktemp(name), f"http://127.0.0.1:{app_port}"
    settings = {
        "CALLER": '{"sub":"ann"}',
        "UPLOAD_PROFILES": json.dumps(PROFILES),
        "UPLOAD_ORIGINS": app_url,
        "UPLOAD_ASK_URL": f"{app_url}/may-upload",
        "UPLOAD_WEBHOOK_SECRET": messages.WEBHOOK_SECRET,
        "UPLOAD_RECEIPT_SECRET": messages.RECEIPT_SECRET,
        "NOTIFY_URL": f"{app_url}/stored",
        "NOTIFY_SECRET": messages.NOTIFY_SECRET,
    }
    with made_run(port, work, **settings) as api:
        with started(name, folder, settings_of(f"{api}/avatar"), app_port) as app:
            yield Moments(app, api, work / "work/files")


@pytest.fixture
def tab(opened_browser: BrowserContext, moments: Moments) -> Iterator[Tab]:
    """The app's page, for ann."""
    opened = Tab(opened_browser.new_page())
    opened.page.goto(moments.app.url)
    opened.page.fill("[name=user]", "ann")
    opened.page.click("button")
    wait_for_state(opened, "Hello, ann")
    yield opened
    opened.page.close()


def wait_for_state(tab: Tab, beginning: str) -> str:
    condition = f"document.getElementById('state').textContent.startsWith({json.dumps(beginning)})"
    try:
        tab.wait(condition)
    except Exception:
        pytest.fail(f"it says {tab.page.text_content('#state')!r}\n{tab.traffic('http://nowhere')}")
    return str(tab.page.text_content("#state"))


def choose(tab: Tab, file: File) -> None:
    tab.page.set_input_files("#file", [file.payload()])


def known(tab: Tab) -> Any:
    return tab.page.evaluate("fetch('/mine').then((reply) => reply.json())")


def test_asked_told_and_proof(tab: Tab, moments: Moments) -> None:
    before = set(known(tab)["files"])
    choose(tab, PICTURE)
    key = wait_for_state(tab, "Your picture is ").removeprefix("Your picture is ")
    assert key.startswith("uploads/avatar/") and key.endswith("/cat.png")
    assert known(tab)["picture"] == key
    # An app knows whose key it is by having been asked alone.
    tab.wait_until(lambda: key in known(tab)["files"], "the app was not told")
    assert known(tab)["files"][key] == len(PICTURE.body)
    assert set(known(tab)["files"]) == before | {key}
    assert (moments.files / key).read_bytes() == PICTURE.body
    assert tab.complaints == []


def test_a_refusals_message_is_shown(tab: Tab, moments: Moments) -> None:
    before = known(tab)
    left = 1_000_000 - sum(before["files"].values())
    choose(tab, File("large.png", "image/png", bytes(left + 1)))
    assert wait_for_state(tab, "You have ") == f"You have {left} bytes left."
    assert known(tab) == before
    assert tab.sent("PUT", "") == []


def test_an_app_that_is_down_lets_nothing_in(moments: Moments) -> None:
    """By the connection that was kept, and by a new one."""
    assert moments.ask_for_url()[0] == 200
    moments.app.stop()
    for _ in range(2):
        status, reply = moments.ask_for_url()
        assert (status, reply["code"]) == (503, "AppUnreachable")
        assert "url" not in reply and "receipt" not in reply
    moments.app.start()
    assert moments.ask_for_url()[0] == 200
