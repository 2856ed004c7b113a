"""What the ledger tells of a run and of what is in its tables, for people who ask about one or compare two."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from movalytics_common.errors import MissingInput
from movalytics_warehouse import partitions
from movalytics_warehouse.partitions import Difference
from movalytics_warehouse.redshift.statements import execute
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.attempts import attempts

Row = Mapping[str, Any]
USUAL = 10  # published runs whose median says how long one takes


def known_run(connection: Connection, run_id: str) -> Row:
    """The run's row. Raises MissingInput for one that nobody knows, or that is known by its attempts alone."""
    if rows := execute(connection, "movies_ops/known_run", run_id=run_id):
        return rows[0]
    if ended := attempts(connection, run_id):
        why = ended[-1]["message"] or "nobody knows why"
        raise MissingInput(f"run {run_id} ended as {ended[-1]['outcome']} before it was planned: {why}")
    raise MissingInput(f"the warehouse knows no run {run_id}: `movalytics runs` lists those that it knows")


def usual_time(published: Sequence[Row]) -> timedelta | None:
    """The median time from plan to publication; None of no run."""
    seconds = [(run["published_at"] - run["planned_at"]).total_seconds() for run in published]
    return timedelta(seconds=median(seconds)) if seconds else None


def differences(connection: Connection, before: str, after: str) -> list[Difference] | None:
    """The partitions that two runs say different things of; None when one of them says nothing."""
    return partitions.differences(partitions.told(connection, before), partitions.told(connection, after))
