"""Where uploads go: the S3 server that was started for them, or one of the user's own."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from .mirror import Mirror
from .store import REGION, Credentials, Store, StoreError

BUCKET = "countersign-local"


@dataclass(frozen=True)
class Target:
    url: str
    region: str
    bucket: str
    credentials: Credentials
    files: str  # where they are found, for the screen
    look: Callable[[], None]  # called each second; raises StoreError when it is gone


def own_store(store: Store, work: Path, reads: bool) -> Target:
    """A new bucket in the store, whose objects are copied to a folder."""
    files = (work / "files").resolve()
    files.mkdir(parents=True, exist_ok=True)
    store.make_bucket(BUCKET)
    mirror = Mirror(store.s3, BUCKET, files, lambda text: print(text, flush=True))

    def look() -> None:
        if not store.running():
            raise StoreError("the S3 server ended by itself")
        try:
            mirror.copy_new()
        except Exception as error:  # looking at files must not stop the service
            print(f"can't copy what arrived: {error}", file=sys.stderr, flush=True)

    return Target(
        url=store.url,
        region=REGION,
        bucket=BUCKET,
        credentials=store.temporary_credentials(BUCKET, reads),
        files=f"{_shown(files)}\n         (what is uploaded is copied there)",
        look=look,
    )


def _shown(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if here in folder.parents else folder


def users_store(url: str, environment: Mapping[str, str]) -> Target:
    """The user's bucket, with the user's credentials. Nothing in it is made or changed."""
    bucket = _needed(environment, "UPLOAD_BUCKET")
    credentials = Credentials(
        _needed(environment, "AWS_ACCESS_KEY_ID"),
        _needed(environment, "AWS_SECRET_ACCESS_KEY"),
        environment.get("AWS_SESSION_TOKEN", ""),
    )
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or REGION
    _check(credentials, url, region, bucket)
    return Target(url, region, bucket, credentials, f"bucket {bucket} at {url}", lambda: None)


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise StoreError(
            f"{name} is not set: a store of your own needs UPLOAD_BUCKET, AWS_ACCESS_KEY_ID,"
            " AWS_SECRET_ACCESS_KEY and, but for us-east-1, AWS_REGION"
        )
    return value


def _check(credentials: Credentials, url: str, region: str, bucket: str) -> None:
    try:
        credentials.client("s3", url, region).head_bucket(Bucket=bucket)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status != 403:  # who may upload need not be allowed to look
            raise StoreError(f"{url} answers {status} for the bucket {bucket}") from error
    except (BotoCoreError, ValueError) as error:
        raise StoreError(f"the store can't be used: {error}") from error
