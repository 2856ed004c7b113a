"""Carries out a COPY on the client's own connection to the embedded server, in the client's transaction."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from redshift_local.copying.manifest import Entry, local_file, read_manifest
from redshift_local.copying.parquet import HEADER, TRAILER, encoded
from redshift_local.copying.parquet_schema import Target
from redshift_local.embedded.backend import BackendError, Row
from redshift_local.quoting import literal, quoted
from redshift_local.refusal import Refusal
from redshift_local.statements import zone_maps
from redshift_local.statements.copy_statement import CopyStatement

COLUMNS = """
SELECT a.attname, t.typname, CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 END, a.attnotnull, a.attidentity
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = {table}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


class Connection(Protocol):
    """What a COPY needs of the session: to run statements and to stream rows on the client's connection."""

    async def ask(self, text: str) -> list[Row]:
        """Run a statement for ourselves. Raises BackendError."""

    def reading(self) -> AbstractContextManager[None]:
        """While this lasts files are read. Raises Refusal when the client has cancelled the load meanwhile."""

    async def stream(self, text: str, rows: Iterable[bytes]) -> None:
        """Run a COPY FROM STDIN with these rows. Raises BackendError, and whatever `rows` raises."""


class Batches:
    """The manifest's rows as a BINARY COPY stream, and how many there were."""

    def __init__(self, entries: Sequence[Entry], targets: Sequence[Target]) -> None:
        self._entries, self._targets = entries, targets
        self.rows = 0

    def __iter__(self) -> Iterator[bytes]:
        """Header, batches, trailer. Raises LoadFailure."""
        yield HEADER
        for entry in self._entries:
            with local_file(entry) as path:
                if path is None:
                    continue
                for data, rows in encoded(path, entry.url, self._targets):
                    self.rows += rows
                    yield data
        yield TRAILER


async def copy(statement: CopyStatement, connection: Connection) -> int:
    """Load the manifest's files; the number of rows. Raises Refusal, LoadFailure, BackendError."""
    targets = await _targets(statement, connection)
    with connection.reading():
        entries = await asyncio.to_thread(read_manifest, statement.manifest)
    batches = Batches(entries, targets)
    names = ", ".join(quoted(target.name) for target in targets)
    await connection.stream(f"COPY {statement.table} ({names}) FROM STDIN (FORMAT binary)", batches)
    await connection.ask(zone_maps.extend(statement.table, is_copied=True))
    return batches.rows


async def _targets(statement: CopyStatement, connection: Connection) -> list[Target]:
    try:
        rows = await connection.ask(COLUMNS.format(table=literal(statement.table)))
    except BackendError as error:
        if error.code == "42P01":
            raise Refusal("42P01", f"Cannot COPY into nonexistent table {statement.table}".replace('"', "")) from error
        raise
    known = {f'"{row[0]}"': row for row in rows}
    for name in statement.columns:
        if name not in known:
            raise Refusal("42703", f"column {name} of relation {statement.table} does not exist")
    chosen = [known[name] for name in statement.columns] if statement.columns else rows
    return [_target(row) for row in chosen]


def _target(row: Row) -> Target:
    name, type_name, length, not_null, identity = row
    if identity:
        raise Refusal("0A000", f"cannot COPY into the IDENTITY column {name} without EXPLICIT_IDS", "Name the columns.")
    return Target(str(name), str(type_name), int(length) if length else None, not_null == "t")
