"""All runs, for their index: what became of each, what it moved, which answers it changed, and how that went on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from movalytics_warehouse.ledger import CPI_VERSION

SUCCEEDED = "Succeeded"


@dataclass(frozen=True)
class Headline:
    """An answer's sentence, and that of the run published before (None: not known)."""

    run_id: str
    answer: str
    headline: str
    headline_before: str | None

    @property
    def is_changed(self) -> bool:
        """Whether the run before is known to have answered otherwise."""
        return self.headline_before is not None and self.headline_before != self.headline


@dataclass(frozen=True)
class PlannedRun:
    """A run of the ledger; moments are UTC, and numbers None where the ledger has none (it failed early, or is old)."""

    run_id: str
    run_date: date | None
    planned_at: datetime
    published_at: datetime | None
    outcome: str | None
    message: str
    movies_version: str
    cpi_version: str
    sample: str
    restores: str
    attempts: int
    rows_published: int | None
    rows_rejected: int | None
    rows_added: int | None
    rows_changed: int | None
    rows_removed: int | None
    published_before: str | None
    is_current: bool
    answers: Sequence[Headline] = ()

    @property
    def day(self) -> date:
        """The day that the run is for; of old runs nobody knows more than when they were planned."""
        return self.run_date or self.planned_at.date()

    @property
    def page(self) -> str | None:
        """Where its page lies, from the index; only a published run has one."""
        return f"run={quote(self.run_id)}/index.html" if self.published_at else None

    @property
    def has_failed(self) -> bool:
        """Whether it ended badly; it may have been published before that."""
        return self.outcome not in {None, SUCCEEDED}

    @property
    def fate(self) -> str:
        """What became of it, in a word or two."""
        if self.has_failed:
            return str(self.outcome).lower()
        if self.published_at:
            return "published"
        return "nothing new" if self.outcome else "not over"  # nothing new, or held

    @property
    def why(self) -> str:
        """The message of a run that failed."""
        return self.message if self.has_failed else ""

    @property
    def prices_until(self) -> date | None:
        """The last month of its prices."""
        month = CPI_VERSION.fullmatch(self.cpi_version)
        return date.fromisoformat(month[1]) if month else None

    @property
    def seconds(self) -> float | None:
        """From plan to publication."""
        return (self.published_at - self.planned_at).total_seconds() if self.published_at else None

    @property
    def changed_answers(self) -> int | None:
        """How many answers are others than before; None where nobody knows what either run answered."""
        known = [one for one in self.answers if one.headline_before is not None]
        return sum(one.is_changed for one in known) if known else None


@dataclass(frozen=True)
class History:
    """The runs planned last, the newest first; `held` is the sentence of the hold that is in force."""

    runs: Sequence[PlannedRun] = ()
    held: str = ""

    @property
    def published(self) -> list[PlannedRun]:
        """Those that were published, in the order in which they were."""
        return sorted((run for run in self.runs if run.published_at), key=lambda run: str(run.published_at))

    @property
    def failed(self) -> int:
        """How many ended badly."""
        return sum(run.has_failed for run in self.runs)

    @property
    def current(self) -> PlannedRun | None:
        """The run whose rows the tables hold."""
        return next((run for run in self.runs if run.is_current), None)

    def series(self, of: Callable[[PlannedRun], float | None]) -> list[tuple[PlannedRun, float]]:
        """A number of each published run that has it, the oldest first."""
        numbers = ((run, of(run)) for run in self.published)
        return [(run, number) for run, number in numbers if number is not None]
