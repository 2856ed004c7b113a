"""Connections of our own to the embedded server: to prepare it, and for what must outlive a client's transaction."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redshift_local import protocol

INTERNAL_USER = "rdsdb"  # Redshift's own name for the owner of its system objects
SOCKET = ".s.PGSQL.5432"

Row = tuple[str | None, ...]


class BackendError(Exception):
    """The embedded server answered with an error."""

    def __init__(self, fields: protocol.Fields) -> None:
        super().__init__(fields.get("M", "unknown error"))
        self.fields = fields

    @property
    def code(self) -> str:
        """The SQLSTATE."""
        return self.fields.get("C", "")


class Backend:
    """One connection; statements one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def query(self, text: str) -> list[Row]:
        """Run statements; the rows of the last one that returned any, as text. Raises BackendError."""
        self._writer.write(protocol.pack_query(text))
        await self._writer.drain()
        return await self.answer()

    async def answer(self) -> list[Row]:
        """Read up to ReadyForQuery. Raises BackendError, ConnectionLost."""
        rows: list[Row] = []
        failure: BackendError | None = None
        while True:
            kind, body = await protocol.read_message(self._reader)
            if kind == b"D":
                rows.append(unpack_row(body))
            elif kind == b"T":
                rows = []
            elif kind == b"E":
                failure = failure or BackendError(protocol.unpack_fields(body))
                if failure.fields.get("S") == "FATAL":
                    raise failure
            elif kind == b"Z":
                if failure:
                    raise failure
                return rows


def unpack_row(body: bytes) -> Row:
    """A DataRow's values as text, None for NULL."""
    values: list[str | None] = []
    offset = 2
    for _ in range(struct.unpack_from("!h", body)[0]):
        (length,) = struct.unpack_from("!i", body, offset)
        offset += 4
        if length < 0:
            values.append(None)
            continue
        values.append(body[offset : offset + length].decode())
        offset += length
    return tuple(values)


@asynccontextmanager
async def connect(socket_directory: Path, database: str) -> AsyncIterator[Backend]:
    """A connection as the internal user. Raises BackendError, ConnectionLost, OSError."""
    reader, writer = await asyncio.open_unix_connection(str(socket_directory / SOCKET))
    try:
        writer.write(protocol.pack_startup({"user": INTERNAL_USER, "database": database}))
        backend = Backend(reader, writer)
        await backend.answer()
        yield backend
    finally:
        writer.close()
