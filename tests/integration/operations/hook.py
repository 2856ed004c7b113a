"""Somebody who wants to be told how runs end: a service on loopback that keeps what is posted."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Hook:
    """A URL, and what was posted there."""

    url: str = ""
    told: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Hook]:
    """A hook that listens."""
    hook = Hook()
    service = HTTPServer(("127.0.0.1", 0), type("Told", (_Handler,), {"told": hook.told}))
    hook.url = f"http://127.0.0.1:{service.server_port}/"
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        service.shutdown()
        service.server_close()


class _Handler(BaseHTTPRequestHandler):
    told: list[dict[str, str]]

    def do_POST(self) -> None:
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...
