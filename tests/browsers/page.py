"""The upload page in a browser that is not Chromium: what a person does on it, and sees."""

import re
import time
from pathlib import Path
from typing import Any, Callable, List, Protocol, cast

WAIT_SECONDS = 30.0
ASK_AGAIN_SECONDS = 0.05

ROW = """[...document.querySelectorAll('#uploads > li')]
  .find((row) => row.querySelector('.name').textContent === name)"""
STATE = f"""(name) => {{
  const row = {ROW};
  return row ? [row.className, row.querySelector('.state').textContent] : ['gone', ''];
}}"""
UNFINISHED = "() => [...document.querySelectorAll('#unfinished li')].map((row) => row.textContent)"
PROGRESS = f"(name) => {ROW}?.querySelector('progress').value ?? 0"
# A click that no person could make does nothing.
PRESS = """(label) => {
  const button = document.querySelector(`[aria-label=${CSS.escape(label)}]`);
  const isShown = Boolean(button?.checkVisibility());
  if (isShown) button.click();
  return isShown;
}"""
# What the page knows to be stored, and what the browser complains of.
WATCH = """() => {
  window.watched = { parts: [], complaints: [], workers: 0 };
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    this.addEventListener('loadend', () => {
      const part = new URL(this.responseURL || location).searchParams.get('partNumber');
      if (part && this.status === 200) watched.parts.push(Number(part));
    });
    return send.call(this, body);
  };
  window.Worker = class extends Worker {
    constructor(...rest) { super(...rest); watched.workers += 1; }
  };
  const complain = ({ violatedDirective, reason, message }) =>
    watched.complaints.push(violatedDirective ?? String(reason ?? message));
  for (const kind of ['error', 'unhandledrejection', 'securitypolicyviolation']) addEventListener(kind, complain);
}"""


class Browser(Protocol):
    def open(self, url: str) -> None: ...

    def run(self, function: str, *arguments: Any) -> Any: ...

    def choose(self, selector: str, paths: List[Path]) -> None: ...


class Page:
    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.open()

    def open(self) -> None:
        """Anew, if it is open."""
        self.browser.open(f"{self.url}/")
        self.browser.run(WATCH)

    def choose(self, *paths: Path) -> None:
        self.browser.choose("#files", list(paths))

    def wait_until(self, condition: Callable[[], Any], otherwise: Callable[[], str]) -> Any:
        """What the condition gives, as soon as it is true."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            given = condition()
            if given:
                return given
            time.sleep(ASK_AGAIN_SECONDS)
        raise AssertionError(f"{otherwise()} after {WAIT_SECONDS} s; complaints: {self.watched('complaints')}")

    def state(self, name: str) -> List[str]:
        """Of a row: waiting, running, stored, failed or gone, and what it says."""
        return cast(List[str], self.browser.run(STATE, name))

    def wait_for(self, name: str, state: str, text: str = "") -> str:
        def as_wanted() -> bool:
            found, said = self.state(name)
            return found == state and re.search(text, said) is not None

        self.wait_until(as_wanted, lambda: f"{name} is {self.state(name)}")
        return self.state(name)[1]

    def press(self, name: str, button: str) -> None:
        label = f"{button} {name}"
        self.wait_until(lambda: self.browser.run(PRESS, label), lambda: f"no button {label}")

    def progress(self, name: str) -> float:
        return float(self.browser.run(PROGRESS, name))

    def unfinished(self) -> List[str]:
        """What it says of each upload that an earlier visit began."""
        return cast(List[str], self.browser.run(UNFINISHED))

    def watched(self, what: str) -> Any:
        return self.browser.run("(what) => watched[what]", what)
