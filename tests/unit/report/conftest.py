"""Facts as a warehouse would give them, few and plain."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from movalytics_warehouse.report.accounts import Account, Outcome
from movalytics_warehouse.report.facts import (
    Answers,
    BoxOfficeCoverage,
    CheckResult,
    Earlier,
    EarningGenre,
    Facts,
    PopularGenre,
    RatedFilm,
    RatingCoverage,
    ReleasePeriod,
    Run,
    StepTime,
)


@pytest.fixture
def run() -> Run:
    return Run(
        run_id="movalytics-1",
        attempt=1,
        movies_version="7",
        cpi_version="2022-04-01-9d3c1f02",
        code_digest="8c1f" * 16,
        forced=False,
        planned_at=datetime(2026, 11, 24, 5, 0),  # noqa: DTZ001 the ledger's TIMESTAMP has no zone, it is UTC
        published_at=datetime(2026, 11, 24, 5, 1),  # noqa: DTZ001
        outcome="published",
    )


@pytest.fixture
def empty(run: Run) -> Facts:
    return Facts(run=run, published=run)


@pytest.fixture
def answers() -> Answers:
    return Answers(
        films=[
            RatedFilm("Fargo", date(1996, 4, 5), 224, Decimal("4.2567"), Decimal("4.1301")),
            RatedFilm("The <script>alert('Film')</script> & Co", None, 1234, Decimal("4.1"), Decimal("4.05")),
        ],
        genres=[
            PopularGenre("Drama", 34372, 669, 1934, Decimal("3.6965")),
            PopularGenre("Comedy", 26907, 668, 1460, Decimal("3.4425")),
        ],
        months=[
            ReleasePeriod(
                *(6, 210, 22_360_977_718, Decimal("106480846.28"), Decimal("45490586.50")),
                *(40, Decimal("201480846.28"), Decimal("90490586.50")),
            ),
            ReleasePeriod(1, 98, 1_800_000_000, Decimal("18400000.00"), Decimal("6700000.00")),
        ],
        quarters=[ReleasePeriod(2, 544, 46_143_675_759, Decimal("84822933.38"), Decimal("28069708.00"))],
        earnings=[
            EarningGenre(
                "Adventure", 54, 9_620_104_910, Decimal("17375257543.73"), Decimal("321764028.59"), date(2022, 4, 1)
            )
        ],
    )


@pytest.fixture
def facts(run: Run, answers: Answers) -> Facts:
    return Facts(
        run=run,
        published=run,
        answers=answers,
        ratings=RatingCoverage(
            ratings=71609,
            users=671,
            rated_films=3722,
            films=4626,
            mean_rating=Decimal("3.5631764164"),
            first_rating=datetime(1995, 1, 9, tzinfo=UTC),
            last_rating=datetime(2016, 10, 16, tzinfo=UTC),
            ratings_without_genre=22,
            prior_ratings=50,
        ),
        box_office=BoxOfficeCoverage(
            films=4626,
            films_with_revenue=2134,
            films_with_revenue_and_date=2133,
            revenue_with_date=139_911_950_347,
            films_on_first_january=14,
            films_outside_cpi=1773,
            revenue_outside_cpi=108_764_239_591,
            films_in_real_dollars_without_genre=1,
            first_cpi_month=date(1999, 1, 1),
            last_cpi_month=date(2022, 4, 1),
        ),
        accounts=[
            Account(
                *("movies", 4627, 4626, 4626, 4626, "aa" * 32),
                [
                    Outcome("movies", "merged", "duplicate_film", 1),
                    Outcome("movies", "repaired", "invalid_revenue", 3),
                ],
            ),
            Account(
                *("ratings", 100_004, 71_609, 71_609, 71_609, "bb" * 32),
                [
                    Outcome("ratings", "rejected", "film_not_in_catalogue", 28_289),
                    Outcome("ratings", "rejected", "no_tmdb_id", 104),
                    Outcome("ratings", "merged", "superseded_rating", 2),
                ],
            ),
            Account("links", 45_843, 45_624, None, None, None, [Outcome("links", "rejected", "no_tmdb_id", 219)]),
            Account("movie_rating", None, None, None, 3722, "cc" * 32),
        ],
        checks=[
            CheckResult("staged", "rating_is_between_half_and_five", "ratings", "error", "pass", 0, None, 0.2),
            CheckResult("staged", "few_ratings_are_lost", "ratings", "warn", "fail", 1, '[{"share": 0.28}]', 0.1),
        ],
        steps=[
            StepTime("extract-movies", datetime(2026, 11, 24, 5, 0, tzinfo=UTC), 72.4),
            StepTime("transform-catalogue", datetime(2026, 11, 24, 5, 1, 20, tzinfo=UTC), 30),
        ],
        after={"transform-catalogue": ["extract-movies", "extract-cpi"]},
        earlier=Earlier(["movalytics-0"], {"movies": "aa" * 32, "ratings": "00" * 32}, {"extract-movies": 60.0}),
    )
