"""Whether the tables hold what the ledger says, all of it: what was not moved is looked at too."""

from movalytics_common.declaration import Table
from movalytics_common.errors import InvalidData, PublishRefused
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.content import scales, totals
from movalytics_warehouse.derived import target
from movalytics_warehouse.partitions import WAY_OUT, Content, Contents
from movalytics_warehouse.redshift.statements import execute_text


def measured(connection: Connection, table: Table) -> dict[str, Content]:
    """Each partition's rows and control totals, as the warehouse counts them; a digest it cannot compute."""
    scale = scales(table)
    found = {}
    for row in execute_text(connection, totals(table)):
        month, rows = row.pop("partition_month"), row.pop("row_count")
        sums = {name.removeprefix("total_"): total for name, total in row.items()}
        units = {name: int((total or 0) * scale[name]) for name, total in sums.items()}
        found[f"{month:%Y-%m}" if month else ""] = Content(rows, "", units)
    return found


def reconcile(connection: Connection, table: Table, said: Contents, moved: frozenset[str] | None) -> None:
    """Compare the table with what is said of it; `moved` are the partitions that were just filled (None: all).

    Raises InvalidData for one that was, PublishRefused for one that somebody has changed since it was.
    """
    found = measured(connection, table)
    for name in sorted(said.keys() | found.keys()):
        there, promised = found.get(name, Content(0, "", {})), said.get(name, Content(0, "", {}))
        if difference := _difference(there, promised):
            place = f"{target(table)}{f' of {name}' if name else ''}".replace('"', "")
            if moved is None or name in moved:
                raise InvalidData(f"{place} is not what its manifest promises, {difference}: {WAY_OUT}")
            raise PublishRefused(f"{place} is not what was published, {difference}: somebody changed it; {WAY_OUT}")


def _difference(there: Content, promised: Content) -> str:
    if there.rows != promised.rows:
        return f"{there.rows} rows instead of {promised.rows}"
    differing = [name for name, total in promised.totals.items() if there.totals.get(name, 0) != total]
    return f"its {differing[0]} do not add up" if differing else ""
