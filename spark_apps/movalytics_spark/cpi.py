"""cpi: the consumer price index by month, from FRED's series CUSR0000SS62031."""

from collections.abc import Iterable
from typing import Final

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import csv_text
from movalytics_spark.literals import BLANKS, day, decimal, said, unreadable
from movalytics_spark.raw import raw_file
from movalytics_spark.reading import Source, read_content, source_of
from movalytics_spark.validation import MERGED_DUPLICATE, all_reasons, first_reason, without_duplicates

SERIES: Final = "CUSR0000SS62031"
REJECTIONS: Final = ("malformed", "not_a_month")
MERGES: Final = (MERGED_DUPLICATE,)
REPAIRS: Final = ("no_index", "invalid_index", "rounded_index")

HIGHEST: Final = 999_999  # NUMERIC(9, 3)
DECIMALS: Final = 3
CPI_COLUMNS: Final = {"DATE": "date", "observation_date": "date", "Date": "date", SERIES: "value"}
YEARS: Final = (1900, 2100)  # no price index is older; the year 0 is none in Python


def read_cpi(spark: SparkSession, directory: str) -> Source:
    """The CPI series: date, value, malformed, row. FRED's old and new header and quantmod's are taken."""
    file = raw_file(directory, f"{SERIES}.csv")
    content = read_content(file, CPI_COLUMNS)
    *others, last = [record.cells[-1] for record in content.records]
    if content.names[-1] == "value" and not content.ends and is_cut_value(last, others):
        raise csv_text.cut_off(
            file, f"{csv_text.shown(content.records[-1].text)} ends with fewer digits than all others"
        )
    return source_of(spark, file, content)


def months(source: DataFrame) -> DataFrame:
    """Validated months: date, consumer_price_index (null when the source has none), reason, repairs, record.

    `source`: date and value as text, `malformed`, `row`. What the months must be together, series.py says.
    """
    read, said_day = decimal(F.col("said_value")), day(F.col("said_date"))
    month = F.when(F.year(said_day).between(*YEARS), said_day)
    index = F.when((read > 0) & (read <= HIGHEST), read)
    rules = {
        "malformed": F.col("malformed").isNotNull(),
        "not_a_month": F.coalesce(F.dayofmonth(month) != 1, F.lit(True)),
    }
    repairs = {
        "no_index": F.col("said_value").isNull(),
        "invalid_index": unreadable("value", index),
        "rounded_index": index != F.round(index, DECIMALS),
    }
    validated = said(source, ["date", "value"]).select(
        "row",
        month.alias("date"),
        F.round(index, DECIMALS).alias("consumer_price_index"),
        first_reason(rules).alias("reason"),
        all_reasons(repairs).alias("repairs"),
        F.to_json(F.struct("date", "value", "malformed")).alias("record"),
    )
    once = without_duplicates(validated, ["date"], [F.asc("row")], MERGED_DUPLICATE)
    return once.select("date", "consumer_price_index", "reason", "repairs", "record")


def is_cut_value(text: str, others: Iterable[str]) -> bool:
    """A value that lacks its last digits, if it is the last of a file: none, or one with fewer than any other has."""
    return _decimals(text) < min(map(_decimals, others), default=0) or not text.strip(BLANKS)


def _decimals(text: str) -> int:
    return len(text.strip(BLANKS).partition(".")[2])
