"""POST /signed_urls: many files by one request, each as by a call of its own."""

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest
from asking import asking, log_of
from batches import ask, request, signed, upload
from fake_app import ALLOWED, HANG, Answer, StartApp, says
from multipart import JSON, refused
from receipts import GRANTED, Confirming, confirmed, read
from s3http import sha256
from uploads import BODY, StartFunction, stored

from local import events
from local.events import Request

MEMBERS = {"url", "method", "key", "expires_in", "expires_at"}
FILES: List[Dict[str, Any]] = [
    {"file_name": "a.txt"},
    {"file_name": "żółw 🐢.png", "file_type": "image/png", "size": len(BODY)},
    {"file_name": "c", "sha256": sha256(BODY), "expires": 7, "metadata": {"note": "é"}},
]


def names(count: int) -> List[Dict[str, Any]]:
    return [{"file_name": f"{number}.txt"} for number in range(count)]


# ---- What is signed ---------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"form": False}, {"form": None}, {"form": True}])
def test_each_file_is_uploaded(
    function: StartFunction, s3: Any, bucket: str, more: Dict[str, Any]
) -> None:
    by_form = bool(more.get("form"))
    made = signed(function(), FILES, **more)
    for file, told in zip(FILES, made):
        assert set(told) == MEMBERS | {"fields" if by_form else "headers"}
        assert told["method"] == ("POST" if by_form else "PUT")
        assert told["key"].endswith("/" + file["file_name"])
        assert upload(told).status == (201 if by_form else 200)
        assert stored(s3, bucket, told["key"]) == BODY
    assert [told["expires_in"] for told in made] == [300, 300, 7]
    head = s3.head_object(Bucket=bucket, Key=made[2]["key"])
    assert head["Metadata"]["note"] in ("é", "=?UTF-8?B?w6k=?=")
    assert upload(made[2], BODY[:-1] + b"?").status == 400


def test_no_key_tells_of_another(function: StartFunction) -> None:
    """The numbers of a batch come of one, which none of them is."""
    running = function()
    ids = [told["key"].split("/")[1] for told in signed(running, names(100))]
    ids += [told["key"].split("/")[1] for told in signed(running, names(100))]
    assert len(set(ids)) == 200
    assert {len(each) for each in ids} == {32}


def test_a_batch_of_the_most_is_uploaded(function: StartFunction, s3: Any, bucket: str) -> None:
    made = signed(function(), names(100), form=True)
    bodies = [BODY + bytes([number]) for number in range(100)]
    for told, body in zip(made, bodies):
        assert upload(told, body).status == 201
    for told, body in zip(made[::33], bodies[::33]):
        assert stored(s3, bucket, told["key"]) == body


# ---- What is refused --------------------------------------------------------------

RULES = {"UPLOAD_TYPES": "image/*,text/*", "UPLOAD_MAX_BYTES": "1000", "UPLOAD_EXPIRES_SECONDS": "60"}
GOOD: Dict[str, Any] = {"file_name": "a.png", "size": 5}
MIXED: List[Dict[str, Any]] = [
    {**GOOD, "file_type": "application/pdf"},
    GOOD,
    {**GOOD, "size": 1001},
    {**GOOD, "size": None},
    {**GOOD, "size": "five"},
    {**GOOD, "size": 1.5},
    {},
    {**GOOD, "file_name": ".."},
    {**GOOD, "file_name": ["a"]},
    {**GOOD, "file_name": "x" * 1024},
    {**GOOD, "expires": 61},
    {**GOOD, "sha256": "short"},
    {**GOOD, "metadata": "no"},
    {**GOOD, "metadata": {"a": "x" * 3000}},
    {**GOOD, "metadata": {f"n{i}": "x" for i in range(17)}},
    {**GOOD, "form": 7, "other": [1]},
]


def without_id(error: Dict[str, Any]) -> Dict[str, Any]:
    assert error["requestId"]
    return {name: value for name, value in error.items() if name != "requestId"}


def test_each_file_is_refused_as_by_its_own_call(function: StartFunction) -> None:
    running = function(**RULES)
    granted = 0
    for file, told in zip(MIXED, signed(running, MIXED)):
        body = json.dumps(file).encode()
        alone = running.request(Request("POST", "/signed_url", headers=JSON, body=body))
        if alone.status == 200:
            granted += 1
            assert set(told) == set(alone.json())
            assert upload(told, BODY[:5]).status == 200
        else:
            expected = {"status": alone.status, **alone.json()}
            assert without_id(told) == without_id(expected), file
    assert granted == 2


@pytest.mark.parametrize("what", [None, 1, "a.txt", ["a.txt"], True, []])
def test_what_is_no_file(function: StartFunction, what: Any) -> None:
    first, second, third = signed(function(), [GOOD, what, GOOD])
    assert (second["status"], second["code"]) == (400, "InvalidBody")
    assert '{"file_name":"a.txt"}' in second["message"]
    assert upload(first, BODY[:5]).status == upload(third, BODY[:5]).status == 200


def test_the_first_of_two_members_counts(function: StartFunction) -> None:
    body = b'{"files":[{"file_name":"a","file_name":"b"}],"files":[],"form":true,"form":false}'
    (told,) = ask(function(), body).json()["files"]
    assert told["key"].endswith("/a") and told["method"] == "POST"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"files": None},
        {"files": {}},
        {"files": "a"},
        {"files": GOOD},
        {"files": {str(i): GOOD for i in range(3)}},
        {"files": []},
        {"files": names(101)},
        {"files": [None] * 101},
    ],
    ids=lambda body: json.dumps(body)[:30],
)
def test_how_many_files_there_are(function: StartFunction, body: Any) -> None:
    refused(ask(function(), body), 400, "InvalidParameter", "files must be a list of 1 to 100")


@pytest.mark.parametrize("form", [0, 1, "true", "", [], {}])
def test_a_form_is_wanted_or_not(function: StartFunction, form: Any) -> None:
    reply = ask(function(), {"files": [GOOD], "form": form})
    refused(reply, 400, "InvalidParameter", "form must be true or false")


@pytest.mark.parametrize("body", [b"", b"[]", b'[{"file_name":"a"}]', b"{", b"null", b'{"files":[}'])
def test_a_body_that_is_none(function: StartFunction, body: bytes) -> None:
    refused(ask(function(), body), 400, "InvalidBody", '{"files":[{"file_name":"a.txt"}]}')


def test_a_body_that_is_not_said_to_be_json(function: StartFunction) -> None:
    body = json.dumps({"files": [GOOD]}).encode()
    reply = function().request(Request("POST", "/signed_urls", body=body))
    refused(reply, 415, "UnsupportedMediaType")


def test_a_body_that_is_too_large(function: StartFunction) -> None:
    body = {"files": [{**GOOD, "other": "x" * (2 * 1024 * 1024)}]}
    refused(ask(function(), body), 413, "TooLarge", "2097152")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods(function: StartFunction, method: str) -> None:
    reply = function().request(Request(method, "/signed_urls"))
    refused(reply, 405, "MethodNotAllowed")
    assert reply.header("allow") == "POST, OPTIONS"


# ---- Forms, where there are some --------------------------------------------------


@pytest.mark.parametrize("setting", [{"UPLOAD_FORM": "put"}, {"UPLOAD_OVERWRITE": "deny"}])
def test_a_put_where_there_are_no_forms(function: StartFunction, setting: Dict[str, str]) -> None:
    (told,) = signed(function(**setting), [GOOD], form=True)
    assert told["method"] == "PUT"
    assert upload(told, BODY[:5]).status == 200
    assert upload(told, BODY[:5]).status == (412 if "UPLOAD_OVERWRITE" in setting else 200)


def test_a_cap_without_forms(function: StartFunction) -> None:
    """A PUT can't hold it by itself, so the size is required as it is by /signed_url."""
    running = function(UPLOAD_OVERWRITE="deny", UPLOAD_MAX_BYTES="10")
    untold, large, good = signed(running, [{"file_name": "a"}, {**GOOD, "size": 11}, GOOD], form=True)
    assert (untold["status"], untold["code"]) == (400, "MissingParameter")
    assert (large["status"], large["code"]) == (413, "TooLarge")
    assert upload(good, BODY[:5]).status == 200
    assert upload(good, BODY[:6]).status == 403


def test_a_cap_with_forms(function: StartFunction) -> None:
    told, fixed = signed(function(UPLOAD_MAX_BYTES="10"), [{"file_name": "a"}, GOOD], form=True)
    assert upload(told, b"x" * 11).status == 400
    assert upload(told, b"x" * 10).status == 201
    assert upload(fixed, b"x" * 6).status == 400


def test_what_no_form_can_hold_goes_by_put(function: StartFunction, s3: Any, bucket: str) -> None:
    odd = {"file_name": "a-${filename}"}
    put, form = signed(function(), [odd, GOOD], form=True)
    assert (put["method"], form["method"]) == ("PUT", "POST")
    assert upload(put).status == 200
    assert stored(s3, bucket, put["key"]) == BODY and put["key"].endswith("/a-${filename}")


def test_the_cap_holds_where_no_form_can(function: StartFunction) -> None:
    running = function(UPLOAD_MAX_BYTES="10")
    odd = {"file_name": "a-${filename}"}
    untold, told = signed(running, [odd, {**odd, "size": 5}], form=True)
    assert (untold["status"], untold["code"]) == (400, "CannotSign")
    assert told["method"] == "PUT"
    assert upload(told, BODY[:6]).status == 403
    assert upload(told, BODY[:5]).status == 200


def test_an_access_point_takes_no_forms(function: StartFunction) -> None:
    arn = "arn:aws:s3:eu-west-1:111122223333:accesspoint/p-1"
    running = function(UPLOAD_BUCKET=arn, AWS_ENDPOINT_URL_S3="", UPLOAD_ADDRESSING="")
    (told,) = signed(running, [GOOD], form=True)
    assert told["method"] == "PUT" and "s3-accesspoint" in told["url"]


# ---- Who asks, and as what --------------------------------------------------------


def test_of_a_profile(function: StartFunction) -> None:
    profiles = {"avatar": {"types": "image/*"}, "video": {"overwrite": "deny"}}
    running = function(UPLOAD_PROFILES=json.dumps(profiles))
    text = {"file_name": "a.txt"}
    for name, methods in (("avatar", ["POST", None]), ("video", ["PUT", "PUT"])):
        files = ask(running, {"files": [GOOD, text], "form": True}, f"/{name}").json()["files"]
        assert [told.get("method") for told in files] == methods
        assert files[0]["key"].startswith(f"uploads/{name}/")
    refused(ask(running, {"files": [GOOD]}), 404, "UnknownProfile", "avatar, video")


def test_nobody(function: StartFunction) -> None:
    running = function(UPLOAD_CALLER="required")
    refused(ask(running, {"files": [GOOD]}), 401, "CallerUnknown")
    assert ask(running, {"files": [GOOD]}, claims={"sub": "a"}).status == 200


def test_whose_folder(function: StartFunction) -> None:
    running = function(UPLOAD_KEY="uploads/{claim:sub}/{id}/{name}")
    files = ask(running, {"files": [GOOD] * 3}, claims={"sub": "alice"}).json()["files"]
    assert all(told["key"].startswith("uploads/alice/") for told in files)
    for told in ask(running, {"files": [GOOD] * 3}).json()["files"]:
        assert (told["status"], told["code"]) == (403, "CallerNotAllowed")


def test_receipts(confirming: Confirming, bucket: str) -> None:
    running = confirming()
    for told in signed(running, FILES, form=True):
        grant = read(told["receipt"], bucket, GRANTED)
        assert grant["key"] == told["key"]
        assert upload(told).status == 201
        assert confirmed(running, told["receipt"])["key"] == told["key"]


# ---- The app has its say of each --------------------------------------------------


def test_the_app_is_asked_for_each(function: StartFunction, app: StartApp) -> None:
    asked = app(
        {"allow": True},
        {"allow": False, "message": "Only one a day."},
        {"allow": True, "max_bytes": 3},
        {"allow": True, "key": "team/d", "tags": {"a": "b"}},
        says({"allow": True}, 500),
        says(b"?"),
        {"allow": True, "max_bytes": 10},
    )
    files = [{**GOOD, "file_name": name} for name in "abcdefg"]
    made = signed(asking(function, asked), files)
    said = [told.get("code") for told in made]
    assert said == [None, "NotAllowed", "TooLarge", None, *["AppUnreachable"] * 2, None]
    assert [told["status"] for told in made if "status" in told] == [403, 413, 503, 503]
    assert made[1]["message"] == "Only one a day."
    assert made[3]["key"] == "uploads/team/d" and made[3]["headers"]["x-amz-tagging"] == "a=b"
    for told in (made[0], made[3], made[6]):
        assert upload(told, BODY[:5]).status == 200
    questions = asked.questions()
    assert [each["file_name"] for each in questions] == list("abcdefg")
    assert len({each["key"] for each in questions}) == 7
    assert len({each.headers["webhook-id"] for each in asked.asked}) == 7
    assert {each.connection for each in asked.asked} == {0}


def test_a_file_that_a_rule_refuses_is_not_asked_about(
    function: StartFunction, app: StartApp
) -> None:
    asked = app()
    running = asking(function, asked, UPLOAD_TYPES="image/*")
    signed(running, [{"file_name": "a.txt"}, GOOD, {"file_name": ".."}, None])
    assert [each["file_name"] for each in asked.questions()] == ["a.png"]


def test_what_the_app_narrows_decides_of_forms(function: StartFunction, app: StartApp) -> None:
    """Under its cap a form needs no size, and a PUT does."""
    running = asking(function, app({"allow": True, "max_bytes": 10}))
    files = [{"file_name": "a"}, {"file_name": "a-${filename}"}]
    form, refused_one = signed(running, files, form=True)
    assert upload(form, b"x" * 11).status == 400
    assert refused_one["code"] == "CannotSign"
    assert signed(running, files[:1])[0]["code"] == "MissingParameter"


def test_a_silent_app_is_not_asked_again(
    function: StartFunction, app: StartApp, tmp_path: Path
) -> None:
    """It would take the time of its silence for each file; in the next request it is asked anew."""
    asked = app(ALLOWED, Answer(b"", HANG), ALLOWED)
    running = asking(function, asked, UPLOAD_ASK_TIMEOUT_MS="300")
    first, *rest = signed(running, names(100))
    assert upload(first).status == 200
    assert {(told["status"], told["code"]) for told in rest} == {(503, "AppUnreachable")}
    assert len(asked.asked) == 2
    assert log_of(tmp_path).count("did not answer") == 1
    assert all("url" in told for told in signed(running, names(3)))


# ---- How large a reply can be -----------------------------------------------------

LONGEST: Dict[str, Any] = {
    "file_name": '"\\' * 380 + "🐢" * 50,
    "file_type": "text/plain; a=" + "b" * 241,
    "size": 2**52,
    "sha256": sha256(BODY),
    "metadata": {f"{'n' * 40}{i}": '"\\' * 17 for i in range(16)},
}


@pytest.mark.parametrize("form", [True, False])
def test_the_largest_reply_is_whole(function: StartFunction, form: bool) -> None:
    """The longest of all that a client can send and, but for its tags, of what is configured."""
    running = function(
        UPLOAD_RECEIPT_SECRET="s" * 48,
        AWS_SESSION_TOKEN="+/" * 1024,
        UPLOAD_CACHE_CONTROL="c" * 200,
        UPLOAD_KEY="uploads/{date}/{name}/{id}",
    )
    files = [{**LONGEST, "size": 5 * 1024**3}] * 100
    event = events.http_v2(request({"files": files, "form": form}))
    raw = running.invoke_raw(json.dumps(event).encode())
    made = json.loads(json.loads(raw)["body"])["files"]
    assert len(made) == 100
    assert {told.get("method") for told in made} == {"POST" if form else "PUT"}
    assert len(raw) > (1.5e6 if form else 1e6)


def test_the_largest_refusals_are_whole(function: StartFunction) -> None:
    types = ",".join(f"image/x-{number:060}" for number in range(14))
    made = signed(function(UPLOAD_TYPES=types), [{"file_name": "a.txt"}] * 100)
    assert {told["code"] for told in made} == {"TypeNotAllowed"}
    assert all(len(told["message"]) > 900 for told in made)


@pytest.mark.parametrize("kind", events.KINDS)
def test_by_every_front(function: StartFunction, kind: str) -> None:
    asked: Request = request({"files": [GOOD, {}]}, "/prod/x")
    reply = function().request(asked, kind)
    good, bad = reply.json()["files"]
    assert upload(good, BODY[:5]).status == 200
    assert bad["code"] == "MissingParameter"
    assert reply.header("access-control-allow-origin") == "*"
    assert reply.header("cache-control") == "no-store"
