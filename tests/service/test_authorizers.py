"""The authorizers of examples/, with the events that API Gateway makes, and what the function makes of their answers."""

import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest
from uploads import StartFunction

from local import events
from local.events import Request
from local.processes import tie_to_parent

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples/authorizers"
NODE = ROOT / "build/cdk/node"
TABLE = "sessions"
SESSION = "5cb1f0a2b7e94d1c8a61"
NOBODY = {"isAuthorized": False}
LATER, BEFORE = 4102444800, 946684800  # the years 2100 and 2000
CLOSED = "closed"
Item = Dict[str, Any]

# Each answers a line with an event by a line with what its handler gives, or with why it failed.
PROGRAMS: Dict[str, List[str]] = {
    "python": [
        sys.executable,
        "-c",
        """
import json, sys
from session_authorizer import handler

for line in sys.stdin:
    try:
        told = {"answer": handler(json.loads(line), None)}
    except Exception as error:
        told = {"error": repr(error)}
    print(json.dumps(told), flush=True)
""",
    ],
    "node": [
        str(NODE),
        "--input-type=module",
        "--eval",
        """
import { createInterface } from 'node:readline';
import { handler } from './session_authorizer.mjs';

for await (const line of createInterface({ input: process.stdin })) {
  const told = await handler(JSON.parse(line), {}).then(
    (answer) => ({ answer }),
    (error) => ({ error: `${error}` }),
  );
  console.log(JSON.stringify(told));
}
""",
    ],
}


class Sessions(ThreadingHTTPServer):
    """DynamoDB with one table; `failure` is what it says instead, and to be closed is to say nothing."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Sessions)
        self.items: Dict[str, Item] = {}
        self.failure: Optional[str] = None
        self.asked: List[Dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Sessions(BaseHTTPRequestHandler):
    server: Sessions

    def do_POST(self) -> Any:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["X-Amz-Target"] == "DynamoDB_20120810.GetItem"
        self.server.asked.append(asked)
        if self.server.failure == CLOSED:
            return None
        if self.server.failure:
            return self.say(400, {"__type": f"com.amazonaws.dynamodb.v20120810#{self.server.failure}"})
        item = self.server.items.get(asked["Key"]["id"]["S"])
        return self.say(200, {"Item": item} if item else {})

    def say(self, status: int, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def table() -> Iterator[Sessions]:
    server = Sessions()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sessions(table: Sessions) -> Sessions:
    """The table, empty."""
    table.items, table.failure, table.asked = {}, None, []
    return table


Ask = Callable[[Dict[str, Any]], Dict[str, Any]]


@pytest.fixture(scope="module", params=list(PROGRAMS))
def ask(
    request: pytest.FixtureRequest, table: Sessions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ask]:
    """ask(event) gives the answer of the authorizer, or its error, in a folder such as Lambda has it in."""
    folder = tmp_path_factory.mktemp(request.param)
    for source in (EXAMPLES / request.param).glob("*.*"):
        (folder / source.name).write_bytes(source.read_bytes())
    client = folder / "node_modules/@aws-sdk/client-dynamodb"
    client.mkdir(parents=True)
    (client / "index.mjs").write_bytes((ROOT / "tests/service/dynamodb_client.mjs").read_bytes())
    (client / "package.json").write_text('{"exports": "./index.mjs"}')
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SESSIONS_TABLE": TABLE,
        "AWS_ENDPOINT_URL_DYNAMODB": table.url,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    with subprocess.Popen(
        PROGRAMS[request.param],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=tie_to_parent(),
    ) as process:
        assert process.stdin and process.stdout
        to, out = process.stdin, process.stdout

        def ask_it(event: Dict[str, Any]) -> Dict[str, Any]:
            to.write(json.dumps(event) + "\n")
            to.flush()
            return dict(json.loads(out.readline()))

        yield ask_it
        to.close()


def asked_with(*cookies: str, query: str = "file_name=a.jpg") -> Dict[str, Any]:
    """What a Lambda authorizer of an HTTP API gets, as API Gateway documents payload format 2.0.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"""
    event = events.http_v2(Request("GET", "/avatar/signed_url", query))
    del event["isBase64Encoded"]
    event.update(
        type="REQUEST",
        routeArn="arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/$default/GET/avatar/signed_url",
        identitySource=["; ".join(cookies)],
        routeKey="ANY /{proxy+}",
        pathParameters={"proxy": "avatar/signed_url"},
        stageVariables={},
    )
    event.pop("cookies", None)
    if cookies:
        event["cookies"] = list(cookies)
    return event


def session(**more: Any) -> Item:
    return {"id": {"S": SESSION}, "user": {"S": "ann"}, "expires_at": {"N": str(LATER)}, **more}


def answer(told: Dict[str, Any]) -> Any:
    assert list(told) == ["answer"], told
    return told["answer"]


def failure(told: Dict[str, Any]) -> str:
    """Why it failed, which API Gateway answers with 500: never by whose session it was."""
    assert list(told) == ["error"], told
    assert SESSION not in told["error"]
    return str(told["error"])


def test_a_session_lets_its_user_in(ask: Ask, sessions: Sessions) -> None:
    sessions.items[SESSION] = session()
    event = asked_with("theme=dark", f"session={SESSION}", "lang=en")
    assert answer(ask(event)) == {"isAuthorized": True, "context": {"sub": "ann"}}
    assert sessions.asked == [{"TableName": TABLE, "Key": {"id": {"S": SESSION}}, "ConsistentRead": True}]


def test_a_header_of_cookies_is_read_as_well(ask: Ask, sessions: Sessions) -> None:
    sessions.items[SESSION] = session()
    event = asked_with()
    event["headers"]["cookie"] = f"theme=dark; session={SESSION}"
    assert answer(ask(event))["isAuthorized"] is True


@pytest.mark.parametrize(
    "limits, narrowed",
    [
        ({"max_bytes": {"N": "2097152"}}, {"uploadMaxBytes": 2097152}),
        ({"expires_seconds": {"N": "60"}}, {"uploadExpiresSeconds": 60}),
        ({"types": {"S": "image/png,image/gif"}}, {"uploadTypes": "image/png,image/gif"}),
        ({"types": {"L": [{"S": "image/png"}, {"S": "image/gif"}]}}, {"uploadTypes": "image/png,image/gif"}),
        ({"profiles": {"SS": ["avatar"]}}, {"uploadProfiles": "avatar"}),
        ({}, {}),
    ],
    ids=str,
)
def test_a_user_may_be_limited(
    ask: Ask, sessions: Sessions, limits: Dict[str, Any], narrowed: Dict[str, Any]
) -> None:
    sessions.items[SESSION] = session(limits={"M": limits})
    made = answer(ask(asked_with(f"session={SESSION}")))
    assert made == {"isAuthorized": True, "context": {"sub": "ann", **narrowed}}


@pytest.mark.parametrize(
    "cookies",
    [
        [],
        ["theme=dark"],
        ["session="],
        ["session"],
        [f"Session={SESSION}"],
        [f"session2={SESSION}"],
        [f"session={SESSION}", f"session={SESSION}"],
        [f"session={SESSION}", "session=ffffffffffffffffffff"],
        [f"session={SESSION}; session=ffffffffffffffffffff"],
        [f'session="{SESSION}"'],
        [f"session={SESSION[:10]}"],
        [f"session={SESSION}%00"],
        ["session=" + "a" * 257],
        [f"theme=session={SESSION}"],
        ["session=ffffffffffffffffffff"],
    ],
    ids=str,
)
def test_who_has_no_session_is_not_let_in(ask: Ask, sessions: Sessions, cookies: List[str]) -> None:
    sessions.items[SESSION] = session()
    assert answer(ask(asked_with(*cookies, query=f"session={SESSION}"))) == NOBODY


@pytest.mark.parametrize("ended", [BEFORE, 0, -1, f"{BEFORE}.5"])
def test_a_session_that_has_ended_lets_nobody_in(ask: Ask, sessions: Sessions, ended: Any) -> None:
    sessions.items[SESSION] = session(expires_at={"N": str(ended)})
    assert answer(ask(asked_with(f"session={SESSION}"))) == NOBODY


def test_a_session_ends_by_the_clock(ask: Ask, sessions: Sessions) -> None:
    sessions.items[SESSION] = session(expires_at={"N": str(int(time.time()))})
    assert answer(ask(asked_with(f"session={SESSION}"))) == NOBODY


@pytest.mark.parametrize(
    "changed",
    [
        {"user": {"S": ""}},
        {"user": {"N": "1"}},
        {"user": {"NULL": True}},
        {"limits": {"S": "max_bytes=1"}},
        {"limits": {"NULL": True}},
        {"limits": {"M": {"max_size": {"N": "1"}}}},
        {"limits": {"M": {"toString": {"S": "1"}}}},
        {"limits": {"M": {"max_bytes": {"N": "0"}}}},
        {"limits": {"M": {"max_bytes": {"N": "-1"}}}},
        {"limits": {"M": {"max_bytes": {"N": "1.5"}}}},
        {"limits": {"M": {"max_bytes": {"S": "1"}}}},
        {"limits": {"M": {"types": {"S": ""}}}},
        {"limits": {"M": {"types": {"L": []}}}},
        {"limits": {"M": {"types": {"L": [{"N": "1"}]}}}},
        {"limits": {"M": {"profiles": {"NULL": True}}}},
    ],
    ids=str,
)
def test_an_item_that_says_nothing_clear_is_no_pass(
    ask: Ask, sessions: Sessions, changed: Dict[str, Any]
) -> None:
    sessions.items[SESSION] = session(**changed)
    failure(ask(asked_with(f"session={SESSION}")))


@pytest.mark.parametrize("missing", ["user", "expires_at"])
def test_an_item_without_what_it_needs_is_no_pass(ask: Ask, sessions: Sessions, missing: str) -> None:
    sessions.items[SESSION] = session()
    del sessions.items[SESSION][missing]
    failure(ask(asked_with(f"session={SESSION}")))


@pytest.mark.parametrize("said", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_table_that_fails_is_no_pass(ask: Ask, sessions: Sessions, said: str) -> None:
    sessions.items[SESSION] = session()
    sessions.failure = said
    assert said in failure(ask(asked_with(f"session={SESSION}")))


def test_a_table_that_does_not_answer_is_no_pass(ask: Ask, sessions: Sessions) -> None:
    sessions.items[SESSION] = session()
    sessions.failure = CLOSED
    failure(ask(asked_with(f"session={SESSION}")))
    assert sessions.asked


# ---- What the function makes of it ----

PROFILES = json.dumps({"avatar": {"types": "image/*", "max_bytes": 2097152}, "video": {"types": "video/*"}})


@pytest.mark.parametrize(
    "limits, path, query, status, code",
    [
        ({}, "/avatar/signed_url", "size=2097152", 200, None),
        ({"max_bytes": {"N": "1000"}}, "/avatar/signed_url", "size=1000", 200, None),
        ({"max_bytes": {"N": "1000"}}, "/avatar/signed_url", "size=1001", 413, "TooLarge"),
        # It never widens: the profile's own limit stays.
        ({"max_bytes": {"N": "99999999"}}, "/avatar/signed_url", "size=2097153", 413, "TooLarge"),
        ({"types": {"S": "image/jpeg"}}, "/avatar/signed_url", "size=1", 403, "TypeNotAllowed"),
        ({"types": {"SS": ["image/png"]}}, "/avatar/signed_url", "size=1", 200, None),
        ({"profiles": {"SS": ["video"]}}, "/avatar/signed_url", "size=1", 403, "ProfileNotAllowed"),
        ({"profiles": {"SS": ["avatar"]}}, "/avatar/signed_url", "size=1", 200, None),
    ],
    ids=str,
)
def test_the_function_holds_a_caller_to_what_the_authorizer_said(
    ask: Ask,
    sessions: Sessions,
    function: StartFunction,
    limits: Dict[str, Any],
    path: str,
    query: str,
    status: int,
    code: Optional[str],
) -> None:
    sessions.items[SESSION] = session(limits={"M": limits})
    said = answer(ask(asked_with(f"session={SESSION}")))
    running = function(UPLOAD_PROFILES=PROFILES, UPLOAD_CALLER="required")
    event = events.http_v2(Request("GET", path, f"file_name=a.png&file_type=image/png&{query}"))
    event["requestContext"]["authorizer"] = {"lambda": said["context"]}
    reply = running.invoke(event)
    assert (reply.status, reply.json().get("code")) == (status, code), reply.body


def test_the_functions_urls_live_no_longer_than_the_authorizer_said(
    ask: Ask, sessions: Sessions, function: StartFunction
) -> None:
    sessions.items[SESSION] = session(limits={"M": {"expires_seconds": {"N": "60"}}})
    said = answer(ask(asked_with(f"session={SESSION}")))
    running = function(UPLOAD_KEY="uploads/{claim:sub}/{id}/{name}", UPLOAD_CALLER="required")
    event = events.http_v2(Request("GET", "/signed_url", "file_name=a.png"))
    event["requestContext"]["authorizer"] = {"lambda": said["context"]}
    made = running.invoke(event).json()
    assert made["expires_in"] == 60
    assert made["key"].startswith("uploads/ann/")
