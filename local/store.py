"""The S3 server: MinIO, a test tool here and no part of what is deployed.

It was chosen because it verifies what S3 verifies: signatures in the query and in
forms, session tokens from its own STS, signed headers, checksums, expiry and
If-None-Match. tests/service/test_store.py proves it.

Where it differs from S3:
- CORS is for the whole server (PutBucketCors answers NotImplemented): any origin, any
  header, every header exposed. So the rules of template.yaml can't be tried here.
- It takes x-amz headers that were not signed; S3 answers HeadersNotSigned. A copy by such a
  header is denied by upload_policy().
- It takes at most 255 bytes between the slashes of a key.
"""

import contextlib
import fcntl
import http.client
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .processes import free_port, stop, tie_to_parent

REGION = "us-east-1"
START_SECONDS = 60
# The longest MinIO gives, so that `make run` can stay open for days.
CREDENTIALS_SECONDS = 7 * 24 * 3600
EXECUTABLE = "minio"


class StoreError(Exception):
    """The S3 server can't be used; the message is for the user."""


@dataclass(frozen=True)
class Credentials:
    """Keep these out of messages and logs."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""

    def __repr__(self) -> str:
        return "Credentials(...)"

    def variables(self) -> Dict[str, str]:
        """As the environment of a function has them."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }

    def client(self, service: str, endpoint: str, region: str = REGION) -> Any:
        """A boto3 client that signs with these, whatever the user's own AWS profile and
        proxies are."""
        session = botocore.session.Session({"profile": (None, None, None, None)})
        return boto3.Session(botocore_session=session).client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            aws_session_token=self.session_token or None,
            config=Config(
                signature_version="s3v4" if service == "s3" else None,
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 2},
                proxies={},
            ),
        )


def upload_policy(bucket: str, reads: bool = False) -> str:
    """What the function's role may do: put objects, and nothing else, not even what another
    object has; get them as well for downloads and receipts."""
    actions = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    actions += ["s3:GetObjectTagging"]  # whether an object is there
    statement = {
        "Effect": "Allow",
        "Action": actions + (["s3:GetObject"] if reads else []),
        "Resource": [f"arn:aws:s3:::{bucket}/*"],
    }
    no_copies = {
        "Effect": "Deny",
        "Action": ["s3:PutObject"],
        "Resource": ["arn:aws:s3:::*"],
        "Condition": {"Null": {"s3:x-amz-copy-source": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement, no_copies]})


class Store:
    """A running S3 server. Use start()."""

    def __init__(self, process: "subprocess.Popen[bytes]", url: str, root: Credentials) -> None:
        self.url = url
        self._process = process
        self.root = root
        # The owner's view of the store, for tests and for showing what arrived.
        self.s3 = root.client("s3", url)

    def running(self) -> bool:
        return self._process.poll() is None

    def make_bucket(self, name: str) -> None:
        self.s3.create_bucket(Bucket=name)

    def temporary_credentials(self, bucket: str, reads: bool = False) -> Credentials:
        """Credentials with a session token, limited like the function's role."""
        reply = self.root.client("sts", self.url).assume_role(
            RoleArn="arn:aws:iam::000000000000:role/UploadFunctionRole",
            RoleSessionName="UploadFunction",
            Policy=upload_policy(bucket, reads),
            DurationSeconds=CREDENTIALS_SECONDS,
        )["Credentials"]
        return Credentials(reply["AccessKeyId"], reply["SecretAccessKey"], reply["SessionToken"])


@contextlib.contextmanager
def start(folder: Path, work: Path) -> Iterator[Store]:
    """Starts the server whose executable is in `folder`, with its data and its log
    in a new folder under `work`, and stops it and deletes the data at the end. Call
    it from the main thread: the server ends with the thread that started it."""
    executable = folder / EXECUTABLE
    if not os.access(executable, os.X_OK):
        raise StoreError(f"no S3 server at {executable}: `make run` builds it")
    with _data_folder(work) as data:
        root = Credentials(secrets.token_hex(10), secrets.token_urlsafe(30))
        process, url = _launch(executable.resolve(), data, root)
        try:
            store = Store(process, url, root)
            _wait_until_ready(store, data / "log")
            yield store
        finally:
            stop(process)


def _launch(
    executable: Path, data: Path, root: Credentials
) -> Tuple["subprocess.Popen[bytes]", str]:
    port = free_port()
    environment: Dict[str, str] = {
        "HOME": str(data),  # it would keep certificates there
        "PATH": os.defpath,
        "MINIO_ROOT_USER": root.access_key_id,
        "MINIO_ROOT_PASSWORD": root.secret_access_key,
        "MINIO_SITE_REGION": REGION,
        "MINIO_API_CORS_ALLOW_ORIGIN": "*",
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
    with open(data / "log", "wb") as log:
        process = subprocess.Popen(
            [str(executable), "server", "--address", f"127.0.0.1:{port}", str(data / "objects")],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )
    return process, f"http://127.0.0.1:{port}"


def _wait_until_ready(store: Store, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not store.running():
            break
        if _has_objects(store.url) and _has_users(store):
            return
        time.sleep(0.1)
    last = log.read_text("utf-8", "replace")[-2000:]
    raise StoreError(f"the S3 server did not start. The end of its log:\n{last}")


def _has_objects(url: str) -> bool:
    connection = http.client.HTTPConnection(url.split("//")[1], timeout=5)
    try:
        connection.request("GET", "/minio/health/ready")
        answer = connection.getresponse()
        # It answers 200 before that, too.
        return answer.status == 200 and not answer.headers["X-Minio-Server-Status"]
    except OSError:
        return False
    finally:
        connection.close()


def _has_users(store: Store) -> bool:
    """They come last."""
    try:
        store.temporary_credentials("bucket")
        return True
    except (BotoCoreError, ClientError):
        return False


@contextlib.contextmanager
def _data_folder(work: Path) -> Iterator[Path]:
    """A folder of this run's own. Folders that a killed run left are deleted: their
    lock is free."""
    work.mkdir(parents=True, exist_ok=True)
    for left in work.glob("store-*"):
        with _lock(left) as locked:
            if locked:
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="store-", dir=work))
    with _lock(folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[bool]:
    """Holds the folder's lock, or yields False when another run holds it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:  # another run deleted it meanwhile
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        locked = True
    except BlockingIOError:
        locked = False
    try:
        yield locked
    finally:
        os.close(descriptor)
