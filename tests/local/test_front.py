"""HTTP in, HTTP out, with a scripted function in between."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Awaitable, Callable, Tuple

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from local.__main__ import bound, serving
from local.front import application
from local.mirror import safe_path
from local.runtime_api import RuntimeApi

FUNCTION = [sys.executable, str(Path(__file__).parent / "fake_function.py")]
Answer = Tuple[aiohttp.ClientResponse, bytes]
Ask = Callable[..., Awaitable[Answer]]


def run(test: Callable[[Ask], Awaitable[None]], timeout_seconds: float = 20.0) -> None:
    async def main() -> None:
        api = RuntimeApi(FUNCTION, {}, timeout_seconds, subprocess.DEVNULL)
        await api.start()
        try:
            async with serving(application(api.invoke), bound(0)) as url, aiohttp.ClientSession() as http:

                async def ask(method: str, path: str, **options: Any) -> Answer:
                    address = URL(url + path, encoded=True)
                    async with http.request(method, address, **options) as answer:
                        return answer, await answer.read()

                await test(ask)
        finally:
            await api.stop()

    asyncio.run(main())


def test_a_request_becomes_an_event() -> None:
    async def test(ask: Ask) -> None:
        answer, body = await ask(
            "PUT", "/a%2Fb/c%20d?q=%C5%BC+x", json={"a": 1}, headers={"X-A": "b"}
        )
        event = json.loads(body)["event"]
        assert answer.status == 200
        assert event["rawPath"] == "/a/b/c d"
        assert event["rawQueryString"] == "q=%C5%BC+x"
        assert event["queryStringParameters"] == {"q": "ż x"}
        assert event["requestContext"]["http"]["method"] == "PUT"
        assert event["requestContext"]["domainName"] == "127.0.0.1"
        assert event["headers"]["x-a"] == "b"
        assert json.loads(event["body"]) == {"a": 1}
        for method in ("GET", "OPTIONS", "DELETE", "HEAD"):
            assert (await ask(method, "/"))[0].status == 200

    run(test)


def test_a_reply_becomes_a_response() -> None:
    async def test(ask: Ask) -> None:
        answer, body = await ask("GET", "/binary")
        assert (answer.status, body) == (201, b"\x00\xff")
        assert answer.headers.getall("Set-Cookie") == ["a=1", "b=2"]
        assert answer.headers.getall("Content-Type") == ["text/plain;charset=utf-8"]

    run(test)


@pytest.mark.parametrize("path", ["/exit", "/error", "/malformed", "/large"])
def test_failures_are_502_and_the_next_request_works(path: str) -> None:
    async def test(ask: Ask) -> None:
        answer, body = await ask("GET", path)
        assert answer.status == 502
        assert json.loads(body) == {"message": "Internal Server Error"}
        assert (await ask("GET", "/"))[0].status == 200

    run(test)


def test_timeout_is_504() -> None:
    async def test(ask: Ask) -> None:
        assert (await ask("GET", "/sleep"))[0].status == 504

    run(test, timeout_seconds=0.5)


@pytest.mark.parametrize("size", [7 * 1024 * 1024, 11 * 1024 * 1024])
def test_too_large_is_413(size: int) -> None:
    async def test(ask: Ask) -> None:
        headers = {"Content-Type": "text/plain"}
        assert (await ask("POST", "/", data=b"x" * size, headers=headers))[0].status == 413
        assert (await ask("GET", "/"))[0].status == 200

    run(test)


def test_a_taken_port_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    async def main(port: int) -> str:
        async with serving(web.Application(), bound(port)) as url:
            return url

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = int(asyncio.run(main(port)).rsplit(":", 1)[1])
    assert other != port
    assert f"Port {port} is taken: using {other} instead." in capsys.readouterr().out


@pytest.mark.parametrize(
    "key, path",
    [
        ("uploads/1/a b.txt", "uploads/1/a b.txt"),
        ("../../etc/passwd", "_/_/etc/passwd"),
        ("/abs//x", "_/abs/_/x"),
        ("a/./b/", "a/_/b/_"),
    ],
)
def test_copies_stay_in_their_folder(key: str, path: str) -> None:
    assert safe_path(key) == Path(path)
