"""date: each release day once, with ISO weeks."""

from datetime import date
from typing import Any

from movalytics_spark.date import dates
from movalytics_spark.movies import films, read_movies
from movalytics_spark.validation import accepted


def test_says_day_iso_week_month_quarter_and_year(spark: Any, raw: Any) -> None:
    released = ["2016-01-01", "1874-12-09", "2020-12-31"]
    uri = raw.movies(*[{"id": str(number), "release_date": day} for number, day in enumerate(released, 1)])
    rows = accepted(dates(films(read_movies(spark, uri).frame))).drop("reason", "record").collect()
    assert sorted(map(tuple, rows)) == [
        (date(1874, 12, 9), 9, 50, 12, 4, 1874),
        (date(2016, 1, 1), 1, 53, 1, 1, 2016),
        (date(2020, 12, 31), 31, 53, 12, 4, 2020),
    ]


def test_accounts_for_every_film(spark: Any, raw: Any, reasons: Any) -> None:
    days = {"1": "2016-01-01", "2": "2016-01-01", "3": "", "x": "2016-01-01"}
    uri = raw.movies(*[{"id": movie_id, "release_date": day} for movie_id, day in days.items()])
    validated = dates(films(read_movies(spark, uri).frame))
    assert reasons(validated) == ["", "merged_duplicate", "no_movie_id", "no_release_date"]
