"""MinIO, for the tests of what a store does that takes x-amz headers which nobody signed: S3 does not."""

import contextlib
import http.client
import secrets
from pathlib import Path
from typing import Any, Iterable, Iterator

from botocore.exceptions import BotoCoreError, ClientError

from local.data_folder import data_folder
from local.processes import free_port, stop
from local.store import CREDENTIALS_SECONDS, REGION, Credentials, Store, launch, wait_until


class Minio(Store):
    def allow(self, bucket: str, origins: Iterable[str], **changed: Any) -> None:
        """Its buckets have no CORS rules: whatever the origin, the server allows all."""

    def session(self, policy: str) -> Credentials:
        """By the STS that it has."""
        reply = self.root.client("sts", self.url).assume_role(
            RoleArn="arn:aws:iam::000000000000:role/UploadFunctionRole",
            RoleSessionName="UploadFunction",
            Policy=policy,
            DurationSeconds=CREDENTIALS_SECONDS,
        )["Credentials"]
        return Credentials(reply["AccessKeyId"], reply["SecretAccessKey"], reply["SessionToken"])


@contextlib.contextmanager
def start(folder: Path, work: Path) -> Iterator[Minio]:
    """Starts the server whose executable is in `folder`."""
    root = Credentials(secrets.token_hex(10), secrets.token_urlsafe(30))
    with data_folder(work) as data:
        port = free_port()
        address = f"127.0.0.1:{port}"
        process = launch(
            [str(folder / "minio"), "server", "--address", address, str(data / "objects")],
            {
                "MINIO_ROOT_USER": root.access_key_id,
                "MINIO_ROOT_PASSWORD": root.secret_access_key,
                "MINIO_SITE_REGION": REGION,
                "MINIO_BROWSER": "off",
                "MINIO_UPDATE": "off",
            },
            data / "log",
        )
        try:
            store = Minio([process], f"http://{address}", root)
            wait_until(lambda: _is_ready(port) and _has_users(store), process, data / "log")
            yield store
        finally:
            stop(process)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/minio/health/ready")
        answer = connection.getresponse()
        # It answers 200 before that, too.
        return answer.status == 200 and not answer.headers["X-Minio-Server-Status"]
    except OSError:
        return False
    finally:
        connection.close()


def _has_users(store: Minio) -> bool:
    """They come last."""
    try:
        store.temporary_credentials("bucket")
        return True
    except (BotoCoreError, ClientError):
        return False
