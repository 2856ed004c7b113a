"""The network between a step and the warehouse: it speaks the wire protocol, so a fault can strike at a statement.

https://www.postgresql.org/docs/current/protocol-message-formats.html: after the first message of a client each is a
letter, a length that counts itself, and a body; psycopg2 sends its statements as simple queries, `Q`.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.integration.turns import Turns

CONNECT = b""  # what is struck when a client comes, before the warehouse hears of it


@dataclass
class Talk:
    """One client's connection, and the message of it that is on its way."""

    client: socket.socket
    server: socket.socket
    message: bytes = b""
    refusals: list[bytes] = field(default_factory=list)

    def forward(self) -> None:
        """Let the message through."""
        self.server.sendall(self.message)

    def cut(self) -> None:
        """The connection is lost before the message arrives."""
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def forward_unheard(self) -> None:
        """The message arrives, and the connection is lost before its answer does."""
        self.client.shutdown(socket.SHUT_RDWR)
        self.server.sendall(self.message)
        self.server.shutdown(socket.SHUT_WR)

    def refuse(self, code: str, words: str) -> None:
        """The warehouse fails the statement with this SQLSTATE and these words; its transaction is aborted."""
        fields = b"".join(f"{kind}{text}\0".encode() for kind, text in zip("SCM", ("ERROR", code, words), strict=True))
        self.refusals.append(_packed(b"E", fields + b"\0"))
        self.server.sendall(_packed(b"Q", b"select 1 / 0\0"))


Act = Callable[[Talk], object]


@dataclass
class _Strike:
    mark: bytes
    act: Act
    when: Callable[[], bool]
    after: bytes
    turns: Turns
    is_armed: bool

    def falls_on(self, text: bytes) -> bool:
        """Whether it strikes at this message."""
        is_it = text == CONNECT if self.mark == CONNECT else self.mark in text
        if self.is_armed and is_it:
            return self.turns.take()
        self.is_armed = self.is_armed or self.after in text
        return False


class Relay:
    """Relays one port to another; strikes fall in the order in which their marks pass."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._strikes: list[_Strike] = []
        self._lock = threading.Lock()
        self.struck = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def at(
        self,
        mark: bytes,
        act: Act,
        when: Callable[[], bool],
        *,
        after: bytes = CONNECT,
        times: int = 1,
        passing: int = 0,
    ) -> None:
        """Act in place of relaying the next messages with this mark, when it is time for it.

        `after`: once one with this mark has passed; `passing`: and so many with the mark itself.
        """
        self._strikes.append(_Strike(mark, act, when, after, Turns(times, passing), is_armed=not after))

    def calm(self) -> None:
        """Nothing strikes any more."""
        self._strikes.clear()
        self.struck = 0

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                talk = Talk(client, socket.create_connection(self._target))
                for end in (talk.client, talk.server):  # a message goes when it comes, not when the last is confirmed
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._up, args=(talk,), daemon=True).start()
                threading.Thread(target=self._down, args=(talk,), daemon=True).start()

    def _up(self, talk: Talk) -> None:
        with contextlib.suppress(OSError, EOFError):
            talk.message = _first(talk.client)
            self._pass(talk, CONNECT)
            while True:
                talk.message = b"".join(_message(talk.client))
                self._pass(talk, talk.message)
        with contextlib.suppress(OSError):
            talk.server.shutdown(socket.SHUT_WR)

    def _pass(self, talk: Talk, text: bytes) -> None:
        strike = self._take(text)
        (strike.act if strike else Talk.forward)(talk)

    def _take(self, text: bytes) -> _Strike | None:
        with self._lock:
            for strike in self._strikes:
                if strike.when() and strike.falls_on(text):
                    self.struck += 1
                    return strike
        return None

    def _down(self, talk: Talk) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                kind, rest = _message(talk.server)
                is_ours = kind == b"E" and talk.refusals
                talk.client.sendall(talk.refusals.pop() if is_ours else kind + rest)
        for end in (talk.client, talk.server):
            end.close()


def _first(end: socket.socket) -> bytes:
    length = _exactly(end, 4)
    return length + _exactly(end, struct.unpack("!i", length)[0] - 4)


def _message(end: socket.socket) -> Iterator[bytes]:
    """Its letter, and the rest of it."""
    yield _exactly(end, 1)
    yield _first(end)


def _packed(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def _exactly(end: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        if not (data := end.recv(size - len(found))):
            raise EOFError
        found += data
    return found
