"""Where the marks of a plot stand, in percent of its width or height; the template draws them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from movalytics_warehouse.report.facts import RatedFilm
from movalytics_warehouse.report.formats import Number

BEST_RATING = 5.0


@dataclass(frozen=True)
class Scale:
    """A horizontal axis: its ends and the ticks between them."""

    low: float
    high: float
    step: float

    def at(self, value: Number) -> float:
        """Where a value stands, percent from the left."""
        return round(100 * (float(value) - self.low) / (self.high - self.low), 2)

    def from_right(self, value: Number) -> float:
        """Where a value stands, percent from the right."""
        return round(100 - self.at(value), 2)

    @property
    def intervals(self) -> int:
        """How many steps there are between the ends."""
        return round((self.high - self.low) / self.step)


def share(value: Number, largest: Number) -> float:
    """The length of a bar in percent of the longest one; nothing is below zero."""
    return max(0.0, round(100 * float(value) / float(largest), 2)) if largest else 0.0


def rating_scale(films: Sequence[RatedFilm]) -> Scale:
    """An axis of half stars that ends at five and starts just below the lowest mark."""
    lowest = min((float(min(film.bayesian_rating, film.mean_rating)) for film in films), default=0.0)
    low = max(0.0, math.floor(2 * lowest - 0.2) / 2)
    return Scale(min(low, BEST_RATING - 0.5), BEST_RATING, 0.5)
