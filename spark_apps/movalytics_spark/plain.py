"""The rows of a CSV file of numbers: a line is cut at its commas if it is written plainly, else the CSV reader has it.

A line is plain when it is its values as a program writes them, and nothing else: then what its cells are is known
without them. It is kept as its values, any other line as it stands, so that a file is read once.
"""

from collections.abc import Callable, Collection, Mapping
from functools import reduce
from typing import Final, NamedTuple

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import splits
from movalytics_spark.raw import RawFile
from movalytics_spark.reading import text_columns

Readings = Mapping[str, Callable[[Column], Column]]
"""A column's name → what a cell of it says; null unless the cell is written as a program writes that value."""
CSV: Final = {
    "quote": '"',
    "escape": '"',
    "ignoreLeadingWhiteSpace": "true",
    "ignoreTrailingWhiteSpace": "true",
    "mode": "PERMISSIVE",
    "columnNameOfCorruptRecord": "malformed",
}


class Lines(NamedTuple):
    """A file of lines: its plain rows, its others, and the number of both, which is not counted from them.

    Each row has its cells as texts and `malformed`, the line itself when it has another number of cells; a plain one
    has its values too, as `plain_<name>`.
    """

    file: RawFile
    plain: DataFrame
    others: DataFrame
    rows: int


def read_plain(spark: SparkSession, file: RawFile, readings: Readings) -> Lines:
    """The rows of a file with these columns, in its order. Raises InvalidData as splits.require_records does.

    The two kinds of rows stay apart, since for what only the others need Spark makes no code that is quick.
    """
    every = splits.lines(spark, file)
    kept = _values_or_line(every.where(splits.is_not_blank()), readings)
    kept.unpersist()  # what an earlier file of this name held
    header, rows = splits.require_records(file, kept.persist(StorageLevel.DISK_ONLY), every)
    others = kept.where(F.col("place") > header)  # a plain line has no place
    return Lines(file, _plain(kept.where(F.col("place").isNull()), readings), _others(others, readings), rows)


def _values_or_line(lines: DataFrame, readings: Readings) -> DataFrame:
    """`plain_<name>` of the plain lines; `line` and `place` of the others, the header among them."""
    cut = lines.select("line", "place", *_cells(readings))
    read = cut.select(
        "line", "place", _bytes(readings), *[value(F.col(name)).alias(name) for name, value in readings.items()]
    )
    known = reduce(Column.__and__, [F.col(name).isNotNull() for name in readings])
    judged = read.withColumn("is_plain", known & (F.col("bytes") == F.octet_length("line")))
    values = [F.when(F.col("is_plain"), F.col(name)).alias(f"plain_{name}") for name in readings]
    return judged.select(*values, *[F.when(~F.col("is_plain"), F.col(name)).alias(name) for name in ("line", "place")])


def _bytes(names: Collection[str]) -> Column:
    """Of a line with just these cells: one that has more is longer, and with fewer a cell would count twice."""
    commas = F.lit(len(names) - 1)
    return reduce(Column.__add__, [F.octet_length(name) for name in names], commas).alias("bytes")


def integer(cell: Column) -> Column:
    """An INTEGER from 0 on, which is as long as its digits are many: any other way to write it is longer."""
    return _of_digits(cell, cell.try_cast("int"), 10)


def long_integer(cell: Column) -> Column:
    """A BIGINT in the same way."""
    return _of_digits(cell, cell.try_cast("bigint"), 19)


def _of_digits(cell: Column, value: Column, most: int) -> Column:
    digits = F.when(value < 10, 1)
    for count in range(2, most):
        digits = digits.when(value < 10**count, count)
    return F.when(F.octet_length(cell) == digits.otherwise(most), value)


def _cells(names: Collection[str]) -> list[Column]:
    """The cells of a line that has so many, each cut from the end that is nearer to it: fewer bytes to look at."""
    half = len(names) / 2
    cells = [_first(place + 1) if place < half else _last(len(names) - place) for place in range(len(names))]
    return [cell.alias(name) for cell, name in zip(cells, names, strict=True)]


def _first(place: int) -> Column:
    return F.substring_index(F.substring_index("line", ",", place), ",", -1)


def _last(place: int) -> Column:
    return F.substring_index(F.substring_index("line", ",", -place), ",", 1)


def _plain(kept: DataFrame, readings: Readings) -> DataFrame:
    values = [f"plain_{name}" for name in readings]
    texts = [F.col(value).cast("string").alias(name) for name, value in zip(readings, values, strict=True)]
    return kept.select(*texts, F.lit(None).cast("string").alias("malformed"), *values)


def _others(kept: DataFrame, readings: Readings) -> DataFrame:
    cells = F.from_csv("line", text_columns(list(readings)).toDDL(), CSV).alias("cells")
    return kept.select(cells).select("cells.*")
