"""Raw CSV files as data frames, once their header, quotes and characters have been found in order."""

from dataclasses import dataclass

from movalytics_common.errors import InvalidData
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StructType

from movalytics_spark import cpi, links, movies, ratings
from movalytics_spark.csv_text import Columns, columns, count_rows
from movalytics_spark.storage import literally, read_bytes

HEAD_BYTES = 1 << 16
CPI_COLUMNS = {"DATE": "date", "observation_date": "date", "Date": "date", cpi.SERIES: "value"}


@dataclass(frozen=True)
class Source:
    """A raw file: its rows and their number, counted without the reader that made the frame."""

    frame: DataFrame
    rows: int


def read_movies(spark: SparkSession, directory: str) -> Source:
    """movies_metadata.csv: 24 columns as text, malformed, row."""
    return _read_whole(spark, f"{directory}/movies_metadata.csv", {name: name for name in movies.COLUMNS})


def read_links(spark: SparkSession, directory: str) -> Source:
    """links.csv: 3 columns as text (imdbId keeps its zeros), malformed, row."""
    return _read_whole(spark, f"{directory}/links.csv", {name: name for name in links.COLUMNS})


def read_cpi(spark: SparkSession, directory: str) -> Source:
    """The CPI series: date, value as text, malformed, row. FRED's old and new header and quantmod's are taken."""
    return _read_whole(spark, f"{directory}/{cpi.SERIES}.csv", CPI_COLUMNS)


def read_ratings(spark: SparkSession, directory: str) -> Source:
    """ratings.csv: ratings.SOURCE's columns and malformed. Read in splits, so a record is a line."""
    uri = f"{directory}/ratings.csv"
    names = columns(uri, read_bytes(uri, HEAD_BYTES), {name: name for name in ratings.SOURCE.names})
    schema = StructType([ratings.SOURCE[name] for name in names])
    return Source(_frame(spark, uri, schema, multi_line=False), _count_lines(spark, uri))


def _read_whole(spark: SparkSession, uri: str, known: Columns) -> Source:
    """A file that fits in memory and whose records may span lines, so one task reads it; `row` is the place in it.

    coalesce(1) tells Spark so: what is computed from it then needs no shuffles.
    """
    content = read_bytes(uri)
    names = columns(uri, content[:HEAD_BYTES], known)
    rows = count_rows(uri, content)
    schema = StructType()
    for name in names:
        schema.add(name, "string")
    frame = _frame(spark, uri, schema, multi_line=True).coalesce(1)
    return Source(frame.withColumn("row", F.monotonically_increasing_id()), rows)


def _frame(spark: SparkSession, uri: str, schema: StructType, multi_line: bool) -> DataFrame:
    """A record with too many or too few columns, or a value of the wrong type, has its text in `malformed`."""
    return spark.read.csv(
        literally(uri),
        schema=StructType([*schema.fields]).add("malformed", "string"),
        header=True,
        quote='"',
        escape='"',
        multiLine=multi_line,
        mode="PERMISSIVE",
        columnNameOfCorruptRecord="malformed",
    )


def _count_lines(spark: SparkSession, uri: str) -> int:
    """The rows after the header in one quick pass. Raises InvalidData on an unclosed quote, rubbish, or no rows."""
    line = F.col("value")
    quotes = F.length(line) - F.length(F.replace(line, F.lit('"'), F.lit("")))
    rubbish = ~F.is_valid_utf8(line) | line.contains("\0")
    found = (
        spark.read.text(literally(uri))
        .where(F.trim(line) != "")
        .agg(
            F.count("*").alias("lines"),
            F.min(F.when(line.contains('"') & (quotes % 2 == 1), line)).alias("unclosed"),
            F.count_if(rubbish).alias("rubbish"),
        )
        .first()
    )
    assert found is not None  # noqa: S101 an aggregate has a row
    if found["rubbish"]:
        raise InvalidData(f"{uri} has {found['rubbish']} lines that are not text in UTF-8: extract the source again")
    if found["unclosed"]:
        raise InvalidData(f"{uri}: a quote in the line {found['unclosed'][:80]!r} is never closed; repair the file")
    if found["lines"] < 2:
        raise InvalidData(f"{uri} has a header and no rows: extract the source again")
    return int(found["lines"]) - 1
