"""The sizes as a table for people."""

import sys
from collections.abc import Sequence

from movalytics_common.errors import InvalidSettings

from movalytics_workflows.house import BENCHMARK
from movalytics_workflows.sizing import prices
from movalytics_workflows.sizing.means import DUE, Means, clock, read_means
from movalytics_workflows.sizing.notes import notes
from movalytics_workflows.sizing.plan import Plan, plan
from movalytics_workflows.sizing.rates import RATINGS, read_rates

TIMES = (1, 3, 10, 30, 100)
NAMES = (
    *("rows", "executors", "memory", "shuffle partitions", "transform", "load", "ready", "files", "S3 requests"),
    *("RPUs", "RPU-hours", "$ S3", "$ Spark", "$ Redshift", "$ a run"),
)


def sizing(rows: int | None) -> None:
    """Print the sizes. Raises InvalidSettings, InvalidData, MissingInput."""
    sys.stdout.write(text(rows))


def text(rows: int | None = None) -> str:
    """The table, for one number of ratings or several, and what it rests on.

    Raises InvalidSettings, InvalidData, MissingInput.
    """
    if rows is not None and rows < 1:
        raise InvalidSettings(f"--rows={rows} is no number of ratings: give 1 or more")
    rates, means = read_rates(BENCHMARK), read_means()
    plans = [plan(one, rates, means) for one in ([rows] if rows else [times * rates.rows for times in TIMES])]
    return "\n".join([*table(plans, means), "", *late(plans), notes(rates, means)])


def table(plans: Sequence[Plan], means: Means) -> list[str]:
    """A line of names, and one for each plan; minutes, dollars, and when it is ready."""
    lines = [NAMES, *(cells(one, means) for one in plans)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]


def cells(one: Plan, means: Means) -> tuple[str, ...]:
    """What the table says of a plan, in the order of the names."""
    dollars = prices.dollars(one, means)
    ready = "late" if one.late else clock(means.start + one.total_seconds)
    return (
        *(f"{one.rows:,}", str(one.executors), means.ratings.executor.heap, f"{one.shuffle_partitions:,}"),
        *(f"{one.seconds[RATINGS] / 60:,.1f}", f"{one.load_seconds / 60:,.1f}", ready),
        *(f"{one.files:,}", f"{one.puts + one.gets:,}", str(one.rpus), f"{prices.rpu_hours(one):,.2f}"),
        *(f"{dollars.requests:,.2f}", f"{dollars.spark:,.2f}", f"{dollars.redshift:,.2f}", f"{dollars.together:,.2f}"),
    )


def late(plans: Sequence[Plan]) -> list[str]:
    """A sentence for each plan that is not ready in time, whatever is given to it."""
    found = [f"{one.rows:,} rows cannot be ready by {clock(DUE)}: {'; '.join(one.late)}." for one in plans if one.late]
    return [*found, ""] if found else []
