"""The signer on processors with instructions for SHA-256 and on those without, which it finds out when it runs."""

import platform
import re
from pathlib import Path
from typing import List, NamedTuple

import pytest
from test_botocore import BASE, ROOT, our_urls

# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
REQUEST = {**BASE, "endpoint_url": "https://s3.amazonaws.com", "addressing": 1}
SIGNATURE = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"

# Four rounds of SHA-256 as they stand in memory, whatever the registers are.
SHA256H = r"^(?:.{8})*?..4[0-3][01].5e"
SHA256RNDS2 = "0f38cb"


class Processor(NamedTuple):
    emulator: List[str]
    program: str
    instruction: str
    is_used: bool


PROCESSORS = {
    "arm64 with": Processor(["qemu-aarch64-static", "-cpu", "max"], "arm64/presign", SHA256H, True),
    # qemu has no such processor: the program is told that it has one.
    "arm64 without": Processor(["qemu-aarch64-static", "-cpu", "max"], "arm64/presign_plain", SHA256H, False),
    # Older versions of qemu have none with them: the unit tests compare both ways on this machine's own.
    "x86_64 without": Processor(["qemu-x86_64-static", "-cpu", "Nehalem"], "x86_64/presign", SHA256RNDS2, False),
}


def code_of(log: str) -> str:
    """What qemu ran, a line of it for each instruction, or for each block where qemu can't read them."""
    lines = []
    for line in log.splitlines():
        if number := re.match(r"0x[0-9a-f]+: +([0-9a-f]{8}) ", line):  # of arm64
            lines.append(bytes.fromhex(number[1])[::-1].hex())
        elif code := re.match(r"(?:0x[0-9a-f]+|OBJD-T): +((?:[0-9a-f]{2} ?)+)", line):
            lines.append(code[1].replace(" ", ""))
    return "\n".join(lines)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the programs of both architectures are built there")
@pytest.mark.parametrize("processor", PROCESSORS.values(), ids=PROCESSORS)
def test_instructions_for_sha256_are_used_where_they_are(processor: Processor, tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = str(ROOT / "build" / processor.program)
    (url,) = our_urls([REQUEST], [*processor.emulator, "-d", "in_asm", "-D", str(log), program])
    code = code_of(log.read_text("utf-8"))
    assert url.endswith("&X-Amz-Signature=" + SIGNATURE)
    assert len(code) > 10000
    assert (re.search(processor.instruction, code, re.MULTILINE) is not None) == processor.is_used
