"""Whether the tables hold what the ledger says, all of it: what was not moved is looked at too."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from movalytics_common.declaration import Table
from movalytics_common.errors import InvalidData, PublishRefused
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.content import scales, totals
from movalytics_warehouse.derived import target
from movalytics_warehouse.partitions import WAY_OUT, Content, Contents
from movalytics_warehouse.redshift.statements import execute_text


def measured(connection: Connection, table: Table) -> Content:
    """Rows and control totals of the table, as the warehouse counts them; a digest it cannot compute."""
    (row,) = execute_text(connection, totals(table, by_partition=False))
    return _content(table, row)


def _partitions(connection: Connection, table: Table) -> dict[str, Content]:
    """The same of each partition by itself."""
    rows = execute_text(connection, totals(table, by_partition=True))
    return {f"{row['partition_month']:%Y-%m}": _content(table, row) for row in rows}


def _content(table: Table, row: Mapping[str, Any]) -> Content:
    sums = {name.removeprefix("total_"): total for name, total in row.items() if name.startswith("total_")}
    scale = scales(table)
    return Content(row["row_count"], "", {name: int((total or 0) * scale[name]) for name, total in sums.items()})


def reconcile(connection: Connection, table: Table, said: Contents, moved: frozenset[str] | None) -> None:
    """Compare the table with what is said of it; `moved` are the partitions that were just filled (None: all).

    Only when the whole does not add up its partitions are asked, for the one that is told. Raises InvalidData for one
    that was filled, PublishRefused for one that somebody has changed since it was.
    """
    whole = measured(connection, table)
    if not _difference(whole, _together(said)):
        return
    found, nothing = _partitions(connection, table) if table.partition else {"": whole}, Content(0, "", {})
    for name in sorted(said.keys() | found.keys()):
        if difference := _difference(found.get(name, nothing), said.get(name, nothing)):
            place = f"{target(table)}{f' of {name}' if name else ''}".replace('"', "")
            if moved is None or name in moved:
                raise InvalidData(f"{place} is not what its manifest promises, {difference}: {WAY_OUT}")
            raise PublishRefused(f"{place} is not what was published, {difference}: somebody changed it; {WAY_OUT}")


def _together(said: Contents) -> Content:
    """All partitions as one."""
    totals: Counter[str] = Counter()
    for one in said.values():
        totals.update(one.totals)
    return Content(sum(one.rows for one in said.values()), "", totals)


def _difference(there: Content, promised: Content) -> str:
    if there.rows != promised.rows:
        return f"{there.rows} rows instead of {promised.rows}"
    differing = [name for name, total in promised.totals.items() if there.totals.get(name, 0) != total]
    return f"its {differing[0]} do not add up" if differing else ""
