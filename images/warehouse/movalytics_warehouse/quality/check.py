"""`check`: the checks of the staged rows, or of the published ones with their measures and their history."""

import argparse
from collections.abc import Mapping

from movalytics_common.declaration import tables
from movalytics_common.errors import PublishRefused
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse import partitions
from movalytics_warehouse.derived import measured, metrics
from movalytics_warehouse.ledger import lock, planned_run, published_before, staged_digest
from movalytics_warehouse.quality import check_results
from movalytics_warehouse.quality.checks import Result, Stage
from movalytics_warehouse.quality.scope import scope
from movalytics_warehouse.quality.suite import run_stage
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import execute, execute_rows, execute_text
from movalytics_warehouse.redshift.transactions import in_transaction


def check(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Run the stage's checks, keep all results, then raise ChecksFailed if one of severity error did not pass."""
    connect, stage, run_id = connector(arguments), arguments.stage, arguments.run
    digest = in_transaction(connect, lambda connection: _content(connection, stage, run_id))
    if stage == "published":
        in_transaction(connect, lambda connection: measure(connection, run_id))
    results = in_transaction(connect, lambda connection: _look(connection, stage, run_id))
    in_transaction(connect, lambda connection: _record(connection, stage, run_id, digest, results))
    check_results.write_files(arguments.output, stage, run_id, results)
    return check_results.conclude(stage, run_id, results, arguments.output)


def _content(connection: Connection, stage: Stage, run_id: str) -> str:
    """What is checked, as its digest. Raises MissingInput, PublishRefused when it is not there."""
    run = planned_run(connection, run_id)
    if stage == "staged":
        return staged_digest(connection, run_id)
    if run.published_digest is None:
        raise PublishRefused(f"run {run_id} is not published: there is nothing to check; run publish first")
    return run.published_digest


def _look(connection: Connection, stage: Stage, run_id: str) -> list[Result]:
    history = execute(connection, "movies_ops/count_history", run_id=run_id)[0]["run_count"]
    narrowed = scope(connection, run_id) if stage == "staged" else {}
    connection.commit()
    connection.autocommit = True  # a check that cannot run must not stop the others
    return run_stage(connection, stage, run_id, history, narrowed)


def _record(connection: Connection, stage: Stage, run_id: str, digest: str, results: list[Result]) -> None:
    lock(connection)
    check_results.record(connection, run_id, stage, digest, results)


def measure(connection: Connection, run_id: str) -> None:
    """The published tables' metrics into movies_ops.quality_metric, in place of earlier ones of this run."""
    lock(connection)
    execute(connection, "movies_ops/clear_metrics", run_id=run_id)
    known = _known(connection, run_id)
    rows = [
        {"run_id": run_id, "table_name": name, "metric": metric, "value": value}
        for name, table in tables().items()
        for metric, value in (known.get(name) or execute_text(connection, measured(table))[0]).items()
    ]
    execute_rows(connection, "movies_ops/insert_metric", rows)


def _metrics_of(connection: Connection, run_id: str) -> Mapping[str, Mapping[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for row in execute(connection, "movies_ops/metrics", run_id=run_id):
        found.setdefault(row["table_name"], {})[row["metric"]] = row["value"]
    return found


def _known(connection: Connection, run_id: str) -> Mapping[str, Mapping[str, object]]:
    """Table → its metrics, of divided tables that hold what they held when the run published before was measured.

    The others are measured in no time, and so is seen what control totals do not tell: a 0 that became null.
    """
    run = planned_run(connection, run_id)
    earlier = published_before(connection, run.published_at)
    if not earlier or run.rebuilds:
        return {}
    before = earlier[0]["run_id"]
    new, old = partitions.told(connection, run_id), partitions.told(connection, before)
    found = _metrics_of(connection, before)
    return {
        name: found[name]
        for name, table in tables().items()
        if table.partition
        and found.get(name, {}).keys() == metrics(table).keys()
        and name in new
        and not partitions.moves(new[name], old.get(name))
    }
