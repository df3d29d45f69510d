"""Where a root has the clone, and what is built of it."""

from __future__ import annotations

import struct
from pathlib import Path

from roots import HOME, StepFailed

CLONE = f"/{HOME}/countersign"
# ELF's e_machine.
MACHINES = {"arm64": 183, "x86_64": 62}


def check_function(folder: Path, architecture: str) -> None:
    """One executable of this architecture, and nothing else."""
    names = sorted(path.name for path in folder.glob("*"))
    if names != ["bootstrap"]:
        raise StepFailed(f"built is {names}")
    head = (folder / "bootstrap").read_bytes()[:64]
    machine, = struct.unpack_from("<H", head, 18)
    if head[:4] != b"\x7fELF" or machine != MACHINES[architecture]:
        raise StepFailed(f"it is not for {architecture}")
