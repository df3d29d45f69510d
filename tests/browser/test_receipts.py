"""countersign.js and receipts: what is stored is confirmed, and the app gets the proof."""

from typing import Any, Callable, Dict, List

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy, OpenPage
from lost import FILE, UNTIL_STALE, Lost, keys
from receipts import (
    BUSY,
    FORBIDDEN,
    LOST,
    NOT_STORED,
    ON,
    STORED_DIFFERS,
    Confirmations,
    claims,
    proved,
    without_the_completions,
)
from stored import stored
from upload_page import SMALL
from wire import SWALLOWED, UNANSWERED, Wire

UPLOAD = """async ([api, options]) => {
  const { Upload } = await import(`${api}/countersign.js`);
  const [file] = document.getElementById('files').files;
  window.retried = [];
  const onRetry = ({ code }) => retried.push(code);
  window.started = new Upload(file, { endpoint: api, onRetry, ...options });
  window.start = () => {
    window.outcome = null;
    started.start()
      .then(({ key, receipt, unproven }) => ({ key, receipt: receipt ?? null, why: unproven?.code ?? null }))
      .catch(({ name, code, message, retryable }) => ({ name, code, message, retryable }))
      .then((outcome) => { window.outcome = outcome; });
  };
  start();
}"""
WAYS = pytest.mark.parametrize("parts", [False, True], ids=["one PUT", "in parts"])


@pytest.fixture
def api(deploy: Deploy) -> str:
    return deploy(UPLOAD_PAGE="on", **ON)


def start(tab: Tab, api: str, parts: bool = False, **options: Any) -> None:
    tab.choose(FILE)
    in_parts = {"multipartFromBytes": 0} if parts else {}
    tab.page.evaluate(UPLOAD, [api, {**in_parts, **options}])


def outcome(tab: Tab) -> Dict[str, Any]:
    return dict(tab.wait("window.outcome"))


def start_again(tab: Tab) -> Dict[str, Any]:
    tab.page.evaluate("start()")
    return outcome(tab)


def outcome_in_no_time(tab: Tab) -> Dict[str, Any]:
    """With the clock of the page installed: the waits between tries are passed, and nothing else is."""
    retried = 0
    while tab.wait(f"outcome ? 'ended' : retried.length > {retried} && 'waits'") == "waits":
        retried = tab.page.evaluate("retried.length")
        tab.page.clock.run_for(25_000)
    return outcome(tab)


def sent(tab: Tab) -> List[str]:
    return [request.url for request in tab.sent("PUT", "X-Amz-Signature")]


def check_proof(s3: Any, outcome: Dict[str, Any]) -> None:
    """The file is stored, and the receipt is of it."""
    assert outcome["why"] is None
    assert stored(s3, outcome["key"])["Body"].read() == FILE.body
    assert proved(outcome["receipt"]) == (outcome["key"], len(FILE.body))


@WAYS
def test_what_is_stored_is_confirmed(tab: Tab, api: str, s3: Any, parts: bool) -> None:
    confirmations = Confirmations(tab)
    without_the_completions(tab)
    start(tab, api, parts, headers={"X-Of-The-App": "token"})
    confirmed = outcome(tab)
    check_proof(s3, confirmed)
    (asked,) = confirmations.asked
    (granted,) = asked.post_data_json.values()
    assert claims(granted, "granted")["key"] == confirmed["key"]
    assert asked.headers["x-of-the-app"] == "token"
    assert "x-amz-content-sha256" in asked.headers


@WAYS
def test_without_receipts_nothing_is_confirmed(tab: Tab, deploy: Deploy, parts: bool) -> None:
    start(tab, deploy(UPLOAD_PAGE="on"), parts)
    found = outcome(tab)
    assert found == {"key": found["key"], "receipt": None, "why": None}
    assert tab.sent("POST", "/confirm") == []


def test_a_completion_has_the_receipt(tab: Tab, api: str, s3: Any) -> None:
    start(tab, api, parts=True)
    check_proof(s3, outcome(tab))
    assert tab.sent("POST", "/confirm") == []


def test_an_empty_file_is_confirmed(tab: Tab, api: str) -> None:
    tab.choose(File("empty.bin", "", b""))
    tab.page.evaluate(UPLOAD, [api, {}])
    found = outcome(tab)
    assert proved(found["receipt"]) == (found["key"], 0)


@WAYS
def test_a_profile_confirms_its_own(tab: Tab, deploy: Deploy, s3: Any, parts: bool) -> None:
    api = deploy(UPLOAD_PAGE="on", UPLOAD_PROFILES='{"avatar":{}}', **ON)
    without_the_completions(tab)
    start(tab, f"{api}/avatar", parts)
    found = outcome(tab)
    check_proof(s3, found)
    assert claims(found["receipt"], "stored")["profile"] == "avatar"
    assert [request.url for request in tab.sent("POST", "/confirm")] == [f"{api}/avatar/confirm"]


def test_what_is_not_there_yet_is_asked_for_again(tab: Tab, api: str, s3: Any) -> None:
    confirmations = Confirmations(tab, NOT_STORED, BUSY, LOST)
    tab.page.clock.install()
    start(tab, api)
    check_proof(s3, outcome_in_no_time(tab))
    assert tab.page.evaluate("retried") == ["NotStored", "StoreError", "NoService"]
    assert len(confirmations.asked) == 4
    assert len(sent(tab)) == 1


@WAYS
@pytest.mark.parametrize(
    ("answer", "why", "asked"),
    [
        (FORBIDDEN, "ReceiptOfOther", 1),
        (STORED_DIFFERS, "StoredDiffers", 1),
        (NOT_STORED, "NotStored", 8),
        (BUSY, "StoreError", 8),
        (LOST, "NoService", 8),
    ],
    ids=["refused", "another", "not there", "busy", "unreachable"],
)
def test_what_can_not_be_confirmed_is_stored(
    tab: Tab, api: str, s3: Any, parts: bool, answer: Any, why: str, asked: int
) -> None:
    """The file is not told as lost, and is never sent again: only the receipt is asked for."""
    confirmations = Confirmations(tab, *[answer] * asked)
    without_the_completions(tab)
    tab.page.clock.install()
    start(tab, api, parts)
    unproven = outcome_in_no_time(tab)
    assert unproven == {"key": unproven["key"], "receipt": None, "why": why}
    assert len(confirmations.asked) == asked
    for _ in range(2):  # the second time nothing is asked
        proven = start_again(tab)
        check_proof(s3, proven)
        assert proven["key"] == unproven["key"]
        assert len(confirmations.asked) == asked + 1
    assert len(sent(tab)) == 1


def test_the_signal_ends_the_asking(tab: Tab, api: str) -> None:
    Confirmations(tab, *[BUSY] * 8)
    tab.choose(FILE)
    ended = """async (api) => {
      const { upload } = await import(`${api}/countersign.js`);
      const [file] = document.getElementById('files').files;
      const abort = new AbortController();
      const onRetry = () => abort.abort();
      return upload(file, { endpoint: api, onRetry, signal: abort.signal }).catch(({ name }) => name);
    }"""
    assert tab.page.evaluate(ended, api) == "AbortError"


# ---- Where the answer to the PUT was lost


@pytest.fixture
def lose(tab: Tab, deploy_to: Deploy, wire_to_store: Wire) -> Callable[[str, str], Lost]:
    """lose(key, how): its URL has expired when nobody waits for the answer any more."""

    def lose_one(key: str, how: str) -> Lost:
        api = deploy_to(key, **ON)
        lost = Lost(tab, wire_to_store, api, FILE, how, answerSeconds=UNTIL_STALE)
        lost.pass_seconds(UNTIL_STALE + 3)
        wire_to_store.pass_on()
        return lost

    return lose_one


def test_a_receipt_says_that_it_is_stored(lose: Any, s3: Any) -> None:
    lost = lose("proved/{id}/{name}", UNANSWERED)
    found = lost.outcome()
    assert proved(found["receipt"]) == (found["key"], len(FILE.body))
    assert found["etag"] is None
    assert keys(s3, "proved") == [found["key"]]
    assert len(lost.puts()) == 1


@pytest.mark.parametrize("answers", [[], [STORED_DIFFERS]], ids=["not there", "another"])
def test_a_receipt_says_that_it_is_not_stored(tab: Tab, lose: Any, s3: Any, answers: Any) -> None:
    folder = f"not-{len(answers)}"
    confirmations = Confirmations(tab, *answers)
    lost = lose(f"{folder}/{{id}}/{{name}}", SWALLOWED)
    found = lost.outcome()
    assert proved(found["receipt"]) == (found["key"], len(FILE.body))
    assert keys(s3, folder) == [found["key"]]
    first, again = lost.puts()
    assert first.partition("?")[0] != again.partition("?")[0]
    granted = [claims(r.post_data_json["receipt"], "granted") for r in confirmations.asked]
    assert [said["key"] in first for said in granted] == [True, False]


def test_a_receipt_that_is_refused_says_nothing(tab: Tab, lose: Any) -> None:
    Confirmations(tab, FORBIDDEN)
    lost = lose("refused/{id}/{name}", UNANSWERED)
    failed = lost.outcome()
    assert (failed["code"], failed["retryable"]) == ("Unconfirmed", False)
    assert len(lost.puts()) == 1


def test_a_receipt_for_a_key_of_names_proves_no_upload(lose: Any, s3: Any) -> None:
    """What lies there may be an earlier file of this name and size."""
    earlier = {"Body": b"o" * len(FILE.body), "ContentType": FILE.type}
    s3.put_object(Bucket=BUCKET, Key="by-name/photo.jpg", **earlier)
    lost = lose("by-name/{name}", SWALLOWED)
    assert proved(lost.outcome()["receipt"]) == ("by-name/photo.jpg", len(FILE.body))
    assert stored(s3, "by-name/photo.jpg")["Body"].read() == FILE.body
    assert len(lost.puts()) == 2


# ---- On the page


def test_the_page_says_what_is_not_confirmed(open_page: OpenPage) -> None:
    page = open_page(**ON)
    Confirmations(page.tab, STORED_DIFFERS)
    page.choose(SMALL)
    said = page.wait_for(SMALL.name, "stored", "^Stored, ")
    assert said == "Stored, but not confirmed: told by StoredDiffers"
    assert page.key_of(SMALL.name).endswith(SMALL.name)


def test_the_page_confirms(open_page: OpenPage, s3: Any) -> None:
    page = open_page(**ON)
    page.choose(SMALL)
    assert stored(s3, page.key_of(SMALL.name))["Body"].read() == SMALL.body
    assert len(page.tab.sent("POST", "/confirm")) == 1
