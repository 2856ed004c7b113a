"""What runs still need of the lake: the rule by which retention keeps and takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from movalytics_warehouse.ledger import now
from movalytics_warehouse.plan.condemning import Key
from movalytics_warehouse.plan.holding import held
from movalytics_warehouse.redshift.statements import execute
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.stored import MADE, RAW, Folder

Row = Mapping[str, Any]
# A run that has not ended well may still be at work, or be retried for as long as Argo keeps its Workflow.
UNFINISHED = timedelta(days=7)


@dataclass(frozen=True)
class Needs:
    """The runs that are kept, the curated and raw data that they are about, and when every run was planned.

    `since` is when the oldest of the last published runs was planned; None while nothing is published.
    """

    runs: frozenset[str]
    made: frozenset[Key]
    versions: frozenset[Key]
    planned: Mapping[str, datetime]
    since: datetime | None

    def keep(self, folder: Folder) -> bool:
        """Whether the folder stays. What a run left stays, too, while it is not older than the runs that are kept."""
        if folder.kind == MADE:
            return (folder.owner, folder.key) in self.made
        if folder.kind == RAW:
            return (folder.owner, folder.key) in self.versions
        return folder.key in self.runs or not self._is_old(folder)

    def _is_old(self, folder: Folder) -> bool:
        """By the files themselves for what the ledger does not know: a run that never came to plan, an alarm."""
        moment = self.planned.get(folder.key, folder.written)
        return self.since is not None and (moment is None or moment < self.since)


def read_needs(connection: Connection, keep: int) -> Needs:
    """What is needed now, when the last `keep` published runs are to stay."""
    runs = {row["run_id"]: row for row in execute(connection, "movies_ops/every_run")}
    last = last_published(runs.values(), keep)
    hold = held(connection)
    kept = {*last, *unfinished(runs.values(), now()), *((hold.run_id, hold.restores) if hold else ())} & runs.keys()
    made = execute(connection, "movies_ops/every_made")
    return Needs(
        runs=frozenset(kept),
        made=frozenset((row["application"], row["made"]) for row in made if row["run_id"] in kept),
        versions=frozenset(version for run in kept for version in _versions(runs[run])),
        planned={run: row["planned_at"] for run, row in runs.items()},
        since=min((runs[run]["planned_at"] for run in last), default=None),
    )


def last_published(runs: Iterable[Row], keep: int) -> list[str]:
    """The runs that were published last, of which the first is what the tables hold."""
    published = sorted((run for run in runs if run["published_at"]), key=lambda run: run["published_at"], reverse=True)
    return [run["run_id"] for run in published[:keep]]


def unfinished(runs: Iterable[Row], moment: datetime) -> list[str]:
    """The runs that may still come to something."""
    return [run["run_id"] for run in runs if run["outcome"] != "Succeeded" and run["planned_at"] > moment - UNFINISHED]


def _versions(run: Row) -> Sequence[Key]:
    return [(name.removesuffix("_version"), text) for name, text in run.items() if name.endswith("_version")]
