"""Inside the publish transaction: what differs moves into the tables."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from movalytics_common.declaration import Table, tables
from movalytics_common.errors import PublishRefused
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse import partitions
from movalytics_warehouse.content import changes, within
from movalytics_warehouse.derived import clear, insert, target
from movalytics_warehouse.ledger import Run, note_table
from movalytics_warehouse.partitions import Content, Contents, Moves, moves, table_digest
from movalytics_warehouse.redshift.statements import execute, execute_text


@dataclass(frozen=True)
class Filling:
    """A run on its way into the tables: what it says of each, what the published run said, and the rows moved."""

    run: Run
    published: Run | None
    new: dict[str, Contents]
    old: Mapping[str, Contents]
    moved: dict[str, int]

    def moves(self, table: str) -> Moves:
        """What must move; everything for a run that rebuilds."""
        return moves(self.new[table], None if self.run.rebuilds else self.old.get(table))

    def kept(self, mart: Table, made_of: str) -> Content | None:
        """What a mart holds, when it was computed from this and may stay."""
        there = self.old.get(mart.name, {}).get("")
        return there if there and there.digest == made_of and not self.run.rebuilds else None

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(content.rows for name in tables() for content in self.new[name].values())


def fill_tables(connection: Connection, run: Run, published: Run | None) -> Filling:
    """Bring every table from what the published run says to what this run says. Raises PublishRefused."""
    old = partitions.told(connection, published.run_id) if published else {}
    filling = Filling(run, published, partitions.told(connection, run.run_id), old, {})
    if lacking := sorted(tables().keys() - filling.new):
        raise PublishRefused(f"nobody noted what is staged of {lacking[0]}: run stage for {run.run_id} again")
    for table in tables().values():
        _fill_table(connection, filling, table)
    return filling


def _fill_table(connection: Connection, filling: Filling, table: Table) -> None:
    """Delete and insert the partitions that differ. Readers see the last committed rows meanwhile."""
    started, moving, contents = time.monotonic(), filling.moves(table.name), filling.new[table.name]
    _note_change(connection, filling, table)
    if moving:
        where = within(table, moving.names)
        execute_text(connection, clear(target(table), where))
        execute_text(connection, insert(table, where))
    rows = sum(content.rows for content in contents.values())
    record(connection, filling.run, table, {"published_rows": rows, "table_digest": table_digest(contents)})
    filling.moved[table.name] = sum(contents[name].rows for name in moving.coming)
    tell(table, rows, filling.moved[table.name], started)


def _note_change(connection: Connection, filling: Filling, table: Table) -> None:
    """How many rows the publication adds, changes and removes, by primary key; all are new when it is the first."""
    key, contents = {"run_id": filling.run.run_id, "table_name": table.name}, filling.new[table.name]
    if filling.published:
        differing = moves(contents, filling.old.get(table.name))
        (counts,) = execute_text(connection, changes(table, differing.names))
    else:
        counts = {"rows_added": sum(one.rows for one in contents.values()), "rows_changed": 0, "rows_removed": 0}
    execute(connection, "movies_ops/clear_change", **key)
    execute(connection, "movies_ops/insert_change", **key, **counts)


def record(connection: Connection, run: Run, table: Table, facts: Mapping[str, object]) -> None:
    note_table(connection, run.run_id, table.name, "movies_ops/record_published", **facts)


def tell(table: Table, rows: object, moved: int, started: float) -> None:
    seconds = round(time.monotonic() - started, 3)
    get_logger().info("filled", table=table.name, rows=rows, moved=moved, seconds=seconds)
