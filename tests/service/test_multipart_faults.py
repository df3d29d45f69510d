"""What becomes of a store's errors, silence and nonsense."""

import time
from typing import Callable, List

import pytest
from fake_store import COMPLETED, CREATED, NO_PARTS, FakeStore, Says, StartStore, error
from multipart import SECRET, Upload, create, refused, seal
from uploads import StartFunction

KEY = "uploads/" + "ab" * 16 + "/film.mp4"
PART = [{"PartNumber": 1, "ETag": "e"}]
OpenUpload = Callable[[FakeStore], Upload]


@pytest.fixture
def upload_at(function: StartFunction) -> OpenUpload:
    def open_upload(store: FakeStore, **environment: str) -> Upload:
        running = function(
            AWS_ENDPOINT_URL_S3=store.url, UPLOAD_SEAL_SECRET=SECRET, **environment
        )
        return Upload(running, KEY, seal(SECRET, KEY, "upload-1", int(time.time()) + 60))

    return open_upload


CALLS = {
    "create": lambda upload: create(upload.function),
    "list": lambda upload: upload.list(),
    "complete": lambda upload: upload.complete(PART),
    "abort": lambda upload: upload.abort(),
}
REPEATABLE = {"list", "abort"}
# A second completion finds out what became of the first one.
ASKED_AGAIN = REPEATABLE | {"complete"}
GOOD = {
    "create": [Says(200, CREATED)],
    "list": [Says(200, NO_PARTS)],
    "complete": [Says(200, COMPLETED)],
    "abort": [Says(204), Says(403)],  # then it looks whether there is an object
}


def of_upload(store: FakeStore) -> List[str]:
    return [each for each in store.requests if "uploads=" in each or "uploadId=" in each]


@pytest.mark.parametrize("call", CALLS)
def test_busy_store(start: StartStore, upload_at: OpenUpload, call: str) -> None:
    """503 is S3's word that nothing was done."""
    store = start(Says(503, error("SlowDown")), Says(429, error("Busy")), *GOOD[call])
    assert CALLS[call](upload_at(store)).status == 200
    assert len(of_upload(store)) == 3
    assert len(set(of_upload(store))) == 1
    assert store.connections == 1


@pytest.mark.parametrize("call", CALLS)
def test_store_that_stays_busy(start: StartStore, upload_at: OpenUpload, call: str) -> None:
    store = start(Says(503, error("SlowDown")))
    refused(CALLS[call](upload_at(store)), 503, "SlowDown", "try again")
    assert len(store.requests) == 3


@pytest.mark.parametrize("call", CALLS)
def test_store_that_fails(start: StartStore, upload_at: OpenUpload, call: str) -> None:
    """After a 500 nobody knows what was done."""
    store = start(Says(500, error("InternalError")), *GOOD[call])
    reply = CALLS[call](upload_at(store))
    if call in ASKED_AGAIN:
        assert reply.status == 200
    else:
        refused(reply, 502, "InternalError")
    assert len(of_upload(store)) == (2 if call in ASKED_AGAIN else 1)


@pytest.mark.parametrize("call", CALLS)
def test_broken_connection(start: StartStore, upload_at: OpenUpload, call: str) -> None:
    store = start(Says(0, hang_up=True), *GOOD[call])
    reply = CALLS[call](upload_at(store))
    if call in ASKED_AGAIN:
        assert reply.status == 200
    else:
        refused(reply, 502, "StoreAnswerLost")
    assert len(of_upload(store)) == (2 if call in ASKED_AGAIN else 1)


@pytest.mark.parametrize("call", CALLS)
def test_no_store(start: StartStore, upload_at: OpenUpload, call: str) -> None:
    upload = upload_at(start(Says(200)))
    upload.function = upload_at(FakeStoreAt("http://127.0.0.1:9")).function
    refused(CALLS[call](upload), 502, "StoreUnreachable")


class FakeStoreAt(FakeStore):
    def __init__(self, url: str) -> None:
        super().__init__([])
        self.url = url


@pytest.mark.parametrize("call", CALLS)
def test_slow_store(start: StartStore, upload_at: OpenUpload, call: str) -> None:
    """The client gets its answer before the deadline of the invocation, 10 s here."""
    store = start(Says(200, GOOD[call][0].body, after_seconds=30))
    started = time.monotonic()
    refused(CALLS[call](upload_at(store)), 503, "StoreTimeout", "try again")
    assert time.monotonic() - started < 10
    assert len(store.requests) == (2 if call in REPEATABLE else 1)


@pytest.mark.parametrize(
    "says,status,code",
    [
        (Says(200, error("SlowDown")), 503, "SlowDown"),
        (Says(200, error("ConditionalRequestConflict")), 409, "ConditionalRequestConflict"),
        (Says(200, ""), 502, "StoreError"),
        (Says(200, COMPLETED.replace("\n", "\n   \n ")), 200, ""),  # while it works
        (Says(200, " \n \r\n" + COMPLETED), 200, ""),
        (Says(200, "  " + error("EntityTooSmall")), 400, "EntityTooSmall"),
    ],
)
def test_complete_that_answers_200(
    start: StartStore, upload_at: OpenUpload, says: Says, status: int, code: str
) -> None:
    """S3 says 200 before it knows."""
    store = start(says)
    reply = upload_at(store).complete(PART)
    if status == 200:
        assert reply.status == 200
    else:
        refused(reply, status, code)
    assert len(store.requests) == 1


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "says,status,code",
    [
        (Says(403, error("ExpiredToken", "<Token-0>secret</Token-0>")), 502, "ExpiredToken"),
        (Says(403, error("AccessDenied")), 502, "AccessDenied"),
        (Says(404, error("NoSuchBucket")), 502, "NoSuchBucket"),
        (Says(400, "<html>private words</html>"), 502, "StoreError"),
        (Says(400, error("two words; \n")), 502, "StoreError"),
        (Says(409, error("ConditionalRequestConflict")), 409, "ConditionalRequestConflict"),
        (Says(307, error("TemporaryRedirect")), 502, "TemporaryRedirect"),
        (Says(400, b"<a/>" + b" " * 2 * 1024 * 1024), 502, "StoreError"),
    ],
)
def test_errors_give_the_code_alone(
    start: StartStore, upload_at: OpenUpload, call: str, says: Says, status: int, code: str
) -> None:
    store = start(says)
    reply = CALLS[call](upload_at(store))
    refused(reply, status, code)
    assert b"secret" not in reply.body and b"private" not in reply.body
    assert len(store.requests) == 1


@pytest.mark.parametrize("body", ["", "no XML", "<a>", NO_PARTS, "<!DOCTYPE x [<!ENTITY y 'z'>]><x/>"])
def test_nonsense(start: StartStore, upload_at: OpenUpload, body: str) -> None:
    refused(create(upload_at(start(Says(200, body))).function), 502, "StoreError")


def test_list_without_end(start: StartStore, upload_at: OpenUpload) -> None:
    page = (
        "<ListPartsResult><IsTruncated>true</IsTruncated>"
        "<NextPartNumberMarker>7</NextPartNumberMarker></ListPartsResult>"
    )
    store = start(Says(200, page))
    refused(upload_at(store).list(), 502, "StoreError")
    assert len(store.requests) == 2
    assert "part-number-marker=7" in store.requests[1]


def test_too_large_and_not_discarded(start: StartStore, upload_at: OpenUpload) -> None:
    parts = "<Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>2</Size></Part>"
    listed = f"<ListPartsResult><IsTruncated>false</IsTruncated>{parts}</ListPartsResult>"
    store = start(Says(200, listed), Says(403, error("AccessDenied")))
    reply = upload_at(store, UPLOAD_MAX_BYTES="1").complete(PART)
    refused(reply, 413, "TooLarge", "abort the upload")
    assert [request.split()[0] for request in store.requests] == ["GET", "DELETE"]


def test_the_connection_is_kept(start: StartStore, upload_at: OpenUpload) -> None:
    """From invocation to invocation."""
    store = start(Says(200, NO_PARTS))
    upload = upload_at(store)
    for _ in range(5):
        assert upload.list().json() == []
    assert (len(store.requests), store.connections) == (5, 1)


def test_what_complete_sends(start: StartStore, upload_at: OpenUpload) -> None:
    store = start(Says(200, COMPLETED))
    parts = [{"PartNumber": 1, "ETag": '"a1"'}, {"PartNumber": 3, "ETag": "b-2"}]
    assert upload_at(store).complete(parts).status == 200
    assert store.bodies == [
        b'<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        b'<Part><PartNumber>1</PartNumber><ETag>"a1"</ETag></Part>'
        b'<Part><PartNumber>3</PartNumber><ETag>"b-2"</ETag></Part></CompleteMultipartUpload>'
    ]
    assert store.requests[0].startswith("POST /countersign-test/" + KEY + "?uploadId=upload-1&")
