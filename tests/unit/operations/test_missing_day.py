"""Which days backfill takes."""

from datetime import date

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_operations.missing_day import MOST, days_between

TODAY = date(2026, 3, 1)


def test_both_ends_count() -> None:
    assert days_between("2026-02-27", "2026-03-01", TODAY) == [date(2026, 2, 27), date(2026, 2, 28), TODAY]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-02-30", "2026-03-01", "from=2026-02-30 is no day: write it as YYYY-MM-DD"),
        ("2026-02-01", "1.3.2026", "to=1.3.2026 is no day"),
        ("20260201", "2026-03-01", "from=20260201 is no day"),
        ("2026-03-01", "2026-02-01", "from=2026-03-01 is after to=2026-02-01: name the earlier day first"),
        ("2026-02-01", "2026-03-02", "to=2026-03-02 is in the future: backfill brings days until today, 2026-03-01"),
        ("2025-02-01", "2026-03-01", f"are 394 days: backfill {MOST} at once at most"),
    ],
)
def test_what_are_no_days_of_the_past_is_refused(first: str, last: str, sentence: str) -> None:
    with pytest.raises(InvalidSettings, match=sentence):
        days_between(first, last, TODAY)
