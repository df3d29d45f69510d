"""Profiles by stock clients: the profile is in the address that each of them is given, and nothing else is."""

import json
import random
from pathlib import Path
from typing import Any, Dict

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy, OpenPage
from stored import check_stored, stored
from upload_page import SLOW_BYTES_PER_SECOND, UploadPage
from uppy import CLIENTS, UppyPage

PICTURE = File("żółw.png", "image/png", b"of a picture")
TEXT = File("a.txt", "text/plain", b"of a text")
PROFILES = json.dumps(
    {"avatar": {"types": "image/*"}, "document": {"types": "text/*", "max_bytes": len(TEXT.body)}}
)
UPLOAD = """async ([endpoint, options]) => {
  const { upload } = await import(`${endpoint}/countersign.js`);
  const [file] = document.getElementById('files').files;
  return upload(file, { endpoint, ...options }).catch(({ code, message }) => ({ code, message }));
}"""


def upload(tab: Tab, endpoint: str, file: File, **options: Any) -> Dict[str, Any]:
    tab.choose(file)
    return dict(tab.page.evaluate(UPLOAD, [endpoint, options]))


@pytest.fixture
def api(deploy: Deploy) -> str:
    return deploy(UPLOAD_PAGE="on", UPLOAD_PROFILES=PROFILES)


# ---- countersign.js


@pytest.mark.parametrize("parts", [False, True], ids=["one PUT", "in parts"])
@pytest.mark.parametrize("base", ["/avatar", "/prod/avatar"])
def test_the_module(tab: Tab, api: str, s3: Any, parts: bool, base: str) -> None:
    options = {"multipartFromBytes": 0} if parts else {}
    outcome = upload(tab, api + base, PICTURE, **options)
    assert outcome["key"].startswith("uploads/avatar/")
    assert stored(s3, outcome["key"])["Body"].read() == PICTURE.body
    asked = [r.url for r in tab.requests if r.url.startswith(api) and "sign" in r.url]
    assert asked and all(url.startswith(f"{api}{base}/") for url in asked)


def test_the_module_is_held_to_the_profile(tab: Tab, api: str) -> None:
    assert upload(tab, f"{api}/avatar", TEXT)["code"] == "TypeNotAllowed"
    assert upload(tab, f"{api}/document", TEXT)["key"].startswith("uploads/document/")
    larger = File("b.txt", "text/plain", TEXT.body + b"s")
    assert upload(tab, f"{api}/document", larger)["code"] == "TooLarge"


def test_the_module_hears_which_profiles_there_are(tab: Tab, api: str) -> None:
    tab.choose(TEXT)
    ask = """async ([api, endpoint]) => {
      const { upload } = await import(`${api}/avatar/countersign.js`);
      const [file] = document.getElementById('files').files;
      return upload(file, { endpoint }).catch(({ code, message }) => ({ code, message }));
    }"""
    for endpoint in (api, f"{api}/Avatar"):
        refused = tab.page.evaluate(ask, [api, endpoint])
        assert refused["code"] == "UnknownProfile"
        assert refused["message"].endswith("avatar, document")


# ---- The page


def page_of(open_page: OpenPage, profile: str) -> UploadPage:
    page = open_page(UPLOAD_PROFILES=PROFILES)
    page.page.goto(f"{page.url}/{profile}/")
    return page


def test_the_page(open_page: OpenPage, s3: Any, tmp_path: Path) -> None:
    """All that it loads and asks is below the profile."""
    page = page_of(open_page, "avatar")
    page.choose(PICTURE, TEXT)
    key = page.key_of(PICTURE.name)
    assert key.startswith("uploads/avatar/")
    assert stored(s3, key)["Body"].read() == PICTURE.body
    assert "Allowed: images." in page.wait_for(TEXT.name, "failed")
    loaded = [r.url for r in page.tab.requests if r.url.startswith(f"{page.url}/avatar/")]
    names = [url.rpartition("/")[2] for url in loaded]
    assert {"", "page.css", "page.js", "countersign.js"} <= set(names)


def test_the_page_in_parts(open_page: OpenPage, s3: Any, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(random.Random(1).randbytes(17 * 1024 * 1024))
    page = page_of(open_page, "avatar")
    page.choose(path)
    assert check_stored(s3, page, path)["ContentType"] == "image/png"
    assert sorted(page.parts_sent()) == [1, 2, 3, 4]


def test_the_page_gives_an_upload_up(open_page: OpenPage, s3: Any, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(bytes(17 * 1024 * 1024))
    page = page_of(open_page, "avatar")
    page.tab.limit_upload(SLOW_BYTES_PER_SECOND)
    page.choose(path)
    page.wait_for_progress(path.name)
    page.press(path.name, "Cancel")
    assert page.tab.wait_for_response("DELETE").ok
    (deleted,) = page.tab.sent("DELETE", "/avatar/s3/multipart/")


# ---- Uppy


@pytest.fixture(params=CLIENTS)
def uppy(request: pytest.FixtureRequest, tab: Tab, api: str) -> UppyPage:
    return UppyPage(tab, CLIENTS[request.param], f"{api}/avatar")


def test_uppy(uppy: UppyPage, tab: Tab, s3: Any) -> None:
    (file,) = uppy.upload(PICTURE).files
    assert file.error is None and file.key and file.key.startswith("uploads/avatar/")
    assert stored(s3, file.key)["Body"].read() == PICTURE.body
    assert tab.complaints == []


def test_uppy_in_parts(uppy: UppyPage, tab: Tab, s3: Any, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(random.Random(2).randbytes(6 * 1024 * 1024))
    (file,) = uppy.upload_from_disk(path).files
    assert file.error is None and file.key and file.key.startswith("uploads/avatar/")
    assert stored(s3, file.key)["Body"].read() == path.read_bytes()
    assert len(tab.sent("PUT", "partNumber=")) == 2


def test_uppy_is_held_to_the_profile(uppy: UppyPage) -> None:
    (file,) = uppy.upload(TEXT).files
    assert ("image/*" if uppy.client.shows_messages else "Forbidden") in (file.error or "")
