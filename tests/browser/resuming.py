"""An upload in parts that goes on in another page."""

from pathlib import Path
from typing import Any, Dict, List

from browser import Tab
from upload_page import MIB
from wire import STALLED, Wire

PART_BYTES = 8 * MIB

START = """async ([api, options]) => {
  const { Upload } = await import(`${api}/countersign.js`);
  const [file] = document.getElementById('files').files;
  const abort = new AbortController();
  Object.assign(window, { seen: [], outcome: null, abort });
  const upload = new Upload(file, {
    endpoint: api,
    signal: abort.signal,
    onProgress: ({ sentBytes }) => seen.push(sentBytes),
    ...options,
  });
  window.upload = upload;
  upload.start()
    .catch(({ code, name, message }) => ({ code, name, message }))
    .then((outcome) => { window.outcome = { ...outcome, resumedBytes: upload.resumedBytes }; });
}"""
UNFINISHED = """async (api) => {
  const { unfinished } = await import(`${api}/countersign.js`);
  const [file] = document.getElementById('files').files;
  window.found = await unfinished({ endpoint: api });
  return Promise.all(found.map(async ({ fits, forget, ...about }) => (
    { ...about, fits: file ? await fits(file) : null })));
}"""
# What IndexedDB has, beside the module.
KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open('countersign');
  opening.onupgradeneeded = () => opening.transaction.abort(); // there is none yet
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const asked = opening.result.transaction('uploads').objectStore('uploads').getAll();
    asked.onsuccess = () => resolve(asked.result);
    opening.result.close();
  };
})"""


class Resuming:
    """A tab that sends a file of the disk by the wire."""

    def __init__(self, tab: Tab, wire: Wire, api: str, **options: Any) -> None:
        self.tab = tab
        self.wire = wire
        self.api = api
        self.options = options

    def start(self, path: Path) -> None:
        self.tab.choose_from_disk(path)
        self.tab.page.evaluate(START, [self.api, self.options])

    def start_until(self, path: Path, parts: int) -> None:
        """So many parts are stored and known to be, and no more."""
        self.wire.hold_puts(STALLED, after=parts)
        self.start(path)
        self.tab.wait_until(
            lambda: [kept["storedBytes"] for kept in self.kept()] == [parts * PART_BYTES],
            f"there are not {parts} parts",
        )

    def reload(self) -> None:
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
        return list(self.tab.page.evaluate(KEPT))

    def unfinished(self) -> List[Dict[str, Any]]:
        return list(self.tab.page.evaluate(UNFINISHED, self.api))
