"""`make run`, as a person uses it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest
from children import children
from harness import ROOT, built

from local.__main__ import PAGE, SCREEN
from local.processes import free_port
from local.store import Store

START_SECONDS = 60.0
STOP_SECONDS = 15.0


class Run:
    """A running `python -m local` and what it printed."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path, work: Path) -> None:
        self.process = process
        self.work = work
        self._output = output

    def output(self) -> str:
        return self._output.read_text("utf-8", "replace")

    def wait_for(self, pattern: str) -> "re.Match[str]":
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = re.search(pattern, self.output(), re.DOTALL)
            if found:
                return found
            assert self.process.poll() is None or re.search(pattern, self.output()), self.output()
            time.sleep(0.05)
        raise AssertionError(f"no {pattern!r} in:\n{self.output()}")


@pytest.fixture
def run(tmp_path: Path, bootstrap: Path) -> Iterator[Callable[..., Run]]:
    """run(port, UPLOAD_X="y", ...) starts it."""
    folder = built("COUNTERSIGN_STORE", "build/store")
    runs: List[Run] = []

    def start(
        port: Optional[int] = None,
        command: Path = bootstrap,
        store_url: Optional[str] = None,
        **variables: str,
    ) -> Run:
        number = len(runs)
        output, work = tmp_path / f"output-{number}", tmp_path / f"work-{number}"
        with open(output, "wb") as file:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "local"),
                    *("--bootstrap", str(command)),
                    *(("--store-url", store_url) if store_url else ("--store", str(folder))),
                    *("--work", str(work), "--port", str(port or free_port())),
                ],
                cwd=ROOT,
                env={**os.environ, **variables},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        runs.append(Run(process, output, work))
        return runs[-1]

    yield start
    for each in runs:
        each.process.kill()
        each.process.wait()


def gone(pids: List[int]) -> bool:
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        alive = []
        for pid in pids:
            with contextlib.suppress(OSError):
                state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
                alive += [pid] if state != "Z" else []
        if not alive:
            return True
        time.sleep(0.05)
    return False


def test_the_pair_to_paste_uploads_a_file(run: Callable[..., Run]) -> None:
    local = run()
    screen = local.wait_for(r"Upload a file from another terminal:\n\n(.*\n  .*\"\$url\")\n")
    assert len(local.output().splitlines()) < 24  # one screen of a terminal
    assert "X-Amz" not in local.output()
    pasted = subprocess.run(
        ["bash", "-c", screen.group(1)], capture_output=True, text=True, timeout=30
    )
    assert pasted.stdout.startswith("HTTP/1.1 200"), pasted
    stored = local.wait_for(r"stored (uploads/\S+/hello\.txt) \((\d+) bytes, text/plain\)")
    assert (local.work / "files" / stored.group(1)).read_text() == "Hello, world\n"
    for secret in ("AWS4-HMAC-SHA256", "X-Amz-Signature", "hello.txt&"):
        assert secret not in local.output().replace(screen.group(1), "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(run: Callable[..., Run], number: int) -> None:
    local = run()
    local.wait_for("Ctrl-C stops it")
    started = children(local.process.pid)
    assert len(started) == 2
    local.process.send_signal(number)
    assert local.process.wait(STOP_SECONDS) == 0
    assert "Stopped." in local.output()
    assert gone(started)
    assert [path.name for path in local.work.iterdir()] == ["files"]


def test_a_signal_while_it_starts(run: Callable[..., Run]) -> None:
    local = run()
    time.sleep(0.5)
    started = children(local.process.pid)
    local.process.terminate()
    local.process.wait(STOP_SECONDS)
    assert gone(started)


def test_being_killed_leaves_no_process(run: Callable[..., Run]) -> None:
    local = run()
    local.wait_for("Ctrl-C stops it")
    started = children(local.process.pid)
    local.process.kill()
    assert gone(started)


def test_the_store_ends(run: Callable[..., Run]) -> None:
    local = run()
    local.wait_for("Ctrl-C stops it")
    started = children(local.process.pid)
    store = [pid for pid in started if "server" in _command(pid)]
    os.kill(store[0], signal.SIGKILL)
    assert local.process.wait(STOP_SECONDS) == 1
    assert "the S3 server ended by itself" in local.output()
    assert gone(started)


def _command(pid: int) -> List[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def test_a_taken_port(run: Callable[..., Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run(port).wait_for(rf"Port {port} is taken: using (\d+) instead\..*API +(\S+)")
        assert told.group(2) == f"http://127.0.0.1:{told.group(1)}"


def test_the_page(run: Callable[..., Run]) -> None:
    page = run().wait_for(r"Page +(http://\S+/)\n").group(1)
    with urllib.request.urlopen(page, timeout=20) as answer:
        assert answer.headers.get_content_type() == "text/html"
        assert b"Upload files" in answer.read()


def test_the_page_may_call_whatever_the_origins_are(run: Callable[..., Run]) -> None:
    """It has an address without TLS, which the function knows by its setting alone."""
    local = run(UPLOAD_ORIGINS="https://app.example.com")
    page = local.wait_for(r"Page +(http://\S+)/\n").group(1)
    for origin in (page, page.replace("127.0.0.1", "localhost")):
        asking = urllib.request.Request(
            f"{page}/signed_url?file_name=a", headers={"Origin": origin}
        )
        with urllib.request.urlopen(asking, timeout=20) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == origin


def test_the_document_shows_the_screen() -> None:
    page = PAGE.format(api="http://127.0.0.1:8080")
    files = "build/local/files\n         (what is uploaded is copied there)"
    screen = SCREEN.format(page=page, api="http://127.0.0.1:8080", files=files)
    assert screen.strip() in (ROOT / "docs/run.md").read_text("utf-8")


def test_no_page(run: Callable[..., Run]) -> None:
    local = run(UPLOAD_PAGE="off")
    local.wait_for("Ctrl-C stops it")
    assert "Page " not in local.output()


def users_environment(store: Store, bucket: str) -> Dict[str, str]:
    credentials = store.temporary_credentials(bucket)
    return {
        "UPLOAD_BUCKET": bucket,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
    }


def test_a_store_of_the_users(run: Callable[..., Run], store: Store, s3: Any, bucket: str) -> None:
    local = run(store_url=store.url, **users_environment(store, bucket))
    api = local.wait_for(r"API +(\S+)\n +Files +bucket (\S+) at (\S+)")
    assert api.groups()[1:] == (bucket, store.url)
    with urllib.request.urlopen(f"{api.group(1)}/signed_url?file_name=a", timeout=20) as answer:
        signed = json.load(answer)
    put = urllib.request.Request(
        signed["url"], b"bytes", signed["headers"], method=signed["method"]
    )
    assert urllib.request.urlopen(put, timeout=20).status == 200
    assert s3.get_object(Bucket=bucket, Key=signed["key"])["Body"].read() == b"bytes"
    assert len(children(local.process.pid)) == 1  # the function, and no store


WRONG = {
    "no credentials": ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID is not set"),
    "no bucket": ({"UPLOAD_BUCKET": ""}, "UPLOAD_BUCKET is not set"),
    "another bucket": ({"AWS_SESSION_TOKEN": "", "UPLOAD_BUCKET": "not-there"}, "answers 404"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_a_store_of_the_users_that_can_not_be_used(
    run: Callable[..., Run], store: Store, bucket: str, change: Dict[str, str], said: str
) -> None:
    root = store.root
    environment = {
        **users_environment(store, bucket),
        "AWS_ACCESS_KEY_ID": root.access_key_id,
        "AWS_SECRET_ACCESS_KEY": root.secret_access_key,
        "AWS_SESSION_TOKEN": "",
        **change,
    }
    local = run(store_url=store.url, **environment)
    assert local.process.wait(START_SECONDS) == 1
    assert said in local.output()


def test_a_store_of_the_users_that_is_not_there(
    run: Callable[..., Run], store: Store, bucket: str
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    local = run(store_url=url, **users_environment(store, bucket))
    assert local.process.wait(START_SECONDS) == 1
    assert "the store can't be used" in local.output() and url in local.output()


def test_the_users_settings_reach_the_function(run: Callable[..., Run]) -> None:
    local = run(UPLOAD_EXPIRES_SECONDS="never", UPLOAD_MAX_BYTES="much")
    assert local.process.wait(START_SECONDS) == 1
    said = local.output()
    assert "the function does not start: " in said
    assert "UPLOAD_EXPIRES_SECONDS" in said and "UPLOAD_MAX_BYTES" in said


def test_something_is_missing(run: Callable[..., Run], tmp_path: Path) -> None:
    local = run(command=tmp_path / "nothing")
    assert local.process.wait(START_SECONDS) == 1
    assert "no function at" in local.output()
