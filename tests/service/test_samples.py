"""The sample events under the runtime interface emulator: each does what a client needs."""

from pathlib import Path
from typing import Any

import pytest
import samples
from rie import Emulator

from local import replies


def test_there_are_samples_of_every_kind() -> None:
    assert {samples.reply_kind(path) for path in samples.SAMPLES} == set(
        samples.REPLY_KINDS.values()
    )


@pytest.mark.parametrize("path", samples.SAMPLES, ids=lambda path: path.stem)
def test_sample_event_under_rie(path: Path, rie: Emulator, s3: Any, bucket: str) -> None:
    reply = replies.KINDS[samples.reply_kind(path)](rie.invoke(path.read_bytes())[1])
    samples.check(path, reply, s3, bucket)
