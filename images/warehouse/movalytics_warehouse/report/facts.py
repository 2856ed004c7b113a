"""What the report says, as data: most classes are one row of a query in sql/report (the fields are its columns)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from movalytics_warehouse.report.accounts import Account
from movalytics_warehouse.report.changes import Changes


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
    """A calendar month (1 to 12) or quarter (1 to 4) and the box office of the films released in it, US dollars.

    The real figures are of the `real_movie_count` films whose prices are known; None when there is none.
    """

    number: int
    movie_count: int
    revenue: int
    mean_revenue: Decimal
    median_revenue: Decimal
    real_movie_count: int = 0
    mean_real_revenue: Decimal | None = None
    median_real_revenue: Decimal | None = None


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
    """What the answers about ratings rest on; `prior_ratings` is m of the Bayesian rating."""

    ratings: int = 0
    users: int = 0
    rated_films: int = 0
    films: int = 0
    mean_rating: Decimal | None = None
    first_rating: datetime | None = None
    last_rating: datetime | None = None
    ratings_without_genre: int = 0
    prior_ratings: int = 0

    @property
    def films_without_rating(self) -> int:
        """Films of the catalogue that nobody rated."""
        return self.films - self.rated_films

    def share(self, ratings: int) -> float | None:
        """Ratings as a share of all, 0 to 1; None where there is none."""
        return ratings / self.ratings if self.ratings else None


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

    @property
    def films_in_real_dollars(self) -> int:
        """Films whose box office and prices are known."""
        return self.films_with_revenue_and_date - self.films_outside_cpi

    @property
    def share_in_real_dollars(self) -> float:
        """Their share of the dated box office, 0 to 1."""
        return 1 - self.share_outside_cpi

    @property
    def share_outside_cpi(self) -> float:
        """The share of the dated box office that has no price, 0 to 1."""
        return self.revenue_outside_cpi / self.revenue_with_date if self.revenue_with_date else 0.0


@dataclass(frozen=True)
class Answers:
    """The four answers, best first; months and quarters are ranked by their mean."""

    films: Sequence[RatedFilm] = ()
    genres: Sequence[PopularGenre] = ()
    months: Sequence[ReleasePeriod] = ()
    quarters: Sequence[ReleasePeriod] = ()
    earnings: Sequence[EarningGenre] = ()


@dataclass(frozen=True)
class Run:
    """A run as the ledger knows it; `published_at` is UTC and empty until the run is published.

    `sample` says of what the data is a sample (empty: it is all there is), `allowed` which ceilings were raised.
    """

    run_id: str
    attempt: int | None
    movies_version: str
    cpi_version: str
    code_digest: str
    forced: bool
    planned_at: datetime | None
    published_at: datetime | None
    outcome: str | None
    sample: str = ""
    allowed: str = ""


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
class Earlier:
    """What earlier published runs of the same kind of data were like: the last one's tables, all runs' steps.

    `run_ids`: the last one first; `digests`: its tables' digests by name; `usual`: a step's median seconds by name.
    """

    run_ids: Sequence[str] = ()
    digests: Mapping[str, str | None] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)

    def compared(self, account: Account) -> str:
        """Whether a table is what the last run left, in a word."""
        if not self.run_ids:
            return "first run"
        if account.table_name not in self.digests:
            return "new"
        return "the same" if self.digests[account.table_name] == account.table_digest else "changed"


@dataclass(frozen=True)
class Facts:
    """Everything the page and report.json say.

    `published` is the run whose tables the warehouse shows now, `after` the steps that each step waits for.
    """

    run: Run
    published: Run | None
    answers: Answers = field(default_factory=Answers)
    ratings: RatingCoverage = field(default_factory=RatingCoverage)
    box_office: BoxOfficeCoverage = field(default_factory=BoxOfficeCoverage)
    accounts: Sequence[Account] = ()
    checks: Sequence[CheckResult] = ()
    steps: Sequence[StepTime] = ()
    after: Mapping[str, Sequence[str]] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=Earlier)
    changes: Changes = field(default_factory=Changes)

    @property
    def is_current(self) -> bool:
        """Whether the run reported is the one published now."""
        return self.published is not None and self.published.run_id == self.run.run_id

    @property
    def answering(self) -> Run:
        """The run whose data the answers are of."""
        return self.published or self.run
