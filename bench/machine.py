"""What the numbers were measured on: no name and no path of the machine, for they are published."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

# The instructions that hash, as the kernel names them on x86_64 and on arm64.
SHA_FLAGS = {"sha_ni", "sha2"}


def has_sha(cpuinfo: str) -> bool:
    """Whether every processor that tells its flags has instructions for SHA-256."""
    told = [set(line.split()) for line in re.findall(r"^(?:flags|Features)\s*:(.*)$", cpuinfo, re.M)]
    return bool(told) and all(flags & SHA_FLAGS for flags in told)


def processor_model(cpuinfo: str, lscpu: str = "") -> str:
    """An arm64 kernel tells numbers alone, for which lscpu has names."""
    for text in (cpuinfo, lscpu):
        found = re.search(r"^model name\s*:\s*(.+?)\s*$", text, re.M | re.I)
        if found:
            return found[1]
    part = re.search(r"^CPU part\s*:\s*(\S+)", cpuinfo, re.M)
    return f"part {part[1]}" if part else "unknown"


def memory_gb(meminfo: str) -> float:
    kilobytes = re.search(r"^MemTotal:\s*(\d+) kB", meminfo, re.M)
    return round(int(kilobytes[1]) * 1024 / 1e9, 1) if kilobytes else 0.0


def machine() -> dict[str, Any]:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    lscpu = subprocess.run(["lscpu"], capture_output=True, text=True).stdout if shutil.which("lscpu") else ""
    return {
        "architecture": {"aarch64": "arm64"}.get(platform.machine(), platform.machine()),
        "processor": processor_model(cpuinfo, lscpu),
        "processors": os.cpu_count() or 1,
        "sha instructions": has_sha(cpuinfo),
        "memory in GB": memory_gb(Path("/proc/meminfo").read_text()),
        "kernel": f"Linux {'.'.join(re.findall(r'[0-9]+', platform.release())[:2])}",
    }


def described(found: dict[str, Any]) -> str:
    sha = "with" if found["sha instructions"] else "without"
    many = "processor" if found["processors"] == 1 else "processors"
    return (f"{found['processors']} {many} ({found['architecture']}, {found['processor']}, {sha} SHA instructions), "
            f"{found['memory in GB']:g} GB, {found['kernel']}")
