"""Where the marks of a plot stand, in percent of its width or height; the template draws them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from movalytics_warehouse.report.facts import RatedFilm
from movalytics_warehouse.report.formats import Number

BEST_RATING = 5.0
FEW_MARKS = 30


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


@dataclass(frozen=True)
class Mark:
    """A point of a trend: percent from the left and from the top, and what it says."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Trend:
    """A number from run to run, the oldest first; the lowest stands at the bottom and the highest at the top."""

    title: str
    marks: Sequence[Mark]
    lowest: str
    highest: str
    last: str

    @property
    def lines(self) -> list[tuple[Mark, Mark]]:
        """From each mark to the next."""
        return list(pairwise(self.marks))

    @property
    def ends(self) -> str:
        """What its height stands for."""
        return f"{self.lowest} to {self.highest}" if self.lowest != self.highest else f"always {self.lowest}"

    @property
    def radius(self) -> float:
        """Of a mark, in pixels: many must not run together."""
        return 3 if len(self.marks) <= FEW_MARKS else 1


def trend(title: str, series: Sequence[tuple[str, float]], shown: Callable[[float], str]) -> Trend:
    """Of a label and a number each; `shown` writes a number. Raises ValueError when there is none."""
    numbers = [number for _, number in series]
    low, high = min(numbers), max(numbers)
    # One alone is the last one, at the right; what never changes runs along the middle.
    across, up = (
        Scale(0, max(1, len(numbers) - 1), 1),
        Scale(low, high, 1) if low < high else Scale(low - 1, low + 1, 1),
    )
    first = across.high + 1 - len(numbers)
    marks = [
        Mark(across.at(first + place), up.from_right(number), f"{label}: {shown(number)}")
        for place, (label, number) in enumerate(series)
    ]
    return Trend(title, marks, shown(low), shown(high), shown(numbers[-1]))
