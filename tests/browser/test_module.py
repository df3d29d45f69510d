"""countersign.js as an app uses it: imported by a page of another origin."""

import contextlib
import hashlib
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from aiohttp import web
from browser import File, Tab
from conftest import BUCKET, Deploy
from harness import LoopThread, entered
from playwright.sync_api import Route

from local.__main__ import bound, serving

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


class OtherApi:
    """Answers as an API does that is told to; what it was asked is kept."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: List[web.Request] = []
        self.redirect_to = ""

    async def answer(self, request: web.Request) -> web.Response:
        headers = {
            "Access-Control-Allow-Origin": request.headers["Origin"],
            "Access-Control-Allow-Headers": "x-api-key",
            "Access-Control-Allow-Credentials": "true",
        }
        if request.method == "OPTIONS":
            return web.Response(headers=headers)
        self.asked.append(request)
        if self.redirect_to:
            headers["Location"] = f"{self.redirect_to}{request.path_qs}"
            return web.Response(status=307, headers=headers)
        return web.json_response({"message": "", "code": "Asked"}, status=403, headers=headers)


@pytest.fixture
def other_apis(loop_thread: LoopThread) -> Iterator[List[OtherApi]]:
    apis = [OtherApi(), OtherApi()]
    with contextlib.ExitStack() as stack:
        for api in apis:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", api.answer)
            api.url = stack.enter_context(entered(loop_thread, serving(app, bound(0))))
        yield apis


def test_no_redirect_is_followed(tab: Tab, api: str, other_apis: List[OtherApi]) -> None:
    """The headers that the caller gave are not for another origin."""
    first, second = other_apis
    first.redirect_to = second.url
    tab.choose(FILE)
    outcome = upload(tab, api, endpoint=first.url, headers={"X-Api-Key": "secret"})
    assert [request.headers["X-Api-Key"] for request in first.asked] == ["secret"]
    assert second.asked == []
    assert (outcome["code"], "redirects" in outcome["message"]) == ("Redirected", True)


@pytest.mark.parametrize(
    ("credentials", "cookies"),
    [({}, {}), ({"credentials": "include"}, {"session": "of-the-caller"})],
    ids=["by default", "include"],
)
def test_cookies_are_sent_on_demand(
    tab: Tab, api: str, other_apis: List[OtherApi], credentials: Any, cookies: Any
) -> None:
    other = other_apis[0]
    cookie = {"name": "session", "value": "of-the-caller", "url": other.url}
    tab.page.context.add_cookies([cookie])
    tab.choose(FILE)
    assert upload(tab, api, endpoint=other.url, **credentials)["code"] == "Asked"
    tab.page.context.clear_cookies()
    assert [dict(request.cookies) for request in other.asked] == [cookies]


def test_the_service_lets_cookies_in(tab: Tab, deploy: Deploy) -> None:
    tab.choose(FILE)
    api = deploy(UPLOAD_PAGE="on", UPLOAD_CREDENTIALS="on")
    assert "key" in upload(tab, api, credentials="include", multipartFromBytes=0)


def test_bodies_have_their_checksum(tab: Tab, api: str) -> None:
    """CloudFront wants it before it signs a request to a function URL."""
    tab.choose(FILE)
    assert "key" in upload(tab, api, multipartFromBytes=0)
    asked = tab.sent("POST", "/s3/multipart")
    assert len(asked) == 2
    for request in asked:
        digest = hashlib.sha256(request.post_data_buffer or b"").hexdigest()
        assert request.headers["x-amz-content-sha256"] == digest


def test_the_size_of_parts_is_told_and_kept(tab: Tab, api: str, s3: Any, five_parts: Path) -> None:
    told = []
    part_size = 7 * 1024 * 1024

    def create(route: Route) -> None:
        asked = route.request.post_data_json
        told.append(asked["partSize"])
        response = route.fetch(post_data={**asked, "partSize": part_size})
        route.fulfill(response=response, json={**response.json(), "partSize": part_size})

    tab.page.route("**/s3/multipart", create)
    tab.choose_from_disk(five_parts)
    outcome = upload(tab, api)
    assert told == [5 * 1024 * 1024]
    size = five_parts.stat().st_size
    sizes = [len(put.post_data_buffer) for put in tab.sent("PUT", "partNumber=")]
    assert sorted(sizes) == sorted([part_size] * 3 + [size - 3 * part_size])
    assert s3.head_object(Bucket=BUCKET, Key=outcome["key"])["ContentLength"] == size


def told(code: str, message: str, more: str = "") -> str:
    return f"<Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>"


EXPIRED = {
    "AWS": (403, told("AccessDenied", "Request has expired", "<X-Amz-Expires>300</X-Amz-Expires>")),
    "AWS, the role": (400, told("ExpiredToken", "The provided token has expired.")),
    "by its time": (403, told("AccessDenied", "Denied", "<X-Amz-Expires>300</X-Amz-Expires>")),
    "Cloudflare R2": (403, told("ExpiredRequest", "")),
    "with a full stop": (403, told("AccessDenied", "Request has expired.")),
    "Google": (400, told("ExpiredToken", "Invalid argument.")),
    "Garage": (400, told("InvalidRequest", "Bad request: Date is too old")),
}


@pytest.mark.parametrize(("status", "body"), EXPIRED.values(), ids=EXPIRED)
def test_stores_tell_in_their_ways_that_a_url_expired(
    tab: Tab, api: str, s3: Any, status: int, body: str
) -> None:
    headers = {"Access-Control-Allow-Origin": "*"}
    refusal = {"status": status, "headers": headers, "body": body}
    tab.page.route("**/*X-Amz-Signature*", lambda route: route.fulfill(**refusal), times=1)
    tab.choose(FILE)
    outcome = upload(tab, api)
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == FILE.body
    first, second = tab.sent("PUT", "X-Amz-Signature")
    assert first.url != second.url


def test_a_store_that_denies_late_does_not_tell_that_the_url_expired(
    tab: Tab, api: str, s3: Any
) -> None:
    tab.page.clock.install()
    denied = told("AccessDenied", "")

    def refuse(route: Route) -> None:
        tab.page.clock.run_for(301_000)
        route.fulfill(status=403, headers={"Access-Control-Allow-Origin": "*"}, body=denied)

    tab.page.route("**/*X-Amz-Signature*", refuse, times=1)
    tab.choose(FILE)
    outcome = upload(tab, api)
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == FILE.body


def test_access_denied_is_not_tried_again(tab: Tab, api: str) -> None:
    headers = {"Access-Control-Allow-Origin": "*"}
    denied = {"status": 403, "headers": headers, "body": told("AccessDenied", "")}
    tab.page.route("**/*X-Amz-Signature*", lambda route: route.fulfill(**denied))
    tab.choose(FILE)
    assert upload(tab, api)["code"] == "AccessDenied"
    assert len(tab.sent("PUT", "X-Amz-Signature")) == 1
