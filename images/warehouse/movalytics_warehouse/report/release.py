"""When to release, by the mean and by the median: what one says and the other does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from movalytics_warehouse.report.facts import ReleasePeriod


@dataclass(frozen=True)
class Verdict:
    """The periods that two measures of the same films call best; `close` lie within a tenth of the mean's, best first.

    The mean is what a film brings on average, carried by a few very large successes; the median what the one in the
    middle brings.
    """

    by_mean: ReleasePeriod
    by_median: ReleasePeriod
    close: Sequence[ReleasePeriod]

    @property
    def agrees(self) -> bool:
        """Whether both call the same period best."""
        return self.by_mean.number == self.by_median.number


def verdict(periods: Sequence[ReleasePeriod], within: float) -> Verdict | None:
    """By the money of the time; None without films."""
    return _verdict(periods, within, lambda one: one.mean_revenue, lambda one: one.median_revenue)


def real_verdict(periods: Sequence[ReleasePeriod], within: float) -> Verdict | None:
    """By real dollars, of the films whose prices are known; None without any."""
    known = [period for period in periods if period.real_movie_count]
    return _verdict(
        known,
        within,
        lambda one: one.mean_real_revenue or Decimal(0),
        lambda one: one.median_real_revenue or Decimal(0),
    )


def _verdict(
    periods: Sequence[ReleasePeriod],
    within: float,
    mean: Callable[[ReleasePeriod], Decimal],
    median: Callable[[ReleasePeriod], Decimal],
) -> Verdict | None:
    if not periods:
        return None
    ranked = sorted(periods, key=mean, reverse=True)
    best, limit = ranked[0], float(mean(ranked[0])) * (1 - within)
    # The mean's choice keeps a tie: only a larger median speaks for another period.
    by_median = max([best, *ranked[1:]], key=median)
    return Verdict(best, by_median, [period for period in ranked[1:] if float(mean(period)) >= limit])


def by_number(periods: Sequence[ReleasePeriod]) -> dict[int, ReleasePeriod]:
    """The periods by their place in the year; a month without films is missing."""
    return {period.number: period for period in periods}
