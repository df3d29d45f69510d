"""An app that is told what was stored, and answers as a test says."""

from __future__ import annotations

import contextlib
import json
import queue
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Callable, Iterator, Mapping

LONG_SECONDS = 60  # only a broken test waits as long

# An answer: a status, or a status with headers. It is asked for with the event and its number from 0.
Answers = Callable[[dict[str, Any], int], "int | tuple[int, Mapping[str, str]]"]


class ToldApp:
    """Use told_app()."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_address[1]}/stored"
        self._came: queue.Queue[tuple[dict[str, Any], dict[str, str]]] = queue.Queue()
        self.bodies: list[bytes] = []
        self.events: list[dict[str, Any]] = []  # what next() gave
        self._thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)

    def listen(self) -> None:
        """Before it, connections are refused."""
        self._server.server_activate()
        self._thread.start()

    def close(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def came(self, event: dict[str, Any], headers: dict[str, str]) -> None:
        self._came.put((event, headers))

    def next(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The next event with its headers, whose names are in lower case."""
        event, headers = self._came.get(timeout=LONG_SECONDS)
        self.events.append(event)
        return event, headers

    def keys(self) -> list[str]:
        return [event["detail"]["object"]["key"] for event in self.events]


@contextlib.contextmanager
def told_app(answers: Answers = lambda event, number: 204, listens: bool = True) -> Iterator[ToldApp]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            app.bodies.append(body)
            event = json.loads(body)
            number = next(numbers)
            app.came(event, {name.lower(): value for name, value in self.headers.items()})
            answer = answers(event, number)
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            with contextlib.suppress(OSError):  # nobody waits for it any more
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    numbers = iter(range(1_000_000))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.server_bind()
    app = ToldApp(server)
    try:
        if listens:
            app.listen()
        yield app
    finally:
        app.close()
