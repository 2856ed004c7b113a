"""A CSV file that Spark reads in splits, because a record is a line: what must hold of it and of its ends."""

import codecs
import re
from typing import Final, NamedTuple

from movalytics_common.errors import InvalidData
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import csv_text
from movalytics_spark.csv_text import Record
from movalytics_spark.raw import RawFile
from movalytics_spark.storage import literally, read_bytes, read_end

EDGE_BYTES: Final = 1 << 16  # more than the first or the last line ever has
LONGEST: Final = 20_480  # Spark's CSV reader fails on a line with as many columns


class LastLine(NamedTuple):
    """The last line that is not blank: its cells, its text, whether it has a line end."""

    cells: list[str]
    text: str
    ends: bool


def first_record(file: RawFile) -> Record:
    """The header. Raises InvalidData when there is none, or it is no text."""
    start = read_bytes(file.uri, EDGE_BYTES).removeprefix(codecs.BOM_UTF8)
    lines = re.split(rb"\r\n|\r|\n", start)
    return csv_text.first_line(file, csv_text.decoded(file, next((line for line in lines if line.strip()), b"")))


def last_line(file: RawFile, width: int) -> LastLine:
    """The last line. Raises InvalidData when it has too few cells: the file was cut off in it."""
    end = read_end(file.uri, EDGE_BYTES).decode("utf-8", errors="replace")
    text = csv_text.LINE_END.split(end.rstrip(csv_text.LINE_BLANKS))[-1]
    cells = csv_text.split_line(text)
    if len(cells) < width:
        raise csv_text.cut_off(file, f"{csv_text.shown(text)} has {len(cells)} of {width} values")
    return LastLine(cells, text, not end.endswith(text))


def lines(spark: SparkSession, file: RawFile) -> DataFrame:
    """Each `line`, and its `place`, a number that grows in the file: Spark's partitions follow each other as in it."""
    found = spark.read.text(literally(file.uri))
    return found.select(F.col("value").alias("line"), F.monotonically_increasing_id().alias("place"))


def is_not_blank() -> Column:
    """The line is a record: the first condition is quicker and holds of nearly all."""
    line = F.col("line")
    return line.contains(",") | (F.btrim(line, F.lit(csv_text.LINE_BLANKS)) != "")


def require_records(file: RawFile, kept: DataFrame, every: DataFrame) -> tuple[int, int]:
    """The place of the header and the number of rows after it, counted without the CSV reader.

    `kept`: `line` and `place` of the lines that are not blank, null where nothing can be wrong with one; `every`: what
    `lines` returns. Raises InvalidData when there are no rows, or with the first line that is no text or leaves a quote
    open.
    """
    faults = [F.count_if(condition).alias(what) for what, condition in _faults().items()]
    found = kept.agg(F.count("*").alias("lines"), F.min("place").alias("header"), *faults).first()
    assert found is not None  # noqa: S101 an aggregate has a row
    for what, condition in _faults().items():
        if found[what]:
            number, text = _first(every, condition)
            raise InvalidData(
                f"{file}: line {number}, {csv_text.shown(text)}, {what}; repair it or download the file again"
            )
    if found["lines"] < 2:
        raise InvalidData(f"{file} has a header and no rows: download it again")
    return int(found["header"]), int(found["lines"]) - 1


def _faults() -> dict[str, Column]:
    line = F.col("line")
    return {
        "is not a text in UTF-8": ~F.is_valid_utf8(line) | line.contains("\0"),
        "leaves a quote open": line.contains('"') & (_quotes(line) % 2 == 1),
        "is too long to be a record": F.octet_length(line) >= LONGEST,
    }


def _quotes(line: Column) -> Column:
    return F.length(line) - F.length(F.replace(line, F.lit('"'), F.lit("")))


def _first(every: DataFrame, condition: Column) -> tuple[int, str]:
    """Number and text of the first line for which this holds."""
    found = every.where(condition).orderBy("place").first()
    assert found is not None  # noqa: S101 it has been counted
    return every.where(F.col("place") < found["place"]).count() + 1, str(found["line"])
