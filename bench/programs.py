"""What is measured: the function, an echo on its runtime, and the floor under both; and how the harness is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from measurements import Samples
from peer_builds import ECHOED, SIGNED, Program

RAW, ECHO, FUNCTION = "raw sockets", "echo on the runtime", "the function, signed_url"
OURS = (ECHO, FUNCTION)
# The function with settings that take time in each call. The event's path has the segment `route` before the route.
SETTINGS = {
    "with profiles": 'UPLOAD_PROFILES={"avatar":{"types":"image/*"},"video":{},"route":{"expires_seconds":300}}',
    "with receipts": f"UPLOAD_RECEIPT_SECRET={'0123456789abcdef' * 3}",
}
EVENT = Path("events/http-api-v2-get-signed-url.json")
FILES, FILES_EVENT = 100, Path("events/http-api-v2-post-signed-urls.json")  # with as many in its place


def environment() -> dict[str, str]:
    """What Lambda gives a function, and nothing of this shell."""
    token = ("IQoJb3JpZ2luX2VjEA1b2+/C" * 43)[:1024]
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC", "LAMBDA_TASK_ROOT": os.getcwd(),
            "_HANDLER": "handler.handler", "AWS_LAMBDA_FUNCTION_NAME": "bench", "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bench", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SESSION_TOKEN": token,
            "UPLOAD_BUCKET": "uploads-example", "HOME": os.environ.get("HOME", "/")}


def ours(folder: Path) -> list[Program]:
    return [Program(RAW, str(folder / "bench" / "raw_socket")), Program(ECHO, str(folder / "bench" / "echo")),
            Program(FUNCTION, str(folder / "bootstrap"), SIGNED)]


def variants(folder: Path) -> list[Program]:
    return [Program(f"{FUNCTION}, {name}", f"{setting} {folder / 'bootstrap'}", SIGNED) for name, setting in SETTINGS.items()]


class Harness:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, samples: Samples, mode: str, *arguments: object, programs: list[Program],
                 processors: set[int] | None = None) -> None:
        """Adds what it measures; on some processors alone where these are named."""
        told = [f"{program.name}={program.wanted}={program.command}" for program in programs]
        command = [str(self.folder / "bench" / "harness"), mode, *map(str, arguments), *told]
        done = subprocess.run(command, env=environment(), capture_output=True, text=True,
                              preexec_fn=processors and (lambda: os.sched_setaffinity(0, processors)))
        if done.returncode:
            sys.exit(f"bench: {' '.join(command[:2])} failed:\n{done.stderr}")
        samples.read(done.stdout + done.stderr)


def written(folder: Path, name: str, event: object) -> Path:
    path = folder / "bench" / name
    path.write_text(json.dumps(event, separators=(",", ":")))
    return path


def files_event(folder: Path) -> Path:
    event = json.loads(FILES_EVENT.read_text())
    files = [{"file_name": f"photo-{number:03}.jpg", "file_type": "image/jpeg"} for number in range(FILES)]
    return written(folder, FILES_EVENT.name, {**event, "body": json.dumps({"files": files})})
