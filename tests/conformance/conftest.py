"""What the conformance tests share: a function that serves a script."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

from echo_process import ECHO, SANITIZER_REPORTS, EchoProcess  # noqa: E402
from requests_read import Request  # noqa: E402
from runtime_api import SETTLE_SECONDS, Reply, RuntimeApi  # noqa: E402

# In seconds, on a busy machine; a runtime that nobody wakes takes longer.
PROMPTLY = 10.0
FOUR_WORKERS = {"workers": 4, "AWS_LAMBDA_MAX_CONCURRENCY": "4"}


@dataclass
class Run:
    """A function that has served its script: it waits for the next event, or has ended."""

    api: RuntimeApi
    process: EchoProcess
    workers: int = 1  # how many of it ask for events
    seconds: float = 0.0

    def settle(self) -> None:
        started = time.monotonic()

        def stopped() -> bool:
            return self.process.exit_status is not None

        settled = self.api.wait_until_idle(stopped, SETTLE_SECONDS, self.workers)
        self.seconds = time.monotonic() - started
        calls = [f"{request.method} {request.path}" for request in self.api.requests[-5:]]
        assert settled, f"neither ends nor asks for the next event; last requests: {calls}; logs: {self.logs[-2000:]}"

    def more(self, **script: Iterable[Reply]) -> None:
        self.api.extend(**script)
        self.settle()

    @property
    def exit_status(self) -> int | None:
        return self.process.exit_status

    @property
    def logs(self) -> str:
        return self.process.logs

    @property
    def posts(self) -> list[tuple[str, bytes]]:
        return self.api.posts

    def of(self, *calls: str) -> list[Request]:
        return self.api.of(*calls)

    def goes_on(self) -> bool:
        """It lives; since it has settled, it waits for the next event."""
        return self.exit_status is None

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        assert self.api.wait_until(condition, SETTLE_SECONDS), f"{what}; logs: {self.logs[-2000:]}"

    def wait_for_gates(self, *names: str) -> None:
        """Until `!do gate NAME` has been reached for each."""
        self.wait_for(lambda: all(map(self.process.has_reached, names)), f"not at the gates {names}")

    def wait_until_idle(self, count: int) -> None:
        """Until so many workers wait for an event."""
        self.wait_for(lambda: self.api.held == count, f"{count} workers don't wait for an event")

    def wait_for_posts(self, count: int) -> None:
        self.wait_for(lambda: len(self.posts) == count, f"{len(self.posts)} posts rather than {count}")

    def wait_for_body(self, path: str, body: bytes) -> None:
        """Until just so much of a post has come, whether or not more is to come."""
        self.wait_for(lambda: self.api.arrived(path) == body, f"the body to {path} is another")

    def open_gates(self, *names: str) -> None:
        for name in names:
            self.process.open_gate(name)

    def wait_for_exit(self, seconds: float = SETTLE_SECONDS) -> int | None:
        """The exit status, or None when it has not ended in time."""
        started = time.monotonic()
        status = self.process.wait(seconds)
        self.seconds = time.monotonic() - started
        return status

    def answers(self) -> dict[str, bytes]:
        """The body of each /response by its request id; that there is one is checked."""
        bodies = [(request.path.split("/")[1], request.body) for request in self.of("response")]
        assert len(dict(bodies)) == len(bodies), f"answered twice: {[name for name, _ in bodies]}"
        return dict(bodies)


@pytest.fixture(scope="session")
def preload(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Makes a library of preload/NAME.c, for LD_PRELOAD."""
    folder = tmp_path_factory.mktemp("preload")

    def make(name: str) -> str:
        library = folder / f"{name}.so"
        source = Path(__file__).parent / "preload" / f"{name}.c"
        if not library.exists():
            subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        return str(library)

    return make


@pytest.fixture
def executable() -> Path:
    """Which build is run."""
    return ECHO


@pytest.fixture
def start(executable: Path, tmp_path: Path) -> Iterator[Callable[..., EchoProcess]]:
    """Starts the function with environment variables; checks what every test expects of it."""
    started: list[EchoProcess] = []

    def start_one(**environment: str) -> EchoProcess:
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(EchoProcess(executable, folder, environment))
        return started[-1]

    yield start_one
    for process in started:
        process.stop()
    for process in started:
        reports = [line for line in process.logs.splitlines() if any(mark in line for mark in SANITIZER_REPORTS)]
        assert not reports, process.logs
        assert process.output == b"", "standard output is not the runtime's"


@pytest.fixture
def launch(start: Callable[..., EchoProcess]) -> Iterator[Callable[..., Run]]:
    """Starts the function on a scripted Runtime API.

    Lower-case arguments are the script, upper-case ones environment variables;
    `workers` says how many /next to expect when it has nothing to do.
    """
    apis: list[RuntimeApi] = []

    def launch_script(*, workers: int = 1, **arguments: object) -> Run:
        script = {name: value for name, value in arguments.items() if name.islower()}
        environment = {name: value for name, value in arguments.items() if not name.islower()}
        api = RuntimeApi(**script)  # type: ignore[arg-type]
        apis.append(api)
        return Run(api, start(AWS_LAMBDA_RUNTIME_API=api.address, **environment), workers)

    yield launch_script
    for api in apis:
        api.__exit__()


@pytest.fixture
def serve(launch: Callable[..., Run]) -> Callable[..., Run]:
    """The same, and waits until it has served the script."""

    def serve_script(**arguments: object) -> Run:
        run = launch(**arguments)
        run.settle()
        return run

    return serve_script


@pytest.fixture
def refusing_address() -> Iterator[str]:
    """An address where every connection is refused: bound, so that nobody else gets it, and never listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield "127.0.0.1:%d" % bound.getsockname()[1]
