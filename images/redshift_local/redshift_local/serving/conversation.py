"""What a session itself says to the embedded server, on its client's connection and in its client's transaction."""

import asyncio
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from redshift_local import protocol
from redshift_local.embedded.backend import BackendError, Row, unpack_row
from redshift_local.refusal import LoadFailure, Refusal
from redshift_local.serving.relay import Relay
from redshift_local.statements.plan import Bound

OWN_NAME = b"rs_bound\0"


class Conversation:
    """Statements of the session's own, one after the other; only while it is `open`."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._inbox: asyncio.Queue[tuple[bytes, bytes]] = asyncio.Queue()
        self._reading, self._cancelled = False, False

    @contextmanager
    def open(self) -> Iterator[None]:
        """While this lasts the embedded server answers the session instead of the client. Only when all is answered."""
        with self._relay.diverted() as self._inbox:
            yield

    async def show(self, text: str, bound: Bound | None = None) -> bytes | None:
        """Run a statement whose answer the client sees: its CommandComplete, not told yet, or None after an error."""
        if bound is None:
            await self._relay.send_query(text)
        else:
            await self._send_bound(text, bound)
        answer: bytes | None = b""
        while True:
            kind, body = await self._inbox.get()
            if kind == b"Z":
                return answer
            if kind in b"123":  # the extended protocol's, between us and the embedded server
                continue
            told = self._relay.translated(kind, body)
            if kind == b"C":
                answer = told
                continue
            answer = None if kind == b"E" else answer
            self.send_to_client(told)

    async def _send_bound(self, text: str, bound: Bound) -> None:
        await self._relay.send(b"C", b"S" + OWN_NAME)  # left from the last time
        await self._relay.send(b"P", OWN_NAME + text.encode(errors="surrogateescape") + b"\0" + bound.types)
        await self._relay.send(b"B", b"\0" + OWN_NAME + bound.values)
        await self._relay.send(b"E", b"\0" + struct.pack("!i", 0))
        await self._relay.send(b"S", b"")

    async def ask(self, text: str) -> list[Row]:
        """Run a statement for ourselves; its rows. Raises BackendError."""
        await self._relay.send_query(text)
        return await self._collected()

    async def notices(self, text: str) -> list[str]:
        """Run statements for ourselves; the details of the notices that came. Raises BackendError."""
        await self._relay.send_query(text)
        told: list[str] = []
        await self._collected(told)
        return told

    async def _collected(self, notices: list[str] | None = None) -> list[Row]:
        rows: list[Row] = []
        failure: BackendError | None = None
        while True:
            kind, body = await self._inbox.get()
            if kind == b"D":
                rows.append(unpack_row(body))
            elif kind == b"N" and notices is not None:
                notices.append(protocol.unpack_fields(body).get("D", ""))
            elif kind == b"E":
                failure = BackendError(protocol.unpack_fields(body))
            elif kind == b"Z":
                if failure:
                    raise failure
                return rows

    async def stream(self, text: str, rows: Iterable[bytes]) -> None:
        """Run a COPY FROM STDIN; the next batch is made while one is sent. Raises what `rows` raises."""
        await self._relay.send_query(text)
        kind, body = await self._inbox.get()
        if kind != b"G":
            self._inbox.put_nowait((kind, body))
            await self._collected()
            return
        try:
            await self._send(rows)
        except (LoadFailure, Refusal):
            await self._relay.send(b"f", b"the load failed\0")
            await self._discard_answer()
            raise
        await self._relay.send(b"c", b"")
        await self._collected()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While this lasts a load reads files: a cancel is ours to heed then. Raises Refusal after one."""
        self._reading, self._cancelled = True, False
        try:
            yield
        finally:
            self._reading = False
        if self._cancelled:
            raise Refusal("57014", "Query (COPY) cancelled on user's request")

    def cancel_load(self) -> bool:
        """Cancel the load that reads files; False when none does, so that the embedded server is to be asked."""
        self._cancelled = self._reading
        return self._reading

    async def _send(self, rows: Iterable[bytes]) -> None:
        batches = iter(rows)
        with self.reading():
            coming = asyncio.create_task(asyncio.to_thread(next, batches, None))
            while (data := await coming) is not None and self._inbox.empty() and not self._cancelled:
                coming = asyncio.create_task(asyncio.to_thread(next, batches, None))
                await self._relay.send_data(data)

    async def _discard_answer(self) -> None:
        try:
            await self._collected()
        except BackendError:
            return  # our own CopyFail

    def send_to_client(self, message: bytes) -> None:
        """Send the client a message of our own."""
        self._relay.client.write(message)

    def send_error(self, error: BackendError) -> None:
        """Send the client an error that was the answer to us."""
        self.send_to_client(self._relay.translated(b"E", protocol.pack_fields(b"E", error.fields)[5:]))
