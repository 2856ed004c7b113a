"""Somebody who wants to be told how runs end: a service on loopback that keeps what is posted."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Hook:
    """A URL, what was posted there, and how it answers: the statuses in turn, the last of them for ever."""

    url: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [204])
    seconds: float = 0

    @property
    def events(self) -> list[str]:
        """What was told, by event."""
        return [told["event"] for told in self.told]


@contextmanager
def listening() -> Iterator[Hook]:
    """A hook that listens."""
    hook = Hook()
    service = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (_Handler,), {"hook": hook}))
    hook.url = f"http://127.0.0.1:{service.server_port}/"
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        service.shutdown()
        service.server_close()


class _Handler(BaseHTTPRequestHandler):
    hook: Hook

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.hook.seconds)
        status = self.hook.statuses.pop(0) if len(self.hook.statuses) > 1 else self.hook.statuses[0]
        self.hook.asked.append(f"{self.command} {self.path} {self.headers['Content-Type']}")
        if status < 300:
            self.hook.told.append(said)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        self.hook.asked.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...
