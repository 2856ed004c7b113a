"""Inside the publish transaction, after the tables: the marts that depend on what differs are computed anew."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from movalytics_common.declaration import Table, marts, sql_folder, tables
from movalytics_common.errors import PublishRefused
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse import partitions
from movalytics_warehouse.derived import clear, digest, target
from movalytics_warehouse.ledger import Run
from movalytics_warehouse.load.filling import Filling, record, tell
from movalytics_warehouse.load.reconciling import measured
from movalytics_warehouse.partitions import WAY_OUT, Contents, table_digest
from movalytics_warehouse.redshift.statements import execute, execute_text, file_digests

BEGINNING = date(1, 1, 1)


def fill_marts(connection: Connection, filling: Filling) -> None:
    """Bring every mart to what its SQL makes of the tables. Raises PublishRefused for one that somebody changed."""
    digests = file_digests(sql_folder())
    for mart in marts().values():
        _fill_mart(connection, filling, mart, digests)


def _fill_mart(connection: Connection, filling: Filling, mart: Table, digests: Mapping[str, str]) -> None:
    """Compute a mart when what it reads or its SQL differs; its digest says what it was computed from."""
    started, origin = time.monotonic(), origin_digest(mart, digests, filling.new)
    kept = filling.kept(mart, origin)
    if not kept:
        _compute(connection, filling, mart, digests)
    content = kept or replace(measured(connection, mart), digest=origin)
    filling.new[mart.name], filling.moved[mart.name] = {"": content}, 0 if kept else content.rows
    partitions.note(connection, filling.run.run_id, mart.name, filling.new[mart.name])
    facts = _recorded(connection, filling.published, mart) if kept else _digested(connection, mart)
    record(connection, filling.run, mart, facts)
    tell(mart, content.rows, filling.moved[mart.name], started)


def _compute(connection: Connection, filling: Filling, mart: Table, digests: Mapping[str, str]) -> None:
    """All of it, or the years from which on it differs; those that stay must be what was published."""
    start = event_time_start(filling, mart, digests) if mart.incremental else BEGINNING
    if start != BEGINNING:
        _refuse_edited(connection, filling, mart)
    compute(connection, mart, start)


def _refuse_edited(connection: Connection, filling: Filling, mart: Table) -> None:
    """By its digest: what stays of it is told as right once more. Raises PublishRefused."""
    if _digested(connection, mart) != _recorded(connection, filling.published, mart):
        raise PublishRefused(f"movies.{mart.name} is not what was published: somebody changed it; {WAY_OUT}")


def compute(connection: Connection, mart: Table, start: date = BEGINNING) -> None:
    """Run its publish.sql, an incremental one's from this day on."""
    values = {"event_time_start": start} if mart.incremental else {}
    if mart.incremental and start == BEGINNING:  # somebody may have put rows before it
        execute_text(connection, clear(target(mart)))
    execute(connection, f"{mart.folder}/publish", **values)


def event_time_start(filling: Filling, mart: Table, digests: Mapping[str, str]) -> date:
    """The first day of the first year in which what the mart reads differs; the beginning when anything else does."""
    moving = {name: filling.moves(name) for name in mart.reads}
    divided = all(
        name in tables() and tables()[name].partition and not one.whole for name, one in moving.items() if one
    )
    if not divided or not filling.kept(mart, origin_digest(mart, digests, filling.old)):
        return BEGINNING
    return date(min(int(month[:4]) for one in moving.values() for month in one.going | one.coming), 1, 1)


def origin_digest(mart: Table, digests: Mapping[str, str], contents: Mapping[str, Contents]) -> str:
    """A digest of what the mart reads and of the SQL that says how; views are made by the migrations of all folders."""
    sql = {path: one for path, one in digests.items() if path.startswith(f"{mart.folder}/") or "/ddl/" in path}
    read = {name: table_digest(contents.get(name, {})) for name in mart.reads}
    lines = "".join(f"{name} {one}\n" for name, one in {**sql, **read}.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def _digested(connection: Connection, mart: Table) -> Mapping[str, object]:
    facts = execute_text(connection, digest(mart))[0]
    return {"published_rows": facts["row_count"], "table_digest": facts["table_digest"]}


def _recorded(connection: Connection, published: Run | None, mart: Table) -> Mapping[str, object]:
    """What the published run noted of a mart that it left as it is."""
    rows = execute(connection, "movies_ops/published_tables", run_id=published.run_id if published else "")
    return next(
        {name: row[name] for name in ("published_rows", "table_digest")}
        for row in rows
        if row["table_name"] == mart.name
    )
