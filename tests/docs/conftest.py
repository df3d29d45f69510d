"""A running function for the guides' commands. The helpers of tests/service and tests/shared are used here too."""

import sys
from pathlib import Path
from typing import Iterator

import pytest

for shared in ("service", "shared"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / shared))

from service import made_run  # noqa: E402

from local.processes import free_port  # noqa: E402


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The function behind HTTP, with a store, as `make run` has it."""
    with made_run(free_port(), tmp_path_factory.mktemp("api")) as url:
        yield url
