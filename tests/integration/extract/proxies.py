"""Proxies on loopback: one for HTTP and CONNECT, one for SOCKS 5; both lead every host to one address."""

import base64
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "me", "pa55word"
TLS = b"\x16\x03"  # how a handshake begins


@dataclass
class Proxy:
    """Where it listens, and which hosts it was asked for."""

    port: int
    asked: list[str] = field(default_factory=list)


@contextmanager
def http_proxy(target: int, needs_password: bool = False, refusal: str = "") -> Iterator[Proxy]:
    """Answers CONNECT (and a plain request) by the way to 127.0.0.1:target, or with the refusal's status line."""

    def serve(client: socket.socket, proxy: Proxy) -> None:
        head = _until(client, b"\r\n\r\n")
        if head.startswith(TLS):
            client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            return
        proxy.asked.append(head.split()[1].decode())
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        if needs_password and expected not in head:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        elif refusal:
            client.sendall(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode())
        elif head.startswith(b"CONNECT"):
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _pipe(client, target)
        else:
            _pipe(client, target, head)

    with _listening(serve) as proxy:
        yield proxy


@contextmanager
def socks_proxy(target: int, refused: bool = False) -> Iterator[Proxy]:
    """SOCKS 5 without a password (RFC 1928), by host name or address."""

    def serve(client: socket.socket, proxy: Proxy) -> None:
        _, count = _exactly(client, 2)
        _exactly(client, count)
        client.sendall(b"\x05\x00")
        _, _, _, kind = _exactly(client, 4)
        host = _exactly(client, _exactly(client, 1)[0]) if kind == 3 else _exactly(client, 4 if kind == 1 else 16)
        port = int.from_bytes(_exactly(client, 2), "big")
        proxy.asked.append(f"{host.decode() if kind == 3 else socket.inet_ntop(socket.AF_INET, host)}:{port}")
        client.sendall(b"\x05" + (b"\x02" if refused else b"\x00") + b"\x00\x01" + bytes(6))
        if not refused:
            _pipe(client, target)

    with _listening(serve) as proxy:
        yield proxy


@contextmanager
def _listening(serve: object) -> Iterator[Proxy]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            serve(self.request, proxy)  # type: ignore[operator]

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what our tests do."""

    with Server(("127.0.0.1", 0), Handler) as server:
        proxy = Proxy(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield proxy
        server.shutdown()
        thread.join()


def _pipe(client: socket.socket, target: int, first: bytes = b"") -> None:
    with socket.create_connection(("127.0.0.1", target)) as server:
        server.sendall(first)
        while True:
            for end in select.select([client, server], [], [])[0]:
                data = end.recv(65536)
                if not data:
                    return
                (server if end is client else client).sendall(data)


def _exactly(client: socket.socket, size: int) -> bytes:
    return client.recv(size, socket.MSG_WAITALL)


def _until(client: socket.socket, mark: bytes) -> bytes:
    found = b""
    while mark not in found and (data := client.recv(65536)):
        found += data
        if data.startswith(TLS):
            return found
    return found
