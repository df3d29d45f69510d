"""A running S3 server, whichever it is: versitygw.py starts one."""

import abc
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any, Callable, Iterable, List, Mapping

from . import cors
from .credentials import REGION, Credentials
from .processes import tie_to_parent

START_SECONDS = 60
# As long as a user may have `make run` open.
CREDENTIALS_SECONDS = 7 * 24 * 3600


class StoreError(Exception):
    """The S3 server can't be used; the message is for the user."""


def upload_policy(bucket: str, reads: bool = False, tags: bool = False, prefix: str = "") -> str:
    """What the function's role may do with keys that begin so: put objects, and nothing else, not
    even what another object has. It may get them as well for downloads and receipts."""
    actions = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    actions += ["s3:GetObjectTagging"]  # whether an object is there
    actions += ["s3:GetObject"] if reads else []
    actions += ["s3:PutObjectTagging"] if tags else []
    statement = {
        "Effect": "Allow",
        "Action": actions,
        "Resource": f"arn:aws:s3:::{bucket}/{prefix}*",
    }
    no_copies = {
        "Effect": "Deny",
        "Action": ["s3:PutObject"],
        "Resource": "*",
        "Condition": {"Null": {"s3:x-amz-copy-source": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement, no_copies]})


class Store(abc.ABC):
    """A running S3 server."""

    def __init__(
        self, processes: "Iterable[subprocess.Popen[bytes]]", url: str, root: Credentials
    ) -> None:
        self.url = url
        self._processes = list(processes)
        self.root = root
        # The owner's view of the store, for tests and for showing what arrived.
        self.s3 = root.client("s3", url)

    def running(self) -> bool:
        return all(process.poll() is None for process in self._processes)

    def make_bucket(self, name: str) -> None:
        self.s3.create_bucket(Bucket=name)

    def allow(self, bucket: str, origins: Iterable[str], **changed: Any) -> None:
        """Gives the bucket the template's CORS rules for these origins."""
        rules = cors.configuration(origins, **changed)
        self.s3.put_bucket_cors(Bucket=bucket, CORSConfiguration=rules)

    @abc.abstractmethod
    def session(self, policy: str) -> Credentials:
        """Credentials with a session token, of a role with this policy."""

    def temporary_credentials(self, bucket: str, reads: bool = False) -> Credentials:
        """Credentials with a session token, limited like a function's role that may write tags."""
        return self.session(upload_policy(bucket, reads, tags=True))


def launch(
    command: List[str], environment: Mapping[str, str], log: Path
) -> "subprocess.Popen[bytes]":
    """Starts a server that has no environment but this, in the folder of its log."""
    if not os.access(command[0], os.X_OK):
        raise StoreError(f"no S3 server at {command[0]}: `make run` builds it")
    with open(log, "ab") as output:
        return subprocess.Popen(
            command,
            cwd=log.parent,
            env={"PATH": os.defpath, "HOME": str(log.parent), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )


def wait_until(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    last = log.read_text("utf-8", "replace")[-2000:]
    raise StoreError(f"the S3 server did not start. The end of its log:\n{last}")
