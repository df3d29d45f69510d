"""What the tests of the installed library share: an installation, programs built with it, and running them."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Callable

import pytest

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "conformance"), str(ROOT / "tests" / "shared")]

from compilers import run  # noqa: E402
from echo_process import ENVIRONMENT, SANITIZER_REPORTS  # noqa: E402
from runtime_api import SETTLE_SECONDS, Reply, RuntimeApi  # noqa: E402
from toolchain import Installation  # noqa: E402


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """What `make install` makes, for cc and c++."""
    root = tmp_path_factory.mktemp("installation")
    run(["make", "--no-print-directory", "install", f"PREFIX={root}"], cwd=ROOT)
    return Installation(root)


@pytest.fixture(scope="session")
def built(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Builds a program, once for each way it is asked for."""

    @functools.lru_cache(maxsize=None)
    def build(source: str, how: str = "static") -> Path:
        return installation.build(ROOT / source, tmp_path_factory.mktemp("built") / "bootstrap", how)

    return build


class Function:
    """A function that has served its script: it waits for the next event, or has ended."""

    def __init__(self, api: RuntimeApi, command: list[str], variables: dict[str, str], folder: Path) -> None:
        self.api = api
        self._written = folder / "stdout", folder / "stderr"
        with self._written[0].open("wb") as output, self._written[1].open("wb") as errors:
            self._process = subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stdout=output,
                                             stderr=errors)
        self._workers = int(variables.get("AWS_LAMBDA_MAX_CONCURRENCY", "1"))
        self._settle()

    def _settle(self) -> None:
        settled = self.api.wait_until_idle(lambda: self._process.poll() is not None, SETTLE_SECONDS, self._workers)
        assert settled, f"neither ends nor asks for the next event: {self.logs}"

    def more(self, **script: Iterable[Reply]) -> None:
        self.api.extend(**script)
        self._settle()

    @property
    def exit_status(self) -> int:
        """Waits for its end."""
        return self._process.wait(SETTLE_SECONDS)

    @property
    def goes_on(self) -> bool:
        return self._process.poll() is None

    @property
    def address_space_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmSize:"))
        return int(line.split()[1]) * 1024

    @property
    def output(self) -> str:
        return self._written[0].read_text(encoding="utf-8")

    @property
    def logs(self) -> str:
        """All that it wrote."""
        return self.output + self._written[1].read_text(encoding="utf-8")

    @property
    def posts(self) -> list[tuple[str, bytes]]:
        return self.api.posts

    def terminate(self) -> None:
        self._process.terminate()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self.api.__exit__()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Function]]:
    """Serves a script to a program. Lower-case arguments are the script, upper-case ones environment variables, of
    which None takes one away."""
    running: list[Function] = []

    def start(executable: Path, *words: str, **arguments: object) -> Function:
        folder = tmp_path / str(len(running))
        folder.mkdir()
        api = RuntimeApi(**{name: value for name, value in arguments.items() if name.islower()})  # type: ignore[arg-type]
        variables = {**ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": api.address}
        variables.update({name: value for name, value in arguments.items() if not name.islower()})
        variables = {name: value for name, value in variables.items() if value is not None}
        running.append(Function(api, [str(executable), *words], variables, folder))
        return running[-1]

    yield start
    for function in running:
        function.stop()
        assert not any(mark in function.logs for mark in SANITIZER_REPORTS), function.logs
