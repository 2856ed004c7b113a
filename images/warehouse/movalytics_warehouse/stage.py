"""`stage`: a run's curated files into schema movies_staging, table by table, by COPY and manifest."""

import argparse
import time
from collections.abc import Mapping
from functools import partial

import psycopg2
from movalytics_common.errors import InvalidData, PublishRefused
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import content_digest, lock, note_table, now, planned_run
from movalytics_warehouse.manifest import Manifest, read_manifest
from movalytics_warehouse.options import connector
from movalytics_warehouse.rendering import render, role_clause, source_literal
from movalytics_warehouse.statements import execute, execute_text, sql_folder, statements
from movalytics_warehouse.tables import TABLES
from movalytics_warehouse.transactions import first_line, in_transaction, is_transient


def stage(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Load all six tables, each in a transaction of its own. Raises MissingInput, InvalidData, PublishRefused."""
    connect, role = connector(arguments), role_clause(arguments.copy_role)
    # All manifests first: a table that is not ready must not cost the load of the others.
    manifests = [read_manifest(arguments.input, table, arguments.run) for table in TABLES]
    in_transaction(connect, lambda connection: _begin(connection, arguments.run, manifests))
    total, done, reported = sum(manifest.rows_out for manifest in manifests), 0, time.monotonic()
    for manifest in manifests:
        started = time.monotonic()
        in_transaction(connect, partial(load, run_id=arguments.run, manifest=manifest, role=role))
        seconds, done = round(time.monotonic() - started, 3), done + manifest.rows_out
        get_logger().info("staged", table=manifest.table, rows=manifest.rows_out, seconds=seconds)
        if time.monotonic() - reported >= 1:
            reported = time.monotonic()
            get_logger().info("progress", done=done, total=total, unit="rows")
    in_transaction(connect, lambda connection: _end(connection, arguments.run))
    return {
        "rows": total,
        "tables": {m.table: m.rows_out for m in manifests},
    }


def _begin(connection: Connection, run_id: str, manifests: list[Manifest]) -> None:
    """Refuse other content under the name of a run that was published."""
    run = planned_run(connection, run_id)
    digest = content_digest({manifest.table: manifest.digest for manifest in manifests})
    if run.published_digest not in {None, digest}:
        raise PublishRefused(f"run {run_id} was published with other data: give the new data a new run id")


def _end(connection: Connection, run_id: str) -> None:
    lock(connection)
    execute(connection, "movies_ops/mark_staged", run_id=run_id, now=now())


def load(connection: Connection, run_id: str, manifest: Manifest, role: str) -> None:
    """One table: empty its staging, COPY, count, and note all of it in the ledger."""
    lock(connection)
    execute(connection, f"{manifest.table}/clear_staging")
    _copy(connection, manifest, role)
    staged = execute(connection, f"{manifest.table}/count_staging")[0]["row_count"]
    if staged != manifest.rows_out:
        raise InvalidData(
            f"COPY loaded {staged} rows of {manifest.table} where {manifest.uri} promises {manifest.rows_out}: "
            "run the transform again"
        )
    _record(connection, run_id, manifest, staged)


def _copy(connection: Connection, manifest: Manifest, role: str) -> None:
    (statement,) = statements(sql_folder() / manifest.table / "copy.sql")
    try:
        execute_text(connection, render(statement, {"copy_source": source_literal(manifest.uri), "copy_role": role}))
    except psycopg2.Error as error:
        if is_transient(error):
            raise
        raise InvalidData(f"COPY of {manifest.table} from {manifest.uri} failed: {first_line(error)}") from error


def _record(connection: Connection, run_id: str, manifest: Manifest, staged: int) -> None:
    note_table(
        connection,
        run_id,
        manifest.table,
        "movies_ops/record_staged",
        manifest_digest=manifest.digest,
        rows_in=manifest.rows_in,
        rows_out=manifest.rows_out,
        rows_rejected=manifest.rows_rejected,
        staged_rows=staged,
    )
    key = {"run_id": run_id, "table_name": manifest.table}
    execute(connection, "movies_ops/clear_rejected", **key)
    for reason, count in manifest.rejected.items():
        execute(connection, "movies_ops/insert_rejected", **key, reason=reason, row_count=count)
    execute(connection, "movies_ops/set_staging_content", **key, manifest_digest=manifest.digest, now=now())
