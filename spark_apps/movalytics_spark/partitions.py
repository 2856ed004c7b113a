"""What a table's files hold: rows, control totals and an order-independent digest, for each file and each partition.

A table is divided by the months of one of its columns (`partition` in its table.toml), or not at all.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from movalytics_common.declaration import TOTAL_DIGITS, Kind, Table
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

MONTH: Final = "month"
Facts = Mapping[tuple[str, str], Mapping[str, int]]


def month(table: Table) -> Column:
    """The first day of a row's month, by which it belongs to a partition; null in a table that has none."""
    return F.trunc(F.col(table.partition), "month") if table.partition else F.lit(None)


def name(first_day: object) -> str:
    """A partition's name: 2015-03, or nothing in a table that has none."""
    return str(first_day)[:7] if first_day else ""


def facts(written: DataFrame, table: Table) -> Facts:
    """(partition, file name) → `rows`, `digest` and the control total of each column, by its name; of files with rows.

    The digest is a sum, modulo 2^64, of a hash of each row: so the order of rows and files makes no difference.
    """
    totals = [total.alias(f"total_{name}") for name, total in _totals(table).items()]
    grouped = written.groupBy(month(table).alias("part"), F.col("_metadata.file_name").alias("file"))
    rows = grouped.agg(F.count("*").alias("rows"), F.sum(_fingerprint(table)).alias("digest"), *totals).collect()
    return {
        (name(row["part"]), row["file"]): {
            fact: int(row[fact] or 0) for fact in row.asDict() if fact not in {"part", "file"}
        }
        for row in rows
    }


def summed(found: Iterable[Mapping[str, int]]) -> dict[str, object]:
    """A partition as its manifest tells it, of its files' facts."""
    files = list(found)
    names = dict.fromkeys(name for one in files for name in one)
    sums = {name: sum(one[name] for one in files) for name in names}
    totals = {name.removeprefix("total_"): total for name, total in sums.items() if name.startswith("total_")}
    return {"rows": sums.get("rows", 0), "digest": f"{sums.get('digest', 0) % 2**64:016x}", "totals": totals}


def _fingerprint(table: Table) -> Column:
    """A row's hash, in which null is a value: Spark's own passes over it, and two cells could change places."""
    names = [column.name for column in table.columns]
    return F.xxhash64(*names, *[F.col(name).isNull() for name in names]).cast("decimal(20, 0)")


def _totals(table: Table) -> dict[str, Column]:
    """Each column's control total, as `movalytics_warehouse.derived` has the warehouse compute it."""
    columns = {one.name: _countable(F.col(one.name), one.kind) for one in table.columns}
    return {name: F.sum(number.cast("decimal(20, 0)")) for name, number in columns.items() if number is not None}


def _countable(cell: Column, kind: Kind) -> Column | None:
    """A cell as a whole number that the warehouse has too; None where the two could differ in the last digit."""
    if kind.name == "numeric":
        units = cell * 10**kind.scale
        return F.when(F.abs(units) < 10**TOTAL_DIGITS, F.rint(units))
    return _WHOLE[kind.name](cell) if kind.name in _WHOLE else None


_WHOLE: Final[Mapping[str, Callable[[Column], Column]]] = {
    "integer": lambda cell: cell,
    "bigint": lambda cell: cell,
    "boolean": lambda cell: cell.cast("int"),
    "date": F.unix_date,
    "timestamp": F.unix_seconds,
    "varchar": F.octet_length,
}
