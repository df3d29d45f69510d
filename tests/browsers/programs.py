"""The browsers' programs as the system has them."""

import contextlib
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Dict, Iterator, Mapping, Sequence

import pytest

from local.processes import stop, tie_to_parent

START_SECONDS = 30.0


def program(*names: str, variable: str) -> str:
    """The environment may name another."""
    found = os.environ.get(variable) or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.fail(
            f"no {names[0]}: `tools/setup.sh test` installs it where apt has it;"
            f" elsewhere install it, or name it with {variable}"
        )
    return found


def environment(home: Path, **variables: str) -> Dict[str, str]:
    """Nothing of the user's own: no settings, no windows."""
    unwanted = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_", "DBUS_", "LANG", "LC_", "MOZ_", "WEBKIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return {**kept, "HOME": str(home), "LC_ALL": "C.UTF-8", **variables}


@contextlib.contextmanager
def running(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """What it prints is in the log."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )
    try:
        yield process
    finally:
        stop(process)


def printed(process: "subprocess.Popen[bytes]", log: Path, line: "re.Pattern[str]") -> str:
    """The group in the first such line, as soon as it is there."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        found = line.search(log.read_text("utf-8", "replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    pytest.fail(f"{process.args!r} does not start:\n{log.read_text('utf-8', 'replace')}")
