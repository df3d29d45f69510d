"""Starts an example app, and talks to it as the upload service, EventBridge and the app's own page do."""

import contextlib
import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional

import messages
from service import START_SECONDS, wait_until_listening

from local.processes import free_port, stop, tie_to_parent

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build/apps"
# The command of each, in its own folder.
COMMANDS: Dict[str, List[str]] = {
    "express": [str(BUILT / "express/node"), "server.js"],
    "fastapi": [str(BUILT / "fastapi/bin/python"), "app.py"],
    "go": [str(BUILT / "go/app")],
}
NAMES = tuple(COMMANDS)


def settings_of(api: str) -> Dict[str, str]:
    return {
        "API_URL": api,
        "UPLOAD_BUCKET": messages.BUCKET,
        "UPLOAD_WEBHOOK_SECRET": messages.WEBHOOK_SECRET,
        "UPLOAD_RECEIPT_SECRET": messages.RECEIPT_SECRET,
        "NOTIFY_SECRET": messages.NOTIFY_SECRET,
    }


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class App:
    """One that runs, at a port that stays its own."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str], port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._start = lambda: running(name, folder, settings, port)
        self._running = contextlib.ExitStack()
        self._cookies: Dict[str, str] = {}  # by user
        self.start()

    def start(self) -> None:
        self._running.enter_context(self._start())

    def stop(self) -> None:
        self._running.close()
        self._cookies.clear()

    def call(
        self, method: str, path: str, body: Optional[bytes] = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        asked = urllib.request.Request(f"{self.url}{path}", body, dict(headers), method=method)
        try:
            with urllib.request.urlopen(asked, timeout=START_SECONDS) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def post(self, path: str, value: Any, headers: Mapping[str, str] = {}) -> Answer:
        sent = {"Content-Type": "application/json", **headers}
        return self.call("POST", path, json.dumps(value).encode(), sent)

    def ask(self, **changes: Any) -> Answer:
        """As the upload service does, about one picture of ann's."""
        body = messages.question(**changes)
        return self.call("POST", "/may-upload", body, messages.signed(body))

    def tell(self, key: str, size: int, sequencer: str, **headers: str) -> Answer:
        """As EventBridge does."""
        sent = {"x-notify-secret": messages.NOTIFY_SECRET, **headers}
        return self.post("/stored", messages.event(key, size, sequencer), sent)

    def cookie_of(self, user: str) -> Dict[str, str]:
        if user not in self._cookies:
            answer = self.post("/login", {"user": user})
            assert answer.status == 200
            self._cookies[user] = answer.headers["Set-Cookie"].partition(";")[0]
        return {"Cookie": self._cookies[user]}

    def attach(self, receipt: Any, user: str = "ann") -> Answer:
        return self.post("/attach", {"receipt": receipt}, self.cookie_of(user))

    def of(self, user: str = "ann") -> Any:
        """What it knows to be the user's."""
        return self.call("GET", "/mine", None, self.cookie_of(user)).json()


def process(
    name: str, folder: Path, settings: Mapping[str, str], output: Any
) -> "subprocess.Popen[bytes]":
    assert Path(COMMANDS[name][0]).exists(), f"run `make build/stamps/app-{name}`"
    return subprocess.Popen(
        COMMANDS[name],
        cwd=folder / name,
        env={"PATH": os.defpath, "HOME": str(folder), **settings},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=tie_to_parent(),
    )


@contextlib.contextmanager
def running(name: str, folder: Path, settings: Mapping[str, str], port: int) -> Iterator[None]:
    with tempfile.TemporaryFile() as log:
        started_process = process(name, folder, {**settings, "PORT": str(port)}, log)
        try:
            wait_until_listening(started_process, port, log)
            yield
        finally:
            stop(started_process)


@contextlib.contextmanager
def started(
    name: str, folder: Path, settings: Mapping[str, str], port: Optional[int] = None
) -> Iterator[App]:
    app = App(name, folder, settings, port or free_port())
    try:
        yield app
    finally:
        app.stop()
