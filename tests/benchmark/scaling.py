"""How a first run's time and memory grow with the ratings, in the same heap: once, three times and ten times as many.

    python -m tests.benchmark.scaling --rows=2602429

Fits the exponent of seconds ~ rows ^ exponent, of the whole and of each step that works on ratings. What a run begins
with (Spark starts, processes start) takes the same time whatever the rows, so the exponent between the two larger sizes
is told too, in which that weighs least. Writes scaling.json and prints a table.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from movalytics_workflows.house import ROOT

from tests.benchmark import ours
from tests.benchmark.generate_ratings import generated
from tests.benchmark.measuring import Cost
from tests.benchmark.telling import Document, about

TIMES = (1, 3, 10)
ALL = "all"
STEPS = ("extract-movies", "transform-ratings", "stage", "check-staged", "publish")


def measured(rows: int) -> Cost:
    """A first run with so many ratings."""
    source = generated(rows)
    with tempfile.TemporaryDirectory(dir=source.parent) as work:
        found = ours.run(Path(work) / "home", source, Path(work) / "log")
    found.steps[ALL] = found.seconds
    return found


def exponent(rows: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of seconds over rows, both as logarithms."""
    slope, _ = np.polyfit(np.log(rows), np.log(np.maximum(seconds, 0.01)), 1)
    return round(float(slope), 2)


def document(costs: Mapping[int, Cost]) -> Document:
    """Seconds by rows and the exponents of each step, and the memory of the whole tree of processes."""
    rows, found = list(costs), {}
    for step in (ALL, *STEPS):
        seconds = [cost.steps[step] for cost in costs.values()]
        pairs = {"of_all": exponent(rows, seconds), "of_the_largest": exponent(rows[-2:], seconds[-2:])}
        found[step] = {"seconds": dict(zip(map(str, rows), np.round(seconds, 1).tolist(), strict=True)), **pairs}
    return {**about(), "peak_mib": {str(one): cost.peak >> 20 for one, cost in costs.items()}, "steps": found}


def table(found: Document) -> str:
    """In Markdown: seconds by step and rows, and the exponents."""
    rows = list(found["peak_mib"])
    lines = [
        f"| | {' | '.join(f'{int(one):,}' for one in rows)} | exponent | of the two largest |",
        f"|---|{'---:|' * (len(rows) + 2)}",
    ]
    for step, one in found["steps"].items():
        seconds = " | ".join(str(one["seconds"][number]) for number in rows)
        lines.append(f"| {step}, seconds | {seconds} | {one['of_all']} | {one['of_the_largest']} |")
    lines.append(f"| most memory, MiB | {' | '.join(str(found['peak_mib'][one]) for one in rows)} | | |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_602_429)
    parser.add_argument("--output", type=Path, default=ROOT / "tests/benchmark")
    given = parser.parse_args()
    found = document({given.rows * times: measured(given.rows * times) for times in TIMES})
    (given.output / "scaling.json").write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.write(table(found))


if __name__ == "__main__":
    main()
