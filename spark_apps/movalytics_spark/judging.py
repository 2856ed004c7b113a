"""How a source row gets its verdict: a reason to be rejected, or none, and what it looked like as JSON.

A judged frame holds a table's curated columns, `reason` (null: the row stands) and `record` (the source row as JSON).
"""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

MERGED_DUPLICATE = "merged_duplicate"


def first_reason(rules: Mapping[str, Column]) -> Column:
    """The name of the first rule whose condition holds; null when none does."""
    return F.coalesce(*[F.when(condition, F.lit(reason)) for reason, condition in rules.items()])


def without_duplicates(judged: DataFrame, key: list[str], order: list[Column], reason: str) -> DataFrame:
    """`judged`, with `reason` on every standing row that is not the first of its key in this order."""
    ranked = Window.partitionBy(*key, "reason").orderBy(*order)  # rejected rows rank among themselves
    surplus = F.col("reason").isNull() & (F.row_number().over(ranked) > 1)
    return judged.withColumn("reason", F.when(surplus, F.lit(reason)).otherwise(F.col("reason")))


def standing(judged: DataFrame) -> DataFrame:
    """The rows that no rule rejected."""
    return judged.where(F.col("reason").isNull())


def rejected(judged: DataFrame) -> DataFrame:
    """reason, record of the rejected rows."""
    return judged.where(F.col("reason").isNotNull()).select("reason", "record")
