#!/usr/bin/env python3
"""Lists what a start touches in a linker script: tools/start_order.py EVENT SCRIPT LINKER LINKED...

Each LINKED is the command that links a program, as zig says it (ZIG_VERBOSE_LINK). The program is linked again for a map
of its sections, and run by valgrind's lackey, which tells each address that it touches. It gets the EVENT from a Runtime
API that is here, and has to answer it. What it touched until it waited for that is listed, and what it touched more until
it waited for the next. A section that is gone later matches nothing, and does no harm."""

from __future__ import annotations

import bisect
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, Iterable

SECONDS, REST_SECONDS = 60.0, 0.5
# What is larger stands last: only its beginning may be touched.
LARGE_BYTES = 1024
KINDS = (".text.", ".rodata.", ".data.", ".bss.", ".tbss.")
ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: 1\r\n"
          "Lambda-Runtime-Deadline-Ms: 4102444800000\r\nContent-Length: {}\r\n\r\n")
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
# What the function wants to know.
ENVIRONMENT = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE", "UPLOAD_BUCKET": "uploads-example",
               "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEA1b2+/C="}

Touched = set[tuple[int, str]]  # sections: their sizes, if they are large, and names


class Sections:
    """Of objects, by their places in a program."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._placed: list[tuple[int, int, str]] = []
        for line in lines:
            # Address, address in the file, size, alignment, and the section as "path/of.o:(.text.main)".
            words = line.split(None, 4)
            _, colon, section = words[-1].rpartition(":(") if len(words) == 5 else ("", "", "")
            if colon and section.startswith(KINDS):
                self._placed.append((int(words[0], 16), int(words[2], 16), section.strip().rstrip(")")))
        self._placed.sort()
        self._starts = [start for start, _, _ in self._placed]

    def at(self, address: int) -> tuple[int, str] | None:
        """Its section's size, if that is large, and name."""
        place = bisect.bisect_right(self._starts, address) - 1
        if place < 0:
            return None
        start, size, section = self._placed[place]
        return (size if size >= LARGE_BYTES else 0, section) if address < start + size else None


def _receive(connection: socket.socket) -> bytes:
    """The head of a request whose body has been received too."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += _some(connection)
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    missing = int(lengths[0] if lengths else 0) - len(body)
    while missing > 0:
        missing -= len(_some(connection))
    return head


def _some(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise SystemExit("the program closed its connection")
    return got


def serve_one(listener: socket.socket, event: bytes, mark: Callable[[], int]) -> tuple[int, int]:
    """What `mark` gives when the program has asked for the event, and when it has answered."""
    connection, _ = listener.accept()
    connection.settimeout(SECONDS)
    with connection:
        _receive(connection)
        asked = mark()
        connection.sendall(ANSWER.format(len(event)).encode() + event)
        answer = _receive(connection)
        if b"/response " not in answer:
            raise SystemExit(f"the program answered {answer!r}")
        connection.sendall(ACCEPTED)
        _receive(connection)
        return asked, mark()


def touched(program: Path, map_file: Path, event: bytes) -> tuple[Touched, Touched]:
    """By the start, and by either."""
    log = program.with_suffix(".log")
    command = ["valgrind", "--tool=lackey", "--trace-mem=yes", "--basic-counts=no", f"--log-file={log}", program]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SECONDS)
        api = "127.0.0.1:%d" % listener.getsockname()[1]
        process = subprocess.Popen(command, env={**ENVIRONMENT, "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": api})
        try:
            sizes = serve_one(listener, event, lambda: _size_at_rest(log))
        finally:
            process.kill()
            process.wait()
    sections = Sections(map_file.read_text("utf-8").splitlines())
    lines = log.read_text("ascii", "replace")
    by_start, by_either = ({each for each in map(sections.at, _addresses(lines[:size])) if each} for size in sizes)
    return by_start, by_either


def _size_at_rest(log: Path) -> int:
    """When no more comes, for the program waits. Each line is written when it is known."""
    size = -1
    while size != log.stat().st_size:
        size = log.stat().st_size
        time.sleep(REST_SECONDS)
    return size


def _addresses(log: str) -> Iterable[int]:
    """Of the lines "I  address,size" and " S address,size"; the last may be cut."""
    for line in log.splitlines()[:-1]:
        if line[:3] in ("I  ", " L ", " S ", " M "):
            yield int(line[3:].partition(",")[0], 16)


def linked_again(command: str, linker: Path, program: Path) -> Path:
    """The program's map."""
    _, *words = shlex.split(command)
    map_file = program.with_suffix(".map")
    words[words.index("-o") + 1] = str(program)
    subprocess.run([linker, *words, f"-Map={map_file}"], check=True)
    return map_file


def written(script: str, lists: dict[str, Touched]) -> str:
    """The script with other lists in it: each is between a line that says what it is of and a line that ends it."""
    for of, sections in lists.items():
        for kind in KINDS:
            lines = "".join(f"    *({name})\n" for _, name in sorted(sections) if name.startswith(kind))
            title = re.escape(f"/* {of}: {kind}* */\n")
            script = re.sub(rf"({title}).*?(    /\* end \*/)", lambda found: found[1] + lines + found[2], script, flags=re.S)
    return script


def main(event: Path, script: Path, linker: Path, commands: list[str]) -> None:
    start: Touched = set()
    either: Touched = set()
    with tempfile.TemporaryDirectory() as scratch:
        for command in commands:
            program = Path(scratch) / "program"
            by_start, by_either = touched(program, linked_again(command, linker, program), event.read_bytes())
            start |= by_start
            either |= by_either
    script.write_text(written(script.read_text("utf-8"), {"start": start, "first reply": either - start}), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:4]), sys.argv[4:])
