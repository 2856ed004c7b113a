"""A client that speaks the wire protocol itself, message by message."""

import socket
import struct

from tests.integration.conftest import Standin


class Extended:
    """A client that speaks the extended protocol, as JDBC and psycopg 3 do."""

    def __init__(self, standin: Standin, **parameters: str) -> None:
        self.socket = socket.create_connection((standin.host, standin.port))
        given = {"user": standin.user, "database": standin.database} | parameters
        pairs = b"".join(f"{name}\0{value}\0".encode() for name, value in given.items())
        self.socket.sendall(struct.pack("!ii", len(pairs) + 9, 3 << 16) + pairs + b"\0")
        self.greeting = self.until("Z")

    @property
    def key(self) -> bytes:
        """What a CancelRequest for this session holds."""
        return dict(self.greeting)[b"K"]

    def receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self.socket.recv(size - len(data))
        return data

    def until(self, *last: str) -> list[tuple[bytes, bytes]]:
        messages: list[tuple[bytes, bytes]] = []
        while not messages or messages[-1][0].decode() not in last:
            kind = self.receive(1)
            messages.append((kind, self.receive(struct.unpack("!i", self.receive(4))[0] - 4)))
        return messages

    def send(self, *parts: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        """Messages, of which the last is Sync or Query; what is answered."""
        self.socket.sendall(b"".join(kind + struct.pack("!i", len(body) + 4) + body for kind, body in parts))
        return self.until("Z")

    def ask(self, text: str) -> None:
        """Send a simple query and wait for nothing."""
        body = text.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)

    def simple(self, text: str) -> list[bytes]:
        """A simple query; the kinds of the answers."""
        self.ask(text)
        return [kind for kind, _ in self.until("Z")]

    def execute(self, statement: str, *values: str) -> dict[bytes, bytes]:
        """Parse, bind, execute, sync in one go; the last message of each kind."""
        return dict(self.send(*statement_parts(statement, *values), (b"S", b"")))


def statement_parts(statement: str, *values: str, name: bytes = b"") -> list[tuple[bytes, bytes]]:
    """What a driver sends for a statement, without the Sync."""
    encoded = [value.encode() for value in values]
    bound = b"".join(struct.pack("!i", len(value)) + value for value in encoded)
    return [
        (b"P", name + b"\0" + statement.encode() + b"\0" + struct.pack("!h", 0)),
        (b"B", b"\0" + name + b"\0" + struct.pack("!hh", 0, len(values)) + bound + struct.pack("!h", 0)),
        (b"D", b"P\0"),
        (b"E", b"\0" + struct.pack("!i", 0)),
    ]


def request_cancel(standin: Standin, key: bytes) -> socket.socket:
    """Send a CancelRequest; its connection, which the other side closes when the cancel got through."""
    connection = socket.create_connection((standin.host, standin.port))
    connection.sendall(struct.pack("!ii", 8 + len(key), 80877102) + key)
    return connection
