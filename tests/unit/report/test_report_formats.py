"""Numbers as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from movalytics_warehouse.report import formats


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [
        (0, "$0"),
        (718_287, "$718,287"),
        (999_960, "$1.0 m"),
        (34_543_210, "$34.5 m"),
        (999_940_000, "$999.9 m"),
        (999_960_000, "$1.0 bn"),
        (Decimal("1234567890.12"), "$1.2 bn"),
        (1_234_567_890_123, "$1,234.6 bn"),
        (None, "\u2013"),
    ],
)
def test_money_is_told_in_the_unit_that_leaves_few_digits(dollars: int | Decimal | None, shown: str) -> None:
    assert plain(formats.money(dollars)) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.024, "2.4 %"),
        (0.28289, "28 %"),
        (0.998, "99.8 %"),
        (0.99999, "99.9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, shown: str) -> None:
    assert plain(formats.percent(share)) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.04, "under 0.1 s"),
        (0.06, "0.1 s"),
        (9.96, "10 s"),
        (59.6, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3900, "1 h 05 min"),
    ],
)
def test_durations_carry_their_unit(seconds: float, shown: str) -> None:
    assert plain(formats.duration(seconds)) == shown


def test_numbers_have_thousands_separators() -> None:
    assert formats.number(26_024_289) == "26,024,289"


def test_months_and_quarters_have_names() -> None:
    assert formats.month(6) == "June"
    assert formats.quarter(2) == "second quarter (April to June)"
    assert plain(formats.month_of_year(date(2022, 4, 1))) == "April 2022"


def test_a_moment_is_told_in_utc() -> None:
    assert plain(formats.moment(datetime(2026, 11, 24, 4, 5, tzinfo=UTC))) == "24 November 2026, 04:05 UTC"


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        (date(2026, 11, 24), "0 days"),
        (date(2026, 11, 23), "1 day"),
        (date(2026, 9, 25), "60 days"),
        (date(2026, 9, 24), "2 months"),
        (date(2025, 12, 1), "11 months"),
        (date(2025, 11, 24), "1 year"),
        (date(2022, 4, 1), "4 years and 7 months"),
        (date(2016, 10, 16), "10 years"),
        (date(2030, 1, 1), "0 days"),
    ],
)
def test_ages_are_told_in_the_largest_units_that_matter(then: date, shown: str) -> None:
    assert plain(formats.age(then, date(2026, 11, 24))) == shown


def test_lists_end_in_and() -> None:
    assert formats.listed([]) == ""
    assert formats.listed(["A"]) == "A"
    assert formats.listed(["A", "B", "C"]) == "A, B and C"
