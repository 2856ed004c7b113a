"""`make run`'s own command, as it is or as a copy of the tree whose code is another."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from movalytics_workflows.house import ROOT

from tests.benchmark.measuring import Cost, cost
from tests.copied_tree import copied_tree


def run(home: Path, source: Path, log: Path, tree: Path = ROOT) -> Cost:
    """A run on these sources; its steps' seconds are those of their records."""
    python = Path(sys.executable) if tree == ROOT else tree / ".venv/bin/python"
    before = set(home.glob("lake/runs/run=*"))
    found = cost(
        [python, "-m", "movalytics_workflows", "run", f"--home={home}", f"--source={source}"], tree, os.environ, log
    )
    for record in sorted({*home.glob("lake/runs/run=*")} - before):
        found.steps |= seconds(record)
    return found


def seconds(records: Path) -> Mapping[str, float]:
    """Step → seconds, of a run's records."""
    told = {path.stem: json.loads(path.read_text()) for path in records.glob("*.json")}
    return {step: record["seconds"] for step, record in told.items() if "seconds" in record}


def tree_with_another_mart(directory: Path) -> Path:
    """A copy of the tree in which the SQL of a mart says the same in other words."""
    tree = copied_tree(directory)
    statement = tree / "sql/marts/genre_popularity/publish.sql"
    statement.write_text(f"-- As before.\n{statement.read_text()}")
    return tree
