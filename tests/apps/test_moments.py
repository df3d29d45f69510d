"""The three moments of an upload, in a browser: the app is asked, it is told, and its page brings proof. The
function, the store and the app are real; EventBridge is played by what `make run` starts. The settings are those of docs/app.md."""

import json
import os
import re
import subprocess
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator

import guides
import pytest
from apps import App, started
from browser import File, Tab, chromium
from playwright.sync_api import BrowserContext
from service import made_run

from local.processes import free_ports

SETTINGS = ("UPLOAD_", "NOTIFY_", "CALLER", "API_URL")
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


def documented(port: int, app_port: int) -> "tuple[Dict[str, str], Dict[str, str]]":
    """What the guide's commands set for `make run`, and what its words for another terminal set for an app there."""
    commands = guides.block("app.md", "sh", "make run")
    for shown, used in ((8080, port), (3000, app_port)):
        commands = commands.replace(f"127.0.0.1:{shown}", f"127.0.0.1:{used}")
    (second,) = re.findall(r"In another terminal.*? do `(.*?)`\.", guides.text_of("app.md"), re.S)
    with tempfile.TemporaryDirectory() as root:
        for_run = variables_after(f'make() {{ [ "$*" = run ] && env -0; }}\n{commands}', root)
        for_app = variables_after(f"{second}\nenv -0", root)
    return for_run, for_app


def variables_after(script: str, folder: str) -> Dict[str, str]:
    """Those that the script prints, by a shell that has none of its own."""
    usual = {"PATH": os.environ["PATH"]}
    done = subprocess.run(["bash", "-euc", script], env=usual, cwd=folder, capture_output=True, text=True, check=True)
    return dict(line.partition("=")[::2] for line in done.stdout.split("\0") if line.startswith(SETTINGS))


@pytest.fixture(scope="session")
def opened_browser() -> Iterator[BrowserContext]:
    with chromium() as running:
        yield running.new_context()


@pytest.fixture(scope="session")
def moments(name: str, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moments]:
    port, app_port = free_ports(2)
    work = tmp_path_factory.mktemp(name)
    run_settings, app_settings = documented(port, app_port)
    patience = {"UPLOAD_ASK_TIMEOUT_MS": "25000"}  # the machine may be busy
    with made_run(port, work, **run_settings, **patience) as api:
        with started(name, folder, app_settings, app_port) as app:
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
