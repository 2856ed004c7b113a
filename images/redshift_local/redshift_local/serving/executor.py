"""Runs statements one by one for the client, where relaying their text alone would not be Redshift's meaning."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from redshift_local import protocol
from redshift_local.embedded import backend
from redshift_local.embedded.backend import BackendError
from redshift_local.examining import create_table_as, examine
from redshift_local.quoting import literal
from redshift_local.refusal import LoadFailure, Refusal
from redshift_local.serving.conversation import Conversation
from redshift_local.serving.relay import Relay
from redshift_local.statements.copy_statement import CopyStatement
from redshift_local.statements.plan import Bound, Plan


class Executor:
    """Carries out plans that are more than a text to be relayed."""

    def __init__(self, relay: Relay, sockets: Path, database: str, user: str) -> None:
        self._relay, self._sockets, self._database, self._user = relay, sockets, database, user
        self._conversation = Conversation(relay)
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

    def check_stand_alone(self, plans: Sequence[Plan]) -> None:
        """Raises Refusal when a statement that must stand alone does not. Only when all is answered."""
        if len(plans) > 1 or self._relay.status != b"I":
            raise Refusal("25001", "ALTER TABLE ALTER COLUMN cannot run inside a transaction block")

    def cancel_load(self) -> bool:
        """Cancel the load that reads files; False when none does, so that the embedded server is to be asked."""
        return self._conversation.cancel_load()

    async def run(self, plans: Sequence[Plan]) -> None:
        """Run a simple query's statements in order; several of them, outside a block, are one transaction."""
        with self._conversation.open():
            await self._run(plans, None)
            self._conversation.send_to_client(protocol.pack(b"Z", self._relay.status))

    async def run_bound(self, bound: Bound) -> bool:
        """Run a statement of the extended protocol; whether it succeeded."""
        with self._conversation.open():
            return await self._run([bound.plan], bound)

    async def _run(self, plans: Sequence[Plan], bound: Bound | None) -> bool:
        """Each answer is told when its statement is known to have succeeded, the last one after the commit."""
        answer: bytes | None = b""
        for plan in plans:
            self._conversation.send_to_client(answer or b"")
            needs_block = len(plans) > 1 or plan.action == "create_as"
            if needs_block and self._relay.status == b"I" and plan.action not in {"begin", "finish"}:
                await self._conversation.ask("BEGIN")
                self._implicit_block = True
            answer = await self._perform(plan, bound)
            if answer is None:
                break
        if self._implicit_block:
            self._implicit_block = False
            answer = await self._finished("ROLLBACK" if answer is None else "COMMIT", answer)
        self._conversation.send_to_client(answer or b"")
        return answer is not None

    async def examined(self, plans: Sequence[Plan], types: Sequence[int] = ()) -> Sequence[Plan]:
        """A single plan, examined; several are when their turn comes. Only when all is answered. Raises Refusal."""
        if len(plans) > 1 or not plans or not plans[0].query:
            return plans
        with self._conversation.open():
            return [await self._examined(plans[0], types)]

    async def _examined(self, plan: Plan, types: Sequence[int] = ()) -> Plan:
        if not plan.query or self._relay.status == b"E":
            return replace(plan, query="")
        return await examine.examined(plan, self._conversation, self._relay.status == b"T", types)

    async def _finished(self, how: str, answer: bytes | None) -> bytes | None:
        """The answer, once this has ended the statement or its transaction; None when that fails, which is told."""
        try:
            await self._conversation.ask(how)
        except BackendError as error:
            self._conversation.send_to_client(
                self._relay.translated(b"E", protocol.pack_fields(b"E", error.fields)[5:])
            )
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
        answer = await self._conversation.show(self.text(plan), bound)
        return answer if answer is None else await self._followed(plan, bound, answer)

    async def _followed(self, plan: Plan, bound: Bound | None, answer: bytes) -> bytes | None:
        """Do what a statement that has succeeded asks for besides: its CommandComplete, or None after an error."""
        if plan.action == "truncate" and self._relay.status == b"T":
            self._implicit_block = False
            return await self._finished("COMMIT", answer)
        if plan.action == "create_as":
            return await self._fill(plan, bound)
        return await self._finished(plan.afterwards, answer) if plan.afterwards else answer

    async def _fill(self, plan: Plan, bound: Bound | None) -> bytes | None:
        """Check a new table's columns and fill it; PostgreSQL knows their types better before it plans the query."""
        columns = await self._conversation.ask(create_table_as.COLUMNS.format(table=literal(plan.table)))
        if refusal := create_table_as.refusal(columns, plan.keys):
            return await self._refuse(refusal)
        if change := create_table_as.ends(plan.table, columns):
            await self._conversation.ask(change)
        answer = await self._conversation.show(plan.fill, bound)
        rows = answer[5:].removeprefix(b"INSERT 0 ") if answer else b""
        return protocol.pack(b"C", b"SELECT " + rows) if answer else answer

    async def _copy(self, statement: CopyStatement) -> bytes | None:
        from redshift_local.copying import load  # noqa: PLC0415 with pyarrow and boto3, it loads slower than the server starts

        self._copies += 1
        try:
            self._last_copy_rows = await load.copy(statement, self._conversation)
        except Refusal as refusal:
            return await self._refuse(refusal)
        except LoadFailure as failure:
            await self._note(failure, statement.table)
            return await self._refuse(failure.refusal)
        except BackendError as error:
            self._conversation.send_to_client(
                self._relay.translated(b"E", protocol.pack_fields(b"E", error.fields)[5:])
            )
            return None
        name = statement.table.split(".")[-1].strip('"')
        loaded = f"Load into table '{name}' completed, {self._last_copy_rows} record(s) loaded successfully."
        self._conversation.send_to_client(protocol.pack_info(loaded))
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
        return await self._conversation.show(self._relay.marker(refusal))
