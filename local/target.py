"""Where uploads go: the S3 server that was started for them, or one of the user's own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from .arrivals import Arrival, Arrivals
from .environment import fixed_part
from .mirror import Mirror
from .screen import complain, say
from .store import REGION, Credentials, Store, StoreError, upload_policy

BUCKET = "countersign-local"


@dataclass(frozen=True)
class Target:
    url: str
    region: str
    bucket: str
    credentials: Credentials
    files: str  # where they are found, for the screen
    # What arrived since the last call. Called each second; raises StoreError when the store is gone.
    look: Callable[[], List[Arrival]]
    # Lets pages of these origins upload. A bucket of the user's is not changed.
    allow: Callable[[List[str]], None] = lambda origins: None


def reads_objects(environment: Mapping[str, str]) -> bool:
    """Whether the function needs the right to get objects: as the template decides it, and for the
    profiles, into which the template can't look."""
    return (
        environment.get("UPLOAD_DOWNLOADS") == "on"
        or bool(environment.get("UPLOAD_RECEIPT_SECRET"))
        or '"downloads"' in environment.get("UPLOAD_PROFILES", "")
    )


def role_policy(bucket: str, environment: Mapping[str, str]) -> str:
    """As the template decides it, but for what it can't see in the profiles."""
    tagging = ("UPLOAD_TAGS", "UPLOAD_PROFILES", "UPLOAD_ASK_URL")
    return upload_policy(
        bucket,
        reads=reads_objects(environment),
        tags=any(environment.get(name) for name in tagging),
        prefix=fixed_part(environment),
    )


def own_store(store: Store, work: Path, environment: Mapping[str, str]) -> Target:
    """A new bucket in the store, whose objects are copied to a folder."""
    files = (work / "files").resolve()
    files.mkdir(parents=True, exist_ok=True)
    store.make_bucket(BUCKET)
    arrivals = Arrivals(store.s3, BUCKET, fixed_part(environment))
    mirror = Mirror(store.s3, BUCKET, files, say)

    def look() -> List[Arrival]:
        if not store.running():
            raise StoreError("the S3 server ended by itself")
        arrived = _looked(arrivals)
        for arrival in arrived:
            try:
                mirror.copy(arrival)
            except Exception as error:  # looking at files must not stop the service
                complain(f"can't copy {arrival.shown}: {error}")
        return arrived

    return Target(
        url=store.url,
        region=REGION,
        bucket=BUCKET,
        credentials=store.session(role_policy(BUCKET, environment)),
        files=f"{_shown(files)}\n         (what is uploaded is copied there)",
        look=look,
        allow=lambda origins: store.allow(BUCKET, origins),
    )


def _looked(arrivals: Arrivals) -> List[Arrival]:
    try:
        return arrivals.new()
    except Exception as error:  # as above
        complain(f"can't see what arrived: {error}")
        return []


def _shown(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if here in folder.parents else folder


def users_store(url: str, environment: Mapping[str, str], looks: bool) -> Target:
    """The user's bucket, with the user's credentials. Nothing in it is made or changed. What arrives
    there is looked for if `looks`."""
    bucket = _needed(environment, "UPLOAD_BUCKET")
    credentials = Credentials(
        _needed(environment, "AWS_ACCESS_KEY_ID"),
        _needed(environment, "AWS_SECRET_ACCESS_KEY"),
        environment.get("AWS_SESSION_TOKEN", ""),
    )
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or REGION
    _check(credentials, url, region, bucket)
    look = _looking(credentials, url, region, bucket, environment) if looks else list
    return Target(url, region, bucket, credentials, f"bucket {bucket} at {url}", look)


def _looking(
    credentials: Credentials, url: str, region: str, bucket: str, environment: Mapping[str, str]
) -> Callable[[], List[Arrival]]:
    s3 = credentials.client("s3", url, region)
    arrivals = Arrivals(s3, bucket, fixed_part(environment))
    try:
        arrivals.new()  # what is there already is nothing new
    except (BotoCoreError, ClientError) as error:
        raise StoreError(
            f"the bucket {bucket} can't be listed, which NOTIFY_URL needs (s3:ListBucket): {error}"
        ) from error
    return lambda: _looked(arrivals)


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
