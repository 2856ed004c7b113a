"""What Prometheus is told of a run that is over: numbers from the ledger, each in a file that Argo reads."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.ledger import CPI_VERSION, Run, find_run, published_run
from movalytics_warehouse.redshift.statements import execute
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

UNKNOWN = float("nan")
NAMES = {
    *("rows-accepted", "rows-merged", "rows-rejected"),
    *("errors-passed", "errors-failed", "warnings-passed", "warnings-failed"),
    *("ratings-until", "prices-until", "published-at", "ready-after"),
}
_TWO_DAYS = timedelta(days=2)


def add_measures(parser: argparse.ArgumentParser) -> None:
    """`--measure`, which numbers are written where, and `--time-zone`, where a day begins."""
    parser.add_argument(
        "--measure", default=[], action="append", nargs=2, metavar=("NAME", "PATH"), help="file that gets this number"
    )
    parser.add_argument("--time-zone", default="Etc/UTC", metavar="ZONE", help="where a day begins, an IANA name")


def write_measures(arguments: argparse.Namespace, measures: Mapping[str, float]) -> None:
    """Write each that is asked for, NaN for what nobody knows. Raises InvalidSettings for a name that there is not."""
    for name, path in arguments.measure:
        if name not in NAMES:
            raise InvalidSettings(f"--measure {name}: there are {', '.join(sorted(NAMES))}")
        Path(path).write_text(f"{measures.get(name, UNKNOWN):.15g}")


def measured(connection: Connection, arguments: argparse.Namespace) -> Mapping[str, float]:
    """Numbers by their names. Rows and checks are the run's own if it has any, else those of what is published."""
    run, published = find_run(connection, arguments.run), published_run(connection)
    found = _counts(connection, arguments.run) or (_counts(connection, published.run_id) if published else {})
    if published:
        found |= _moments(connection, published)
    if run and run.run_date and arguments.status == "Succeeded":
        midnight = datetime.combine(run.run_date, time.min, ZoneInfo(arguments.time_zone))
        passed = datetime.now(UTC) - midnight
        found["ready-after"] = passed.total_seconds() if passed < _TWO_DAYS else UNKNOWN  # a day that is brought later
    return found


def _counts(connection: Connection, run_id: str) -> dict[str, float]:
    rows = execute(connection, "movies_ops/measured_rows", run_id=run_id)
    checks = execute(connection, "movies_ops/measured_checks", run_id=run_id)
    if not rows and not checks:
        return {}
    kinds = {"error": "errors", "warn": "warnings"}
    found = {f"{kind}-{outcome}": 0.0 for kind in kinds.values() for outcome in ("passed", "failed")}
    found |= {f"{kinds[row['severity']]}-{row['outcome']}": float(row["checks"]) for row in checks}
    return found | {f"rows-{name}": float(count) for row in rows for name, count in row.items()}


def _moments(connection: Connection, published: Run) -> dict[str, float]:
    found = {}
    if published.published_at:
        found["published-at"] = published.published_at.replace(tzinfo=UTC).timestamp()
    if month := CPI_VERSION.fullmatch(published.cpi_version):
        found["prices-until"] = _begin(month[1][:7])
    for row in execute(connection, "movies_ops/newest_partition", run_id=published.run_id):
        found["ratings-until"] = _begin(row["partition_name"])
    return found


def _begin(month: str) -> float:
    """When a month as 2022-04 begins, in Unix seconds."""
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).timestamp()
