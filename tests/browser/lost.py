"""An upload whose answer is lost, with the clock of the page in the test's hands."""

from typing import Any, Dict, List

from browser import File, Tab
from conftest import BUCKET
from wire import STALLED, UNANSWERED, Wire

FILE = File("photo.jpg", "image/jpeg", b"bytes " * 1000)
EMPTY = File("empty.jpg", "image/jpeg", b"")
# A URL lives 300 seconds.
WHILE_FRESH, UNTIL_STALE = 180, 400

START = """async ([api, options]) => {
  const { Upload } = await import(`${api}/countersign.js`);
  const [file] = document.getElementById('files').files;
  Object.assign(window, { progress: { sentBytes: -1 }, outcome: null, retried: [] });
  const started = new Upload(file, {
    endpoint: api,
    onProgress: (progress) => { window.progress = progress; },
    onRetry: ({ code, message }) => retried.push([code, message]),
    ...options,
  });
  window.start = () => {
    window.outcome = null;
    started.start()
      .catch(({ code, key, retryable, message }) => ({ code, key, retryable, message }))
      .then((outcome) => { window.outcome = outcome; });
  };
  start();
}"""


class Lost:
    """An upload whose PUT is held by the wire; the page's clock is the test's."""

    def __init__(self, tab: Tab, wire: Wire, api: str, file: File, how: str, **options: Any) -> None:
        self.tab = tab
        tab.page.clock.install()
        tab.choose(file)
        wire.hold_puts(how)
        tab.page.evaluate(START, [api, options])
        if file.body and how != STALLED:
            tab.wait("progress.sentBytes === progress.totalBytes")
        if how == UNANSWERED:
            tab.wait_until(lambda: wire.answers_held, "the store does not answer")

    def pass_seconds(self, seconds: int) -> None:
        self.tab.page.clock.run_for(seconds * 1000)

    def outcome(self) -> Dict[str, Any]:
        return dict(self.tab.wait("outcome"))

    def puts(self) -> List[str]:
        return [request.url for request in self.tab.sent("PUT", "X-Amz-Signature")]


def keys(s3: Any, folder: str) -> List[str]:
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{folder}/").get("Contents", [])
    return [item["Key"] for item in found]
