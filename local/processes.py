"""Child processes that never outlive this one."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
from typing import Callable, List

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def tie_to_parent() -> Callable[[], None]:
    """A preexec_fn: the kernel kills the child when the thread that started it
    ends, however it ends. So start children from a thread that lives as long as
    they should."""
    parent = os.getpid()

    def in_child() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before prctl was called
            os._exit(1)

    return in_child


def kill_group(pid: int, signal_number: int) -> None:
    """Signals a child that leads its own process group, if it still runs."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal_number)


def stop(process: "subprocess.Popen[bytes]", grace_seconds: float = 5.0) -> None:
    """Ends a child that leads its own process group, gently first."""
    if process.poll() is None:
        kill_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace_seconds)
    kill_group(process.pid, signal.SIGKILL)
    process.wait()


def free_ports(count: int) -> List[int]:
    """Loopback ports that nobody listens on at this moment, each another one."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def free_port() -> int:
    return free_ports(1)[0]
