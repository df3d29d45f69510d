"""Stock Uppy in a page, as its users configure it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional
from urllib.parse import unquote, urlsplit

from browser import File, Tab


@dataclass(frozen=True)
class Client:
    """A version of Uppy, and the option by which it is told of the API."""

    bundle: str
    mode: str
    store_refusal: str  # what it says when the store refuses a form

    @property
    def shows_messages(self) -> bool:
        """Uppy 6 shows only the status text of Companion's refusals."""
        return self.mode != "companionEndpoint"

    @property
    def sends_metadata(self) -> bool:
        return self.mode != "signRequest"


CLIENTS = {
    "uppy-4": Client("uppy-4", "endpoint", "Non 2xx"),
    "uppy-5": Client("uppy-5", "endpoint", "Non 2xx"),
    "uppy-6": Client("uppy-6", "companionEndpoint", "network error"),
    "uppy-6-sign": Client("uppy-6", "signRequest", "EntityTooLarge"),
}


@dataclass(frozen=True)
class Uploaded:
    """What Uppy says about a file."""

    name: str
    error: Optional[str]
    url: Optional[str]
    key: Optional[str]


@dataclass(frozen=True)
class Outcome:
    files: List[Uploaded]
    said: List[str]  # to the user
    thrown: Optional[str]


class UppyPage:
    def __init__(self, tab: Tab, client: Client, api: str, **options: Any) -> None:
        self.tab = tab
        self.client = client
        arguments = [client.bundle, client.mode, api, options]
        tab.page.evaluate("arguments => uppyPage.open(...arguments)", arguments)

    def add(self, *files: File) -> None:
        self.tab.choose(*files)
        self.tab.wait(f"uppy.getFiles().length === {len(files)}")

    def add_from_disk(self, path: Path) -> None:
        self.tab.choose_from_disk(path)
        self.tab.wait("uppy.getFiles().length === 1")

    def start(self) -> None:
        self.tab.page.evaluate("uppyPage.start()")

    def outcome(self) -> Outcome:
        """Waits for the end of the upload."""
        found: Dict[str, Any] = self.tab.wait("window.outcome")
        files = [
            Uploaded(file["name"], file["error"], file["url"], (file["body"] or {}).get("key"))
            for file in found["files"]
        ]
        return Outcome(files, found["said"], found["thrown"])

    def upload(self, *files: File) -> Outcome:
        self.add(*files)
        self.start()
        return self.outcome()

    def upload_from_disk(self, path: Path) -> Outcome:
        self.add_from_disk(path)
        self.start()
        return self.outcome()

    def after_first_part(self, method: str) -> None:
        """Calls a method of Uppy's when the second part of a file is under way."""
        self.tab.page.evaluate("method => uppyPage.afterFirstPart(method)", method)

    def wait_until_called(self) -> None:
        self.tab.wait("window.done")

    def resume(self) -> None:
        self.tab.page.evaluate("uppy.resumeAll()")

    def multipart_key(self) -> str:
        return str(self.tab.wait("uppy.getFiles()[0].s3Multipart?.key"))


def key_of(url: str, bucket: str) -> str:
    """The key in an object's URL."""
    return unquote(urlsplit(url).path).removeprefix(f"/{bucket}/")
