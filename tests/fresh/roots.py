"""A root folder with a Debian of its own, made new by debootstrap, and programs run in it by a user without root.

All that is mounted is mounted in a namespace that ends with the program, and with it each process that it started: there
is nothing to clean up but folders, however this ends.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Mapping, Sequence

NAMESPACE = ("setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child")
USER = "user"
USER_ID = 1000
HOME = f"home/{USER}"

# What makes this machine's registries work makes them work in the root: variables, and files of it and of its user.
NETWORK_VARIABLES = re.compile(r"(https?|all|no)_proxy|pip_(?!find_links).*|npm_config_.*|node_extra_ca_certs"
                               r"|go(proxy|sumdb|nosumdb|noproxy|private|insecure|auth)|countersign_older_pins", re.IGNORECASE)
NETWORK_FILES = ("etc/resolv.conf", "etc/pip.conf")
USERS_FILES = (".npmrc", ".netrc", ".config/go/env", ".config/pip/pip.conf")
CERTIFICATES = "usr/local/share/ca-certificates"


class StepFailed(Exception):
    """Says what went wrong."""


class Root:
    """`folder` is the root, `suite` the Debian in it."""

    def __init__(self, folder: Path, suite: str) -> None:
        self.folder = folder
        self.suite = suite

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def home(self) -> Path:
        return self.folder / HOME

    def make(self, mirror: str, packages: Sequence[str], downloads: Path, log: Path) -> None:
        self.remove()
        downloads.mkdir(parents=True, exist_ok=True)
        run([*NAMESPACE, "--mount-proc", "debootstrap", "--variant=minbase", f"--cache-dir={downloads.resolve()}",
             f"--include={','.join(packages)}", self.suite, self.folder, mirror], log)
        self._connect(log)
        # Files, and not the programs: useradd may have come with no package.
        for file, line in (("passwd", f"{USER}:x:{USER_ID}:{USER_ID}::/{HOME}:/bin/sh\n"), ("group", f"{USER}:x:{USER_ID}:\n")):
            with (self.folder / "etc" / file).open("a") as opened:
                opened.write(line)
        self.home.mkdir(parents=True, exist_ok=True)
        self.give(self.home)

    def _connect(self, log: Path) -> None:
        """The network as this machine has it."""
        (self.folder / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
        for name in NETWORK_FILES:
            _copy(Path("/", name), self.folder / name)
        for name in USERS_FILES:
            _copy(Path.home() / name, self.home / name)
            _copy(Path.home() / name, self.folder / "root" / name)
        for certificate in Path("/", CERTIFICATES).glob("**/*.crt"):
            _copy(certificate, self.folder / CERTIFICATES / certificate.name)
        self.run("update-ca-certificates", log, user=0)

    def give(self, folder: Path) -> None:
        """To the user, with all in it."""
        run(["chown", "-R", f"{USER_ID}:{USER_ID}", folder])

    def command(self, script: str, cwd: str, user: int = USER_ID, mounts: Mapping[str, str] = {}) -> list[str]:
        """What runs a shell's script in the root's folder `cwd`, with folders of this machine mounted read-only."""
        home = "/root" if user == 0 else f"/{HOME}"
        kept = {name: value for name, value in os.environ.items() if NETWORK_VARIABLES.fullmatch(name)}
        variables = {**kept, "HOME": home, "USER": USER, "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"] if user else []
        program = [*become, "env", "-i", *(f"{name}={value}" for name, value in variables.items()),
                   "sh", "-ec", f"cd {shlex.quote(cwd)}\n{script}"]
        inside = [f"mount -t proc proc {self._shell('proc')}", f"mount -t tmpfs -o mode=1777 tmpfs {self._shell('dev/shm')}"]
        for place, folder in mounts.items():
            inside += [f"mount --bind {shlex.quote(folder)} {self._shell(place)}", f"mount -o remount,ro,bind {self._shell(place)}"]
        # No exec: who becomes another user is no longer killed with its parent, this shell is, and with it the namespace.
        inside += [f"chroot {self._shell('')} {shlex.join(program)}", "exit 0"]
        return [*NAMESPACE, "sh", "-ec", "\n".join(inside)]

    def _shell(self, name: str) -> str:
        return shlex.quote(str(self.folder.resolve() / name.strip("/")))

    def run(self, script: str, log: Path, cwd: str = "/", user: int = USER_ID, mounts: Mapping[str, str] = {}) -> None:
        run(self.command(script, cwd, user, mounts), log)

    @contextmanager
    def running(self, script: str, log: Path, cwd: str) -> Iterator[subprocess.Popen]:
        """While it runs, with what it writes in the log; it is told to stop as by Ctrl-C."""
        with log.open("wb") as written, subprocess.Popen(self.command(script, cwd), stdin=subprocess.DEVNULL, stdout=written,
                                                         stderr=subprocess.STDOUT, start_new_session=True) as process:
            try:
                yield process
            finally:
                _kill(process)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def interrupt(process: subprocess.Popen, seconds: float) -> int:
    """Ctrl-C; the exit status."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise StepFailed(f"it does not stop in {seconds:.0f} s after Ctrl-C") from None


def run(command: Sequence[object], log: Path | None = None, seconds: float = 3600) -> None:
    """Runs a program, which writes into the log."""
    words = [str(word) for word in command]
    with open(log or os.devnull, "ab") as written, subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=written,
                                                                    stderr=subprocess.STDOUT, start_new_session=True) as process:
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise StepFailed(f"no end after {seconds:.0f} s") from None
        finally:
            _kill(process)
    if status:
        raise StepFailed(f"status {status}")


def _kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _copy(file: Path, to: Path) -> None:
    if file.is_file():
        to.parent.mkdir(parents=True, exist_ok=True)
        to.unlink(missing_ok=True)
        shutil.copyfile(file, to)
