"""A function with profiles."""

import json
import re
from typing import Any

from grants import File
from harness import Function
from multipart import SECRET, refused
from uploads import StartFunction

from local import replies

TWO = {
    "avatar": {"types": "image/*"},
    "video": {"types": "video/*", "key": "uploads/films/{id}/{name}"},
}
FILES = {"avatar": File(), "video": File("film.mp4", "video/mp4")}
KEYS = {
    "avatar": r"uploads/avatar/[0-9a-f]{32}/a\.png",
    "video": r"uploads/films/[0-9a-f]{32}/film\.mp4",
}
FILM = {"filename": "a.png", "type": "image/png"}


def profiled(start: StartFunction, profiles: Any = TWO, **settings: str) -> Function:
    return start(
        UPLOAD_PROFILES=json.dumps(profiles), **{"UPLOAD_SEAL_SECRET": SECRET, **settings}
    )


def unknown(reply: replies.Response, *names: str) -> None:
    refused(reply, 404, "UnknownProfile")
    for name in names:
        assert re.search(rf"\b{re.escape(name)}\b", reply.json()["message"])
