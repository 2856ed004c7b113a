"""The attempts of a run: `argo retry` makes another of the same run, whose end must not hide how the others ended."""

from datetime import datetime

from movalytics_warehouse.ledger import now
from movalytics_warehouse.redshift.statements import Rows, execute
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name


def note(connection: Connection, run_id: str, started_at: datetime | None, outcome: str, message: str) -> None:
    """Enter how this attempt ended; told by its start (UTC), so that a finish that is tried again enters it once.

    Without a start to be known by it began when the run was planned.
    """
    if not execute(connection, "movies_ops/knows_attempts"):
        return
    started_at = started_at or _planned_at(connection, run_id)
    earlier = attempts(connection, run_id)
    ended = {"run_id": run_id, "outcome": outcome, "message": message, "now": now()}
    same = [row["attempt"] for row in earlier if started_at and row["started_at"] == started_at]
    if same:
        execute(connection, "movies_ops/update_attempt", attempt=same[-1], **ended)
    else:
        execute(connection, "movies_ops/insert_attempt", attempt=len(earlier) + 1, started_at=started_at, **ended)


def attempts(connection: Connection, run_id: str) -> Rows:
    """The run's attempts that ended, the first first: attempt, started_at, finished_at, outcome, message."""
    return execute(connection, "movies_ops/attempts", run_id=run_id)


def _planned_at(connection: Connection, run_id: str) -> datetime | None:
    rows = execute(connection, "movies_ops/known_run", run_id=run_id)
    return rows[0]["planned_at"] if rows else None
