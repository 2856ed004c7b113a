"""S3 as steps see it: moto's server behind a proxy that misbehaves when told to."""

import http.client
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import boto3
from moto.server import ThreadedMotoServer

from tests.integration.turns import Turns

NAME = "lake"
STALL = 3  # seconds, more than a step waits here
_NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "keep-alive", "expect"}


class Exchange:
    """One request on its way, and what may become of it."""

    def __init__(self, handler: "_Handler", body: bytes) -> None:
        self._handler, self._body = handler, body
        self.is_over = False

    def forward(self) -> None:
        """Let it through, and its answer back."""
        self._reply(*self._asked())

    def answer(self, status: int, code: str) -> None:
        """S3 refuses it with this status and code."""
        body = f"<Error><Code>{code}</Code><Message>so it is</Message></Error>".encode()
        is_head = self._handler.command == "HEAD"
        self._reply(status, {"Content-Type": "application/xml"}, b"" if is_head else body)

    def reset(self) -> None:
        """The connection is reset before the request arrives."""
        connection = self._handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
        self._handler.close_connection = True

    def stall(self) -> None:
        """No answer comes, for longer than anybody waits."""
        time.sleep(STALL)
        self.reset()

    def lose_answer(self) -> None:
        """The request is carried out, and the connection is reset before its answer arrives."""
        self._asked()
        self.reset()

    def truncate(self) -> None:
        """The answer breaks off in the middle of its body."""
        status, headers, body = self._asked()
        self._reply(status, headers, body, sent=len(body) // 2)

    def lag(self) -> None:
        """A listing in which nothing of the place is yet."""
        prefix = unquote(self._handler.path).partition("prefix=")[2].partition("&")[0]
        body = (
            f"<ListBucketResult><Name>{NAME}</Name><Prefix>{prefix}</Prefix><KeyCount>0</KeyCount></ListBucketResult>"
        )
        self._reply(200, {"Content-Type": "application/xml"}, body.encode())

    def _asked(self) -> tuple[int, Mapping[str, str], bytes]:
        handler = self._handler
        connection = http.client.HTTPConnection(*handler.server.target)
        connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            if name.lower() not in _NOT_PASSED_ON:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(self._body)))
        connection.endheaders(self._body)
        found = connection.getresponse()
        answer = found.status, dict(found.getheaders()), found.read()
        connection.close()
        return answer

    def _reply(self, status: int, headers: Mapping[str, str], body: bytes, sent: int | None = None) -> None:
        handler, own = self._handler, {name.lower(): value for name, value in headers.items()}
        handler.send_response_only(status)
        for name, value in own.items():
            if name not in _NOT_PASSED_ON:
                handler.send_header(name, value)
        is_head = handler.command == "HEAD"
        handler.send_header("Content-Length", own.get("content-length", "0") if is_head else str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:sent])
        if sent is not None:
            handler.close_connection = True


Act = Callable[[Exchange], object]


@dataclass
class _Strike:
    method: str
    part: str
    act: Act
    when: Callable[[], bool]
    turns: Turns

    def falls_on(self, method: str, path: str) -> bool:
        """Whether it strikes at this request."""
        return self.method in {method, ""} and self.part in path and self.when() and self.turns.take()


class Bucket:
    """An empty bucket behind the proxy at `address`."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._moto = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        self._moto.start()
        host, port = self._moto.get_host_and_port()
        self.direct = boto3.client(
            "s3", endpoint_url=f"http://{host}:{port}", aws_access_key_id="a", aws_secret_access_key="b"
        )
        self.direct.create_bucket(Bucket=NAME)
        self._strikes: list[_Strike] = []
        self._lock = threading.Lock()
        self.struck = 0
        self._proxy = _Server(("127.0.0.1", 0), self, (host, port))
        threading.Thread(target=self._proxy.serve_forever, args=(0.05,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self._proxy.server_port}"

    def at(
        self, method: str, part: str, act: Act, when: Callable[[], bool], *, times: int = 1, passing: int = 0
    ) -> None:
        """Act in place of the next requests with this method ("": any) and this part of a path, when it is time for it.

        `passing`: after so many of them.
        """
        self._strikes.append(_Strike(method, part, act, when, Turns(times, passing)))

    def calm(self) -> None:
        """Nothing strikes any more."""
        self._strikes.clear()
        self.struck = 0

    def take(self, method: str, path: str) -> Act:
        """What is to become of a request."""
        with self._lock:
            for strike in self._strikes:
                if strike.falls_on(method, unquote(path)):
                    self.struck += 1
                    return strike.act
        return Exchange.forward

    def content(self) -> dict[str, bytes]:
        """Key → object."""
        return {key: self.direct.get_object(Bucket=NAME, Key=key)["Body"].read() for key in self.tags()}

    def tags(self) -> dict[str, str]:
        """Key → ETag."""
        pages = self.direct.get_paginator("list_objects_v2").paginate(Bucket=NAME)
        return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", [])}

    def put(self, key: str, body: bytes) -> None:
        """Write an object, past the proxy."""
        self.direct.put_object(Bucket=NAME, Key=key, Body=body)

    def delete(self, key: str) -> None:
        """Delete an object, past the proxy."""
        self.direct.delete_object(Bucket=NAME, Key=key)

    def close(self) -> None:
        """End proxy and server."""
        self._proxy.shutdown()
        self._proxy.server_close()
        self._moto.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], bucket: Bucket, target: tuple[str, int]) -> None:
        self.bucket, self.target = bucket, target
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what killed steps do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body is sent at once, not when the headers are confirmed
    server: _Server

    def do_GET(self) -> None:
        """Any request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.bucket.take(self.command, self.path)(Exchange(self, body))

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 http.server's names

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 http.server's name
        """Nothing is logged."""
