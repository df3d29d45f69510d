"""Serves an example app of the web as its README says, but for the API's address, and uses its page as a person does."""

import contextlib
import functools
import http.server
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any, Dict, Iterator, Mapping

from browser import File, Tab
from pins.web_apps import API as BUILT_IN
from playwright.sync_api import Error, Locator
from service import wait_until_listening

from local.processes import stop, tie_to_parent

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build/web-apps"
SHOWN = "http://127.0.0.1:8080"  # the API of `make run`, which the sources name
TEXTS = (".html", ".js", ".json")
DEVELOPED = "react-dev"  # on Vite's development server, where React does all effects of StrictMode twice


def copied(source: Path, folder: Path, api: str) -> Path:
    """With another API than the one that was built in."""
    shutil.copytree(source, folder, symlinks=True)
    for path in folder.rglob("*"):
        if path.suffix in TEXTS and path.is_file() and "node_modules" not in path.parts:
            text = path.read_text("utf-8")
            path.write_text(text.replace(BUILT_IN, api).replace(SHOWN, api), encoding="utf-8")
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def files_served(folder: Path, port: int) -> Iterator[None]:
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", port), functools.partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def program_run(
    name: str, folder: Path, port: int, settings: Mapping[str, str], *command: str
) -> Iterator[None]:
    """A program in node; that of an app's own server is server.js."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [str(BUILT / name / "node"), *(command or ["server.js"])],
            cwd=folder,
            env={"HOME": str(folder), "PORT": str(port), "HOSTNAME": "127.0.0.1", **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )
        try:
            wait_until_listening(process, port, log)
            yield
        finally:
            stop(process)


@contextlib.contextmanager
def served(name: str, api: str, port: int, work: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """The app's URL."""
    app = name.removesuffix("-dev")
    source = ROOT / "examples/web/html" if app == "html" else BUILT / app / "app"
    assert source.exists(), f"run `make build/stamps/web-app-{app}`"
    if name == DEVELOPED:  # Vite writes beside the packages
        folder = Path(shutil.copytree(source, work / "developed", symlinks=True))
        vite = ("node_modules/vite/bin/vite.js", "--host", "127.0.0.1", "--port", str(port), "--strictPort")
        serving = program_run(app, folder, port, {"VITE_API": api}, *vite)
    elif name == "htmx":
        serving = program_run(name, source.resolve(), port, {**settings, "API": api})
    elif name == "nextjs":
        serving = program_run(name, copied(source, work / name, api), port, settings)
    else:
        made = source / "dist" if app == "react" else source
        serving = files_served(copied(made, work / name, api), port)
    with serving:
        yield f"http://127.0.0.1:{port}/"


class Page:
    """Of an app with a row for each file: its progress, its state in words, and a button."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def send(self, file: File) -> None:
        self.tab.page.set_input_files("input[type=file]", [file.payload()])

    @property
    def _part(self) -> Locator:
        """What is about the upload."""
        return self.tab.page.locator("li:has(progress)").last

    def wait_for(self, words: str) -> None:
        try:
            self._part.get_by_role("status").filter(has_text=words).wait_for()
        except Error as error:
            shown = self.tab.page.inner_text("body")
            raise AssertionError(f"not {words!r}, but:\n{shown}\n{self.tab.complaints}") from error

    def wait_until_stored(self) -> None:
        self.wait_for("Stored as uploads/")

    def press(self, name: str) -> None:
        self._part.get_by_role("button", name=name).click()

    def offers(self, name: str) -> bool:
        return self._part.get_by_role("button", name=name).is_visible()

    def progress(self) -> float:
        return float(self._part.locator("progress").evaluate("bar => bar.value"))

    def known(self) -> str:
        """What the app's server knows."""
        return self.tab.page.inner_text("#documents")


class Form(Page):
    """One file at a time, with a title."""

    def send(self, file: File) -> None:
        self._title = f"About <{file.name}>"
        self.tab.page.fill("[name=title]", self._title)
        super().send(file)
        self.press("Send")

    @property
    def _part(self) -> Locator:
        return self.tab.page.locator("form")

    def wait_until_stored(self) -> None:
        self.tab.page.locator("#documents .stored").filter(has_text=self._title).wait_for()


class Dashboard(Page):
    """Uppy's."""

    def send(self, file: File) -> None:
        self.tab.page.set_input_files("input.uppy-Dashboard-input >> nth=0", [file.payload()])
        self.tab.page.get_by_role("button", name="Upload 1 file").click()

    def wait_for(self, words: str) -> None:
        self.tab.page.locator("#uppy").get_by_text(words).first.wait_for()

    def wait_until_stored(self) -> None:
        self.wait_for("Complete")


PAGES: Dict[str, type] = {
    "html": Page, "react": Page, DEVELOPED: Page, "vue": Page, "nextjs": Page, "uppy": Dashboard, "htmx": Form,
}
