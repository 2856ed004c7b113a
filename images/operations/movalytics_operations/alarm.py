"""`alarm`: has this day a successful run by now? If not somebody is told, and the step fails with what is known."""

import argparse
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import psycopg2
from movalytics_common.errors import DeadlineMissed, PipelineError
from movalytics_warehouse.plan.day import due_day
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import execute
from movalytics_warehouse.redshift.transactions import first_line, in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.notify import notify, unless_told

Row = Mapping[str, Any]


def alarm(arguments: argparse.Namespace) -> Mapping[str, object]:
    """The day's successful run. Raises DeadlineMissed when there is none, and what keeps the ledger from answering."""
    day = due_day(arguments, datetime.now(UTC))
    try:
        run_id = in_transaction(connector(arguments), lambda connection: successful_run(connection, day))
    except DeadlineMissed as late:
        _tell(arguments.notify, day, str(late))
        raise
    except (PipelineError, psycopg2.Error) as error:
        _tell(unless_told(arguments), day, f"nobody knows whether {day} has a successful run: {first_line(error)}")
        raise
    return {"run_date": day, "run": run_id}


def successful_run(connection: Connection, day: date) -> str:
    """The name of the day's last successful run. Raises DeadlineMissed."""
    if not execute(connection, "movies_ops/knows_run_dates"):
        raise DeadlineMissed(late(day, [], []))
    runs = execute(connection, "movies_ops/runs_for_date", run_date=day)
    for run in runs:
        if run["outcome"] == "Succeeded":
            return str(run["run_id"])
    raise DeadlineMissed(late(day, runs, execute(connection, "movies_ops/last_success")))


def late(day: date, runs: Sequence[Row], successes: Sequence[Row]) -> str:
    """The sentence: `runs` are the day's, `successes` any day's, both the newest first."""
    today = _ended(runs[0]) if runs else "no run was planned for it"
    last = f"{successes[0]['run_id']} for {successes[0]['run_date']}" if successes else "none yet"
    return f"{day} has no successful run: {today}; the last successful run is {last}: look at `argo list`"


def _ended(run: Row) -> str:
    if run["outcome"] is None:
        return f"its last run {run['run_id']} has not ended"
    reason = f" ({run['message']})" if run["message"] else ""
    return f"its last run {run['run_id']} ended as {run['outcome']}{reason}"


def _tell(url: str, day: date, message: str) -> None:
    notify(url, {"status": "Late", "run_date": str(day), "message": message})
