"""`show`: one run, from the day it was for to what it changed in the tables."""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from movalytics_warehouse.ledger import made_for, published_before
from movalytics_warehouse.partitions import Difference
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import Rows, execute
from movalytics_warehouse.redshift.transactions import in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.attempts import attempts
from movalytics_operations.history import (
    USUAL,
    Row,
    differences,
    known_run,
    usual_time,
)
from movalytics_operations.terminal import count, duration, moment, section, table

COLUMNS = {
    "rows_in": "in",
    "rows_out": "accepted",
    "rows_merged": "merged",
    "rows_rejected": "rejected",
    "published_rows": "published",
    "rows_added": "added",
    "rows_changed": "changed",
    "rows_removed": "removed",
}
MOST_PARTITIONS = 20


def show(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Print what is known of the run on standard output. Raises MissingInput for a run that nobody knows."""
    sections = in_transaction(connector(arguments), lambda connection: told(connection, arguments.run))
    sys.stdout.write("\n".join(sections))
    return {"run": arguments.run}


def told(connection: Connection, run_id: str) -> list[str]:
    """Sections of lines, those that have something to tell."""
    run = known_run(connection, run_id)
    earlier = published_before(connection, run["published_at"] or run["planned_at"], USUAL)
    ended = attempts(connection, run_id)
    found = [
        table(_head(run, ended, earlier)),
        section("Attempts", _attempts(ended)),
        section("Made of the sources", sorted(made_for(connection, run_id).items())),
        section("Rows", _rows(execute(connection, "movies_ops/run_tables", run_id=run_id))),
        _partitions(connection, run, earlier),
        section("Checks that object", _objections(execute(connection, "movies_ops/objections", run_id=run_id))),
    ]
    return [one for one in found if one]


def _head(run: Row, ended: Rows, earlier: Rows) -> list[tuple[str, str]]:
    lines = {
        "run": run["run_id"],
        "day": str(run["run_date"] or ""),
        "planned": moment(run["planned_at"]),
        "published": _published(run, usual_time(earlier)),
        "finished": moment(ended[-1]["finished_at"]) if ended else "",
        "outcome": run["outcome"] or "not over",
        "why": run["message"] or "",
        "restores": run["restores"] or "",
        "movies": run["movies_version"],
        "CPI": run["cpi_version"],
        "code": run["code_digest"][:12],
        "forced": "yes" if run["forced"] else "",
        "sample": run["sample"],
        "allowed": run["allowed"],
    }
    return [(name, text) for name, text in lines.items() if text]


def _published(run: Row, usual: timedelta | None) -> str:
    if run["published_at"] is None:
        return "never"
    took = duration(run["published_at"] - run["planned_at"])
    compared = f", usually {duration(usual)}" if usual is not None else ""
    return f"{moment(run['published_at'])} ({took} after it was planned{compared})"


def _attempts(ended: Rows) -> list[tuple[str, ...]]:
    rows = [(str(one["attempt"]), _span(one["started_at"], one["finished_at"]), *_end(one)) for one in ended]
    return [("", "when (UTC)", "outcome", "why"), *rows] if rows else []


def _span(started_at: datetime | None, finished_at: datetime) -> str:
    took = f" in {duration(finished_at - started_at)}" if started_at else ""
    return f"{finished_at:%Y-%m-%d %H:%M}{took}"


def _end(attempt: Row) -> tuple[str, str]:
    return attempt["outcome"], attempt["message"]


def _rows(tables: Rows) -> list[tuple[str, ...]]:
    rows = [(row["table_name"], *(count(row[column]) for column in COLUMNS)) for row in tables]
    return [("", *COLUMNS.values()), *rows] if rows else []


def _partitions(connection: Connection, run: Row, earlier: Rows) -> str:
    if not earlier or run["published_at"] is None:
        return ""
    before = earlier[0]["run_id"]
    return section(
        f"Partitions that differ from {before}", partition_rows(differences(connection, before, run["run_id"]))
    )


def partition_rows(found: Sequence[Difference] | None) -> list[tuple[str, ...]]:
    """A row for each partition, of many the first only; none when nothing is known or nothing differs."""
    rows = [(one.table_name, one.partition_name, count(one.rows_before), count(one.rows_after)) for one in found or ()]
    more = [(f"and {len(rows) - MOST_PARTITIONS:,} more", "", "", "")] if len(rows) > MOST_PARTITIONS else []
    return [("", "partition", "rows before", "rows after"), *rows[:MOST_PARTITIONS], *more] if rows else []


def _objections(checks: Iterable[Row]) -> list[tuple[str, ...]]:
    rows = [
        (
            "red" if check["severity"] == "error" else "warned",
            check["stage"],
            f"{check['table_name']}/{check['check_name']}",
            "could not run" if check["state"] == "error" else f"{count(check['violations'])} rows",
        )
        for check in checks
    ]
    return [("", "stage", "check", "found"), *rows] if rows else []
