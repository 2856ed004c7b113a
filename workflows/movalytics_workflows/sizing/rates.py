"""What the benchmark measured: seconds of each step of a first run, with how many ratings, on how many cores."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from movalytics_common.errors import InvalidData, MissingInput

RATINGS, CATALOGUE = "transform-ratings", "transform-catalogue"
BEFORE = ("discover", "plan")
LANDING = "extract-movies"
LOAD = ("stage", "check-staged", "publish", "check-published")
AFTER = ("report", "finish")
STEPS = (*BEFORE, LANDING, CATALOGUE, RATINGS, *LOAD, *AFTER)


@dataclass(frozen=True)
class Rates:
    """Seconds of each step with `rows` ratings on a machine of so many cores; medians."""

    rows: int
    cores: int
    seconds: Mapping[str, float]
    measured_at: str

    def together(self, *steps: str) -> float:
        """Seconds of these steps, one after another."""
        return sum(self.seconds[step] for step in steps)


def read_rates(path: Path) -> Rates:
    """The rates in a benchmark.json. Raises MissingInput, and InvalidData for one that lacks a step or a number."""
    if not path.is_file():
        raise MissingInput(f"{path} is not there: make bench measures it")
    try:
        found = json.loads(path.read_text())
        steps = found["summary"]["full"]["steps"]
        rates = Rates(
            int(found["rows"]),
            int(found["machine"]["cores"]),
            {step: float(steps[step]) for step in STEPS if step in steps},
            str(found["measured_at"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise InvalidData(f"{path} is no benchmark of ours ({error!r}): make bench measures it anew") from error
    _require_measured(path, rates)
    return rates


def _require_measured(path: Path, rates: Rates) -> None:
    if missing := [step for step in STEPS if step not in rates.seconds]:
        raise InvalidData(f"{path} lacks the seconds of {', '.join(missing)}: make bench measures them anew")
    if rates.rows < 1 or rates.cores < 1 or min(rates.seconds.values()) < 0:
        raise InvalidData(f"{path} measured no rows, no cores or seconds below 0: make bench measures it anew")
