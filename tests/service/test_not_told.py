"""What docs/security.md says of the log and of replies ("What is not logged or told")."""

import time
from pathlib import Path
from typing import List

import pytest
from fake_store import Says, StartStore, error
from harness import Function
from multipart import JSON, SECRET, Upload, create, seal
from uploads import StartFunction

from local import replies
from local.events import Request
from local.store import Credentials

NAME = "name-of-a-file.pdf"
KEY = f"uploads/{'ab' * 16}/{NAME}"
TOKEN = "a-token-of-a-caller"
SENT = [("Authorization", f"Bearer {TOKEN}"), ("Cookie", f"session={TOKEN}")]


@pytest.fixture
def started(start: StartStore, function: StartFunction) -> Function:
    """With a store that refuses all, in words with a secret in them."""
    store = start(Says(403, error("AccessDenied", f"<AWSAccessKeyId>{TOKEN}</AWSAccessKeyId>")))
    return function(
        AWS_ENDPOINT_URL_S3=store.url,
        UPLOAD_SEAL_SECRET=SECRET,
        UPLOAD_DOWNLOADS="on",
        UPLOAD_ADDRESSING="path",
        AWS_LAMBDA_LOG_LEVEL="TRACE",
    )


def good(function: Function) -> List[replies.Response]:
    asked = f"file_name={NAME}&file_type=application/pdf"
    queries = {"/signed_url": asked, "/signed_form": asked, "/signed_download": f"key={KEY}"}
    return [function.request(Request("GET", path, query, SENT)) for path, query in queries.items()]


def failing(function: Function) -> List[replies.Response]:
    upload = Upload(function, KEY, seal(SECRET, KEY, "upload-1", int(time.time()) + 60))
    body = f'{{"file_name": "{NAME}", "size": "{TOKEN}"}}'.encode()
    return [
        upload.list(),
        upload.abort(),
        upload.complete([{"PartNumber": 1, "ETag": TOKEN}]),
        create(function, filename=NAME),
        function.request(Request("POST", "/signed_url", "", [*JSON, *SENT], body)),
        function.request(Request("POST", "/signed_url", "", JSON, body[:-1])),
        function.request(Request("GET", "/signed_url", f"file_name={NAME}&sha256={TOKEN}", SENT)),
        function.request(Request("GET", "/signed_download", f"key=other/{TOKEN}/{NAME}", SENT)),
        function.request(Request("GET", f"/{TOKEN}", "", SENT)),
    ]


def test_not_told(started: Function, credentials: Credentials, tmp_path: Path) -> None:
    right, wrong = good(started), failing(started)
    assert [reply.status for reply in right] == [200] * 3
    assert all(reply.status >= 400 for reply in wrong), [reply.status for reply in wrong]
    log = (tmp_path / "function.log").read_text()
    assert "S3 answered 403" in log
    secrets = [credentials.secret_access_key, SECRET, TOKEN, "private words"]
    own = [credentials.session_token, NAME, "X-Amz-", "ab" * 16, "policy"]
    for each in [*secrets, *own]:
        assert each not in log
        assert not any(each in reply.body.decode() for reply in wrong), each
    for each in secrets:
        assert not any(each in reply.body.decode() for reply in right), each
    # What S3 needs to check the signature goes to the caller, and to no cache.
    assert all(credentials.session_token[:20] in reply.body.decode() for reply in right)
    assert {reply.header("cache-control") for reply in [*right, *wrong]} == {"no-store"}
