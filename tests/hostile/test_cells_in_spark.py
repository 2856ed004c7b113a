"""Cells as Spark reads them: each is a value or null, none ends the job, and no row is lost."""

import math

from hypothesis import example, given, settings
from hypothesis import strategies as st
from movalytics_spark import literals
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from tests.hostile.material import DATES, HUGE, NUMBERS, hostile, texts

# UTF-8 has no halves of letters, and the CSV reader lets no zero byte through.
cells = (st.sampled_from([*DATES, *NUMBERS]) | texts(4)).map(
    lambda text: text.encode(errors="replace").decode().replace("\0", "")
)


@settings(hostile, max_examples=4)
@given(values=st.lists(cells, min_size=50, max_size=200))
@example(values=[*NUMBERS, *DATES, HUGE[:1_000_000], "1" * 400 + "e400", "9" * 18, "-" + "9" * 19])
def test_every_cell_is_a_value_or_null(spark: SparkSession, values: list[str]) -> None:
    source = spark.createDataFrame([(number, text) for number, text in enumerate(values)], "row long, cell string")
    said = literals.known(F.col("cell"))
    read = source.select(
        "row",
        literals.whole(said).alias("whole"),
        literals.decimal(said).alias("decimal"),
        literals.day(said).cast("string").alias("day"),
        literals.seconds(said).alias("seconds"),
    ).collect()
    assert sorted(row["row"] for row in read) == list(range(len(values)))
    for row in read:
        assert row["whole"] is None or abs(row["whole"]) < 10**18
        assert row["decimal"] is None or not math.isnan(row["decimal"])
