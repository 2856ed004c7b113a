"""The rows of a CSV file of numbers: a line is cut at its commas if it is written plainly, else the CSV reader has it.

A line is plain when its values, written out again, are the line: then its cells can be nothing else, and what they are
is known without them. It is kept as its values, any other line as it stands, so that a file is read once.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import splits
from movalytics_spark.raw import RawFile
from movalytics_spark.reading import text_columns

Kinds = Mapping[str, str]  # a column's name -> the type of its values
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


def read_plain(spark: SparkSession, file: RawFile, kinds: Kinds) -> Lines:
    """The rows of a file whose columns are `kinds`, in this order. Raises InvalidData as splits.require_records does.

    The two kinds of rows stay apart, since for what only the others need Spark makes no code that is quick.
    """
    every = splits.lines(spark, file)
    kept = _values_or_line(every.where(splits.is_not_blank()), kinds)
    kept.unpersist()  # what an earlier file of this name held
    header, rows = splits.require_records(file, kept.persist(StorageLevel.DISK_ONLY), every)
    others = kept.where(F.col("place") > header)  # a plain line has no place
    return Lines(file, _plain(kept.where(F.col("place").isNull()), kinds), _others(others, kinds), rows)


def _values_or_line(lines: DataFrame, kinds: Kinds) -> DataFrame:
    """`plain_<name>` of the plain lines; `line` and `place` of the others, the header among them."""
    cells = zip(_cells(len(kinds)), kinds.items(), strict=True)
    cut = lines.select("line", "place", *[cell.try_cast(kind).alias(name) for cell, (name, kind) in cells])
    known = cut.withColumn("is_plain", F.coalesce(_written(kinds) == F.col("line"), F.lit(False)))
    values = [F.when(F.col("is_plain"), F.col(name)).alias(f"plain_{name}") for name in kinds]
    return known.select(*values, *[F.when(~F.col("is_plain"), F.col(name)).alias(name) for name in ("line", "place")])


def _cells(count: int) -> list[Column]:
    """The cells of a line that has so many, each cut from the end that is nearer to it: fewer bytes to look at."""
    return [_first(place + 1) if place < count / 2 else _last(count - place) for place in range(count)]


def _first(place: int) -> Column:
    return F.substring_index(F.substring_index("line", ",", place), ",", -1)


def _last(place: int) -> Column:
    return F.substring_index(F.substring_index("line", ",", -place), ",", 1)


def _written(kinds: Kinds) -> Column:
    """The values as a line; null when one of them is."""
    first, *others = [F.col(name).cast("string") for name in kinds]
    return F.concat(first, *[part for other in others for part in (F.lit(","), other)])


def _plain(kept: DataFrame, kinds: Kinds) -> DataFrame:
    values = [f"plain_{name}" for name in kinds]
    texts = [F.col(value).cast("string").alias(name) for name, value in zip(kinds, values, strict=True)]
    return kept.select(*texts, F.lit(None).cast("string").alias("malformed"), *values)


def _others(kept: DataFrame, kinds: Kinds) -> DataFrame:
    cells = F.from_csv("line", text_columns(list(kinds)).toDDL(), CSV).alias("cells")
    return kept.select(cells).select("cells.*")
