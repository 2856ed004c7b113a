"""A web server on this machine that gives one answer to whatever it is asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from movalytics_extract.patience import Patience

IMPATIENT = Patience(connect=5, read=20, attempts=2, pause=0, longest_pause=0)
_answers: list[bytes] = [b""]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The answer of the moment, as JSON."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(_answers[0])))
        self.end_headers()
        self.wfile.write(_answers[0])

    do_POST = do_GET  # noqa: N815 http.server's name

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 http.server's name
        """Nothing is logged."""


@cache
def _address() -> str:
    """One server for all tests of a process, which ends with it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


@contextmanager
def serving(answer: bytes) -> Iterator[str]:
    """The address at which this answer is given."""
    _answers[0] = answer
    yield _address()
