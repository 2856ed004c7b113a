"""cpi: FRED's series in each form in which it is found (facts/data.md 2.5), and nothing that only looks like it."""

from datetime import date
from typing import Any

import pytest
from movalytics_common.errors import InvalidData
from movalytics_spark.cpi import months, read_cpi
from movalytics_spark.series import require_series
from movalytics_spark.validation import accepted, repaired

MONTHLY = [f"{1999 + number // 12}-{number % 12 + 1:02}-01,{102.7 + number / 10:.3f}" for number in range(40)]


@pytest.fixture
def validate(spark: Any, raw: Any) -> Any:
    """The validated months of these rows, when they are the series."""

    def validate(*rows: str, header: str = "DATE,CUSR0000SS62031") -> Any:
        source = read_cpi(spark, raw.cpi(*rows, header=header))
        validated = months(source.frame)
        require_series(source.file, validated.collect())
        return validated

    return validate


@pytest.mark.parametrize(
    "header",
    [
        "DATE,CUSR0000SS62031",
        "observation_date,CUSR0000SS62031",
        '"Date","CUSR0000SS62031"',
        "observation_date,CUSR0000SS62031_20220515",
    ],
)
def test_takes_each_header_that_fred_and_quantmod_write(validate: Any, header: str) -> None:
    row = accepted(validate("1999-01-01,102.700", header=header)).collect()[0]
    assert (row.date, row.consumer_price_index) == (date(1999, 1, 1), 102.7)


def test_the_columns_may_be_in_another_order(validate: Any) -> None:
    row = accepted(validate("102.700,1999-01-01", header="CUSR0000SS62031,DATE")).collect()[0]
    assert (row.date, row.consumer_price_index) == (date(1999, 1, 1), 102.7)


@pytest.mark.parametrize("missing", [".", "", "NA", "NaN", "#N/A"])
def test_a_month_without_a_value_stays_without_one_and_is_counted(validate: Any, missing: str) -> None:
    validated = validate(*MONTHLY[:2], f"1999-03-01,{missing}", MONTHLY[3])
    assert accepted(validated).where("date = '1999-03-01'").first().consumer_price_index is None
    assert [row.reason for row in repaired(validated).collect()] == ["no_index"]


def test_an_index_that_cannot_be_read_is_unknown_and_one_too_fine_is_rounded(validate: Any) -> None:
    validated = validate(MONTHLY[0], "1999-02-01,-1", "1999-03-01,12x", "1999-04-01,103.00049", MONTHLY[4])
    assert sorted(row.reason for row in repaired(validated).collect()) == [
        "invalid_index",
        "invalid_index",
        "rounded_index",
    ]
    assert sorted(row.consumer_price_index or 0 for row in accepted(validated).collect()) == [0, 0, 102.7, 103.0, 103.1]


def test_rejects_what_is_no_month_and_merges_what_is_said_twice(validate: Any, reasons: Any) -> None:
    validated = validate(*MONTHLY[:2], "1999-01-15,100", "January,100", "1999-04-01,1,2", MONTHLY[1], MONTHLY[2])
    assert reasons(validated) == ["", "", "", "malformed", "merged_duplicate", "not_a_month", "not_a_month"]


def test_a_month_of_the_year_0_is_rejected(validate: Any, reasons: Any) -> None:
    assert reasons(validate("0000-01-01,102.7", MONTHLY[0])) == ["", "not_a_month"]


def test_blocks_in_another_order_are_the_same_series(validate: Any, reasons: Any) -> None:
    assert reasons(validate(*MONTHLY[20:], *MONTHLY[:25])) == [""] * 40 + ["merged_duplicate"] * 5


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (MONTHLY[::12], "it is annual, from 1999-01 to 2002-01"),
        (MONTHLY[::3], "it is quarterly, from 1999-01 to 2002-04"),
        (MONTHLY[::2], "it is one value in 2 months, from 1999-01 to 2002-03"),
        (
            [*MONTHLY[:10], "11/1/1999,103.7", "12/1/1999,103.8"],
            "2 dates are written as a spreadsheet does, such as '11",
        ),
        (["01-01-1999,102.7", "01-02-1999,102.8"], "2 dates are written as a spreadsheet does, such as '01-01-1999'"),
        ([*MONTHLY, "1999-02-01,110"], "1999-02 has two values, 102.8 and 110.0"),
        ([*MONTHLY, "1999-02-01,."], "1999-02 has two values, 102.8 and None"),
        ([row.replace(",1", ",10") for row in MONTHLY], "1999-01 has the index 1002.7 and not 102.7"),
    ],
)
def test_another_series_under_the_same_header_is_refused(validate: Any, rows: list[str], said: str) -> None:
    with pytest.raises(InvalidData, match=f"is not CUSR0000SS62031 as FRED publishes it, month by month: {said}"):
        validate(*rows)


@pytest.mark.parametrize("end", ["1999-03-01,102", "1999-03-01,102.", "1999-03-01,102.90", "1999-03-01,", "1999-03"])
def test_a_series_that_ends_in_half_a_value_is_cut_off(validate: Any, raw: Any, end: str) -> None:
    with pytest.raises(InvalidData, match="is cut off in its last record"):
        validate_file(validate, raw, f"{MONTHLY[0]}\n{MONTHLY[1]}\n{end}")


def test_a_series_whose_last_line_has_no_end_is_whole(validate: Any, raw: Any) -> None:
    assert accepted(validate_file(validate, raw, "\n".join(MONTHLY))).count() == 40


def validate_file(validate: Any, raw: Any, rows: str) -> Any:
    """The months of a file that ends as `rows` do."""
    cpi, raw.cpi = raw.cpi, lambda *_, header: raw.write("CUSR0000SS62031.csv", f"{header}\n{rows}")
    try:
        return validate()
    finally:
        raw.cpi = cpi


def test_a_web_page_instead_of_the_series_is_said_to_be_one(validate: Any) -> None:
    with pytest.raises(InvalidData, match="is a web page or XML: expected a CSV file whose first line names 'DATE'"):
        validate("<body>", header="<!DOCTYPE html>")


def test_another_series_is_refused(validate: Any) -> None:
    with pytest.raises(InvalidData, match="no column 'CUSR0000SS62031' and has an unknown column 'CPIAUCSL'"):
        validate("1999-01-01,100", header="DATE,CPIAUCSL")
