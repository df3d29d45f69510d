"""docs/configuration.md: its examples are ones that the function takes."""

import json
import re
from typing import Any, Dict, List
from urllib.parse import urlencode

from asking import settings_of
from fake_app import StartApp
from harness import ROOT
from uploads import StartFunction

from local import events
from local.events import Request

GUIDE = (ROOT / "docs/configuration.md").read_text("utf-8")
UPLOADS = {
    "avatar": {"file_name": "a.png", "size": "48213"},
    "video": {"file_name": "a.mp4", "size": "53687091"},
    "documents": {"file_name": "a.pdf"},
}


def example(section: str) -> Any:
    """The first JSON of a section."""
    _, _, text = GUIDE.partition(f"\n## {section}\n")
    (block,) = re.findall(r"^```json\n(.*?)^```$", text.partition("\n## ")[0], re.M | re.S)
    return json.loads(block)


def test_profiles(function: StartFunction) -> None:
    profiles: Dict[str, Any] = example("Profiles")
    assert set(profiles) == set(UPLOADS)
    running = function(UPLOAD_PROFILES=json.dumps(profiles))
    for profile, upload in UPLOADS.items():
        signed = running.get(f"/{profile}/signed_url", **upload).json()
        assert signed["key"].startswith(f"uploads/{profile}/")
        refused = running.get(f"/{profile}/signed_url", file_name="a.exe", size="1").json()
        assert refused["code"] == "TypeNotAllowed"


def test_members_of_a_profile(function: StartFunction) -> None:
    """All that the guide lists, and no others."""
    names: List[str] = re.findall(r"`([a-z_]+)`", GUIDE.partition("The members are")[2].partition(":")[0])
    source = (ROOT / "function/config/config_rules.c").read_text("utf-8")
    known = [name.lower() for name in re.findall(r'\{"UPLOAD_([A-Z_]+)"', source)]
    assert sorted(names) == sorted(known)


def test_what_the_app_is_asked(function: StartFunction, app: StartApp) -> None:
    """The question of the guide, member by member, from a request that declares as much."""
    told = example("Asking the app")
    opened = app()
    running = function(UPLOAD_PROFILES=json.dumps({told["profile"]: {}}), **settings_of(opened))
    declared = {name: told[name] for name in ("file_name", "file_type", "size", "sha256")}
    declared.update({f"metadata[{name}]": value for name, value in told["metadata"].items()})
    event = events.http_v2(Request("GET", f"/{told['profile']}/signed_url", urlencode(declared)))
    event["requestContext"]["authorizer"] = {"jwt": {"claims": told["caller"], "scopes": None}}
    assert running.invoke(event).status == 200
    (asked,) = opened.questions()
    assert asked == {**told, "key": asked["key"], "request_id": asked["request_id"]}


def test_every_variable_is_there() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "function/config").glob("*.c"))
    named = set(re.findall(r'\{"(UPLOAD_[A-Z_]+)"', "".join(sources)))
    assert len(named) > 25
    assert [name for name in sorted(named) if f"| `{name}`" not in GUIDE and f"`{name}` |" not in GUIDE] == []
