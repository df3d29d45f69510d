"""A Lambda authorizer for an HTTP API (payload 2.0, simple responses): who calls is whom a session cookie stands for.

The sessions are in a DynamoDB table. SESSIONS_TABLE has its name, SESSION_COOKIE that of the cookie ("session" by
default); the function's role needs dynamodb:GetItem on the table. An item has

    id          text, the key: the cookie's value
    user        text: who it is, which becomes the claim sub
    expires_at  number: when it ends, in Unix seconds
    limits      map, if this user may upload less than others: max_bytes and expires_seconds (numbers), types and
                profiles (texts with commas between, or lists of texts)

Whoever has no session is not let in. Where nobody can tell, for the table does not answer or an item is not as above,
the function fails, and API Gateway lets nobody in either (500).
"""

import os
import re
import time

import boto3
from botocore.config import Config

TABLE = os.environ["SESSIONS_TABLE"]
COOKIE = os.environ.get("SESSION_COOKIE") or "session"
# Shorter than API Gateway waits for an authorizer, which is ten seconds.
DYNAMODB = boto3.client(
    "dynamodb", config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2})
)
NOBODY = {"isAuthorized": False}


def handler(event, _context):
    session = session_of(event)
    if session is None:
        return NOBODY
    # Consistent: who has signed out a moment ago is not let in.
    found = DYNAMODB.get_item(TableName=TABLE, Key={"id": {"S": session}}, ConsistentRead=True)
    item = found.get("Item")
    # DynamoDB deletes what has expired, but only some time later.
    if item is None or not float(item["expires_at"]["N"]) > time.time():
        return NOBODY
    return {"isAuthorized": True, "context": context_of(item)}


def session_of(event):
    """The cookie's value; None without one that can be a session's.

    Of two cookies with the name, which a page on another host of the domain can see to, neither counts."""
    headers = event.get("cookies") or [event.get("headers", {}).get("cookie", "")]
    pairs = [pair.strip().partition("=") for header in headers for pair in header.split(";")]
    values = [value for name, _, value in pairs if name == COOKIE]
    if len(values) != 1 or not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", values[0]):
        return None
    return values[0]


def context_of(item):
    """What the upload service hears of the caller. A limit that has no meaning is an error, and no limit left out."""
    context = {"sub": text(item["user"])}
    for name, value in item.get("limits", {"M": {}})["M"].items():
        claim, read = LIMITS[name]
        context[claim] = read(value)
    return context


def text(value):
    if not value["S"]:
        raise ValueError("a text is empty")
    return value["S"]


def number(value):
    if not re.fullmatch(r"[1-9][0-9]{0,14}", value["N"]):
        raise ValueError("a limit is no whole number from 1 on")
    return int(value["N"])


def texts(value):
    listed = [text(each) for each in value.get("L", [])] + list(value.get("SS", []))
    return ",".join(listed) if listed else text(value)


LIMITS = {
    "max_bytes": ("uploadMaxBytes", number),
    "expires_seconds": ("uploadExpiresSeconds", number),
    "types": ("uploadTypes", texts),
    "profiles": ("uploadProfiles", texts),
}
