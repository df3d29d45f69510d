"""The Lambda Runtime API for one function process.

It does what the Lambda service does around a function: hands out invocations one
after the other, waits for the answers, ends the process that is too slow, and
starts a new one at the next request after it ended.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import contextlib
import json
import re
import secrets
import signal
import time
import uuid
from dataclasses import dataclass, field
from typing import IO, Any, Dict, Mapping, Optional, Sequence, Union

from aiohttp import web

from .processes import kill_group, tie_to_parent

API = "/2018-06-01/runtime"
REPLY_MAX_BYTES = 6_291_556
# Lambda sends large events in chunks and small ones with a Content-Length.
CHUNKED_FROM_BYTES = 64 * 1024
STOP_SECONDS = 2.0


class FunctionFailed(Exception):
    """The invocation has no reply: what the function or Lambda said about it."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(f"{error_type}: {message}")
        self.error_type = error_type
        self.message = message


class FunctionTimedOut(FunctionFailed):
    """The function was ended at its deadline."""


@dataclass
class Invocation:
    event: bytes
    reply: "asyncio.Future[bytes]"
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def fail(self, error: FunctionFailed) -> None:
        if not self.reply.done():
            self.reply.set_exception(error)


class Instance:
    """One run of the function's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.ready = asyncio.Event()  # it asked for its first invocation
        self.ended = asyncio.Event()
        self.killed = False  # so it ends soon: give it nothing more to do
        self.failure: Optional[FunctionFailed] = None  # why it did not start, or ended
        self.waiting: "asyncio.Queue[Invocation]" = asyncio.Queue()
        self.unanswered: Dict[str, Invocation] = {}

    def submit(self, invocation: Invocation) -> None:
        self.unanswered[invocation.request_id] = invocation
        self.waiting.put_nowait(invocation)

    async def next(self) -> Invocation:
        self.ready.set()
        while True:
            invocation = await self.waiting.get()
            if not invocation.reply.done():  # else its client went away
                return invocation

    async def watch(self) -> None:
        """Fails whatever is unanswered when the process ends."""
        status = await self.process.wait()
        self.failure = self.failure or FunctionFailed("Runtime.ExitError", _describe(status))
        for invocation in self.unanswered.values():
            invocation.fail(self.failure)
        self.ended.set()

    def fail_init(self, failure: FunctionFailed) -> None:
        """Lambda doesn't wait long for the process to end after this."""
        self.failure = failure
        asyncio.get_running_loop().call_later(STOP_SECONDS, self.kill)

    def kill(self) -> None:
        self.killed = True
        if not self.ended.is_set():
            kill_group(self.process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """As at Lambda's shutdown: a moment to end by itself, then no more."""
        if not self.ended.is_set():
            kill_group(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.ended.wait(), STOP_SECONDS)
        self.kill()
        await self.ended.wait()


class RuntimeApi:
    """`environment` is all that the function's process gets, and
    AWS_LAMBDA_RUNTIME_API. Its output goes to `output`, by default to ours."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        timeout_seconds: float = 29.0,  # API Gateway waits no longer
        output: Union[None, int, IO[bytes]] = None,
    ) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._timeout_seconds = timeout_seconds
        self._output = output
        self._instance: Optional[Instance] = None
        self._starting: asyncio.Lock
        self._watcher: Optional["asyncio.Task[None]"] = None
        self._runner: Optional[web.AppRunner] = None
        self._address = ""

    async def start(self) -> None:
        """Starts to listen; the function starts with init() or the first request."""
        self._starting = asyncio.Lock()  # Python 3.9 ties it to the loop that runs here
        application = web.Application(client_max_size=REPLY_MAX_BYTES)
        application.add_routes(
            [
                web.get(API + "/invocation/next", self._next),
                web.post(API + "/invocation/{id}/response", self._response),
                web.post(API + "/invocation/{id}/error", self._error),
                web.post(API + "/init/error", self._init_error),
            ]
        )
        # A cancelled handler: the wait in /next must end with the process that asked.
        self._runner = web.AppRunner(
            application,
            access_log=None,
            handler_cancellation=True,
            keepalive_timeout=3600,
            shutdown_timeout=STOP_SECONDS,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"

    async def stop(self) -> None:
        async with self._starting:
            if self._instance is not None:
                await self._instance.stop()
        if self._watcher is not None:
            await self._watcher
        if self._runner is not None:
            await self._runner.cleanup()

    async def init(self) -> None:
        """Starts the function and waits until it asks for work. Raises FunctionFailed
        when it ends or reports an error instead."""
        instance = await self._running()
        waits = [asyncio.ensure_future(e.wait()) for e in (instance.ready, instance.ended)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if not instance.ready.is_set() and instance.failure is not None:
            raise instance.failure

    async def invoke(self, event: bytes) -> bytes:
        """The function's reply to this event. Raises FunctionFailed."""
        instance = await self._running()
        invocation = Invocation(event, asyncio.get_running_loop().create_future())
        instance.submit(invocation)
        try:
            return await invocation.reply
        finally:
            instance.unanswered.pop(invocation.request_id, None)

    async def _running(self) -> Instance:
        async with self._starting:
            if self._instance is not None and self._instance.killed:
                await self._instance.ended.wait()
            if self._instance is None or self._instance.ended.is_set():
                self._instance = Instance(await self._launch())
                self._watcher = asyncio.ensure_future(self._instance.watch())
            return self._instance

    async def _launch(self) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command,
                env={**self._environment, "AWS_LAMBDA_RUNTIME_API": self._address},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                start_new_session=True,
                preexec_fn=tie_to_parent(),
            )
        except OSError as error:
            raise FunctionFailed("Runtime.InvalidEntrypoint", str(error)) from error

    def _expire(self, instance: Instance, invocation: Invocation) -> None:
        if not invocation.reply.done():
            message = f"Task timed out after {self._timeout_seconds:.2f} seconds"
            invocation.fail(FunctionTimedOut("Sandbox.Timedout", message))
            instance.kill()

    async def _next(self, _request: web.Request) -> web.StreamResponse:
        instance = self._instance
        if instance is None or instance.ended.is_set():
            return _refusal(403, "InvalidStateTransition", "no function was started")
        invocation = await instance.next()
        loop = asyncio.get_running_loop()
        loop.call_later(self._timeout_seconds, self._expire, instance, invocation)
        response = web.Response(
            body=invocation.event,
            content_type="application/json",
            headers=self._headers(invocation.request_id),
        )
        if len(invocation.event) >= CHUNKED_FROM_BYTES:
            response.enable_chunked_encoding()
        return response

    def _headers(self, request_id: str) -> Dict[str, str]:
        environment = self._environment
        region = environment.get("AWS_REGION", "us-east-1")
        name = environment.get("AWS_LAMBDA_FUNCTION_NAME", "function")
        deadline_ms = int((time.time() + self._timeout_seconds) * 1000)
        trace = f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Sampled=0"
        return {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": (
                f"arn:aws:lambda:{region}:000000000000:function:{name}"
            ),
            "Lambda-Runtime-Trace-Id": trace,
        }

    async def _response(self, request: web.Request) -> web.Response:
        invocation = self._find(request)
        if invocation is None:
            return _refusal(400, "InvalidRequestID", "no such invocation, or answered already")
        try:
            reply = await request.read()
        except web.HTTPRequestEntityTooLarge:
            message = f"Response payload size exceeded maximum allowed {REPLY_MAX_BYTES} bytes"
            invocation.fail(FunctionFailed("Function.ResponseSizeTooLarge", message))
            return _refusal(413, "RequestEntityTooLarge", message)
        if not invocation.reply.done():
            invocation.reply.set_result(reply)
        return _accepted()

    async def _error(self, request: web.Request) -> web.Response:
        invocation = self._find(request)
        if invocation is None:
            return _refusal(400, "InvalidRequestID", "no such invocation, or answered already")
        invocation.fail(await _read_error(request))
        return _accepted()

    async def _init_error(self, request: web.Request) -> web.Response:
        error = await _read_error(request)
        if self._instance is not None:
            self._instance.fail_init(error)
        return _accepted()

    def _find(self, request: web.Request) -> Optional[Invocation]:
        unanswered = self._instance.unanswered if self._instance is not None else {}
        invocation = unanswered.get(request.match_info["id"])
        return None if invocation is None or invocation.reply.done() else invocation


def _describe(status: int) -> str:
    if status < 0:
        return f"the function ended by signal {signal.Signals(-status).name}"
    return f"the function ended with exit status {status}"


def _accepted() -> web.Response:
    return web.json_response({"status": "OK"}, status=202)


def _refusal(status: int, error_type: str, message: str) -> web.Response:
    body = {"errorMessage": message, "errorType": error_type}
    return web.json_response(body, status=status)


async def _read_error(request: web.Request) -> FunctionFailed:
    """What a function reports; the header's type goes before the body's."""
    try:
        body: Any = json.loads(await request.read())
    except (ValueError, web.HTTPRequestEntityTooLarge):
        body = {}
    said = body if isinstance(body, dict) else {}
    error_type = request.headers.get("Lambda-Runtime-Function-Error-Type", "")
    if not re.fullmatch(r"(Runtime|Function)\.[A-Z][A-Za-z]+", error_type):
        error_type = str(said.get("errorType") or "Function.Unknown")
    return FunctionFailed(error_type, str(said.get("errorMessage") or "no message"))
