"""An app that is asked before an upload is signed, and says what the test has it say."""

import contextlib
from typing import Any, Dict, Iterator, List, Optional

from aiohttp import web
from harness import LoopThread, entered

from local.__main__ import bound, serving

SECRET = "whsec_b25seS10aGUtdGVzdHMta25vdy10aGlzLW9uZQ=="


class AskedApp:
    """Without an answer it is closed to whoever asks."""

    def __init__(self) -> None:
        self.answer: Optional[Dict[str, Any]] = {"allow": True}
        self.questions: List[Dict[str, Any]] = []
        self.settings: Dict[str, str] = {}

    async def handle(self, request: web.Request) -> web.Response:
        self.questions.append(await request.json())
        if self.answer is None:
            return web.Response(status=500)
        return web.json_response(self.answer)


@contextlib.contextmanager
def asked_app(loop: LoopThread) -> Iterator[AskedApp]:
    asked = AskedApp()
    app = web.Application()
    app.router.add_post("/ask", asked.handle)
    with entered(loop, serving(app, bound(0))) as url:
        asked.settings = {"UPLOAD_ASK_URL": f"{url}/ask", "UPLOAD_WEBHOOK_SECRET": SECRET}
        yield asked
