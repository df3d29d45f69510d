"""A page in a real Chromium, and what went over its network."""

import contextlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright
from playwright.sync_api import Error as PlaywrightError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_SECONDS = 20.0


@dataclass(frozen=True)
class File:
    name: str
    type: str
    body: bytes

    def payload(self) -> Any:
        return {"name": self.name, "mimeType": self.type, "buffer": self.body}


def executable() -> str:
    """Chromium as the system has it; the environment may name another."""
    found = os.environ.get("COUNTERSIGN_CHROMIUM") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    if not found:
        pytest.fail(
            "no Chromium: `tools/setup.sh test` installs it where apt has one;"
            " elsewhere install it, or name one with COUNTERSIGN_CHROMIUM"
        )
    return found


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=FLAGS, timeout=WAIT_SECONDS * 1000
        )
        yield browser
        browser.close()


class Tab:
    """A page. Everything that it does is waited for with a limit."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: List[Request] = []
        self.responses: List[Response] = []
        self.finished: List[Request] = []
        self.complaints: List[str] = []
        page.set_default_timeout(WAIT_SECONDS * 1000)
        page.on("request", lambda request: self.requests.append(request))
        page.on("requestfinished", lambda request: self.finished.append(request))
        page.on("response", lambda response: self.responses.append(response))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, url: str) -> None:
        self.page.goto(f"{url}/index.html")
        self.page.wait_for_function("window.uppyPage && window.plainPage")

    def choose(self, *files: File) -> None:
        self.page.set_input_files("#files", [file.payload() for file in files])

    def choose_from_disk(self, path: Path) -> None:
        """For a large file, whose bytes would take long to be handed over."""
        self.page.set_input_files("#files", path)

    def drop_from_disk(self, *paths: Path) -> None:
        """As a person drags it out of a file manager: folders too, which no script can make."""
        session = self.page.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": kind, "x": 9, "y": 9, "data": data})

    def wait(self, expression: str) -> Any:
        """An expression's value, as soon as it is true."""
        return self.page.wait_for_function(expression).json_value()

    def wait_until(self, condition: Callable[[], Any], otherwise: str) -> Any:
        """What the condition gives, as soon as it is true. Events of the page are handled meanwhile."""
        left = WAIT_SECONDS
        while left > 0:
            given = condition()
            if given:
                return given
            self.page.wait_for_timeout(50)
            left -= 0.05
        raise AssertionError(f"{otherwise} within {WAIT_SECONDS} s")

    def wait_for_response(self, method: str) -> Response:
        """The first response to such a request. A page may leave its body unread."""

        def found() -> Optional[Response]:
            return next((r for r in self.responses if r.request.method == method), None)

        response: Response = self.wait_until(found, f"no response to a {method}")
        return response

    def sent(self, method: str, part: str) -> List[Request]:
        return [r for r in self.requests if r.method == method and part in r.url]

    def limit_upload(self, bytes_per_second: int) -> None:
        session = self.page.context.new_cdp_session(self.page)
        conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
        session.send(
            "Network.emulateNetworkConditions", {**conditions, "uploadThroughput": bytes_per_second}
        )

    def traffic(self, without: str) -> str:
        """All requests but those to this origin, to be shown when a test fails."""
        shown = [
            _shown(request, request in self.finished)
            for request in self.requests
            if not request.url.startswith(without)
        ]
        return "\n\n".join([*shown, *self.complaints])


def _shown(request: Request, finished: bool) -> str:
    lines = [f"{request.method} {request.url}", f"  {_asked(request)}"]
    response = request.response() if finished else None  # else it would be waited for
    if not response:
        return "\n".join([*lines, f"  no whole response: {request.failure or 'unread'}"])
    lines.append(f"  {response.status} {response.status_text} {json.dumps(response.headers)}")
    with contextlib.suppress(PlaywrightError, UnicodeDecodeError):
        lines.append(f"  {response.text()[:2000]}")
    return "\n".join(lines)


def _asked(request: Request) -> str:
    headers: Dict[str, str] = request.headers
    body: Optional[bytes] = request.post_data_buffer
    told = body[:500].decode("utf-8", "replace") if body else ""
    return f"{json.dumps(headers)} {told}"
