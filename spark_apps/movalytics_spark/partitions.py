"""What a table's files hold: rows, control totals and an order-independent digest, for each file and each partition.

A table is divided by the months of one of its columns (`partition` in its table.toml), or not at all.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from movalytics_common.declaration import TOTAL_DIGITS, Kind, Table
from pyspark.sql import Column, DataFrame, Row
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
    return _measured(written, table, F.col("_metadata.file_name"))


def months(rows: DataFrame, table: Table) -> Mapping[str, Mapping[str, int]]:
    """Partition → the same of rows that are in no file yet."""
    return {partition: found for (partition, _), found in _measured(rows, table, F.lit("")).items()}


def _measured(rows: DataFrame, table: Table, file: Column) -> Facts:
    numbers = {"digest": _fingerprint(table), **{f"total_{name}": one for name, one in _numbers(table).items()}}
    halves = [half for name, number in numbers.items() for half in _halves(name, number)]
    grouped = rows.groupBy(month(table).alias("part"), file.alias("file"))
    found = grouped.agg(F.count("*").alias("rows"), *halves).collect()
    return {
        (name(row["part"]), row["file"]): {"rows": row["rows"], **{number: _whole(row, number) for number in numbers}}
        for row in found
    }


def _halves(name: str, number: Column) -> list[Column]:
    """The sums of the upper and the lower 32 bits: in neither a BIGINT overflows, and DECIMAL takes far longer."""
    long = number.cast("bigint")
    return [
        F.sum(F.shiftright(long, 32)).alias(f"{name}_upper"),
        F.sum(long.bitwiseAND(F.lit(2**32 - 1))).alias(f"{name}_lower"),
    ]


def _whole(row: Row, name: str) -> int:
    return (int(row[f"{name}_upper"] or 0) << 32) + int(row[f"{name}_lower"] or 0)


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
    return F.xxhash64(*names, *[F.col(name).isNull() for name in names])


def _numbers(table: Table) -> dict[str, Column]:
    """What each column's control total sums, as `movalytics_warehouse.content` has the warehouse do it."""
    columns = {one.name: _countable(F.col(one.name), one.kind) for one in table.columns}
    return {name: number for name, number in columns.items() if number is not None}


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
