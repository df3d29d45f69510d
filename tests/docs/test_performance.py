"""docs/performance.md tells the budgets that `make bench` holds the function to."""

import re
import sys
from typing import Any, Dict

import guides
import pytest

ROWS: Dict[str, str] = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", guides.text_of("performance.md").split("## Budgets")[1], re.M))


@pytest.fixture(scope="module")
def bench() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(guides.ROOT / "bench"))
        import bench as found

        yield found
    for name in ("bench", "peer_builds", "measurements", "table"):
        sys.modules.pop(name, None)


def test_budgets(bench: Any) -> None:
    assert bench.MAX_START == bench.MAX_WARM
    assert ROWS == {
        "of the function": "at most",
        "---": "---",
        "a start, and a warm call": f"{bench.MAX_START:g} times raw sockets",
        "a warm call with profiles": f"{bench.MAX_WITH_PROFILES:g} times one without",
        f"a file, {bench.FILES} in one call of `/signed_urls`": f"{bench.MAX_FILE:g} times a call of its own",
        "a URL": f"{bench.MAX_URL_US:g} us",
        "a part in a batch": f"{bench.MAX_PART_US:g} us",
        "a receipt": f"{bench.MAX_RECEIPT_US:g} us",
        "memory after 1,200 calls": f"{bench.MAX_RESIDENT / 1e6:g} MB",
        "calls of the heap when warm": "0",
        "the zip": f"{bench.MAX_ZIP / 1e3:g} kB",
    }
