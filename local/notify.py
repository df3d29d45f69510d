"""Tells the app of each file that is stored, as EventBridge does by an API destination.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import asyncio
import contextlib
import datetime
import json
import re
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Mapping, Optional, Set
from urllib.parse import urlsplit

import aiohttp

from .arrivals import Arrival
from .events import ACCOUNT
from .screen import complain, say

DEFAULT_HEADER = "x-notify-secret"
HEADERS = {
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Content-Type": "application/json; charset=utf-8",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
}
# Others may be headers that EventBridge sets or takes out; and it takes no secret with a colon.
HEADER = re.compile("x-[a-z0-9-]{1,62}|authorization", re.IGNORECASE)
SECRET = re.compile("[!-9;-~]{16,512}")
ANSWER_SECONDS = 5.0
TRIED_AGAIN = frozenset((401, 407, 409, 429))  # and 5xx
AT_ONCE = 4  # an app on the user's machine is spared what EventBridge would send it
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0

Sleep = Callable[[float], Awaitable[None]]


class NotifyProblem(Exception):
    """The settings can't be used; the message is for the user."""


@dataclass(frozen=True)
class App:
    """Who is told. Keep the secret, and the URL's query, out of messages."""

    url: str
    header: str
    secret: str

    def __repr__(self) -> str:
        return "App(...)"

    @property
    def shown(self) -> str:
        return self.url.partition("?")[0]


def chosen_app(environment: Mapping[str, str]) -> Optional[App]:
    """None when nobody is to be told. Raises NotifyProblem."""
    url = environment.get("NOTIFY_URL", "")
    if not url:
        return None
    header = environment.get("NOTIFY_HEADER") or DEFAULT_HEADER
    secret = environment.get("NOTIFY_SECRET", "")
    if not _is_web_address(url):
        raise NotifyProblem(
            "NOTIFY_URL must be the app's address, such as http://127.0.0.1:3000/stored: http or"
            " https, without a user and without a fragment"
        )
    if not HEADER.fullmatch(header):
        raise NotifyProblem(
            "NOTIFY_HEADER must be authorization or a header's name that begins with x-,"
            f" such as {DEFAULT_HEADER}"
        )
    if not SECRET.fullmatch(secret):
        raise NotifyProblem(
            "NOTIFY_SECRET must be 16 to 512 printable ASCII characters without spaces and"
            f" colons, since NOTIFY_URL is set: the app finds them in the header {header}"
        )
    return App(url, header, secret)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and bool(parts.hostname)
    except ValueError:  # of the port, or of an IPv6 address
        return False
    plain = url.isprintable() and " " not in url and "#" not in url and "@" not in parts.netloc
    return usable and plain and parts.scheme in ("http", "https")


def object_created(arrival: Arrival, bucket: str, region: str) -> Dict[str, Any]:
    """The event. A listing does not tell who stored the object, nor a form from a PUT."""
    parts = re.search(r"-[0-9]+$", arrival.etag)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": arrival.stored.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [f"arn:aws:s3:::{bucket}"],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": {
                "key": arrival.key,
                "size": arrival.size_bytes,
                "etag": arrival.etag,
                # When it was seen: stores tell times of one second, in which a key may be written twice.
                "sequencer": f"{time.time_ns():016X}",
            },
            "request-id": secrets.token_hex(8).upper(),
            "requester": ACCOUNT,
            "source-ip-address": "127.0.0.1",
            "reason": "CompleteMultipartUpload" if parts else "PutObject",
        },
    }


@dataclass(frozen=True)
class Answer:
    said: str
    taken: bool = False
    again: bool = True
    wait_seconds: float = 0.0


def read_answer(status: int, retry_after: str) -> Answer:
    if 200 <= status < 300:
        return Answer(str(status), taken=True)
    seconds = int(retry_after) if re.fullmatch(r"-?[0-9]{1,6}", retry_after) else 0
    again = (status in TRIED_AGAIN or status >= 500) and seconds >= 0
    return Answer(str(status), again=again, wait_seconds=seconds)


class Notifier:
    """Use telling(). Each event is sent until it is taken, whatever becomes of the others; those
    that are due go out in the order in which they became due."""

    def __init__(
        self, app: App, http: aiohttp.ClientSession, answer_seconds: float, sleep: Sleep
    ) -> None:
        self._app = app
        self._http = http
        self._limit = aiohttp.ClientTimeout(total=answer_seconds)
        self._sleep = sleep
        self._turn = asyncio.Semaphore(AT_ONCE)  # who waits longest is next
        self._untaken: "Set[asyncio.Task[None]]" = set()

    def tell(self, shown: str, event: Mapping[str, Any]) -> "asyncio.Task[None]":
        """Returns at once; the task ends when the event was taken or given up."""
        body = json.dumps(event, ensure_ascii=False).encode()
        task = asyncio.ensure_future(self._until_taken(shown, body))
        self._untaken.add(task)
        task.add_done_callback(self._untaken.discard)
        return task

    async def stop(self) -> None:
        left = list(self._untaken)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if left:
            complain(f"The app was not told of {len(left)} stored file{'s' * (len(left) > 1)}.")

    async def _until_taken(self, shown: str, body: bytes) -> None:
        pause_seconds = FIRST_PAUSE_SECONDS
        while True:
            async with self._turn:
                answer = await self._post(body)
            if answer.taken:
                say(f"told the app of {shown}: {answer.said}")
                return
            if not answer.again:
                complain(f"the app refused {shown}: {answer.said}. It is not told again")
                return
            wait_seconds = max(pause_seconds, answer.wait_seconds)
            complain(f"the app did not take {shown}: {answer.said}. Again in {wait_seconds:.0f} s")
            await self._sleep(wait_seconds)
            pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)

    async def _post(self, body: bytes) -> Answer:
        headers = {**HEADERS, self._app.header: self._app.secret}
        try:
            async with self._http.post(
                self._app.url,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=self._limit,
            ) as answer:
                await answer.read()
                return read_answer(answer.status, answer.headers.get("Retry-After", ""))
        except asyncio.TimeoutError:
            return Answer(f"no answer within {self._limit.total:g} s")
        except (aiohttp.ClientError, OSError) as error:  # their texts may have the URL
            return Answer(getattr(error, "strerror", None) or type(error).__name__)


@contextlib.asynccontextmanager
async def telling(
    app: App, answer_seconds: float = ANSWER_SECONDS, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[Notifier]:
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        notifier = Notifier(app, http, answer_seconds, sleep)
        try:
            yield notifier
        finally:
            await notifier.stop()
