"""`make test-fresh`: what README.md and the guides say, in Debians made new, as a user without root and without sudo.

It needs root itself, for debootstrap. Nothing of this machine is in the roots but a clone of the repository and what the
network needs.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator, NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tools"))

import container  # noqa: E402
from builds import CLONE, MACHINES, check_function  # noqa: E402
from pins import fetch  # noqa: E402
from roots import HOME, Root, StepFailed, interrupt  # noqa: E402

# What a user has to have: what tools/setup.sh asks for, and curl for the commands that `make run` prints.
PACKAGES = ("ca-certificates", "curl", "git", "make", "python3", "python3-venv")
# The root that is like SAM's image.
CONTAINER = "container"
UPLOADED = b"Hello, world\n"
SAM = "build/venv/sam/bin/sam"
ANSWERS_SECONDS = 60
LOG_LINES = 25


class Step(NamedTuple):
    root: str
    name: str
    seconds: float
    problem: str

    def __str__(self) -> str:
        return f"{self.root:10} {self.name:60} {self.seconds:6.0f} s  {self.problem or 'ok'}"


class Run:
    """The steps that were taken, each with a log of its own."""

    def __init__(self, logs: Path) -> None:
        self.steps: list[Step] = []
        self._logs = logs

    def step(self, root: str, name: str, do: Callable[[Path], None]) -> bool:
        log = self._logs / f"{root}-{len(self.steps):02}-{re.sub(r'[^a-z0-9]+', '-', name.lower())}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
        started = time.monotonic()
        problem = ""
        try:
            do(log)
        except StepFailed as failed:
            problem = f"FAILED: {failed}"
        self.steps.append(Step(root, name, time.monotonic() - started, problem))
        print(self.steps[-1], flush=True)
        if problem:
            print("".join(f"  | {line}\n" for line in log.read_text(errors="replace").splitlines()[-LOG_LINES:]), f"  {log}")
        return not problem


def guides_sam_builds() -> list[str]:
    """The `sam build` commands of docs/deploy.md that need no Docker, as they stand there."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", (REPOSITORY / "docs/deploy.md").read_text(), re.MULTILINE | re.DOTALL)
    found = re.findall(r"^(sam build\b[^\n#]*)", "".join(blocks), re.MULTILINE)
    commands = list(dict.fromkeys(command.strip() for command in found if "--use-container" not in command))
    assert len(commands) >= 2, "docs/deploy.md has no `sam build` for each architecture"
    return commands


def make_run(root: Root, log: Path) -> None:
    """`make run`, the commands that it prints, and the file that is stored then."""
    with root.running("exec make run", log, CLONE) as process:
        commands = printed_commands(log, process.poll)
        uploads = log.with_suffix(".upload")
        root.run(commands, uploads, f"/{HOME}")
        files = root.folder / CLONE.strip("/") / "build/local/files"
        until(lambda: [path for path in files.rglob("*") if path.is_file()], "nothing is stored")
        stored = [path for path in files.rglob("*") if path.is_file()]
        if [path.name for path in stored] != ["hello.txt"] or stored[0].read_bytes() != UPLOADED:
            raise StepFailed(f"stored is {[(str(path.relative_to(files)), path.stat().st_size) for path in stored]}")
        status = interrupt(process, ANSWERS_SECONDS)
    if "Stopped." not in log.read_text():
        raise StepFailed(f"it ended with status {status} and did not say that it stopped")


def printed_commands(log: Path, ended: Callable[[], object]) -> str:
    """What `make run` tells to do from another terminal, which is the last that it says."""
    intro, last = "Upload a file from another terminal:\n", '"$url"\n'
    limit = time.monotonic() + 3600
    while time.monotonic() < limit:
        _, found, commands = log.read_text(errors="replace").partition(intro)
        if found and last in commands:
            return commands[:commands.index(last) + len(last)]
        if ended() is not None:
            raise StepFailed(f"`make run` ended with status {ended()}")
        time.sleep(0.2)
    raise StepFailed("`make run` does not say how to upload a file")


def until(holds: Callable[[], object], problem: str) -> None:
    limit = time.monotonic() + ANSWERS_SECONDS
    while not holds():
        if time.monotonic() > limit:
            raise StepFailed(problem)
        time.sleep(0.2)


def sam_build(root: Root, command: str, log: Path) -> None:
    root.run("SAM_CLI_TELEMETRY=0 " + command.replace("sam", SAM, 1), log, CLONE)
    wanted = "x86_64" if "x86_64" in command else "arm64"
    check_function(root.folder / CLONE.strip("/") / ".aws-sam/build/UploadFunction", wanted)


# As docs/runtime.md has it: what builds the library, and what is built with it.
COMPILERS = "g++ cmake pkg-config"
# The library and the doctor as packages, installed, and used with nothing said of where they are.
USE_DEBS = """\
cc -static examples/echo-c/main.c -o /tmp/by-pkg-config $(pkg-config --cflags --libs countersign-runtime)
for example in echo-c echo-cpp; do
  cmake -S examples/$example -B /tmp/$example -DCMAKE_BUILD_TYPE=Release
  cmake --build /tmp/$example --target aws-lambda-package-$example
done
ls -l /tmp/by-pkg-config /tmp/*/*.zip
countersign-doctor --help
"""


def make_dist(root: Root, log: Path) -> None:
    """What `make release` makes, also of older libraries where only these can be had."""
    root.run("make dist\ncd dist\nsha256sum --check --quiet SHA256SUMS", log, CLONE)
    shutil.copy(root.folder / CLONE.strip("/") / "dist/SHA256SUMS", log.with_suffix(".sums"))


def compare_releases(logs: Path, log: Path) -> None:
    """Byte for byte the same in each root."""
    made = {path.read_text() for path in logs.glob("*.sums")}
    log.write_text("\n".join(sorted(made)))
    if len(made) != 1:
        raise StepFailed(f"{len(made)} different releases")


def apt_get(root: Root, packages: str, log: Path) -> None:
    """From a mirror that may be of an earlier day."""
    update = "apt-get -q -o Acquire::Check-Valid-Until=false update"
    install = f"apt-get -q -y install --no-install-recommends {packages}"
    root.run(f"export DEBIAN_FRONTEND=noninteractive\n{update}\n{install}", log, CLONE, user=0)


def debian(root: Root, run: Run) -> None:
    """Each step needs the ones before it."""
    steps: list[tuple[str, Callable[[Path], None]]] = [
        ("make run, a file stored, stopped", lambda log: make_run(root, log)),
        ("make", lambda log: root.run("make", log, CLONE)),
        ("make doctor", lambda log: root.run("make doctor\nbuild/countersign-doctor --help", log, CLONE)),
        ("sam from PyPI", lambda log: root.run(f"python3 tools/deps.py venv --group sam --link {Path(SAM).parents[1]}", log,
                                               CLONE)),
        *((command, lambda log, command=command: sam_build(root, command, log)) for command in guides_sam_builds()),
        ("make release", lambda log: make_dist(root, log)),
        ("(compilers, by apt)", lambda log: apt_get(root, COMPILERS, log)),
        ("make deb", lambda log: root.run("make deb", log, CLONE)),
        ("(the packages, by apt)", lambda log: apt_get(root, "./build/deb/*.deb", log)),
        ("programs with the packages", lambda log: root.run(USE_DEBS, log, CLONE)),
    ]
    for name, do in steps:
        if not run.step(root.name, name, do):
            return


def like_sams_image(root: Root, run: Run, python: Path) -> None:
    if run.step(root.name, "what SAM's image has", lambda log: container.like_the_image(root, log)):
        for arch in MACHINES:
            run.step(root.name, f"sam build --use-container, {arch}", lambda log, arch=arch: container.build(root, python, arch, log))


@contextmanager
def fresh_root(args: argparse.Namespace, name: str, run: Run) -> Iterator[Root | None]:
    suite, packages = (container.SUITE, container.PACKAGES) if name == CONTAINER else (name, PACKAGES)
    root = Root(args.work / name, suite)
    try:
        made = run.step(name, f"debootstrap {suite}", lambda log: root.make(args.mirror, packages, args.work / "downloads", log))
        if made:
            shutil.copytree(args.clone, root.folder / CLONE.strip("/"), symlinks=True)
            root.give(root.home)
        yield root if made else None
    finally:
        if args.keep:
            print(f"kept: {root.folder}")
        else:
            root.remove()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make test-fresh", description=__doc__)
    parser.add_argument("--roots", nargs="+", required=True, help=f"Debian's suites, such as bookworm trixie sid, and {CONTAINER}")
    parser.add_argument("--clone", type=Path, required=True, help="a clone of this repository")
    parser.add_argument("--sam-python", type=Path, required=True, help="the Python that has SAM, on this machine")
    parser.add_argument("--work", type=Path, required=True, help="where the roots are made")
    parser.add_argument("--mirror", help="Debian's mirror (that of this machine's apt)")
    parser.add_argument("--keep", action="store_true", help="keeps the roots")
    args = parser.parse_args()
    args.sam_python = args.sam_python.absolute()
    args.mirror = args.mirror or next(iter(fetch.mirrors()), None)
    if not args.mirror:
        parser.error("this machine's apt has no mirror: name one of Debian's")
    return args


def main() -> int:
    args = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that either signal cleans up
    logs = args.work / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    run = Run(logs)
    try:
        for name in args.roots:
            with fresh_root(args, name, run) as root:
                if root and name == CONTAINER:
                    like_sams_image(root, run, args.sam_python)
                elif root:
                    debian(root, run)
        if len(list(logs.glob("*.sums"))) > 1:
            run.step("all", "the same release in each", lambda log: compare_releases(logs, log))
    except KeyboardInterrupt:
        print("interrupted")
        return 130
    print("\n" + "\n".join(map(str, run.steps)))
    return 1 if any(step.problem for step in run.steps) else 0


if __name__ == "__main__":
    sys.exit(main())
