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

from movalytics_operations import notices
from movalytics_operations.messages import Message

Row = Mapping[str, Any]


def alarm(arguments: argparse.Namespace) -> Mapping[str, object]:
    """The day's successful run. Raises DeadlineMissed when there is none, and what keeps the ledger from answering."""
    day, has_told = due_day(arguments, datetime.now(UTC)), notices.has_told(arguments)
    try:
        run_id = in_transaction(connector(arguments), lambda connection: successful_run(connection, day))
    except DeadlineMissed as late:
        _tell(arguments, day, "late", "Late", str(late))
        raise
    except (PipelineError, psycopg2.Error) as error:
        if not has_told:
            unknown = f"nobody knows whether {day} has a successful run: {first_line(error)}"
            _tell(arguments, day, "late", "Late", unknown, is_known=False)
        raise
    if has_told:
        _tell(arguments, day, "recovery", "Succeeded", f"{day} has the successful run {run_id} after all")
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


def _tell(
    arguments: argparse.Namespace, day: date, event: str, status: str, text: str, *, is_known: bool = True
) -> None:
    about = {"status": status, "run_date": str(day)}
    message = Message(event, notices.source(arguments), text, about, (str(day),))
    notices.tell([message], connector(arguments) if is_known else None)
