"""An upload in parts outlives its page."""

from pathlib import Path
from typing import Any

import pytest
from browser import Tab
from conftest import BUCKET, Deploy
from resuming import PART_BYTES, Resuming
from upload_page import MIB
from wire import Wire, sent_twice


@pytest.fixture
def here(tab: Tab, wire_to_store: Wire, deploy_to: Deploy) -> Resuming:
    return Resuming(tab, wire_to_store, deploy_to("resume/{id}/{name}"))


def check_stored(s3: Any, key: str, path: Path) -> None:
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == path.read_bytes()


def test_it_goes_on_after_a_reload(here: Resuming, s3: Any, five_parts: Path) -> None:
    here.start_until(five_parts, 2)
    here.reload()
    here.start(five_parts)
    outcome = here.outcome()
    check_stored(s3, outcome["key"], five_parts)
    assert outcome["resumedBytes"] == 2 * PART_BYTES
    assert not sent_twice(here.wire.puts)
    assert here.kept() == []
