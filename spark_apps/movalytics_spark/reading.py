"""Raw CSV files as data frames, once their header, quotes and characters have been found in order.

Small files are read here, in the driver, and become a frame; ratings.csv is read by Spark, in splits. Every frame
holds its file's columns as text (null: an empty cell) and `malformed`: the record's text, when it has another number
of cells than the header.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from movalytics_common.errors import InvalidData
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DataType, StructType

from movalytics_spark import csv_text
from movalytics_spark.csv_text import Record
from movalytics_spark.header import Columns, columns
from movalytics_spark.raw import RawFile, raw_file
from movalytics_spark.storage import frame_of, read_large

MOST_BYTES: Final = 1 << 28  # of a file that is read in the driver and travels in one task


# A column that the driver computes of a record's cells: its type, and the value as JSON has it.
Computed = tuple[DataType, Callable[[Mapping[str, object]], object]]


@dataclass(frozen=True)
class Source:
    """A raw file: what people call it, its rows, and their number, which is not counted from `frame`."""

    file: RawFile
    frame: DataFrame
    rows: int


class Content(NamedTuple):
    """A small file: our names of its columns, its records, whether the last one has its line end."""

    names: list[str]
    records: list[Record]
    ends: bool


def read_small(spark: SparkSession, directory: str, name: str, names: Sequence[str]) -> Source:
    """A file of single lines that fits in the driver's memory: its columns of these names, malformed, row."""
    file = raw_file(directory, name)
    return source_of(spark, file, read_content(file, same_names(names)))


def same_names(names: Sequence[str]) -> Columns:
    """Columns that keep the names of the file."""
    return {name: name for name in names}


def text_columns(names: Sequence[str]) -> StructType:
    """The columns as text, and `malformed`."""
    schema = StructType()
    for name in (*names, "malformed"):
        schema.add(name, "string")
    return schema


def read_content(file: RawFile, known: Columns, holds_texts: bool = False) -> Content:
    """The header and the records of a file that fits in memory. `holds_texts`: values may have several lines."""
    content = read_large(file.uri, MOST_BYTES)
    if content is None:
        raise InvalidData(f"{file} has more than {MOST_BYTES >> 20} MiB and should have 34 at most: look what it is")
    text = csv_text.decoded(file, content)
    names = columns(file, csv_text.first_line(file, text), known)
    found = csv_text.records(file, text)
    if not found[1:]:
        raise InvalidData(f"{file} has a header and no rows: download it again")
    if not holds_texts:
        csv_text.require_single_lines(file, found)
    rows = csv_text.joined(found[1:], len(names)) if holds_texts else found[1:]
    csv_text.require_whole(file, rows[-1], len(names))
    return Content(names, rows, text[-1] in "\r\n")


def source_of(
    spark: SparkSession, file: RawFile, content: Content, computed: Mapping[str, Computed] | None = None
) -> Source:
    """coalesce(1): what Spark computes from one partition needs no shuffle, and `row` is the place in the file."""
    schema, more = text_columns(content.names).add("row", "long"), computed or {}
    for name, (kind, _) in more.items():
        schema.add(name, kind)
    rows = _rows(content.records, content.names)
    every = (row | {name: value(row) for name, (_, value) in more.items()} for row in rows)
    frame = frame_of(spark, every, schema)
    return Source(file, frame.coalesce(1), len(content.records))


def _rows(found: Sequence[Record], names: Sequence[str]) -> Iterator[dict[str, object]]:
    """Each record's cells that say something, its place, and its text when it has more or fewer cells than names."""
    for place, record in enumerate(found):
        row: dict[str, object] = {name: cell for name, cell in zip(names, record.cells, strict=False) if cell}
        if len(record.cells) != len(names):
            row["malformed"] = record.text.strip("\r\n")
        yield row | {"row": place}
