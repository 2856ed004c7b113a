"""`runs`: which runs there were, the newest first, what became of them, and which one the tables hold."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from movalytics_warehouse.ledger import published_run
from movalytics_warehouse.plan.holding import held
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import execute
from movalytics_warehouse.redshift.transactions import in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.terminal import table

# A run that never came to plan is listed by when it began.
HEAD = ("run", "day", "planned (UTC)", "outcome", "movies", "CPI until", "rows", "remark")


def runs(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Print the last `--most` runs as a table on standard output."""
    rows = in_transaction(connector(arguments), lambda connection: listed(connection, arguments.most))
    sys.stdout.write(table([HEAD, *rows]))
    return {"runs": len(rows)}


def listed(connection: Connection, most: int) -> list[tuple[str, ...]]:
    """A row of texts for each run."""
    published, hold = published_run(connection), held(connection)
    current = published.run_id if published else ""
    sentence = hold.sentence if hold else ""
    known = [
        *execute(connection, "movies_ops/runs", most=most),
        *execute(connection, "movies_ops/never_planned", most=most),
    ]
    newest = sorted(known, key=lambda run: run["planned_at"], reverse=True)[:most]
    return [_row(run, current, sentence) for run in newest]


def _row(run: Mapping[str, Any], current: str, hold: str) -> tuple[str, ...]:
    is_current = run["run_id"] == current
    remarks = [
        "the tables hold it" if is_current else "",
        f"restores {run['restores']}" if run["restores"] else "",
        hold if is_current else "",
    ]
    return (
        run["run_id"],
        str(run["run_date"] or ""),
        f"{run['planned_at']:%Y-%m-%d %H:%M}",
        _outcome(run),
        run["movies_version"],
        run["cpi_version"][:7],
        f"{run['published_rows']:,}" if run["published_rows"] is not None else "",
        "; ".join(filter(None, remarks)),
    )


def _outcome(run: Mapping[str, Any]) -> str:
    if run["outcome"] == "Succeeded" and run["published_at"] is None:
        return "nothing new"  # or held
    return str(run["outcome"] or "not over")
