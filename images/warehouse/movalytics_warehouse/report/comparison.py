"""A run and the one published before it side by side, as the ledger knows both."""

from collections.abc import Mapping

from movalytics_common.declaration import marts
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse import partitions
from movalytics_warehouse.ledger import answers, planned_run, published_before
from movalytics_warehouse.partitions import Difference
from movalytics_warehouse.redshift.statements import execute
from movalytics_warehouse.report.changes import Changes, Moved, Replaced, replaced
from movalytics_warehouse.report.facts import Run


def read_changes(connection: Connection, run: Run) -> Changes:
    """What the run changed. Its answers have to be in the ledger before."""
    moment = run.published_at or run.planned_at
    earlier = published_before(connection, moment)
    if not earlier:
        return Changes()
    before = str(earlier[0]["run_id"])
    found = partitions.differences(partitions.told(connection, before), partitions.told(connection, run.run_id))
    return Changes(
        before=before,
        sources=replaced(_made_of(connection, before), _made_of(connection, run.run_id)),
        moved=_moved(connection, run.run_id),
        partitions=None if found is None else [one for one in found if one.table_name not in marts()],
        marts=_marts(connection, run.run_id, found),
        answers=_answers(connection, before, run.run_id),
    )


def _made_of(connection: Connection, run_id: str) -> Mapping[str, str]:
    run = planned_run(connection, run_id)
    return {
        "Film data, version": run.movies_version,
        "Price data, version": run.cpi_version,
        "Code, digest": run.code_digest[:16],
        "Sample": run.sample or "all there is",
        "Allowed losses": run.allowed or "none",
    }


def _moved(connection: Connection, run_id: str) -> list[Moved] | None:
    """The tables whose rows the publication changed; None when nobody noted any."""
    columns = ("table_name", "rows_added", "rows_changed", "rows_removed")
    rows = execute(connection, "movies_ops/run_tables", run_id=run_id)
    noted = [Moved(*(row[column] for column in columns)) for row in rows if row["rows_added"] is not None]
    return [one for one in noted if one.rows] if noted else None


def _marts(connection: Connection, run_id: str, found: list[Difference] | None) -> list[str] | None:
    """Those made of other data or SQL than before; all of them when the run rebuilt everything."""
    if found is None:
        return None
    rebuilt = planned_run(connection, run_id).rebuilds
    return [mart for mart in marts() if rebuilt or mart in {one.table_name for one in found}]


def _answers(connection: Connection, before: str, after: str) -> list[Replaced] | None:
    told = [answers(connection, run) for run in (before, after)]
    return replaced(*told) if all(told) else None
