"""The one reading of numbers, dates, moments, blanks and missing values."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from movalytics_spark import literals
from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

UNKNOWN = ["", " ", "\t", "NA", "N/A", "NULL", "null", "NaN", "nan", "None", "\\N", ".", " NA ", "#N/A"]


@pytest.fixture
def read(spark: Any) -> Any:
    """What a reading makes of each text."""

    def read(reading: Callable[[Column], Column], texts: Mapping[str, object]) -> dict[str, object]:
        frame = spark.createDataFrame([(text,) for text in texts], "text string")
        rows = frame.select("text", reading(literals.known(F.col("text"))).alias("value")).collect()
        return {row.text: row.value for row in rows}

    return read


def test_whole_numbers(read: Any) -> None:
    texts = {"862": 862, "862.0": 862, "1.": 1, " 12\t": 12, "+5": 5, "-5": -5, "007": 7, "12\x1a": 12, "\xa07": 7}
    texts |= {"1,234": 1234, "8,844": 8844, "1,234,567.0": 1_234_567, "1e+08": 100_000_000, "1.5E3": 1500, "0": 0}
    texts |= dict.fromkeys(["1.5", "12,34", "1,2345", "1.234", "30.000", "1.234.567", "1e-1", "1e999", "0x1F", "5d"])
    texts |= dict.fromkeys(["$5", "12 000", "1_000", "Infinity", "٣", "123456789012345678901", "/poster.jpg"])
    assert read(literals.whole, texts) == texts


def test_decimal_numbers(read: Any) -> None:
    texts = {"8.2e-05": 8.2e-05, ".35": 0.35, "21.946943": 21.946943, "5": 5.0, "1,234.5": 1234.5, " 7.7 ": 7.7}
    texts |= {"30.000": 30.0, "1,234,567": 1_234_567.0, "-1.5": -1.5}
    texts |= dict.fromkeys(["7,7", "1,234", "Infinity", "-inf", "1d", "5f", "0x1p3", "1.2.3", ".", "e5"])
    assert read(literals.decimal, texts) == texts


def test_dates(read: Any) -> None:
    day = date(2017, 5, 4)
    texts = dict.fromkeys(["2017-05-04", " 2017-05-04 ", "2017-05-04 00:00:00", "2017-05-04T00:00:00.000"], day)
    texts |= dict.fromkeys(["05/04/2017", "4/5/2017", "04.05.2017", "2017-13-01", "2017-02-30", "2017", "17-05-04"])
    texts |= dict.fromkeys(["2017-05-04 12:00:00", "20170504", "May 4, 2017"])
    assert read(literals.day, texts) == texts


def test_moments_are_seconds_since_1970_or_times_of_utc(read: Any) -> None:
    texts: dict[str, object] = dict.fromkeys(["1260759144", "1260759144.0", "1.260759144e9"], 1_260_759_144)
    texts |= dict.fromkeys(["2009-12-14 02:52:24", "2009-12-14T02:52:24Z", "2009-12-14 02:52:24.000"], 1_260_759_144)
    texts |= dict.fromkeys(["14/12/2009 02:52", "2009-12-14", "2009-12-14 02:52", "2009-12-14 25:00:00", "yesterday"])
    assert read(literals.seconds, texts) == texts


@pytest.mark.parametrize("reading", [literals.whole, literals.decimal, literals.day, literals.seconds])
def test_what_says_that_there_is_no_value_is_no_value_and_no_fault(read: Any, reading: Any) -> None:
    assert read(reading, dict.fromkeys(UNKNOWN)) == dict.fromkeys(UNKNOWN)
    assert read(lambda said: said, dict.fromkeys(UNKNOWN)) == dict.fromkeys(UNKNOWN)
