"""A completion whose answer is lost or late: what a second one, and an abort, find out."""

import time
from typing import Any, Dict, List

import pytest
from fake_store import COMPLETED, FakeStore, Says, StartStore, error
from harness import ON_BOTH, ON_MINIO
from multipart import SECRET, Upload, created, left_open, refused, seal
from uploads import BODY, StartFunction, stored

KEY = "uploads/" + "ab" * 16 + "/film.mp4"
PART = [{"PartNumber": 1, "ETag": "e"}]
GONE = Says(404, error("NoSuchUpload"))
DENIED = Says(403, error("AccessDenied"))
LOST = Says(0, hang_up=True)
CONFLICT = Says(409, error("ConditionalRequestConflict"))
LOOK = [f"GET /countersign-test/{KEY}?tagging=", f"HEAD /countersign-test/{KEY}?"]


# ---- At real S3 servers ----------------------------------------------------------
# versitygw takes any object of the key for the upload's; MinIO forgets an upload that is done.


@ON_BOTH
@pytest.mark.parametrize("more", [{}, {"size": len(BODY)}], ids=["undeclared", "declared"])
@pytest.mark.parametrize("settings", [{}, {"UPLOAD_OVERWRITE": "deny"}], ids=["allow", "deny"])
def test_a_second_completion_says_what_the_first_one_said(
    function: StartFunction, s3: Any, bucket: str, settings: Dict[str, str], more: Dict[str, int]
) -> None:
    """Stock Uppy's user was told that the upload failed, though it was stored."""
    upload = created(function(UPLOAD_SEAL_SECRET=SECRET, **settings), **more)
    parts = [upload.put(1, BODY)]
    first = upload.complete(parts)
    assert first.status == 200
    for _ in range(2):
        again = upload.complete(parts)
        assert (again.status, again.body) == (200, first.body)
    assert stored(s3, bucket, upload.key) == BODY


@ON_BOTH
def test_an_abort_after_a_completion_says_so(
    function: StartFunction, s3: Any, bucket: str
) -> None:
    upload = created(function(UPLOAD_SEAL_SECRET=SECRET))
    assert upload.complete([upload.put(1, BODY)]).status == 200
    for _ in range(2):
        refused(upload.abort(), 409, "UploadCompleted", "is stored")
    assert stored(s3, bucket, upload.key) == BODY


@ON_BOTH
def test_an_abort_of_what_was_aborted(function: StartFunction, s3: Any, bucket: str) -> None:
    upload = created(function(UPLOAD_SEAL_SECRET=SECRET))
    part = upload.put(1, BODY)
    for _ in range(2):
        assert upload.abort().status == 200
    refused(upload.complete([part]), 404, "NoSuchUpload", "completed or aborted")
    assert left_open(s3, bucket, upload.key) == []


@ON_MINIO
def test_an_earlier_object_of_the_same_name_is_no_proof(
    function: StartFunction, s3: Any, bucket: str
) -> None:
    """Without {id} the object may be of another upload."""
    running = function(UPLOAD_SEAL_SECRET=SECRET, UPLOAD_KEY="uploads/twice/{name}")
    first, second = created(running), created(running)
    assert first.complete([first.put(1, BODY)]).status == 200
    assert second.abort().status == 200
    refused(second.complete([{"PartNumber": 1, "ETag": "0" * 32}]), 404, "NoSuchUpload")


# ---- What a store can say ---------------------------------------------------------


@pytest.fixture
def upload_at(function: StartFunction) -> Any:
    def open_upload(store: FakeStore, **environment: str) -> Upload:
        settings = {"AWS_ENDPOINT_URL_S3": store.url, "UPLOAD_SEAL_SECRET": SECRET, **environment}
        sealed = seal(SECRET, KEY, "upload-1", int(time.time()) + 60)
        return Upload(function(**settings), KEY, sealed)

    return open_upload


def asked_for(store: FakeStore) -> List[str]:
    """Each request without its signature."""
    return [request.split("X-Amz-Algorithm")[0].rstrip("&") for request in store.requests]


@pytest.mark.parametrize(
    "answers, status, code",
    [
        ([LOST, Says(200, COMPLETED)], 200, ""),
        ([Says(500, error("InternalError")), Says(200, COMPLETED)], 200, ""),
        ([Says(200, error("InternalError")), Says(200, COMPLETED)], 200, ""),
        ([LOST, GONE, Says(200)], 200, ""),
        ([LOST, CONFLICT, Says(200)], 200, ""),
        ([LOST, CONFLICT, DENIED, DENIED], 502, "StoreAnswerLost"),
        ([LOST, Says(412, error("PreconditionFailed")), Says(200)], 200, ""),
        ([Says(504, "<html>Gateway Time-out</html>"), GONE, Says(200)], 200, ""),
        ([Says(502, ""), GONE, DENIED, DENIED], 502, "StoreAnswerLost"),
        ([LOST, GONE, DENIED, Says(200)], 200, ""),
        ([LOST, GONE, DENIED, DENIED], 502, "StoreAnswerLost"),
        ([LOST, LOST, DENIED, DENIED], 502, "StoreAnswerLost"),
        ([Says(200, error("InternalError")), GONE, DENIED, DENIED], 502, "InternalError"),
        ([GONE, Says(200)], 200, ""),
        ([GONE, DENIED, Says(200)], 200, ""),
        ([GONE, DENIED, DENIED], 404, "NoSuchUpload"),
        ([GONE, Says(501, error("NotImplemented")), Says(404)], 404, "NoSuchUpload"),
        ([Says(200, error("NoSuchUpload")), DENIED, DENIED], 404, "NoSuchUpload"),
        ([Says(412, error("PreconditionFailed")), Says(200)], 200, ""),
        ([Says(412, error("PreconditionFailed")), DENIED, DENIED], 412, "PreconditionFailed"),
    ],
)
def test_a_completion(
    start: StartStore, upload_at: Any, answers: List[Says], status: int, code: str
) -> None:
    store = start(*answers)
    reply = upload_at(store).complete(PART)
    if code:
        refused(reply, status, code)
    else:
        assert (reply.status, reply.json()["key"]) == (status, KEY)
    assert len(store.requests) == len(answers)


@pytest.mark.parametrize(
    "joins, status, code", [([Says(200, COMPLETED)], 200, ""), ([GONE, DENIED], 404, "NoSuchUpload")]
)
def test_parts_that_can_not_be_seen_any_more(
    start: StartStore, upload_at: Any, joins: List[Says], status: int, code: str
) -> None:
    """Under a cap they are listed first. S3 answers the second completion itself."""
    store = start(GONE, *joins)
    reply = upload_at(store, UPLOAD_MAX_BYTES="1000").complete(PART)
    assert reply.status == status
    assert code == "" or reply.json()["code"] == code
    methods = [request.split()[0] for request in store.requests]
    assert methods == ["GET", "POST"] + (["GET", "HEAD"] if code else [])


def test_what_an_abort_looks_at(start: StartStore, upload_at: Any) -> None:
    """Some stores answer 204 for an upload that was completed."""
    for aborted in (GONE, Says(204)):
        store = start(aborted, DENIED, DENIED)
        assert upload_at(store).abort().status == 200
        assert asked_for(store)[1:] == LOOK
        refused(upload_at(start(aborted, Says(200))).abort(), 409, "UploadCompleted")


def test_a_key_without_id_is_not_looked_at(start: StartStore, upload_at: Any) -> None:
    store = start(GONE, Says(200))
    assert upload_at(store, UPLOAD_KEY="uploads/{date}/{name}").abort().status == 403
    key = "uploads/2026-11-29/film.mp4"
    upload = upload_at(store, UPLOAD_KEY="uploads/{date}/{name}")
    sealed = seal(SECRET, key, "upload-1", int(time.time()) + 60)
    upload.key, upload.upload_id = key, sealed
    assert upload.abort().status == 200
    assert len(store.requests) == 1
