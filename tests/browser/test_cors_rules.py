"""The bucket's CORS rules as the template has them let a page upload, and what it sees without each of them.

Only that ETag must be exposed is shown with answers of the tests' own (test_page_faults.py): the store always does it.
"""

from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy
from test_uppy import LARGE, SLOW, parts, unfinished
from uppy import CLIENTS, UppyPage

from local.cors import RULE
from local.store import Store

ChangeRule = Callable[..., None]
PICTURE = File("a.png", "image/png", b"bytes")
# Until the first try ends, for a page would be let in later.
UPLOAD = """async ([api, metadata]) => {
  const { upload } = await import(`${api}/countersign.js`);
  const [file] = document.getElementById('files').files;
  const giveUp = new AbortController();
  let message = 'stored';
  const onRetry = (error) => { message = error.message; giveUp.abort(); };
  await upload(file, { endpoint: api, metadata, onRetry, signal: giveUp.signal }).catch(() => {});
  return message;
}"""


@pytest.fixture
def change_rule(store: Store, pages: str) -> Iterator[ChangeRule]:
    """The bucket has the template's rule for the page's origin alone; change_rule(AllowedMethods=[...]) changes it."""
    store.allow(BUCKET, [pages])
    yield lambda **changed: store.allow(BUCKET, [pages], **changed)
    store.allow(BUCKET, ["*"])


def without(name: str, value: str) -> Dict[str, List[str]]:
    assert value in RULE[name]
    return {name: [each for each in RULE[name] if each != value]}


# What is taken away, a function's settings, and the metadata of the file.
NEEDED = {
    "the origin": ({"AllowedOrigins": ["https://other.example"]}, {}, {}),
    "PUT": (without("AllowedMethods", "PUT"), {}, {}),
    "Content-Type": (without("AllowedHeaders", "Content-Type"), {}, {}),
    "Content-Disposition": (
        without("AllowedHeaders", "Content-Disposition"),
        {"UPLOAD_DISPOSITION": "attachment"},
        {},
    ),
    "Cache-Control": (
        without("AllowedHeaders", "Cache-Control"),
        {"UPLOAD_CACHE_CONTROL": "no-store"},
        {},
    ),
    "If-None-Match": (without("AllowedHeaders", "If-None-Match"), {"UPLOAD_OVERWRITE": "deny"}, {}),
    "x-amz-*": (without("AllowedHeaders", "x-amz-*"), {}, {"who": "ann"}),
}


def blocked(tab: Tab) -> bool:
    return any("blocked by CORS policy" in words for words in tab.complaints)


@pytest.mark.parametrize(("missing", "settings", "metadata"), NEEDED.values(), ids=NEEDED)
def test_what_the_module_needs(
    tab: Tab,
    deploy: Deploy,
    s3: Any,
    change_rule: ChangeRule,
    missing: Dict[str, Any],
    settings: Dict[str, str],
    metadata: Dict[str, str],
) -> None:
    api = deploy(UPLOAD_PAGE="on", UPLOAD_KEY="cors/{id}/{name}", **settings)
    tab.choose(PICTURE)
    assert tab.page.evaluate(UPLOAD, [api, metadata]) == "stored"
    assert tab.complaints == []
    before = s3.list_objects_v2(Bucket=BUCKET, Prefix="cors/")["KeyCount"]
    change_rule(**missing)
    said = tab.page.evaluate(UPLOAD, [api, metadata])
    assert said.startswith("S3 can’t be reached.") and "CORS rules may not allow this page" in said
    assert blocked(tab)
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="cors/")["KeyCount"] == before


def test_forms_need_post(tab: Tab, deploy: Deploy, s3: Any, change_rule: ChangeRule) -> None:
    change_rule(**without("AllowedMethods", "POST"))
    uppy = UppyPage(tab, CLIENTS["uppy-5"], deploy(UPLOAD_KEY="no-form/{id}/{name}"), retryDelays=[])
    outcome = uppy.upload(PICTURE)
    assert [file.url for file in outcome.files] == [None] and outcome.files[0].error
    assert blocked(tab)
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="no-form/")["KeyCount"] == 0


def test_uppy_reads_where_a_form_is_stored(
    tab: Tab, deploy: Deploy, change_rule: ChangeRule
) -> None:
    change_rule(**without("ExposeHeaders", "Location"))
    outcome = UppyPage(tab, CLIENTS["uppy-5"], deploy()).upload(PICTURE)
    assert [words.partition(". ")[0] for words in tab.complaints] == [
        "@uppy/aws-s3: Could not read the Location header"
    ], outcome


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / LARGE.name
    path.write_bytes(LARGE.body)
    return path


def first_part(tab: Tab, api: str, large: Path, then: str) -> UppyPage:
    """In the middle of an upload by signRequest, whose browser asks S3 itself; `then` is what is done."""
    uppy = UppyPage(tab, CLIENTS["uppy-6-sign"], api, limit=1)
    tab.limit_upload(SLOW)
    uppy.add_from_disk(large)
    uppy.after_first_part(then)
    uppy.start()
    uppy.wait_until_called()
    tab.limit_upload(-1)
    return uppy


@pytest.mark.parametrize("allowed", [True, False])
def test_sign_request_lists_parts_by_get(
    tab: Tab, deploy: Deploy, s3: Any, large: Path, change_rule: ChangeRule, allowed: bool
) -> None:
    uppy = first_part(tab, deploy(), large, "pauseAll")
    assert parts(s3, uppy.multipart_key())
    if not allowed:
        change_rule(**without("AllowedMethods", "GET"))
    uppy.resume()
    assert (uppy.outcome().files[0].error is None) == allowed
    assert blocked(tab) == (not allowed)


@pytest.mark.parametrize("allowed", [True, False])
def test_sign_request_aborts_by_delete(
    tab: Tab, deploy: Deploy, s3: Any, large: Path, change_rule: ChangeRule, allowed: bool
) -> None:
    if not allowed:
        change_rule(**without("AllowedMethods", "DELETE"))
    folder = f"abort-{allowed}/"
    first_part(tab, deploy(UPLOAD_KEY=folder + "{name}"), large, "cancelAll")
    if allowed:
        assert tab.wait_for_response("DELETE").status == 204
        assert unfinished(s3, folder) == []
    else:
        tab.wait_until(lambda: blocked(tab), "no request is blocked")
        assert len(unfinished(s3, folder)) == 1
