"""A run in the ledger: which it is, what it is about, which curated data it takes, and by which SQL."""

from collections.abc import Sequence

from movalytics_common.declaration import sql_folder
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import Run, find_run, now
from movalytics_warehouse.plan.making import Making
from movalytics_warehouse.redshift.statements import execute, execute_rows, file_digests


def register(connection: Connection, asked: Run, made: Sequence[Making]) -> None:
    """Enter the run, or what it is about by now, and the keys of its curated data: retention leaves them alone now."""
    _enter(connection, asked)
    execute(connection, "movies_ops/clear_made", run_id=asked.run_id)
    for one in made:
        key = {"application": one.application, "made": one.made}
        execute(connection, "movies_ops/insert_made", run_id=asked.run_id, **key)
        execute(connection, "movies_ops/spare", **key)
    execute(connection, "movies_ops/clear_code", run_id=asked.run_id)
    code = [
        {"run_id": asked.run_id, "path": path, "digest": digest} for path, digest in file_digests(sql_folder()).items()
    ]
    execute_rows(connection, "movies_ops/insert_code", code)


def _enter(connection: Connection, asked: Run) -> None:
    values = {
        "run_id": asked.run_id,
        "movies_version": asked.movies_version,
        "cpi_version": asked.cpi_version,
        "code_digest": asked.code_digest,
        "forced": asked.forced,
        "rebuilds": asked.rebuilds,
        "now": now(),
        "run_date": asked.run_date,
        "sample": asked.sample,
        "allowed": asked.allowed,
    }
    if find_run(connection, asked.run_id):
        execute(connection, "movies_ops/update_run", **values)
        return
    attempt = execute(connection, "movies_ops/next_attempt")[0]["attempt"]
    execute(connection, "movies_ops/insert_run", attempt=attempt, **values)
