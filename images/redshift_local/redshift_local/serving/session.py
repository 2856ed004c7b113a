"""One client's session: relays between it and its own connection to the embedded server, rewriting and refusing."""

import asyncio
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from redshift_local import protocol
from redshift_local.embedded.backend import SOCKET
from redshift_local.refusal import Refusal, beyond
from redshift_local.serving import extended, startup
from redshift_local.serving.executor import Executor
from redshift_local.serving.relay import Relay
from redshift_local.statements.judging import judge
from redshift_local.statements.plan import Plan

LONGEST_WAITING = 64
COPY_TEXT_ONLY = {b"d", b"c", b"f"}
PROTOCOL_VIOLATION = "08P01"


class Session:
    """From a client's StartupMessage to its end."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        sockets: Path,
        registry: "dict[bytes, Session]",
    ) -> None:
        self._reader, self._writer = reader, writer
        self._socket = str(sockets / SOCKET)
        self._registry = registry
        self._inbox: asyncio.Queue[tuple[bytes, bytes]] = asyncio.Queue(LONGEST_WAITING)
        self._sockets = sockets
        self._cancelling = asyncio.Lock()

    async def run(self, first: bytes) -> None:
        """Serve the client until it leaves or the embedded server ends the connection."""
        try:
            begun = startup.prepared(first)
        except Refusal as refusal:
            self._writer.write(protocol.pack_error("FATAL", refusal.code, refusal.message))
            await self._writer.drain()
            return
        backend_reader, backend_writer = await asyncio.open_unix_connection(self._socket, limit=1 << 20)
        backend_writer.write(begun.message)
        self._relay = Relay(backend_reader, backend_writer, self._writer, begun.unicode_name)
        self._executor = Executor(self._relay, self._sockets, begun.database, begun.user)
        self._extended = extended.Extended(self._relay, self._executor)
        tasks = [asyncio.create_task(work()) for work in (self._listen, self._answer, self._relay.pump)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except protocol.Malformed as error:
            self._writer.write(protocol.pack_error("FATAL", PROTOCOL_VIOLATION, str(error)))
            await self._writer.drain()
        finally:
            await self._leave(tasks)

    async def cancel(self) -> None:
        """Cancel what the session is doing, as a CancelRequest asks; over when nothing of it is on its way any more."""
        if self._executor.cancel_load():
            return
        async with self._cancelling:
            await self._cancel_backend()

    async def _leave(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._registry.pop(self._relay.key, None)
        if self._relay.busy:
            await self._cancel_backend()
        self._relay.close()

    async def _cancel_backend(self) -> None:
        with suppress(OSError):
            reader, writer = await asyncio.open_unix_connection(self._socket)
            code = struct.pack("!i", protocol.CANCEL_REQUEST)
            writer.write(struct.pack("!i", 8 + len(self._relay.key)) + code + self._relay.key)
            await reader.read()  # closed by the other side when the signal is sent
            writer.close()

    async def _listen(self) -> None:
        """Keep reading, so that a client that goes away is noticed while its statement runs."""
        while True:
            await self._inbox.put(await protocol.read_message(self._reader))

    async def _answer(self) -> None:
        while True:
            kind, body = await self._inbox.get()
            async with self._cancelling:  # it is for what came before
                pass
            if self._relay.key:
                self._registry.setdefault(self._relay.key, self)
            if kind == b"X":
                return
            if kind in COPY_TEXT_ONLY or (self._extended.skipping and kind != b"S"):
                continue
            if kind == b"Q":
                await self._query(body)
            elif kind == b"F":
                await self._relay.send_query(self._relay.marker(beyond("function calls by protocol")))
            else:
                await self._extended.take(kind, body)

    async def _query(self, body: bytes) -> None:
        text, rest = protocol.strings_and_rest(body, 1)
        if rest:
            raise protocol.Malformed("invalid message format")
        try:
            plans: Sequence[Plan] = judge(text.decode(errors="surrogateescape"))
            if any(plan.stand_alone for plan in plans):
                await self._relay.idle()
                self._executor.check_stand_alone(plans)
            if any(plan.query for plan in plans):
                await self._relay.idle()
                plans = await self._executor.examined(plans)
        except Refusal as refusal:
            await self._relay.send_query(self._relay.marker(refusal))
            return
        if any(plan.is_special or plan.query for plan in plans):
            await self._relay.idle()
            await self._executor.run(plans)
        else:
            await self._relay.send_query("; ".join(self._executor.text(plan) for plan in plans))
