"""Carries messages from the embedded server to the client, translated; or to us while we speak for the client."""

import asyncio
import itertools
import re
import struct
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from redshift_local import protocol
from redshift_local.language import catalog
from redshift_local.refusal import Refusal
from redshift_local.serving import startup

Message = tuple[bytes, bytes]
CHUNK = 1 << 18
_MARKER = re.compile(r'"(rs_refuse_\d+)"')
_TRANSLATED = {ord(kind) for kind in "SKZENR"}
OURS = re.compile(r"rs_compat|PL/pgSQL|SQL (?:statement|expression|function)")


class Relay:
    """The way back: `status` is the transaction's (I idle, T in a block, E failed), `key` the one that cancels."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
        unicode_name: str,
    ) -> None:
        self._reader, self._writer, self.client, self._unicode_name = reader, writer, client, unicode_name
        self.status, self.key = b"I", b""
        self._owed = deque(
            [True]
        )  # ReadyForQuery messages to come, and whether the client hears them; the first ends the start-up
        self._unsynced, self._failed = (
            False,
            False,
        )  # since the last Sync: whether messages were sent, whether one failed
        self._all_answered = asyncio.Event()
        self._diverted: asyncio.Queue[Message] | None = None
        self._refusals: dict[str, Refusal] = {}
        self._numbers = itertools.count(1)

    @property
    def busy(self) -> bool:
        """Whether the embedded server is working for this client."""
        return bool(self._owed) or self._diverted is not None

    def marker(self, refusal: Refusal) -> str:
        """A text that PostgreSQL answers with a syntax error, which becomes the refusal on its way to the client.

        So PostgreSQL itself keeps the transaction's state right, in simple and extended queries alike.
        """
        name = f"rs_refuse_{next(self._numbers)}"
        self._refusals[name] = refusal
        return name

    async def send(self, kind: bytes, body: bytes) -> None:
        """Hand a client's message on."""
        self._unsynced = kind not in {b"S", b"Q"}
        if not self._unsynced:
            self._owe(told=True)
        self._writer.write(protocol.pack(kind, body))
        await self._writer.drain()

    def _owe(self, told: bool) -> None:
        self._owed.append(told)
        self._all_answered.clear()

    async def send_query(self, text: str) -> None:
        """Send a simple query whose answer goes to the client."""
        await self.send(b"Q", text.encode(errors="surrogateescape") + b"\0")

    async def send_data(self, data: bytes) -> None:
        """Send a part of a COPY's stream."""
        self._writer.write(b"d" + struct.pack("!i", len(data) + 4))
        self._writer.write(data)
        await self._writer.drain()

    async def idle(self) -> None:
        """Wait until everything the client sent has been answered."""
        await self._all_answered.wait()

    async def settled(self) -> bool:
        """Wait until all up to here is answered, also amid an extended query; whether all of it succeeded."""
        if self._unsynced:
            self._unsynced = False
            self._owe(told=False)
            self._writer.write(protocol.pack(b"S"))
        await self.idle()
        return not self._failed

    @contextmanager
    def diverted(self) -> Iterator[asyncio.Queue[Message]]:
        """While this lasts, the server's messages come to us instead of the client. Only when idle."""
        self._diverted = asyncio.Queue()
        try:
            yield self._diverted
        finally:
            self._diverted = None
            if not self._owed:
                self._all_answered.set()

    def close(self) -> None:
        """End the connection to the embedded server."""
        self._writer.close()

    async def pump(self) -> None:
        """Carry messages until the server ends the connection."""
        buffer = b""
        while chunk := await self._reader.read(CHUNK):
            buffer += chunk
            used = await self._carry(buffer)
            buffer = buffer[used:]

    async def _carry(self, buffer: bytes) -> int:
        """Carry the whole messages at the buffer's start; how many bytes they were."""
        at, outgoing, size = 0, [], len(buffer)
        while size - at >= 5:
            end = at + 1 + struct.unpack_from("!i", buffer, at + 1)[0]
            if end > size:
                break
            if buffer[at] in _TRANSLATED or self._diverted is not None:
                outgoing.append(self._received(buffer[at : at + 1], buffer[at + 5 : end]))
            else:
                outgoing.append(buffer[at:end])
            at = end
        self.client.write(b"".join(outgoing))
        await self.client.drain()
        return at

    def _received(self, kind: bytes, body: bytes) -> bytes:
        told = kind != b"Z" or self._ready(body)
        if self._diverted is not None:
            self._diverted.put_nowait((kind, body))
            return b""
        self._failed = kind == b"E" or (self._failed and (kind != b"Z" or not told))
        if kind == b"Z" and not self._owed:
            self._all_answered.set()
        return self.translated(kind, body) if told else b""

    def _ready(self, status: bytes) -> bool:
        """Note a ReadyForQuery; whether the client is to hear it."""
        self.status = status
        return self._owed.popleft()

    def translated(self, kind: bytes, body: bytes) -> bytes:
        """The message as the client is to see it; nothing for what Redshift would not say."""
        if kind in {b"E", b"N"}:
            return protocol.pack_fields(kind, self._fields(protocol.unpack_fields(body)))
        if kind == b"S":
            name, value = protocol.unpack_strings(body)
            told = startup.reported(name, value, self._unicode_name)
            return b"" if told is None else protocol.pack(b"S", f"{name}\0{told}\0".encode())
        if kind == b"K":
            self.key = body
        return protocol.pack(kind, body)

    def _fields(self, fields: protocol.Fields) -> protocol.Fields:
        found = _MARKER.search(fields.get("M", ""))
        refusal = self._refusals.pop(found.group(1), None) if found else catalog.missing(fields.get("M", ""))
        if refusal:
            return refusal.fields
        if OURS.search(fields.get("W", "")):
            fields.pop("W")
        fields.pop("P", None)  # positions are those of the rewritten text
        return {key: value.replace("rs_compat.", "") for key, value in fields.items() if key not in {"F", "L", "R"}}
