"""How a source row gets its verdict: a reason to set it aside, or none, and what it looked like as JSON.

A validated frame holds a table's curated columns, `reason` (null: the row is accepted), `record` (the source row as
JSON) and, where cells can be repaired, `repairs`: for each cell of it that is not what the source says, why.
"""

from collections.abc import Mapping
from typing import Final

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

# Reasons by which a row is there already, under its key. They merge, every other reason rejects.
DUPLICATE_FILM: Final = "duplicate_film"
MERGED_DUPLICATE: Final = "merged_duplicate"
OTHER_NAME: Final = "other_name"
SUPERSEDED_RATING: Final = "superseded_rating"
MERGES: Final = (DUPLICATE_FILM, MERGED_DUPLICATE, OTHER_NAME, SUPERSEDED_RATING)


def first_reason(rules: Mapping[str, Column]) -> Column:
    """The name of the first rule whose condition holds; null when none does."""
    return F.coalesce(*[F.when(condition, F.lit(reason)) for reason, condition in rules.items()])


def all_reasons(rules: Mapping[str, Column]) -> Column:
    """The names of all rules whose conditions hold, as an array."""
    return F.array_compact(F.array(*[F.when(condition, F.lit(reason)) for reason, condition in rules.items()]))


def without_duplicates(validated: DataFrame, key: list[str], order: list[Column], reason: str) -> DataFrame:
    """`validated`, with `reason` on every accepted row that is not the first of its key in this order."""
    ranked = Window.partitionBy(*key, "reason").orderBy(*order)  # rejected rows rank among themselves
    surplus = F.col("reason").isNull() & (F.row_number().over(ranked) > 1)
    return validated.withColumn("reason", F.when(surplus, F.lit(reason)).otherwise(F.col("reason")))


def accepted(validated: DataFrame) -> DataFrame:
    """The accepted rows."""
    return validated.where(F.col("reason").isNull())


def set_aside(validated: DataFrame) -> DataFrame:
    """reason, record of the rows that are not accepted: rejected or merged."""
    return validated.where(F.col("reason").isNotNull()).select("reason", "record")


def repaired(validated: DataFrame) -> DataFrame:
    """reason, record of the accepted rows, once for each repaired cell."""
    return accepted(validated).select(F.explode("repairs").alias("reason"), "record")
