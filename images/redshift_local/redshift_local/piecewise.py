"""Runs statements one by one for the client, where relaying their text alone would not be Redshift's meaning."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from redshift_local import backend, protocol
from redshift_local.backend import BackendError, Row, literal, unpack_row
from redshift_local.plan import Plan
from redshift_local.refusal import LoadFailure, Refusal
from redshift_local.relay import Relay

# What CREATE TABLE AS may leave behind that a Redshift table could not have, or whose size only Redshift knows.
UNCLEAR_COLUMNS = """
SELECT attname, pg_catalog.format_type(atttypid, NULL) FROM pg_catalog.pg_attribute
WHERE attrelid = {table}::regclass AND attnum > 0
  AND (atttypid = 'numeric'::regtype AND atttypmod = -1 OR format_type(atttypid, NULL) NOT IN
       ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'boolean', 'character',
        'character varying', 'text', 'date', 'time without time zone', 'time with time zone',
        'timestamp without time zone', 'timestamp with time zone'))
"""


class Pieces:
    """The session's own voice on the client's connection."""

    def __init__(self, relay: Relay, sockets: Path, database: str, user: str) -> None:
        self._relay, self._sockets, self._database, self._user = relay, sockets, database, user
        self._inbox: asyncio.Queue[tuple[bytes, bytes]] = asyncio.Queue()
        self._copies, self._last_copy_rows = 0, 0
        self._implicit_block = False

    def text(self, plan: Plan) -> str:
        """The plan's text, with what only this session knows."""
        text = plan.text
        if "rs_compat.pg_last_copy" in text:
            text = text.replace(
                "rs_compat.pg_last_copy_count()", f"rs_compat.pg_last_copy_count({self._last_copy_rows})"
            )
            text = text.replace("rs_compat.pg_last_copy_id()", f"rs_compat.pg_last_copy_id({self._copies})")
        return text

    async def run(self, plans: list[Plan]) -> None:
        """Run a simple query's statements in order; several of them, outside a block, are one transaction."""
        with self._relay.diverted() as self._inbox:
            succeeded = True
            for plan in plans:
                needs_block = len(plans) > 1 or plan.action == "create_as"
                if needs_block and self._relay.status == b"I" and plan.action not in {"begin", "finish"}:
                    await self.ask("BEGIN")
                    self._implicit_block = True
                succeeded = await self._perform(plan)
                if not succeeded:
                    break
            if self._implicit_block:
                await self._end_block(succeeded)
            self._tell(protocol.pack(b"Z", self._relay.status))

    async def _end_block(self, succeeded: bool) -> None:
        self._implicit_block = False
        try:
            await self.ask("COMMIT" if succeeded else "ROLLBACK")
        except BackendError as error:
            self._tell(protocol.pack_fields(b"E", error.fields))

    async def _perform(self, plan: Plan) -> bool:
        if plan.action == "begin" and self._implicit_block:
            self._implicit_block = False
            self._tell(protocol.pack(b"C", b"BEGIN\0"))
            return True
        if plan.action == "finish":
            self._implicit_block = False
        if plan.copy:
            return await self._copy(plan)
        succeeded = await self._show(self.text(plan))
        if succeeded and plan.action == "truncate" and self._relay.status == b"T":
            await self.ask("COMMIT")
            self._implicit_block = False
        if succeeded and plan.action == "create_as":
            return await self._check_created(plan.table)
        return succeeded

    async def _check_created(self, table: str) -> bool:
        unclear = await self.ask(UNCLEAR_COLUMNS.format(table=literal(table)))
        if not unclear:
            return True
        name, type_name = unclear[0]
        message = f'column "{name}" of CREATE TABLE AS has the type {type_name}, whose size only Redshift knows'
        return await self._refuse(Refusal("0A000", message, "CAST it to the type you want."))

    async def _copy(self, plan: Plan) -> bool:
        statement = plan.copy
        if statement is None:
            return False
        from redshift_local import load  # noqa: PLC0415 with pyarrow and boto3, it loads slower than the server starts

        self._copies += 1
        try:
            self._last_copy_rows = await load.copy(statement, self)
        except Refusal as refusal:
            return await self._refuse(refusal)
        except LoadFailure as failure:
            await self._note(failure, statement.table)
            return await self._refuse(failure.refusal)
        except BackendError as error:
            self._tell(self._relay.translated(b"E", protocol.pack_fields(b"E", error.fields)[5:]))
            return False
        name = statement.table.split(".")[-1].strip('"')
        loaded = f"Load into table '{name}' completed, {self._last_copy_rows} record(s) loaded successfully."
        self._tell(protocol.pack_info(loaded) + protocol.pack(b"C", b"COPY\0"))
        return True

    async def _note(self, failure: LoadFailure, table: str) -> None:
        """Keep the failure where it outlives the client's transaction."""
        values = [self._user, table.replace('"', ""), failure.file, failure.column]
        listed = ", ".join(literal(value) for value in values)
        columns = "query_id, username, table_name, file_name, column_name, line_number, error_code, error_message"
        async with backend.connect(self._sockets, self._database) as connection:
            await connection.query(
                f"INSERT INTO rs_compat.load_errors ({columns}) VALUES"  # noqa: S608 every value is a literal() of ours
                f" ({self._copies}, {listed}, 0, {failure.code}, {literal(failure.message)})"
            )

    async def _refuse(self, refusal: Refusal) -> bool:
        return await self._show(self._relay.marker(refusal))

    async def _show(self, text: str) -> bool:
        """Run a statement whose answer the client sees; whether it succeeded."""
        await self._relay.send_query(text)
        succeeded = True
        while True:
            kind, body = await self._inbox.get()
            if kind == b"Z":
                return succeeded
            succeeded = succeeded and kind != b"E"
            self._tell(self._relay.translated(kind, body))

    async def ask(self, text: str) -> list[Row]:
        """Run a statement for ourselves; its rows. Raises BackendError."""
        await self._relay.send_query(text)
        return await self._collected()

    async def _collected(self) -> list[Row]:
        rows: list[Row] = []
        failure: BackendError | None = None
        while True:
            kind, body = await self._inbox.get()
            if kind == b"D":
                rows.append(unpack_row(body))
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

    async def _send(self, rows: Iterable[bytes]) -> None:
        batches = iter(rows)
        coming = asyncio.create_task(asyncio.to_thread(next, batches, None))
        while (data := await coming) is not None and self._inbox.empty():
            if self._relay.cancelled:
                raise Refusal("57014", "Query (COPY) cancelled on user's request")
            coming = asyncio.create_task(asyncio.to_thread(next, batches, None))
            await self._relay.send_data(data)

    async def _discard_answer(self) -> None:
        try:
            await self._collected()
        except BackendError:
            return  # our own CopyFail

    def _tell(self, message: bytes) -> None:
        self._relay.client.write(message)
