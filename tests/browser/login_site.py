"""The page with a login: an OpenID provider, and what API Gateway's JWT authorizer does before the function."""

import asyncio
import contextlib
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from aiohttp import web
from harness import FUNCTION_SECONDS, LoopThread, built, entered
from samples import PAGE_FILES

from local.__main__ import bound, page_origins, serving, url_of
from local.front import CLAIMS, application
from local.runtime_api import RuntimeApi

LOGIN = Path(__file__).resolve().parent / "login"


@dataclass
class Site:
    url: str
    issuer: str
    calls: List[Dict[str, Any]] = field(default_factory=list)  # the claims that each came with
    bearers: List[str] = field(default_factory=list)

    def forget(self) -> None:
        """No refresh token is good any more."""
        with urlopen(Request(f"{self.issuer}/forget", method="POST")) as answer:
            assert answer.status == 204


@contextlib.contextmanager
def provider(kind: str, seconds: int, *pages: str) -> Iterator[str]:
    """The issuer of one whose access tokens are `opaque` or `jwt`, and live so long, as ID tokens do."""
    app = built("COUNTERSIGN_LOGIN_PROVIDER", "build/apps/login-provider").resolve()
    words = [app / "node", LOGIN / "provider.mjs", app / "node_modules", str(seconds), kind, *pages]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process.stdout.readline().decode().strip()
        finally:
            process.stdin.close()


def claims_of(issuer: str, bearer: str) -> Optional[Dict[str, Any]]:
    try:
        with urlopen(Request(f"{issuer}/claims", bearer.encode(), method="POST")) as answer:
            claims: Dict[str, Any] = json.load(answer)
            return claims
    except HTTPError:
        return None


def authorizer(site: Site) -> Any:
    """Lets in who has a token of the issuer's for the client, and all to the page and preflights."""

    @web.middleware
    async def check(request: web.Request, handler: Any) -> Any:
        if request.path in (*PAGE_FILES, "/page.json") or request.method == "OPTIONS":
            return await handler(request)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        claims = await asyncio.to_thread(claims_of, site.issuer, bearer)
        if claims is None:
            return web.json_response({"message": "Unauthorized"}, status=401)
        site.calls.append(claims)
        site.bearers.append(bearer)
        request[CLAIMS] = {name: str(value) for name, value in claims.items()}
        return await handler(request)

    return check


@contextlib.contextmanager
def site(
    loop: LoopThread, bootstrap: Path, environment: Mapping[str, str], kind: str, seconds: int, log: Path
) -> Iterator[Site]:
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(contextlib.closing(bound(0)))
        page = url_of(listener)
        found = Site(page, stack.enter_context(provider(kind, seconds, f"{page}/")))
        login = {"UPLOAD_LOGIN_ISSUER": found.issuer, "UPLOAD_LOGIN_CLIENT_ID": "upload-page"}
        settings = {"UPLOAD_PAGE_ORIGIN": page_origins(listener), **environment, **login}
        output = stack.enter_context(open(log, "ab"))
        running = RuntimeApi([str(bootstrap)], settings, FUNCTION_SECONDS, output)
        loop.run(running.start())
        stack.callback(lambda: loop.run(running.stop()))
        loop.run(running.init())
        app = application(running.invoke)
        app.middlewares.append(authorizer(found))
        stack.enter_context(entered(loop, serving(app, listener)))
        yield found
