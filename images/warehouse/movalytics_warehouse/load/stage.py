"""`stage`: a run's curated files into schema movies_staging, table by table: what lies there already stays."""

import argparse
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial

import psycopg2
from movalytics_common import lake
from movalytics_common.declaration import tables
from movalytics_common.errors import InvalidData, InvalidSettings, PublishRefused
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse import derived, partitions
from movalytics_warehouse.content import within
from movalytics_warehouse.ledger import Run, content_digest, lock, note_table, now, planned_run
from movalytics_warehouse.load.copy_failures import failure
from movalytics_warehouse.load.manifest import Account, Manifest, read_manifest
from movalytics_warehouse.partitions import WAY_OUT, Moves
from movalytics_warehouse.plan.allowance import parse_allowance, raised
from movalytics_warehouse.plan.ceilings import declared
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.rendering import render, role_clause, source_literal
from movalytics_warehouse.redshift.statements import execute, execute_rows, execute_text
from movalytics_warehouse.redshift.transactions import in_transaction, is_transient, named


def stage(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Load all tables, each in a transaction of its own. Raises MissingInput, InvalidData, PublishRefused."""
    connect, role = connector(arguments), role_clause(arguments.copy_role)
    folders = _folders(arguments.input)
    # All manifests first: a table that is not ready must not cost the load of the others.
    manifests = [read_manifest(folders[table.application], name) for name, table in tables().items()]
    run = in_transaction(connect, lambda connection: _begin(connection, arguments.run, manifests))
    total, done, copied, reported = sum(manifest.rows_out for manifest in manifests), 0, {}, time.monotonic()
    for manifest in manifests:
        started = time.monotonic()
        job = Job(run, manifest, lake.join(arguments.output, f"{manifest.table}.manifest"), role)
        copied[manifest.table] = in_transaction(connect, partial(load, job=job))
        seconds, done = round(time.monotonic() - started, 3), done + manifest.rows_out
        rows = {"rows": manifest.rows_out, "copied": copied[manifest.table]}
        get_logger().info("staged", table=manifest.table, **rows, seconds=seconds)
        if time.monotonic() - reported >= 1:
            reported = time.monotonic()
            get_logger().info("progress", done=done, total=total, unit="rows")
    in_transaction(connect, lambda connection: _end(connection, arguments.run))
    return {"rows": total, "copied": sum(copied.values()), "tables": {m.table: m.rows_out for m in manifests}}


def _folders(inputs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Application → what it made. Raises InvalidSettings when one is not told."""
    folders = dict(inputs)
    for table in tables().values():
        if table.application not in folders:
            raise InvalidSettings(f"stage is not told where {table.application} made {table.name}: add --input")
    return folders


def _begin(connection: Connection, run_id: str, manifests: list[Manifest]) -> Run:
    """The run; refuse other content under the name of one that was published, note what it may lose."""
    lock(connection)
    run = planned_run(connection, run_id)
    digest = content_digest({manifest.table: manifest.digest for manifest in manifests})
    if run.published_digest not in {None, digest}:
        raise PublishRefused(f"run {run_id} was published with other data: give the new data a new run id")
    _note_ceilings(connection, run)
    return run


def _note_ceilings(connection: Connection, run: Run) -> None:
    """The declared ceilings and those raised for this run, and the spans: what its accounts are judged by."""
    declaration = declared()
    allowed = parse_allowance(run.allowed, declaration.ceilings)
    execute(connection, "movies_ops/clear_ceilings", run_id=run.run_id)
    key = {"run_id": run.run_id}
    ceilings = [key | asdict(one) for one in raised(declaration.ceilings, allowed)]
    execute_rows(connection, "movies_ops/insert_ceiling", ceilings)
    execute_rows(connection, "movies_ops/insert_span", [key | asdict(one) for one in declaration.spans])


def _end(connection: Connection, run_id: str) -> None:
    lock(connection)
    execute(connection, "movies_ops/mark_staged", run_id=run_id, now=now())


@dataclass(frozen=True)
class Job:
    """A table to stage for a run: `uri` is the place of a manifest of what must be copied of it."""

    run: Run
    manifest: Manifest
    uri: str
    role: str


def load(connection: Connection, job: Job) -> int:
    """One table: replace in staging what differs, count all, and note it in the ledger; the rows copied."""
    lock(connection)
    manifest, table = job.manifest, tables()[job.manifest.table]
    moves = _moves(connection, job)
    if moves:
        execute_text(connection, derived.clear(derived.staging(table), within(table, moves.names)))
    if moves.coming:
        _copy(connection, job, moves)
    staged = execute_text(connection, derived.count(derived.staging(table)))[0]["row_count"]
    if staged != manifest.rows_out:
        raise InvalidData(
            f"there are {staged} staged rows of {manifest.table} where {manifest.uri} promises {manifest.rows_out}: "
            f"{WAY_OUT}"
        )
    _record(connection, job.run.run_id, manifest, staged)
    return sum(manifest.contents[name].rows for name in moves.coming)


def _moves(connection: Connection, job: Job) -> Moves:
    """What differs from what lies in staging; all of it for a run that rebuilds, or when nobody knows what does."""
    staged_by = {row["table_name"]: row["run_id"] for row in execute(connection, "movies_ops/staging_content")}
    there = partitions.told(connection, staged_by.get(job.manifest.table)).get(job.manifest.table)
    return partitions.moves(job.manifest.contents, None if job.run.rebuilds else there)


def _copy(connection: Connection, job: Job, moves: Moves) -> None:
    lake.write_bytes(job.uri, job.manifest.of(moves.coming))
    statement = derived.copy(tables()[job.manifest.table])
    try:
        execute_text(connection, render(statement, {"copy_source": source_literal(job.uri), "copy_role": job.role}))
    except psycopg2.Error as error:
        if is_transient(error) or named(error) is not error:  # which says nothing of the data
            raise
        raise failure(error, f"COPY of {job.manifest.table} from {job.manifest.uri}") from error


def _record(connection: Connection, run_id: str, manifest: Manifest, staged: int) -> None:
    for account in (manifest.account, *manifest.inputs):
        _note_account(connection, run_id, account)
    partitions.note(connection, run_id, manifest.table, manifest.contents)
    key = {"run_id": run_id, "table_name": manifest.table}
    execute(connection, "movies_ops/record_staged", **key, manifest_digest=manifest.digest, staged_rows=staged)
    execute(connection, "movies_ops/set_staging_content", **key, manifest_digest=manifest.digest, now=now())


def _note_account(connection: Connection, run_id: str, account: Account) -> None:
    note_table(
        connection,
        run_id,
        account.name,
        "movies_ops/record_account",
        rows_in=account.rows_in,
        rows_out=account.rows_out,
        rows_rejected=sum(account.rejected.values()),
        rows_merged=sum(account.merged.values()),
    )
    key = {"run_id": run_id, "table_name": account.name}
    execute(connection, "movies_ops/clear_rejected", **key)
    rows = [
        key | {"kind": kind, "reason": reason, "row_count": count}
        for kind, reasons in account.reasons.items()
        for reason, count in reasons.items()
    ]
    execute_rows(connection, "movies_ops/insert_rejected", rows)
