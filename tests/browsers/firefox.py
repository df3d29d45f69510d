"""Firefox, by WebDriver BiDi: it listens itself, so that no driver is needed, which no package has."""

import contextlib
import json
import re
from pathlib import Path
from typing import Any, Iterator, List

from programs import environment, printed, program, running
from selenium.webdriver.common.bidi.browsing_context import BrowsingContext
from selenium.webdriver.common.bidi.input import Input
from selenium.webdriver.common.bidi.script import Script
from selenium.webdriver.common.bidi.session import Session
from selenium.webdriver.remote.websocket_connection import WebSocketConnection

ANSWER_SECONDS = 30.0
ASK_AGAIN_SECONDS = 0.02
LISTENING = re.compile(r"^WebDriver BiDi listening on (ws://\S+)$", re.MULTILINE)
# It asks nobody for news, which a test would wait for where there is no network.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "intl.accept_languages": "en-US",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "data:,",
}


class Firefox:
    def __init__(self, connection: WebSocketConnection) -> None:
        self._contexts = BrowsingContext(connection)
        self._input = Input(connection)
        self._script = Script(connection)
        self._tab = str(self._contexts.get_tree()[0].context)

    def open(self, url: str) -> None:
        self._contexts.navigate(self._tab, url, wait="complete")

    def run(self, function: str, *arguments: Any) -> Any:
        """Its value, which can be anything that JSON has words for."""
        json_function = f"(text) => JSON.stringify(({function})(...JSON.parse(text)) ?? null)"
        found = self._script.execute(json_function, json.dumps(arguments), context_id=self._tab)
        return json.loads(found["value"])

    def choose(self, selector: str, paths: List[Path]) -> None:
        find = "(selector) => document.querySelector(selector)"
        element = self._script.execute(find, selector, context_id=self._tab)
        shared = {"sharedId": element["sharedId"]}
        self._input.set_files(self._tab, shared, [str(path) for path in paths])


def profile(folder: Path) -> Path:
    made = folder / "profile"
    made.mkdir()
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items()]
    (made / "user.js").write_text("".join(lines), "utf-8")
    return made


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    command = [program("firefox-esr", "firefox", variable="COUNTERSIGN_FIREFOX"), "--headless"]
    command += ["--no-remote", "--remote-debugging-port", "0", "--profile", str(profile(folder))]
    log = folder / "log"
    with running([*command, "about:blank"], environment(folder), log) as process:
        url = f"{printed(process, log, LISTENING)}/session"
        connection = WebSocketConnection(url, ANSWER_SECONDS, ASK_AGAIN_SECONDS)
        try:
            Session(connection).new({})
            yield Firefox(connection)
        finally:
            connection.close()
