"""Runs statements one by one for the client, where relaying their text alone would not be Redshift's meaning."""

import asyncio
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from redshift_local import backend, created, examine, protocol
from redshift_local.backend import BackendError, Row, literal, unpack_row
from redshift_local.copy_statement import CopyStatement
from redshift_local.plan import Bound, Plan
from redshift_local.refusal import LoadFailure, Refusal
from redshift_local.relay import Relay

OWN_NAME = b"rs_bound\0"


class Pieces:
    """The session's own voice on the client's connection."""

    def __init__(self, relay: Relay, sockets: Path, database: str, user: str) -> None:
        self._relay, self._sockets, self._database, self._user = relay, sockets, database, user
        self._inbox: asyncio.Queue[tuple[bytes, bytes]] = asyncio.Queue()
        self._copies, self._last_copy_rows = 0, 0
        self._implicit_block = False
        self._reading, self._cancelled = False, False

    def text(self, plan: Plan) -> str:
        """The plan's text, with what only this session knows."""
        text = plan.text
        if "rs_compat.pg_last_copy" in text:
            text = text.replace(
                "rs_compat.pg_last_copy_count()", f"rs_compat.pg_last_copy_count({self._last_copy_rows})"
            )
            text = text.replace("rs_compat.pg_last_copy_id()", f"rs_compat.pg_last_copy_id({self._copies})")
        return text

    def check_stand_alone(self, plans: list[Plan]) -> None:
        """Raises Refusal when a statement that must stand alone does not. Only when all is answered."""
        if len(plans) > 1 or self._relay.status != b"I":
            raise Refusal("25001", "ALTER TABLE ALTER COLUMN cannot run inside a transaction block")

    async def run(self, plans: list[Plan]) -> None:
        """Run a simple query's statements in order; several of them, outside a block, are one transaction."""
        with self._relay.diverted() as self._inbox:
            await self._run(plans, None)
            self._tell(protocol.pack(b"Z", self._relay.status))

    async def run_bound(self, bound: Bound) -> bool:
        """Run a statement of the extended protocol; whether it succeeded."""
        with self._relay.diverted() as self._inbox:
            return await self._run([bound.plan], bound)

    async def _run(self, plans: list[Plan], bound: Bound | None) -> bool:
        """Each answer is told when its statement is known to have succeeded, the last one after the commit."""
        answer: bytes | None = b""
        for plan in plans:
            self._tell(answer or b"")
            needs_block = len(plans) > 1 or plan.action == "create_as"
            if needs_block and self._relay.status == b"I" and plan.action not in {"begin", "finish"}:
                await self.ask("BEGIN")
                self._implicit_block = True
            answer = await self._perform(plan, bound)
            if answer is None:
                break
        if self._implicit_block:
            self._implicit_block = False
            answer = await self._finished("ROLLBACK" if answer is None else "COMMIT", answer)
        self._tell(answer or b"")
        return answer is not None

    async def examined(self, plans: list[Plan], types: Sequence[int] = ()) -> list[Plan]:
        """A single plan, examined; several are when their turn comes. Only when all is answered. Raises Refusal."""
        if len(plans) > 1 or not plans or not plans[0].query:
            return plans
        with self._relay.diverted() as self._inbox:
            return [await self._examined(plans[0], types)]

    async def _examined(self, plan: Plan, types: Sequence[int] = ()) -> Plan:
        if not plan.query or self._relay.status == b"E":
            return replace(plan, query="")
        return await examine.examined(plan, self, self._relay.status == b"T", types)

    async def _finished(self, how: str, answer: bytes | None) -> bytes | None:
        """The answer, once the transaction has ended; None when that fails."""
        try:
            await self.ask(how)
        except BackendError as error:
            self._tell(self._relay.translated(b"E", protocol.pack_fields(b"E", error.fields)[5:]))
            return None
        return answer

    async def _perform(self, plan: Plan, bound: Bound | None) -> bytes | None:
        """Run a statement: its CommandComplete, not told yet, or None after an error, which is told."""
        if plan.action == "begin" and self._implicit_block:
            self._implicit_block = False
            return protocol.pack(b"C", b"BEGIN\0")
        if plan.action == "finish":
            self._implicit_block = False
        if plan.copy:
            return await self._copy(plan.copy)
        try:
            plan = await self._examined(plan)
        except Refusal as refusal:
            return await self._refuse(refusal)
        answer = await self._show(self.text(plan), bound)
        if answer is not None and plan.action == "truncate" and self._relay.status == b"T":
            self._implicit_block = False
            return await self._finished("COMMIT", answer)
        if answer is not None and plan.action == "create_as":
            return await self._fill(plan, bound)
        return answer

    async def _fill(self, plan: Plan, bound: Bound | None) -> bytes | None:
        """Check a new table's columns and fill it; PostgreSQL knows their types better before it plans the query."""
        columns = await self.ask(created.COLUMNS.format(table=literal(plan.table)))
        if refusal := created.refusal(columns, plan.keys):
            return await self._refuse(refusal)
        if change := created.ends(plan.table, columns):
            await self.ask(change)
        answer = await self._show(plan.fill, bound)
        rows = answer[5:].removeprefix(b"INSERT 0 ") if answer else b""
        return protocol.pack(b"C", b"SELECT " + rows) if answer else answer

    async def _copy(self, statement: CopyStatement) -> bytes | None:
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
            return None
        name = statement.table.split(".")[-1].strip('"')
        loaded = f"Load into table '{name}' completed, {self._last_copy_rows} record(s) loaded successfully."
        self._tell(protocol.pack_info(loaded))
        return protocol.pack(b"C", b"COPY\0")

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

    async def _refuse(self, refusal: Refusal) -> bytes | None:
        return await self._show(self._relay.marker(refusal))

    async def _show(self, text: str, bound: Bound | None = None) -> bytes | None:
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
            self._tell(told)

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

    async def heard(self, text: str) -> list[str]:
        """Run statements for ourselves; the details of the notices that came. Raises BackendError."""
        await self._relay.send_query(text)
        notices: list[str] = []
        await self._collected(notices)
        return notices

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

    def _tell(self, message: bytes) -> None:
        self._relay.client.write(message)
