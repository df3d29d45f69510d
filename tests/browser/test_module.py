"""countersign.js as an app uses it: imported by a page of another origin."""

from pathlib import Path
from typing import Any, Dict, List

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy
from playwright.sync_api import Route

FILE = File("żółw.txt", "text/plain", "żółw".encode())
UPLOAD = """async ([api, options, abortAfterMs]) => {
  const { upload } = await import(`${api}/countersign.js`);
  const [file] = window.dropped ?? document.getElementById('files').files;
  const abort = new AbortController();
  const seen = [];
  if (abortAfterMs >= 0) setTimeout(() => abort.abort(), abortAfterMs);
  const onProgress = (progress) => seen.push(progress);
  try {
    const reply = await upload(file, {endpoint: api, onProgress, signal: abort.signal, ...options});
    return {...reply, seen};
  } catch ({ name, message, code, status }) {
    return {name, message, code, status, seen};
  }
}"""


def upload(tab: Tab, api: str, abort_after_ms: int = -1, **options: Any) -> Dict[str, Any]:
    return dict(tab.page.evaluate(UPLOAD, [api, options, abort_after_ms]))


@pytest.fixture
def api(deploy: Deploy) -> str:
    return deploy(UPLOAD_PAGE="on")


@pytest.mark.parametrize("parts", [False, True], ids=["one PUT", "in parts"])
def test_upload(tab: Tab, api: str, s3: Any, parts: bool) -> None:
    tab.choose(FILE)
    options = {"metadata": {"who": "Zoë"}, **({"multipartFromBytes": 0} if parts else {})}
    outcome = upload(tab, api, **options)
    stored = s3.get_object(Bucket=BUCKET, Key=outcome["key"])
    assert stored["Body"].read() == FILE.body
    assert stored["Metadata"] == {"who": "=?UTF-8?B?Wm/Dqw==?="}
    assert outcome["etag"] == (None if parts else stored["ETag"])
    size = len(FILE.body)
    assert outcome["seen"][-1] == {"sentBytes": size, "totalBytes": size}
    assert tab.complaints == []


def test_headers_go_to_the_service_alone(tab: Tab, api: str) -> None:
    tab.choose(FILE)
    upload(tab, api, headers={"Authorization": "Bearer token"})
    asked, sent = [r for r in tab.requests if r.method in ("GET", "PUT")][-2:]
    assert asked.headers["authorization"] == "Bearer token"
    assert "authorization" not in sent.headers


def test_a_mounted_endpoint(tab: Tab, api: str, s3: Any) -> None:
    tab.choose(FILE)
    outcome = upload(tab, api, endpoint=f"{api}/my/route")
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == FILE.body


@pytest.mark.parametrize("parts", [False, True], ids=["one PUT", "in parts"])
def test_the_signal_gives_it_up(tab: Tab, api: str, parts: bool) -> None:
    tab.choose(File("slow.bin", "", bytes(100_000)))
    tab.limit_upload(10_000)
    options = {"multipartFromBytes": 0} if parts else {}
    assert upload(tab, api, abort_after_ms=700, **options)["name"] == "AbortError"


@pytest.mark.parametrize("parts", [False, True], ids=["one PUT", "in parts"])
def test_metadata_without_a_value(tab: Tab, api: str, s3: Any, parts: bool) -> None:
    tab.choose(FILE)
    options = {"metadata": {"empty": ""}, **({"multipartFromBytes": 0} if parts else {})}
    outcome = upload(tab, api, **options)
    assert "key" in outcome, outcome
    assert s3.head_object(Bucket=BUCKET, Key=outcome["key"])["Metadata"] == {"empty": ""}


DROP_HERE = """() => {
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    window.dropped = event.dataTransfer.files;
  });
}"""


@pytest.mark.parametrize("size", ["some", "none"])
def test_a_folder_is_no_file(
    tab: Tab, api: str, tmp_path: Path, folder_of_no_size: Path, size: str
) -> None:
    """A browser makes a File of one that is dropped; nothing is asked for it."""
    tab.page.evaluate(DROP_HERE)
    tab.drop_from_disk(tmp_path if size == "some" else folder_of_no_size)
    tab.wait("window.dropped?.length === 1")
    assert (tab.page.evaluate("dropped[0].size") > 0) == (size == "some")
    outcome = upload(tab, api)
    assert outcome["code"] == "Unreadable"
    assert "is a folder" in outcome["message"]
    assert tab.sent("GET", "signed_url") == []


def test_an_empty_file_has_no_parts(tab: Tab, api: str, s3: Any) -> None:
    tab.choose(File("empty.bin", "", b""))
    outcome = upload(tab, api, multipartFromBytes=0)
    assert s3.head_object(Bucket=BUCKET, Key=outcome["key"])["ContentLength"] == 0


START_AGAIN = """async ([api, throws]) => {
  const { Upload } = await import(`${api}/countersign.js`);
  const [file] = document.getElementById('files').files;
  const onRetry = () => { if (throws) throw new Error('of the page'); };
  const started = new Upload(file, { endpoint: api, onRetry });
  if (started.start() !== started.start()) throw new Error('two at once');
  const seen = [];
  return {...await started.start().catch(({ message }) => { seen.push(message); return started.start(); }), seen};
}"""


@pytest.mark.parametrize(
    ("status", "throws", "seen"),
    [(403, False, "access denied"), (503, True, "of the page")],
    ids=["a part is refused", "onRetry throws"],
)
def test_it_is_started_again_at_once(
    tab: Tab, api: str, s3: Any, tmp_path: Path, status: int, throws: bool, seen: str
) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(b"".join(bytes([i]) * 1024 * 1024 for i in range(40)))
    refusal = {
        "status": status,
        "headers": {"Access-Control-Allow-Origin": "*"},
        "body": "<Error><Code>AccessDenied</Code></Error>",
    }
    tab.page.route("**/*partNumber=2&*", lambda route: route.fulfill(**refusal), times=1)
    tab.choose_from_disk(path)
    outcome = tab.page.evaluate(START_AGAIN, [api, throws])
    assert len(outcome["seen"]) == 1 and seen in outcome["seen"][0]
    stored = s3.get_object(Bucket=BUCKET, Key=outcome["key"])
    assert stored["Body"].read() == path.read_bytes()


UNTIL_STORED = """async (api) => {
  const { Upload } = await import(`${api}/countersign.js`);
  const [file] = document.getElementById('files').files;
  const upload = new Upload(file, { endpoint: api, multipartFromBytes: 0 });
  const failed = [];
  while (failed.length < 3) {
    try {
      return {...await upload.start(), failed};
    } catch ({ code }) {
      failed.push(code);
    }
  }
}"""
LOST = {"abort": True}
CONFLICT = {"status": 409, "json": {"message": "", "code": "ConditionalRequestConflict"}}
TOO_LARGE = {"status": 413, "json": {"message": "", "code": "TooLarge"}}
GONE = {"status": 404, "json": {"message": "", "code": "NoSuchUpload"}}


@pytest.mark.parametrize(
    ("answers", "failed"),
    [
        ([LOST, CONFLICT, GONE], ["NoSuchUpload"]),
        ([TOO_LARGE, GONE], ["TooLarge", "NoSuchUpload"]),
    ],
    ids=["a conflict", "a refusal"],
)
def test_what_was_refused_is_not_stored(
    tab: Tab, api: str, s3: Any, answers: List[Dict[str, Any]], failed: List[str]
) -> None:
    """So when the upload is gone then, it was not joined."""
    left = list(answers)

    def answer(route: Route) -> None:
        given = left.pop(0)
        if given is LOST:
            route.abort()
        else:
            route.fulfill(headers={"Access-Control-Allow-Origin": "*"}, **given)

    tab.page.route("**/complete?*", answer, times=len(answers))
    tab.choose(FILE)
    outcome = tab.page.evaluate(UNTIL_STORED, api)
    assert outcome["failed"] == failed
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == FILE.body


def test_an_answer_that_breaks_off(tab: Tab, api: str, s3: Any) -> None:
    tab.choose(FILE)
    headers = {"Access-Control-Allow-Origin": "*"}
    broken = {"status": 200, "headers": headers, "body": '{"url":"http'}
    tab.page.route("**/signed_url?*", lambda route: route.fulfill(**broken), times=1)
    outcome = upload(tab, api)
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == FILE.body


def test_an_error_tells_status_and_code(tab: Tab, deploy: Deploy) -> None:
    tab.choose(FILE)
    outcome = upload(tab, deploy(UPLOAD_PAGE="on", UPLOAD_TYPES="image/*"))
    assert (outcome["name"], outcome["status"]) == ("UploadError", 403)
    assert outcome["code"] == "TypeNotAllowed"
    assert "image/*" in outcome["message"]
