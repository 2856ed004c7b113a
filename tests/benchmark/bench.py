"""How long the pipeline takes beside the least that is possible and beside the way from which it set out.

    python -m tests.benchmark.bench --rows=26024289 --rounds=3

In each round all contestants take their turn on the same bytes, so that a slow hour of the machine is everybody's.
Writes benchmark.json and benchmark.svg, and prints the medians.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from movalytics_workflows.house import ROOT

from tests.benchmark import ours, telling
from tests.benchmark.changes import more_ratings, next_price
from tests.benchmark.generate_ratings import generated
from tests.benchmark.measuring import Cost, cost

Round = dict[str, Cost]


def one_round(source: Path, rows: int, work: Path) -> Round:
    """Every contestant once."""
    return {**of_others(source, work), **of_ours(source, rows, work)}


def of_others(source: Path, work: Path) -> Round:
    """The floor, and the original where Maven can bring its driver."""
    names = ["floor", "original"] if shutil.which("mvn") else ["floor"]
    return {name: program(name, source, work / name) for name in names}


def program(name: str, source: Path, work: Path) -> Cost:
    """A program of this folder, whose last line tells its steps."""
    log = work.with_suffix(".log")
    command = [sys.executable, "-m", f"tests.benchmark.{name}", f"--source={source}", f"--work={work}"]
    found = cost(command, ROOT, os.environ, log)
    found.steps = json.loads(log.read_text().splitlines()[-1])
    shutil.rmtree(work)
    return found


def of_ours(source: Path, rows: int, work: Path) -> Round:
    """A first run, and then what changes ask for, one after another in the same warehouse."""
    home, other = work / "home", ours.tree_with_another_mart(work / "tree")
    priced = next_price(source, work / "priced")
    rated = more_ratings(priced, work / "rated", rows)
    turns: Mapping[str, Callable[[Path], Cost]] = {
        "full": lambda log: ours.run(home, source, log),
        "nothing new": lambda log: ours.run(home, source, log),
        "a new price": lambda log: ours.run(home, priced, log),
        "1 % more ratings": lambda log: ours.run(home, rated, log),
        "another mart": lambda log: ours.run(home, rated, log, other),
    }
    return {name: turn(work / f"{name}.log") for name, turn in turns.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=26_024_289)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=ROOT / "tests/benchmark")
    given = parser.parse_args()
    source = generated(given.rows)
    rounds = []
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory(dir=source.parent) as work:
            rounds.append({name: asdict(found) for name, found in one_round(source, given.rows, Path(work)).items()})
    document = telling.document(given.rows, rounds)
    (given.output / "benchmark.json").write_text(json.dumps(document, indent=2) + "\n")
    (given.output / "benchmark.svg").write_text(telling.plot(document))
    sys.stdout.write(telling.table(document))


if __name__ == "__main__":
    main()
