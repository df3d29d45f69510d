"""Stock Uppy 4, 5 and 6 against the function and a real store, on three origins."""

import random
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy
from uppy import CLIENTS, Outcome, UppyPage, key_of

MB = 1024 * 1024
# No quote in its name: this store writes it as &#39;, which Uppy 6 does not read in the store's XML.
LARGE = File("large 🐢 1+1 100% %2F &=;(x).png", "image/png", random.Random(1).randbytes(12 * MB))
PARTS = 3  # of LARGE: Uppy takes 5 MiB each
SLOW = 2 * MB  # bytes a second: a part takes long enough to be interrupted
NAMES = {
    "emoji": "🐢👩‍👩‍👧.png",
    "right-to-left": "مرحبا שלום.png",
    "chinese": "乌龟 图片.png",
    "spaces": "a b  c.png",
    "signs": "1+1=2 100% %41%2F &?#=;'\"().png",
}

OpenUppy = Callable[..., UppyPage]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / LARGE.name
    path.write_bytes(LARGE.body)
    return path


@pytest.fixture(params=CLIENTS)
def open_uppy(request: pytest.FixtureRequest, tab: Tab) -> OpenUppy:
    """open_uppy(api, **options of the plugin), for each version and mode."""

    def open_one(api: str, **options: Any) -> UppyPage:
        return UppyPage(tab, CLIENTS[request.param], api, **options)

    return open_one


def check(outcome: Outcome, files: List[File], s3: Any) -> None:
    """Every file is stored as it was sent, and Uppy tells where."""
    assert outcome.thrown is None
    assert [file.error for file in outcome.files] == [None] * len(files)
    keys = [file.key for file in outcome.files]
    assert len(set(keys)) == len(files)
    by_name: Dict[str, File] = {file.name: file for file in files}
    for uploaded in outcome.files:
        sent = by_name[uploaded.name]
        assert uploaded.key and uploaded.key.endswith(sent.name)
        assert uploaded.url and key_of(uploaded.url, BUCKET) == uploaded.key
        stored = s3.get_object(Bucket=BUCKET, Key=uploaded.key)
        assert stored["Body"].read() == sent.body
        assert stored["ContentType"] == (sent.type or "application/octet-stream")


def unfinished(s3: Any, key: str) -> List[Dict[str, Any]]:
    """This store lists the multipart uploads of one key only."""
    return list(s3.list_multipart_uploads(Bucket=BUCKET, Prefix=key).get("Uploads", []))


def parts(s3: Any, key: str) -> List[int]:
    """The parts that are stored of the only unfinished upload."""
    [upload] = unfinished(s3, key)
    listed = s3.list_parts(Bucket=BUCKET, Key=key, UploadId=upload["UploadId"])
    return [part["PartNumber"] for part in listed.get("Parts", [])]


# ---- What arrives -------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        File("small.txt", "text/plain", b"bytes \x00\xff of a file\n"),
        File("empty.txt", "text/plain", b""),
        File("typed.html", "text/html; charset=utf-8", "<p>ż".encode()),
        File("untyped", "", b"x"),
    ],
    ids=lambda file: file.name,
)
def test_a_file(open_uppy: OpenUppy, tab: Tab, deploy: Deploy, s3: Any, file: File) -> None:
    check(open_uppy(deploy()).upload(file), [file], s3)
    assert tab.complaints == []


def test_names(open_uppy: OpenUppy, tab: Tab, deploy: Deploy, s3: Any) -> None:
    files = [File(name, "image/png", name.encode()) for name in NAMES.values()]
    check(open_uppy(deploy()).upload(*files), files, s3)
    assert tab.complaints == []


@pytest.mark.parametrize("in_parts", [False, True], ids=["whole", "in parts"])
def test_metadata(
    open_uppy: OpenUppy, deploy: Deploy, s3: Any, large: Path, in_parts: bool
) -> None:
    """Any script, the same way for a form and for parts: RFC 2047 where it is not ASCII."""
    uppy = open_uppy(deploy(), shouldUseMultipart=in_parts)
    uppy.add_from_disk(large)
    uppy.tab.page.evaluate("uppy.setMeta({ caption: '乌龟 שלום', plain: 'a = b' })")
    uppy.start()
    outcome = uppy.outcome()
    assert outcome.files[0].error is None
    stored = s3.head_object(Bucket=BUCKET, Key=outcome.files[0].key)["Metadata"]
    told = {name: str(make_header(decode_header(value))) for name, value in stored.items()}
    expected = {
        "name": LARGE.name,
        "type": "image/png",
        "caption": "乌龟 שלום",
        "plain": "a = b",
    }
    assert told == (expected if uppy.client.sends_metadata else {})


def test_twenty_at_once(open_uppy: OpenUppy, tab: Tab, deploy: Deploy, s3: Any) -> None:
    files = [
        File(f"{n}.bin", "application/x-n", random.Random(n).randbytes(n * 999)) for n in range(20)
    ]
    check(open_uppy(deploy()).upload(*files), files, s3)
    assert tab.complaints == []


# ---- Multipart ----------------------------------------------------------------


def test_multipart(open_uppy: OpenUppy, tab: Tab, deploy: Deploy, s3: Any, large: Path) -> None:
    outcome = open_uppy(deploy()).upload_from_disk(large)
    check(outcome, [LARGE], s3)
    assert len(tab.sent("PUT", "partNumber=")) == PARTS
    assert unfinished(s3, outcome.files[0].key or "") == []
    assert tab.complaints == []


def test_paused_and_resumed(
    open_uppy: OpenUppy, tab: Tab, deploy: Deploy, s3: Any, large: Path
) -> None:
    uppy = open_uppy(deploy(), limit=1)
    tab.limit_upload(SLOW)
    uppy.add_from_disk(large)
    uppy.after_first_part("pauseAll")
    uppy.start()
    uppy.wait_until_called()
    key = uppy.multipart_key()
    before = parts(s3, key)
    assert before and len(before) < PARTS
    tab.limit_upload(-1)
    tab.page.wait_for_timeout(1500)  # longer than the rest would take
    assert parts(s3, key) == before
    assert tab.page.evaluate("window.outcome") is None
    uppy.resume()
    check(uppy.outcome(), [LARGE], s3)
    assert len(tab.sent("PUT", "partNumber=1&")) == 1  # it was stored, and is not sent again
    assert unfinished(s3, key) == []


def test_aborted(open_uppy: OpenUppy, tab: Tab, deploy: Deploy, s3: Any, large: Path) -> None:
    uppy = open_uppy(deploy(), limit=1)
    tab.limit_upload(SLOW)
    uppy.add_from_disk(large)
    uppy.start()
    key = uppy.multipart_key()
    assert len(unfinished(s3, key)) == 1
    uppy.after_first_part("cancelAll")
    uppy.wait_until_called()
    assert tab.wait_for_response("DELETE").ok
    assert unfinished(s3, key) == []
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["KeyCount"] == 0


# ---- What is refused ----------------------------------------------------------


def refused(uppy: UppyPage, outcome: Outcome, message: str, status_text: str) -> None:
    """The user learns of it, in our words where this version can show them."""
    assert [file.url for file in outcome.files] == [None]
    expected = message if uppy.client.shows_messages else status_text
    assert expected in (outcome.files[0].error or "")
    assert any(expected in words for words in outcome.said), outcome.said


def test_a_type_that_is_not_allowed(open_uppy: OpenUppy, deploy: Deploy, tab: Tab) -> None:
    uppy = open_uppy(deploy(UPLOAD_TYPES="text/*"))
    outcome = uppy.upload(File("a.png", "image/png", b"x"))
    refused(uppy, outcome, "text/*", "Forbidden")
    assert tab.sent("POST", BUCKET) + tab.sent("PUT", BUCKET) == []


def test_a_type_that_is_not_allowed_in_parts(
    open_uppy: OpenUppy, deploy: Deploy, tab: Tab, large: Path
) -> None:
    uppy = open_uppy(deploy(UPLOAD_TYPES="text/*"))
    outcome = uppy.upload_from_disk(large)
    # Uppy tells signRequest no type when it starts an upload: it is the name's.
    refused(uppy, outcome, "text/*", "Forbidden")
    assert tab.sent("PUT", "partNumber=") == []


def test_too_large(open_uppy: OpenUppy, deploy: Deploy, s3: Any) -> None:
    """No version tells the size before: the store refuses the form."""
    api = deploy(UPLOAD_MAX_BYTES="1000", UPLOAD_KEY="too-large/{id}/{name}")
    uppy = open_uppy(api)
    outcome = uppy.upload(File("a.png", "image/png", b"x" * 1001))
    refused(uppy, outcome, uppy.client.store_refusal, uppy.client.store_refusal)
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="too-large/")["KeyCount"] == 0


def test_too_large_in_parts(
    open_uppy: OpenUppy, deploy: Deploy, tab: Tab, s3: Any, large: Path
) -> None:
    """It is noticed by the number of the parts, of which no more are signed. Uppy 6 leaves those that it has
    sent to the bucket's lifecycle rule; the others abort the upload."""
    uppy = open_uppy(deploy(UPLOAD_MAX_BYTES=str(6 * MB)))
    outcome = uppy.upload_from_disk(large)
    message = "at most 6291456 bytes"
    if uppy.client.mode == "signRequest":  # here the browser itself would join them
        message = "a largest size"
    refused(uppy, outcome, message, "Request Entity Too Large")
    if uppy.client.mode == "endpoint":
        tab.wait_for_response("DELETE")
    parts_sent = tab.sent("PUT", "partNumber=")
    assert len(parts_sent) < (1 if uppy.client.mode == "signRequest" else PARTS)
    for request in parts_sent:
        key = key_of(request.url, BUCKET)
        assert unfinished(s3, key) == [] or uppy.client.mode != "endpoint"
        assert s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["KeyCount"] == 0


# ---- Ways to configure it -----------------------------------------------------


def test_a_slash_at_the_end_of_the_address(open_uppy: OpenUppy, deploy: Deploy, s3: Any) -> None:
    file = File("a.png", "image/png", b"x")
    check(open_uppy(deploy() + "/").upload(file), [file], s3)


@pytest.mark.parametrize("open_uppy", ["uppy-4", "uppy-5"], indirect=True)
def test_headers_for_an_authorizer(
    open_uppy: OpenUppy, deploy: Deploy, tab: Tab, s3: Any, large: Path
) -> None:
    """The browser asks whether it may send them. Uppy 6 has no such option."""
    uppy = open_uppy(deploy(), headers={"Authorization": "Bearer x", "X-Tenant": "y"})
    check(uppy.upload_from_disk(large), [LARGE], s3)
    sent = tab.sent("POST", "/complete")
    assert [request.headers.get("x-tenant") for request in sent] == ["y"]


def test_a_store_without_forms(open_uppy: OpenUppy, deploy: Deploy, s3: Any) -> None:
    """With Uppy 4 and 5, and with signRequest; Companion's mode of Uppy 6 knows only forms."""
    file = File(NAMES["signs"], "image/png", b"x")
    api = deploy(UPLOAD_FORM="put", UPLOAD_OVERWRITE="deny", UPLOAD_KEY="{name}/{id}")
    uppy = open_uppy(api)
    outcome = uppy.upload(file)
    if uppy.client.mode == "companionEndpoint":
        assert "concrete object key" in (outcome.files[0].error or "")
        return
    url = outcome.files[0].url
    assert outcome.files[0].error is None and url
    assert s3.get_object(Bucket=BUCKET, Key=key_of(url, BUCKET))["Body"].read() == file.body
