"""`missing-day`: the oldest of some days that has no successful run, which is what backfill brings next."""

import argparse
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from movalytics_common.errors import InvalidSettings, PublishRefused
from movalytics_warehouse.plan.holding import held
from movalytics_warehouse.plan.migrate import migrate
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import execute
from movalytics_warehouse.redshift.transactions import in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

NONE = "none"
MOST = 90  # each day is a recursion of the Workflow, of which Argo takes a hundred


def missing_day(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Put out the day, or `none`. Raises InvalidSettings for what are no days, PublishRefused while somebody holds."""
    days = days_between(arguments.first, arguments.last, datetime.now(UTC).date())
    connect = connector(arguments)
    migrate(connect)
    left = in_transaction(connect, lambda connection: _missing(connection, days))
    day = str(left[0]) if left else NONE
    if arguments.day_to:
        Path(arguments.day_to).write_text(day)
    return {"day": day, "left": len(left)}


def days_between(first: str, last: str, today: date) -> list[date]:
    """The days from the first to the last, both included. Raises InvalidSettings."""
    start, end = _day("from", first), _day("to", last)
    if end > today:
        raise InvalidSettings(f"to={last} is in the future: backfill brings days until today, {today}")
    if start > end:
        raise InvalidSettings(f"from={first} is after to={last}: name the earlier day first")
    days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    if len(days) > MOST:
        raise InvalidSettings(f"from={first} to={last} are {len(days)} days: backfill {MOST} at once at most")
    return days


def _day(name: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise InvalidSettings(f"{name}={text} is no day: write it as YYYY-MM-DD")
    return found


def _missing(connection: Connection, days: list[date]) -> list[date]:
    if hold := held(connection):
        raise PublishRefused(f"{hold.sentence}: release it first, for backfill publishes")
    done = {row["run_date"] for row in execute(connection, "movies_ops/successful_days")}
    return [day for day in days if day not in done]
