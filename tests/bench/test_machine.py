"""What is said of the machine that the numbers are of, and of what could not be had there."""

import re
from pathlib import Path

import peer_builds
import pytest
import system_calls
from machine import described, has_sha, machine, memory_gb, processor_model

X86 = "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu aes sha_ni avx2\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n"
ARM = "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd aes sha1 sha2\nCPU part\t: 0xd0c\n"


def test_processors() -> None:
    assert (processor_model(X86), has_sha(X86)) == ("AMD EPYC", True)
    assert (processor_model(ARM), has_sha(ARM)) == ("part 0xd0c", True)
    assert processor_model(ARM, "Architecture: aarch64\nModel name:    Neoverse-N1\n") == "Neoverse-N1"


def test_only_sha_256_counts() -> None:
    assert not has_sha(X86.replace("sha_ni", "sha")) and not has_sha(ARM.replace(" sha2", ""))
    assert not has_sha(X86 + "flags\t: fpu aes\n")  # one of its processors has none
    assert not has_sha("")


def test_memory() -> None:
    assert memory_gb("MemTotal:       24683176 kB\nMemFree: 1 kB\n") == 25.3


def test_this_machine_is_told_without_its_name() -> None:
    told = described(machine())
    assert re.fullmatch(r"\d+ processors? \(.+, with(out)? SHA instructions\), [\d.]+ GB, Linux \d+\.\d+", told)


def test_a_peer_that_cannot_be_built_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COUNTERSIGN_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(peer_builds, "PEERS", {"Rust": peer_builds.rust})
    found = peer_builds.build()
    assert found.programs == [] and "cargo" in found.left_out["Rust"]
    assert not any(path.name == "peer" for path in tmp_path.rglob("*"))


def test_the_lock_files_name_no_mirror() -> None:
    locks = {path: path.read_text("utf-8") for path in peer_builds.SOURCES.rglob("*")
             if path.name in ("Cargo.lock", "package-lock.json", "requirements.txt", "go.sum")}
    assert len(locks) == 5
    hosts = {host for text in locks.values() for host in re.findall(r"https?://([^/\s\"]+)", text)}
    assert "resolved" not in str(locks) and hosts <= {"github.com", "opencollective.com"}  # crates.io's index; who is thanked


def test_strace_summaries() -> None:
    summary = ("% time     seconds  usecs/call     calls    errors syscall\n------ ----------- -----------\n"
               " 50.00    0.000100           3        31         1 poll\n"
               "100.00    0.000200           3        62         4 total\n")
    assert system_calls.total(summary) == 62
    assert system_calls.total(summary.replace("         4 total", "           total")) == 62
    assert system_calls.total("") is None
