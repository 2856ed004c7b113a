"""Lines that are cut at their commas: what they say is what the CSV reader and the strict reading say."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from movalytics_spark.literals import decimal, known, seconds, whole
from movalytics_spark.plain import CSV
from movalytics_spark.ratings import COLUMNS, VALUES, _plain_values, _values, read_ratings
from movalytics_spark.reading import text_columns
from movalytics_spark.storage import literally
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

ODD = [
    "NaN",
    "Infinity",
    "-0.0",
    "4",
    "4.25",
    "1e3",
    "1E3",
    "007",
    "+7",
    "-7",
    "7.0",
    "-0",
    "00",
    "4e0",
    "04.",
    "+4.",
    "5.50",
    "2147483648",
    "99999999999999999999",
]

numbers = st.one_of(st.integers(-3, 2**31), st.integers(788_918_400, 1_501_829_870)).map(str)
stars = st.integers(-2, 25).map(lambda halves: f"{halves / 2}")
odd = st.sampled_from(
    [*ODD, "", "NA", "seven", "2009-12-14 02:52:24", "٣", "1_000", "0x1F", "5d", '"7"', ' "7" ', '"4,5"']
)
blanks = st.sampled_from(["", "", "", "", " ", "\t", "\xa0"])
cells = st.builds(lambda before, cell, after: before + cell + after, blanks, st.one_of(numbers, stars, odd), blanks)
plain = st.builds("{},{},{},{}".format, numbers, numbers, stars, numbers)
lines = st.one_of(plain, plain, st.lists(cells, min_size=1, max_size=6).map(",".join))
files = st.lists(st.tuples(lines, st.sampled_from(["\n", "\r\n", "\r", "\n \n"])), min_size=40, max_size=120)


def strictly(spark: Any, uri: str, names: list[str]) -> DataFrame:
    """The file as Spark's CSV reader has it, and each cell by literals.py alone."""
    source = spark.read.csv(literally(uri), schema=text_columns(names), header=True, **CSV)
    said = [known(F.col(name)) for name in COLUMNS]
    values = [whole(said[0]).try_cast("int"), whole(said[1]).try_cast("int"), decimal(said[2]), seconds(said[3])]
    named = [value.alias(name) for name, value in zip(VALUES, values, strict=True)]
    return source.select(*COLUMNS, "malformed", *named)


# A few long files try as many lines as many short ones, each of which costs seconds.
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(names=st.permutations(COLUMNS), written=files)
def test_a_plain_line_says_what_the_strict_reading_says(spark: Any, raw: Any, names: list[str], written: Any) -> None:
    last = "1,1,1.0,1260759144\n"  # a file that is cut off is refused
    text = ",".join(names) + "\n" + "".join(line + end for line, end in written) + last
    uri = raw.write("ratings.csv", text)
    source = read_ratings(spark, uri)
    plain = source.plain.select(*COLUMNS, "malformed", *_plain_values())
    found = plain.unionByName(source.others.select(*COLUMNS, "malformed", *_values())).collect()
    expected = strictly(spark, f"{uri}/ratings.csv", names).collect()
    assert sorted(map(repr, found)) == sorted(map(repr, expected))
    assert source.rows == len(expected)
