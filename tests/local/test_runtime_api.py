"""The local Runtime API, with a scripted function."""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict

import pytest

from local.runtime_api import FunctionFailed, FunctionTimedOut, RuntimeApi

FUNCTION = [sys.executable, str(Path(__file__).parent / "fake_function.py")]

Test = Callable[[RuntimeApi], Awaitable[None]]


def run(test: Test, timeout_seconds: float = 20.0, **environment: str) -> None:
    async def main() -> None:
        api = RuntimeApi(FUNCTION, environment, timeout_seconds, subprocess.DEVNULL)
        await api.start()
        try:
            await test(api)
        finally:
            await api.stop()

    asyncio.run(main())


async def seen(api: RuntimeApi, **event: Any) -> Dict[str, Any]:
    reply = json.loads(await api.invoke(json.dumps(event).encode()))
    return dict(json.loads(reply["body"]))


def path(name: str) -> bytes:
    return json.dumps({"rawPath": "/" + name}).encode()


def test_event_headers_and_environment() -> None:
    async def test(api: RuntimeApi) -> None:
        before = time.time()
        got = await seen(api, rawPath="/", word="żółw 🐢")
        assert got["event"] == {"rawPath": "/", "word": "żółw 🐢"}
        headers = got["headers"]
        deadline = int(headers["lambda-runtime-deadline-ms"]) / 1000
        assert 0 <= deadline - before - 20 < 5
        arn = headers["lambda-runtime-invoked-function-arn"]
        assert arn == "arn:aws:lambda:eu-west-1:000000000000:function:Named"
        assert headers["lambda-runtime-trace-id"].startswith("Root=1-")
        given = got["environment"]
        assert given.pop("AWS_LAMBDA_RUNTIME_API").startswith("127.0.0.1:")
        given.pop("LC_CTYPE", None)  # Python's own doing
        assert given == {"AWS_REGION": "eu-west-1", "AWS_LAMBDA_FUNCTION_NAME": "Named"}

    run(test, AWS_REGION="eu-west-1", AWS_LAMBDA_FUNCTION_NAME="Named")


def test_queued_invocations_each_get_their_own_reply() -> None:
    async def test(api: RuntimeApi) -> None:
        replies = await asyncio.gather(*(seen(api, number=n) for n in range(20)))
        assert [reply["event"]["number"] for reply in replies] == list(range(20))
        assert len({reply["pid"] for reply in replies}) == 1
        ids = {reply["headers"]["lambda-runtime-aws-request-id"] for reply in replies}
        assert len(ids) == 20

    run(test)


def test_large_event_is_chunked() -> None:
    async def test(api: RuntimeApi) -> None:
        got = await seen(api, rawPath="/size", filling="x" * 6_000_000)
        assert got["event"] > 6_000_000
        assert got["headers"]["transfer-encoding"] == "chunked"
        assert "content-length" in (await seen(api))["headers"]

    run(test)


def test_crash_fails_all_that_wait_and_the_next_starts_anew() -> None:
    async def test(api: RuntimeApi) -> None:
        first = await seen(api)
        results = await asyncio.gather(
            api.invoke(path("exit")), api.invoke(path("")), return_exceptions=True
        )
        for result in results:
            assert isinstance(result, FunctionFailed)
            assert result.error_type == "Runtime.ExitError"
            assert "exit status 7" in result.message
        assert (await seen(api))["pid"] != first["pid"]

    run(test)


def test_error_of_the_function() -> None:
    async def test(api: RuntimeApi) -> None:
        with pytest.raises(FunctionFailed) as raised:
            await api.invoke(path("error"))
        assert (raised.value.error_type, raised.value.message) == ("Function.AsTold", "as told")
        assert (await seen(api))["event"] == {}

    run(test)


def test_oversize_reply() -> None:
    async def test(api: RuntimeApi) -> None:
        with pytest.raises(FunctionFailed, match="ResponseSizeTooLarge"):
            await api.invoke(path("large"))
        await seen(api)

    run(test)


def test_second_answer_is_refused() -> None:
    async def test(api: RuntimeApi) -> None:
        assert await api.invoke(path("twice")) == b'"first"'
        await seen(api)

    run(test)


def test_deadline() -> None:
    async def test(api: RuntimeApi) -> None:
        first = await seen(api)
        with pytest.raises(FunctionTimedOut, match="timed out after 3.00 seconds"):
            await api.invoke(path("sleep"))
        assert (await seen(api))["pid"] != first["pid"]

    run(test, timeout_seconds=3)


def test_a_client_that_goes_away_is_skipped() -> None:
    async def test(api: RuntimeApi) -> None:
        await seen(api)
        gone = asyncio.ensure_future(api.invoke(path("sleep")))
        gone.cancel()
        await asyncio.wait([gone])
        assert (await asyncio.wait_for(seen(api, still="here"), 5))["event"] == {"still": "here"}

    run(test)


def test_init_waits_for_the_first_poll() -> None:
    async def test(api: RuntimeApi) -> None:
        await api.init()
        await seen(api)

    run(test)


@pytest.mark.parametrize(
    "how, expected",
    [
        ("error", "Function.Configuration: UPLOAD_BUCKET is missing"),
        ("exit", "Runtime.ExitError: the function ended with exit status 3"),
    ],
)
def test_init_error(how: str, expected: str) -> None:
    async def test(api: RuntimeApi) -> None:
        with pytest.raises(FunctionFailed) as raised:
            await api.init()
        assert str(raised.value) == expected
        with pytest.raises(FunctionFailed):
            await api.invoke(path(""))

    run(test, FAKE_INIT=how)


def test_no_executable() -> None:
    async def main() -> None:
        api = RuntimeApi(["/nowhere/bootstrap"], {})
        await api.start()
        with pytest.raises(FunctionFailed, match="Runtime.InvalidEntrypoint"):
            await api.init()
        await api.stop()

    asyncio.run(main())


def test_stop_leaves_no_process() -> None:
    pids = []

    async def test(api: RuntimeApi) -> None:
        pids.append((await seen(api))["pid"])

    run(test)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
