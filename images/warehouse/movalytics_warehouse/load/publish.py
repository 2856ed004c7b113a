"""`publish`: staging into the tables and marts that analysts read, in one transaction, checked before its COMMIT."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg2
from movalytics_common.declaration import marts, tables, tables_and_marts
from movalytics_common.errors import PipelineError, PublishRefused
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.derived import target
from movalytics_warehouse.ledger import (
    Run,
    lock,
    now,
    planned_run,
    published_run,
    refuse_older,
    staged_digest,
)
from movalytics_warehouse.load.filling import Filling, fill_tables
from movalytics_warehouse.load.marts import fill_marts
from movalytics_warehouse.load.reconciling import reconcile
from movalytics_warehouse.quality import check_results
from movalytics_warehouse.quality.checks import Result
from movalytics_warehouse.quality.suite import run_stage
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import execute, execute_text
from movalytics_warehouse.redshift.transactions import first_line, in_transaction


@dataclass(frozen=True)
class Publication:
    """What `publish` did, or found done: the content, the marts' checks, and the rows moved of each table or mart."""

    digest: str
    results: list[Result]
    already: bool = False
    rows: int = 0
    moved: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether it may be committed."""
        return not any(result.is_red for result in self.results)


def publish(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Publish the run, or find that it is published. Raises PublishRefused, ChecksFailed; both leave the old rows."""
    connect, run_id = connector(arguments), arguments.run
    publication = in_transaction(
        connect, lambda connection: publish_run(connection, run_id), keep=lambda publication: publication.is_good
    )
    if not publication.is_good:
        in_transaction(connect, lambda connection: _record(connection, run_id, publication))
    elif not publication.already:
        _analyze(connect)
    check_results.write_files(arguments.output, "marts", run_id, publication.results)
    counts = check_results.conclude("marts", run_id, publication.results, arguments.output)
    facts = {"already_published": publication.already, "rows": publication.rows, "moved": publication.moved}
    return {"run": run_id, **facts, **counts}


def publish_run(connection: Connection, run_id: str) -> Publication:
    """The transaction. Its first look is at the ledger, so that it can run again after a COMMIT of unknown outcome."""
    lock(connection)
    run, published = planned_run(connection, run_id), published_run(connection)
    if published and published.run_id == run_id:
        return _already(connection, published)
    if published:
        refuse_older(run, published, is_older=run.order < published.order)
    content = staged_digest(connection, run_id)
    _refuse_unchecked(connection, run, content)
    filling = fill_tables(connection, run, published)
    fill_marts(connection, filling)
    _reconcile(connection, filling)
    moment = _after(published)
    execute(connection, "movies_ops/mark_published", run_id=run_id, content_digest=content, now=moment)
    publication = Publication(
        content, run_stage(connection, "marts", run_id, 0), rows=filling.rows, moved=filling.moved
    )
    if publication.is_good:
        check_results.record(connection, run_id, "marts", content, publication.results)
    return publication


def _already(connection: Connection, run: Run) -> Publication:
    """The run is what the tables hold. Raises PublishRefused when other data was staged under its name since."""
    digest = str(run.published_digest)
    try:
        staged = staged_digest(connection, run.run_id)
    except PublishRefused:
        staged = digest  # staging serves another run by now
    if staged != digest:
        raise PublishRefused(f"run {run.run_id} is published with other data than is staged: give that a new run id")
    return Publication(digest, check_results.recorded(connection, run.run_id, "marts", digest), already=True)


def _refuse_unchecked(connection: Connection, run: Run, digest: str) -> None:
    verdict = check_results.recorded(connection, run.run_id, "staged", digest)
    if not verdict:
        raise PublishRefused(f"what is staged for run {run.run_id} was not checked: run check --stage=staged first")
    if red := [f"{result.table_name}/{result.check_name}" for result in verdict if result.is_red]:
        raise PublishRefused(f"run {run.run_id} did not pass the checks of stage staged: {', '.join(red[:5])}")


def _reconcile(connection: Connection, filling: Filling) -> None:
    """All tables, and the marts that were kept: those that were computed just now hold what was just measured."""
    for table in tables().values():
        reconcile(connection, table, filling.new[table.name], filling.moves(table.name).names)
    for mart in marts().values():
        if not filling.moves(mart.name):
            reconcile(connection, mart, filling.new[mart.name], frozenset())


def _after(published: Run | None) -> datetime:
    """Now, but later than the last publication even where two machines' clocks differ: the latest one is current."""
    if published is None or published.published_at is None:
        return now()
    return max(now(), published.published_at + timedelta(microseconds=1))


def _record(connection: Connection, run_id: str, publication: Publication) -> None:
    lock(connection)
    check_results.record(connection, run_id, "marts", publication.digest, publication.results)


def _analyze(connect: Callable[[], Connection]) -> None:
    """Fresh statistics for the planner: the run is published with or without them."""
    try:
        in_transaction(connect, _analyze_every_table)
    except (psycopg2.Error, PipelineError) as error:
        get_logger().warning("not_analyzed", error=first_line(error))


def _analyze_every_table(connection: Connection) -> None:
    for table in tables_and_marts():
        execute_text(connection, f"analyze {target(table)}")
