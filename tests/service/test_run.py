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
import uuid
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest
from children import children
from harness import ROOT, built
from s3http import allows, preflight, send
from told_app import ToldApp, told_app

from local.__main__ import screen
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
                    # From where it runs, as the default is.
                    *("--work", os.path.relpath(work, ROOT), "--port", str(port or free_port())),
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
    assert len(started) == 3  # the function, and the store in two
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


@pytest.mark.parametrize("part", ["posix", "iam"])
def test_the_store_ends(run: Callable[..., Run], part: str) -> None:
    local = run()
    local.wait_for("Ctrl-C stops it")
    started = children(local.process.pid)
    store = [pid for pid in started if part in _command(pid)]
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


@pytest.mark.parametrize("origins", ["", "https://app.example.com"])
def test_the_bucket_takes_files_from_the_same_pages(run: Callable[..., Run], origins: str) -> None:
    """By the template's CORS rules, with the page's origins in them."""
    local = run(UPLOAD_ORIGINS=origins)
    api = local.wait_for(r"API +(\S+)\n").group(1)
    with urllib.request.urlopen(f"{api}/signed_url?file_name=a", timeout=20) as answer:
        url = json.load(answer)["url"]
    headers = ["content-type", "x-amz-meta-who"]
    asking = [api, api.replace("127.0.0.1", "localhost"), "https://app.example.com"]
    let_in = [allows(preflight(url, each, "PUT", headers), each, "PUT", headers) for each in asking]
    assert let_in == [True] * 3
    other = "https://other.example.com"
    assert allows(preflight(url, other, "PUT", headers), other, "PUT", headers) == (not origins)


def test_the_function_has_a_role_s_credentials(run: Callable[..., Run]) -> None:
    """tests/docs/test_local.py says which role."""
    api = run(UPLOAD_KEY="in/{name}").wait_for(r"API +(\S+)\n").group(1)
    with urllib.request.urlopen(f"{api}/signed_url?file_name=a", timeout=20) as answer:
        signed = json.load(answer)
    url = signed["url"]
    assert "X-Amz-Security-Token=" in url
    without = re.sub(r"X-Amz-Security-Token=[^&]*&?", "", url)
    assert send("PUT", without, b"bytes", signed["headers"]).code == "InvalidAccessKeyId"
    assert send("PUT", url, b"bytes", signed["headers"]).status == 200


def test_the_document_shows_the_screen() -> None:
    files = "build/local/files\n         (what is uploaded is copied there)"
    shown = screen("http://127.0.0.1:8080", {"UPLOAD_PAGE": "on"}, files)
    assert shown.strip() in (ROOT / "docs/run.md").read_text("utf-8")


def test_each_profile_has_its_page(run: Callable[..., Run]) -> None:
    local = run(UPLOAD_PROFILES='{"avatar":{"types":"image/*"},"video":{}}')
    local.wait_for(r"Page +http://\S+/avatar/\n.*API +http://\S+/avatar\n.*Page +http://\S+/video/\n")
    page = local.wait_for(r"Page +(http://\S+/video/)\n").group(1)
    with urllib.request.urlopen(page, timeout=20) as answer:
        assert b"Upload files" in answer.read()
    assert "signed_url" not in local.output()


def test_no_page(run: Callable[..., Run]) -> None:
    local = run(UPLOAD_PAGE="off")
    local.wait_for("Ctrl-C stops it")
    assert "Page " not in local.output()


def upload(api: str, name: str, content: bytes) -> str:
    """Its key."""
    with urllib.request.urlopen(f"{api}/signed_url?file_name={name}", timeout=20) as answer:
        signed = json.load(answer)
    put = urllib.request.Request(signed["url"], content, signed["headers"], method=signed["method"])
    assert urllib.request.urlopen(put, timeout=20).status == 200
    return str(signed["key"])


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
    key = upload(api.group(1), "a", b"bytes")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"bytes"
    assert len(children(local.process.pid)) == 1  # the function, and no store


def root_environment(store: Store, bucket: str) -> Dict[str, str]:
    return {
        **users_environment(store, bucket),
        "AWS_ACCESS_KEY_ID": store.root.access_key_id,
        "AWS_SECRET_ACCESS_KEY": store.root.secret_access_key,
        "AWS_SESSION_TOKEN": "",
    }


WRONG = {
    "no credentials": ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID is not set"),
    "no bucket": ({"UPLOAD_BUCKET": ""}, "UPLOAD_BUCKET is not set"),
    "another bucket": ({"AWS_SESSION_TOKEN": "", "UPLOAD_BUCKET": "not-there"}, "answers 404"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_a_store_of_the_users_that_can_not_be_used(
    run: Callable[..., Run], store: Store, bucket: str, change: Dict[str, str], said: str
) -> None:
    local = run(store_url=store.url, **{**root_environment(store, bucket), **change})
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


def test_a_caller(run: Callable[..., Run]) -> None:
    local = run(CALLER='{"sub":"ann"}', UPLOAD_KEY="uploads/{claim:sub}/{id}/{name}")
    api = local.wait_for(r"API +(\S+)\n").group(1)
    with urllib.request.urlopen(f"{api}/signed_url?file_name=a", timeout=20) as answer:
        assert json.load(answer)["key"].startswith("uploads/ann/")


@pytest.mark.parametrize("caller", ["ann", '"ann"', "[]"])
def test_a_caller_that_is_none(run: Callable[..., Run], caller: str) -> None:
    local = run(CALLER=caller)
    assert local.process.wait(START_SECONDS) == 2
    assert "must be a JSON object of claims" in local.output()


def test_something_is_missing(run: Callable[..., Run], tmp_path: Path) -> None:
    local = run(command=tmp_path / "nothing")
    assert local.process.wait(START_SECONDS) == 1
    assert "no function at" in local.output()


def api_of(local: Run) -> str:
    return local.wait_for(r"API +(\S+)\n").group(1)


def told_settings(app: ToldApp, **more: str) -> Dict[str, str]:
    return {"NOTIFY_URL": f"{app.url}?token=private", "NOTIFY_SECRET": "only-for-the-tests", **more}


def test_the_app_is_told_until_it_takes_it(run: Callable[..., Run]) -> None:
    with told_app(lambda event, number: 503 if number < 2 else 204) as app:
        local = run(**told_settings(app))
        key = upload(api_of(local), "a%20b.txt", b"bytes")
        for _ in range(3):
            event, headers = app.next()
        assert event == app.events[0] == app.events[1]
        assert headers["x-notify-secret"] == "only-for-the-tests"
        assert headers["content-type"] == "application/json; charset=utf-8"
        assert event["detail-type"] == "Object Created" and event["source"] == "aws.s3"
        assert event["detail"]["bucket"] == {"name": "countersign-local"}
        stored = event["detail"]["object"]
        assert stored.pop("sequencer")
        etag = "4b3a6218bb3e3a7303e8a171a60fcf92"  # the MD5 of what was stored
        assert stored == {"key": key, "size": 5, "etag": etag}
        assert key.endswith("/a b.txt")
        local.wait_for("the app did not take uploads/.*Again in 1 s.*Again in 2 s.*told the app of ")
        # Many looks later it was told nothing twice.
        another = upload(api_of(local), "another", b"other bytes")
        app.next()
        assert app.keys() == [key] * 3 + [another]
        said = local.output()
        assert f"Each file that is stored is told to {app.url}\n" in said
        assert "only-for-the-tests" not in said and "private" not in said


def test_a_file_that_is_written_again_is_told_again(run: Callable[..., Run]) -> None:
    with told_app() as app:
        local = run(**told_settings(app, UPLOAD_KEY="in/{name}", NOTIFY_HEADER="Authorization"))
        events = []
        for content in (b"one", b"three", b"three"):
            assert upload(api_of(local), "a", content) == "in/a"
            event, headers = app.next()
            assert headers["authorization"] == "only-for-the-tests"
            events.append(event["detail"]["object"])
        assert [each["size"] for each in events] == [3, 5, 5]
        sequencers = [each["sequencer"] for each in events]
        assert sequencers == sorted(set(sequencers))


def test_an_app_that_was_down_is_told(run: Callable[..., Run]) -> None:
    with told_app(listens=False) as app:
        local = run(**told_settings(app))
        key = upload(api_of(local), "a", b"bytes")
        local.wait_for("the app did not take uploads/.*Connect call failed")
        app.listen()
        app.next()
        assert app.keys() == [key]
        local.wait_for("told the app of uploads/")


def test_what_the_app_was_not_told_is_said_at_the_end(run: Callable[..., Run]) -> None:
    with told_app(listens=False) as app:
        local = run(**told_settings(app))
        upload(api_of(local), "a", b"bytes")
        local.wait_for("the app did not take uploads/")
        local.process.send_signal(signal.SIGINT)
        assert local.process.wait(STOP_SECONDS) == 0
        assert "The app was not told of 1 stored file.\nStopped." in local.output()


def test_the_app_is_told_of_a_store_of_the_users(
    run: Callable[..., Run], store: Store, s3: Any, bucket: str
) -> None:
    """What arrived since the start, where uploads go."""
    folder = f"told-{uuid.uuid4()}"
    s3.put_object(Bucket=bucket, Key=f"{folder}/old", Body=b"old")
    with told_app() as app:
        local = run(
            store_url=store.url,
            **root_environment(store, bucket),
            **told_settings(app, UPLOAD_KEY=f"{folder}/{{id}}/{{name}}"),
        )
        api = api_of(local)
        s3.put_object(Bucket=bucket, Key=f"elsewhere-{folder}/new", Body=b"new")
        keys = [upload(api, "first", b"bytes")]
        app.next()
        s3.put_object(Bucket=bucket, Key=f"{folder}/old", Body=b"as new")
        app.next()
        keys += [f"{folder}/old", upload(api, "last", b"bytes")]
        app.next()
        assert app.keys() == keys
        assert {event["detail"]["bucket"]["name"] for event in app.events} == {bucket}


def test_a_store_of_the_users_that_can_not_be_listed(
    run: Callable[..., Run], store: Store, bucket: str
) -> None:
    with told_app() as app:
        local = run(store_url=store.url, **users_environment(store, bucket), **told_settings(app))
        assert local.process.wait(START_SECONDS) == 1
    said = f"the bucket {bucket} can't be listed, which NOTIFY_URL needs (s3:ListBucket)"
    assert said in local.output()


@pytest.mark.parametrize("missing", ["NOTIFY_URL", "NOTIFY_SECRET"])
def test_nobody_can_be_told(run: Callable[..., Run], missing: str) -> None:
    settings = {"NOTIFY_URL": "http://127.0.0.1/", "NOTIFY_SECRET": "only-for-the-tests"}
    local = run(**{**settings, missing: "" if missing == "NOTIFY_SECRET" else "127.0.0.1"})
    assert local.process.wait(START_SECONDS) == 1
    assert local.output().startswith(f"{missing} must be ")
