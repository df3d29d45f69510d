"""A Docker engine of the tests' own.

It runs in its own network, mount and process namespaces: the machine's network and
firewall stay as they are, an engine that already runs there is not touched, and when
it ends nothing is left, containers included.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List

import docker
from docker.errors import DockerException

from local.processes import stop, tie_to_parent

START_SECONDS = 60
STOP_SECONDS = 20
COMMANDS = ("dockerd", "containerd", "runc", "unshare", "nsenter")
# SIOCSIFFLAGS with IFF_UP: a new network namespace has its loopback device down,
# and iproute2 is not always installed.
LOOPBACK_UP = """
import fcntl, socket, struct
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8914, struct.pack("16sH22x", b"lo", 1))
"""


class NoEngine(Exception):
    """No Docker engine can be started here; the message says why."""


@dataclass(frozen=True)
class Engine:
    host: str  # as DOCKER_HOST has it
    pid: int

    def inside(self, command: List[str]) -> List[str]:
        """The command, run where the containers' published ports are."""
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", "--", *command]


@contextlib.contextmanager
def start() -> Iterator[Engine]:
    """Starts an engine and stops it at the end. Call it from the main thread: the
    engine ends with the thread that started it."""
    _check()
    # Not a folder of pytest's: a socket's path may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="countersign-docker-"))
    process = _launch(folder)
    try:
        host = f"unix://{folder}/socket"
        _wait_until_ready(process, host, folder / "log")
        engine = Engine(host, _child(process))
        subprocess.run(engine.inside([sys.executable, "-c", LOOPBACK_UP]), check=True)
        yield engine
    finally:
        _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _check() -> None:
    missing = [command for command in COMMANDS if not shutil.which(command)]
    if missing:
        raise NoEngine(f"no {', '.join(missing)}: `apt-get install docker.io` brings it")
    if os.geteuid() != 0:
        raise NoEngine("only root can start a Docker engine")


def _launch(folder: Path) -> "subprocess.Popen[bytes]":
    namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    engine = ["dockerd", "--host", f"unix://{folder}/socket", "--pidfile", f"{folder}/pid"]
    folders = ["--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"]
    with open(folder / "log", "wb") as log:
        return subprocess.Popen(
            ["unshare", *namespaces, *engine, *folders],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )


def _child(process: "subprocess.Popen[bytes]") -> int:
    """The engine's process: unshare's only child."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return int(children.read_text().split()[0])


def _wait_until_ready(process: "subprocess.Popen[bytes]", host: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(DockerException):
            with contextlib.closing(docker.DockerClient(base_url=host)) as client:
                client.ping()
                return
        time.sleep(0.2)
    last = log.read_text("utf-8", "replace")[-1000:]
    raise NoEngine(f"dockerd did not start. The end of its log:\n{last}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Lets the engine end by itself first, so that no control group is left."""
    with contextlib.suppress(OSError, IndexError, subprocess.TimeoutExpired):
        os.kill(_child(process), signal.SIGTERM)
        process.wait(STOP_SECONDS)
    stop(process)
