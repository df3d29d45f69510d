"""The parts were asked to be joined, and the page did not live to hear what became of it."""

from pathlib import Path
from typing import Any

import pytest
import receipts
from conftest import BUCKET, Resume
from lost import keys
from playwright.sync_api import Route
from resuming import Resuming

HOURS_MS = 3600 * 1000
IN_PARTS = {"multipartFromBytes": 0}


@pytest.fixture
def one_part(tmp_path: Path) -> Path:
    path = tmp_path / "small.bin"
    path.write_bytes(b"bytes " * 1000)
    return path


def lose_the_answer(here: Resuming, path: Path, arrives: bool = True) -> None:
    """The service is asked, and the page is gone before it answers."""
    asked = []

    def answer(route: Route) -> None:
        if arrives:
            route.fetch()
        asked.append(route.request)  # it is never answered

    here.options = IN_PARTS
    here.tab.page.route("**/complete?*", answer, times=1)
    here.start(path)
    here.tab.wait_until(lambda: asked, "nothing is completed")
    here.tab.page.reload()
    here.tab.wait("window.uppyPage")
    here.tab.requests.clear()


@pytest.mark.parametrize("arrives", [True, False], ids=["the answer", "the question"])
@pytest.mark.parametrize("settings", [{}, receipts.ON], ids=["no receipts", "receipts"])
@pytest.mark.parametrize("key", ["{id}/{name}", "{name}"])
def test_it_is_stored_once(
    resuming: Resume, s3: Any, one_part: Path,
    arrives: bool, settings: Any, key: str,
) -> None:  # fmt: skip
    folder = f"complete-{arrives}-{len(settings)}-{len(key)}"
    here = resuming(f"{folder}/{key}", **settings)
    lose_the_answer(here, one_part, arrives)
    here.start(one_part)
    outcome = here.outcome()
    assert keys(s3, folder) == [outcome["key"]]
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == one_part.read_bytes()
    assert here.tab.sent("PUT", "partNumber=") == []
    assert outcome["resumedBytes"] == one_part.stat().st_size
    assert here.kept() == []
    if settings:
        assert receipts.proved(outcome["receipt"])[0] == outcome["key"]


def lifecycle_deletes_parts(s3: Any) -> None:
    for upload in s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
        s3.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])


@pytest.mark.parametrize(
    ("settings", "hours"),
    [({}, 25), (receipts.ON, 1)],
    ids=["a lifecycle rule may have deleted it", "no receipt is given"],
)
def test_what_is_not_stored_is_sent_again(
    resuming: Resume, s3: Any, one_part: Path,
    settings: Any, hours: int,
) -> None:  # fmt: skip
    """Of a key without an id the service can't say whether this upload made it."""
    folder = f"not-stored-{hours}"
    here = resuming(f"{folder}/{{name}}", **settings)
    lose_the_answer(here, one_part, arrives=False)
    lifecycle_deletes_parts(s3)
    (kept,) = here.kept()
    here.change_kept(startedAt=kept["startedAt"] - hours * HOURS_MS)
    here.start(one_part)
    outcome = here.outcome()
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == one_part.read_bytes()


def test_what_was_refused_may_not_be_stored(
    resuming: Resume, s3: Any, one_part: Path
) -> None:
    """The page heard of that, so it is not asked to be joined again."""
    here = resuming("refused/{name}")
    here.options = IN_PARTS
    refusal = {"status": 413, "headers": receipts.ANYBODY, "json": {"message": "", "code": "TooLarge"}}
    here.tab.page.route("**/complete?*", lambda route: route.fulfill(**refusal), times=1)
    here.start(one_part)
    assert here.outcome()["code"] == "TooLarge"
    lifecycle_deletes_parts(s3)
    here.tab.page.reload()
    here.tab.wait("window.uppyPage")
    here.start(one_part)
    outcome = here.outcome()
    assert s3.get_object(Bucket=BUCKET, Key=outcome["key"])["Body"].read() == one_part.read_bytes()
