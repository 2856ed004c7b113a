"""date: one row per day on which a film was released."""

from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import movies
from movalytics_spark.validation import MERGED_DUPLICATE, without_duplicates

REJECTIONS: Final = (*movies.REJECTIONS, "no_release_date")
MERGES: Final = (*movies.MERGES, MERGED_DUPLICATE)
REPAIRS: Final = ()


def dates(films: DataFrame) -> DataFrame:
    """Validated release dates, one row in per validated film: date's columns, reason, record. Weeks are ISO 8601's."""
    unknown = F.when(F.col("release_date").isNull(), F.lit("no_release_date"))
    released = films.select(
        "row",
        "release_date",
        F.coalesce("reason", unknown).alias("reason"),
        F.to_json(F.struct("movie_id", "title", "release_date")).alias("record"),
    )
    once = without_duplicates(released, ["release_date"], [F.asc("row")], MERGED_DUPLICATE)
    return once.select(
        "release_date",
        F.dayofmonth("release_date").alias("day"),
        F.weekofyear("release_date").alias("week"),
        F.month("release_date").alias("month"),
        F.quarter("release_date").alias("quarter"),
        F.year("release_date").alias("year"),
        "reason",
        "record",
    )
