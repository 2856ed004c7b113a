"""award: one row per film and award, from awards.csv."""

from typing import Final

from movalytics_spark.literals import said, whole
from movalytics_spark.validation import MERGED_DUPLICATE, first_reason, without_duplicates
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

COLUMNS: Final = ["filmId", "award", "year"]
REJECTIONS: Final = ("malformed", "no_movie_id")
MERGES: Final = (MERGED_DUPLICATE,)
REPAIRS: Final = ()


def awards(source: DataFrame) -> DataFrame:
    """Validated awards: award's columns, reason, record."""
    typed = said(source, COLUMNS).withColumn("movie_id", whole(F.col("said_filmId")).try_cast("int"))
    rules = {"malformed": F.col("malformed").isNotNull(), "no_movie_id": F.col("movie_id").isNull()}
    validated = typed.select(
        "movie_id",
        F.col("said_award").alias("award"),
        whole(F.col("said_year")).try_cast("int").alias("year"),
        "row",
        first_reason(rules).alias("reason"),
        F.to_json(F.struct(*COLUMNS, "malformed")).alias("record"),
    )
    return without_duplicates(validated, ["movie_id", "award"], [F.asc("row")], MERGED_DUPLICATE)
