"""cpi: the consumer price index by month, from FRED's series CUSR0000SS62031."""

from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark.judging import MERGED_DUPLICATE, first_reason, without_duplicates
from movalytics_spark.literals import day, decimal

SERIES: Final = "CUSR0000SS62031"
NO_VALUE: Final = ("", ".", "NA")  # FRED's downloads, old and new, and quantmod's rewriting of them
HIGHEST: Final = 999_999  # NUMERIC(9,3)


def months(source: DataFrame) -> DataFrame:
    """Judged months: date, consumer_price_index (null when FRED has none), reason, record.

    `source`: date and value as text, `malformed`, `row`.
    """
    index = decimal(F.col("value"))
    known = ~F.coalesce(F.trim("value"), F.lit("")).isin(*NO_VALUE)
    rules = {
        "malformed": F.col("malformed").isNotNull(),
        "not_a_month": F.coalesce(F.dayofmonth(day(F.col("date"))) != 1, F.lit(True)),
        "invalid_index": known & ~F.coalesce((index > 0) & (index <= HIGHEST), F.lit(False)),
    }
    judged = source.select(
        "row",
        day(F.col("date")).alias("date"),
        index.alias("consumer_price_index"),
        first_reason(rules).alias("reason"),
        F.to_json(F.struct("date", "value", "malformed")).alias("record"),
    )
    once = without_duplicates(judged, ["date"], [F.asc("row")], MERGED_DUPLICATE)
    return once.select("date", "consumer_price_index", "reason", "record")
