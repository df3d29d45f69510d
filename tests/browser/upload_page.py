"""The upload page in a tab: what a person does on it, and sees."""

import re
from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Union
from urllib.parse import parse_qs, urlsplit

from browser import File, Tab
from playwright.sync_api import Locator, Request
from upload_site import MIB

SLOW_BYTES_PER_SECOND = 6 * MIB
SMALL = File("hello world.txt", "text/plain", b"Hello, world\n")
OTHER = File("żółw 🐢 1+1 100%41.png", "image/png", b"other bytes")
# All its rules of WCAG 2.2, one of which is off otherwise.
AXE = "axe.run({ rules: { 'target-size': { enabled: true } } })"
DROPPED = """
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(
      new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""
DROP = f"""files => {{
  const transfer = new DataTransfer();
  for (const [name, type, text] of files) transfer.items.add(new File([text], name, {{type}}));
  {DROPPED}"""
DROP_TEXT = f"""text => {{
  const transfer = new DataTransfer();
  transfer.setData('text/plain', text);
  {DROPPED}"""


def number_of(part: Request) -> int:
    (number,) = parse_qs(urlsplit(part.url).query)["partNumber"]
    return int(number)


class UploadPage:
    def __init__(self, tab: Tab, url: str) -> None:
        self.tab = tab
        self.page = tab.page
        self.url = url
        # Only with a listener are file choosers caught, and not at once.
        self.page.on("filechooser", lambda _: None)
        self.page.goto(f"{url}/")

    def choose(self, *files: Union[File, Path]) -> None:
        chosen: Any = [file if isinstance(file, Path) else file.payload() for file in files]
        self.page.set_input_files("#files", chosen)

    def drop(self, *files: File) -> None:
        self.page.evaluate(DROP, [[file.name, file.type, file.body.decode()] for file in files])

    def drop_text(self, text: str) -> None:
        self.page.evaluate(DROP_TEXT, text)

    @property
    def rows(self) -> Locator:
        return self.page.locator("#uploads > li")

    def row(self, name: str) -> Locator:
        return self.rows.filter(has=self.page.get_by_role("heading", name=name, exact=True))

    def wait_for(self, name: str, state: str, text: str = "") -> str:
        """Until the row is in this state (stored, failed, running) and says so; all that it says."""
        row = self.row(name).and_(self.page.locator(f".{state}"))
        said = row.locator(".state", has_text=re.compile(text))
        said.wait_for(state="attached")
        return said.text_content() or ""  # of one that is out of sight, too

    def key_of(self, name: str) -> str:
        self.wait_for(name, "stored", "^Stored")
        told = self.row(name).locator(".key").text_content() or ""
        assert told.startswith("Stored as ")
        return told.replace("Stored as ", "", 1)

    def press(self, name: str, button: str) -> None:
        self.page.get_by_role("button", name=f"{button} {name}", exact=True).click()

    def progress(self, name: str) -> float:
        return float(self.row(name).locator("progress").evaluate("bar => bar.value"))

    def wait_for_progress(self, name: str, least: float = 0.01) -> None:
        self.tab.wait_until(lambda: self.progress(name) >= least, f"{name} does not get on")

    @property
    def news(self) -> Optional[str]:
        return self.page.get_by_role("status").text_content()

    def parts_sent(self) -> List[int]:
        """The part's number of each PUT of a part, in their order."""
        return [number_of(request) for request in self.tab.sent("PUT", "partNumber=")]

    def parts_done(self) -> Set[int]:
        """Those whose whole answer has come."""
        puts = self.tab.sent("PUT", "partNumber=")
        return {number_of(request) for request in puts if request in self.tab.finished}

    def violations(self, axe: Path) -> List[Dict[str, Any]]:
        """What axe-core finds; it is run beside the page's policy, as a person's tools are."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": axe.read_text("utf-8")})
        found = session.send(
            "Runtime.evaluate",
            {"expression": AXE, "awaitPromise": True, "returnByValue": True},
        )
        return list(found["result"]["value"]["violations"])
