"""An upload in parts that goes on in another page."""

import contextlib
import os
import signal
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from browser import FLAGS, WAIT_SECONDS, Tab, executable
from playwright.sync_api import BrowserContext, BrowserType
from playwright.sync_api import Error as PlaywrightError
from wire import STALLED, Wire

START = """async ([module, api, options, fromHandle]) => {
  const { Upload } = await import(module);
  const [file] = fromHandle ? [await handle.getFile()] : document.getElementById('files').files;
  const abort = new AbortController();
  Object.assign(window, { seen: [], outcome: null, abort });
  const upload = new Upload(file, {
    endpoint: api,
    signal: abort.signal,
    onProgress: ({ sentBytes }) => seen.push(sentBytes),
    ...(fromHandle && { handle }),
    ...options,
  });
  window.upload = upload;
  window.start = () => {
    window.outcome = null;
    upload.start()
      .catch(({ code, name, message }) => ({ code, name, message }))
      .then((outcome) => { window.outcome = { ...outcome, resumedBytes: upload.resumedBytes }; });
  };
  start();
}"""
UNFINISHED = """async ([module, api]) => {
  const { unfinished } = await import(module);
  const [file] = document.getElementById('files').files;
  window.found = await unfinished({ endpoint: api });
  return Promise.all(found.map(async ({ name, metadata, type, size, storedBytes, startedAt, handle, fits }) => (
    { name, metadata, type, size, storedBytes, startedAt, fits: file ? await fits(file) : null })));
}"""
# What IndexedDB has, beside the module.
IN_KEPT = """(change) => new Promise((resolve) => {
  const opening = indexedDB.open('countersign');
  opening.onupgradeneeded = () => opening.transaction.abort(); // there is none yet
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const store = opening.result.transaction('uploads', 'readwrite').objectStore('uploads');
    const asked = store.getAll();
    asked.onsuccess = () => {
      for (const kept of change ? asked.result : []) store.put({ ...kept, ...change });
      asked.transaction.oncomplete = () => resolve(asked.result);
    };
    opening.result.close();
  };
})"""


class Resuming:
    """A tab that sends a file of the disk by the wire."""

    def __init__(self, tab: Tab, wire: Wire, api: str, **options: Any) -> None:
        self.tab = tab
        self.wire = wire
        self.api = api
        self.module = f"{api}/countersign.js"
        self.options = options
        self.part_bytes = 0

    def start(self, path: Path) -> None:
        self.tab.choose_from_disk(path)
        self.start_chosen()

    def start_chosen(self, from_handle: bool = False) -> None:
        self.tab.page.evaluate(START, [self.module, self.api, self.options, from_handle])

    def start_until(self, path: Path, parts: int) -> None:
        """So many parts are stored and known to be, and no more."""
        self.wire.hold_puts(STALLED, after=parts)
        self.start(path)
        self.wait_for_parts(parts)

    def wait_for_parts(self, parts: int) -> None:
        """Parts of one size."""

        def part_bytes() -> Optional[int]:
            found = [kept["partSize"] for kept in self.kept()]
            stored = [kept["storedBytes"] for kept in self.kept()]
            return found[0] if found and stored == [parts * found[0]] else None

        self.part_bytes = self.tab.wait_until(part_bytes, f"there are not {parts} parts")

    def reload(self) -> None:
        """What was under way is lost."""
        self.tab.page.reload()
        self.tab.wait("window.uppyPage")
        self.lose_what_is_held()

    def lose_what_is_held(self) -> None:
        self.wire.cut()
        self.wire.pass_on()
        self.wire.mend()

    def outcome(self) -> Dict[str, Any]:
        return dict(self.tab.wait("outcome"))

    def kept(self) -> List[Dict[str, Any]]:
        return list(self.tab.page.evaluate(IN_KEPT))

    def change_kept(self, **values: Any) -> None:
        self.tab.page.evaluate(IN_KEPT, values)

    def databases(self) -> List[str]:
        names = "all => all.map(({ name }) => name)"
        return list(self.tab.page.evaluate(f"indexedDB.databases().then({names})"))

    def unfinished(self) -> List[Dict[str, Any]]:
        return list(self.tab.page.evaluate(UNFINISHED, [self.module, self.api]))


@contextlib.contextmanager
def chromium_of(browsers: BrowserType, folder: Path) -> Iterator[BrowserContext]:
    """A browser that keeps what it has in a folder."""
    context = browsers.launch_persistent_context(
        folder, executable_path=executable(), args=FLAGS, timeout=WAIT_SECONDS * 1000
    )
    yield context
    with contextlib.suppress(PlaywrightError):  # it may have been killed
        context.close()


def arguments(process: Path) -> List[str]:
    with contextlib.suppress(OSError):
        return (process / "cmdline").read_text("utf-8", "replace").replace("\0", " ").split()
    return []


def kill_chromium_of(folder: Path) -> None:
    all_words = {process.name: arguments(process) for process in Path("/proc").glob("[0-9]*")}
    (main,) = [
        process
        for process, words in all_words.items()
        if f"--user-data-dir={folder}" in words and not any(w.startswith("--type=") for w in words)
    ]
    os.kill(int(main), signal.SIGKILL)
