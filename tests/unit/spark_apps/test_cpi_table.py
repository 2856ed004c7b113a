"""cpi: FRED's series in each of the forms in which it is found (facts/data.md 2.5)."""

from datetime import date
from typing import Any

import pytest
from movalytics_common.errors import InvalidData
from movalytics_spark.cpi import months
from movalytics_spark.judging import standing
from movalytics_spark.reading import read_cpi


@pytest.mark.parametrize(
    "header", ["DATE,CUSR0000SS62031", "observation_date,CUSR0000SS62031", '"Date","CUSR0000SS62031"']
)
def test_takes_each_header_that_fred_and_quantmod_write(spark: Any, raw: Any, header: str) -> None:
    row = standing(months(read_cpi(spark, raw.cpi("1999-01-01,102.700", header=header)).frame)).collect()[0]
    assert (row.date, row.consumer_price_index) == (date(1999, 1, 1), 102.7)


@pytest.mark.parametrize("missing", [".", "", "NA"])
def test_a_month_without_a_value_stays_without_one(spark: Any, raw: Any, missing: str) -> None:
    row = standing(months(read_cpi(spark, raw.cpi(f"2025-10-01,{missing}")).frame)).collect()[0]
    assert (row.date, row.consumer_price_index) == (date(2025, 10, 1), None)


def test_rejects_what_is_no_month_no_index_or_said_twice(spark: Any, raw: Any, reasons: Any) -> None:
    rows = ["1999-01-15,100", "January,100", "1999-02-01,-1", "1999-03-01,NaN", "1999-04-01,1,2"]
    source = read_cpi(spark, raw.cpi(*rows, "1999-05-01,100", "1999-05-01,101"))
    expected = ["", "invalid_index", "invalid_index", "malformed", "merged_duplicate", "not_a_month", "not_a_month"]
    assert reasons(months(source.frame)) == expected
    assert source.rows == 7


def test_a_web_page_instead_of_the_series_is_said_to_be_one(spark: Any, raw: Any) -> None:
    with pytest.raises(InvalidData, match="is a web page or XML: expected a CSV file whose first line names 'DATE'"):
        read_cpi(spark, raw.cpi("<body>", header="<!DOCTYPE html>"))


def test_another_series_is_refused(spark: Any, raw: Any) -> None:
    with pytest.raises(InvalidData, match="no column 'CUSR0000SS62031' and has an unknown column 'CPIAUCSL'"):
        read_cpi(spark, raw.cpi("1999-01-01,100", header="DATE,CPIAUCSL"))
