"""What the report says, as data: each class is one row of a query in sql/report (the fields are its columns)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class RatedFilm:
    """A film and what users think of it; ratings are 0.5 to 5 stars."""

    title: str
    release_date: date | None
    rating_count: int
    mean_rating: Decimal
    bayesian_rating: Decimal


@dataclass(frozen=True)
class PopularGenre:
    """A genre and how much users rate its films; a rating counts for each genre of its film."""

    genre_name: str
    rating_count: int
    user_count: int
    movie_count: int
    mean_rating: Decimal


@dataclass(frozen=True)
class ReleasePeriod:
    """A calendar month (1 to 12) or quarter (1 to 4) and the box office of the films released in it, US dollars."""

    number: int
    movie_count: int
    revenue: int
    mean_revenue: Decimal
    median_revenue: Decimal


@dataclass(frozen=True)
class EarningGenre:
    """A genre's box office, as paid (nominal) and in dollars of `base_month` (real)."""

    genre_name: str
    movie_count: int
    nominal_revenue: int
    real_revenue: Decimal
    mean_real_revenue: Decimal
    base_month: date


@dataclass(frozen=True)
class RatingCoverage:
    """What the answers about ratings rest on."""

    ratings: int = 0
    users: int = 0
    rated_films: int = 0
    films: int = 0
    mean_rating: Decimal | None = None
    first_rating: datetime | None = None
    last_rating: datetime | None = None
    ratings_without_genre: int = 0


@dataclass(frozen=True)
class BoxOfficeCoverage:
    """What the answers about money rest on: films and US dollars, as paid."""

    films: int = 0
    films_with_revenue: int = 0
    films_with_revenue_and_date: int = 0
    revenue_with_date: int = 0
    films_on_first_january: int = 0
    films_outside_cpi: int = 0
    revenue_outside_cpi: int = 0
    films_in_real_dollars_without_genre: int = 0
    first_cpi_month: date | None = None
    last_cpi_month: date | None = None


@dataclass(frozen=True)
class Answers:
    """The four answers, best first; months and quarters are ranked too."""

    films: Sequence[RatedFilm] = ()
    genres: Sequence[PopularGenre] = ()
    months: Sequence[ReleasePeriod] = ()
    quarters: Sequence[ReleasePeriod] = ()
    earnings: Sequence[EarningGenre] = ()


@dataclass(frozen=True)
class Run:
    """A run as the ledger knows it; `published_at` is UTC and empty until the run is published."""

    run_id: str
    attempt: int | None
    movies_version: str
    cpi_version: str
    code_digest: str
    forced: bool
    planned_at: datetime | None
    published_at: datetime | None
    outcome: str | None


@dataclass(frozen=True)
class Rejection:
    """How many rows of a table one reason removed."""

    table_name: str
    reason: str
    row_count: int


@dataclass(frozen=True)
class TableCount:
    """A table's rows on their way through the run; a mart has no rows in and none rejected."""

    table_name: str
    rows_in: int | None
    rows_out: int | None
    rows_rejected: int | None
    staged_rows: int | None
    published_rows: int | None
    table_digest: str | None
    rejections: Sequence[Rejection] = ()

    @property
    def is_mart(self) -> bool:
        """Whether the table was computed in the warehouse and not loaded from the lake."""
        return self.rows_in is None

    @property
    def adds_up(self) -> bool:
        """Rows in = rows out + rows rejected, the latter summed over the reasons."""
        return self.rows_in == (self.rows_out or 0) + sum(rejection.row_count for rejection in self.rejections)


@dataclass(frozen=True)
class CheckResult:
    """One check's verdict; `sample` is JSON text, a list of at most five offending rows."""

    stage: str
    check_name: str
    table_name: str | None
    severity: str
    state: str
    violations: int | None
    sample: str | None
    seconds: float | None


@dataclass(frozen=True)
class StepTime:
    """One step of the run as its record in the lake tells it."""

    step: str
    started_at: datetime
    seconds: float
    rows: int | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the page and report.json say. `published` is the run whose tables the warehouse shows now."""

    run: Run
    published: Run | None
    answers: Answers = field(default_factory=Answers)
    ratings: RatingCoverage = field(default_factory=RatingCoverage)
    box_office: BoxOfficeCoverage = field(default_factory=BoxOfficeCoverage)
    tables: Sequence[TableCount] = ()
    checks: Sequence[CheckResult] = ()
    steps: Sequence[StepTime] = ()

    @property
    def is_current(self) -> bool:
        """Whether the run reported is the one published now."""
        return self.published is not None and self.published.run_id == self.run.run_id
