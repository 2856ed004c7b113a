"""Do the tests bite? Small faults, one at a time, in the modules on which everything rests; how many are noticed.

    python -m tests.mutation.mutants --share=0.2 --only=publish.py

cosmic-ray makes the mutants, in two copies of the tree, and runs the module's tests on each. Unions of types are left
as they are. Keeps what it found in mutants.json, module by module, and writes mutants.md of it: the share that was
killed, and every survivor.
"""

import argparse
import json
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Queue
from shutil import copytree, ignore_patterns

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult
from movalytics_workflows.house import ROOT

from tests.copied_tree import copied_tree
from tests.mutation.targets import EQUIVALENT, TARGETS

COPIES, SEED = 2, 7
PATIENCE = 3  # so many times as long as without a fault the tests of a mutant may take: it may make a loop endless
PAGE, FOUND = (Path(__file__).with_name(name) for name in ("mutants.md", "mutants.json"))


@dataclass(frozen=True)
class Tried:
    """What became of a module's mutants: how many there were, how many were tried, and the diffs of the survivors."""

    module: str
    mutants: int
    tried: int
    survivors: Sequence[str]


def session(tree: Path, module: str) -> Path:
    """cosmic-ray's database of all mutants of a module."""
    tests = [str(tree / ".venv/bin/python"), "-m", "pytest", "-x", "-q", "-m", "not slow", *TARGETS[module]]
    seconds = time.monotonic()
    subprocess.run(tests, cwd=tree, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - seconds
    config, database = tree / "cosmic-ray.toml", tree / "cosmic-ray.sqlite"
    config.write_text(
        f"""[cosmic-ray]
module-path = "{module}"
timeout = {10 + PATIENCE * seconds:.0f}
excluded-modules = []
test-command = "{shlex.join(tests)}"
[cosmic-ray.distributor]
name = "local"
"""
    )
    cosmic_ray(tree, "init", "--force", config.name, database.name)
    return database


def cosmic_ray(tree: Path, *words: str) -> None:
    command = [sys.executable, "-m", "cosmic_ray.cli", *words]
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL)


def thinned(database: WorkDB, share: float) -> None:
    """Leave out mutants of types' unions, and all but a share of the others."""
    chosen = random.Random(SEED)
    for item in database.work_items:
        is_union = "BitOr" in item.mutations[0].operator_name
        if is_union or chosen.random() >= share:
            database.set_result(item.job_id, WorkResult(WorkerOutcome.SKIPPED))


def tried(tree: Path, module: str, share: float) -> Tried:
    """Run the module's tests on its mutants, and give the module back as it was."""
    original = (tree / module).read_text()
    path = session(tree, module)
    with use_db(path, WorkDB.Mode.open) as database:
        thinned(database, share)
    cosmic_ray(tree, "exec", "cosmic-ray.toml", path.name)
    (tree / module).write_text(original)
    with use_db(path, WorkDB.Mode.open) as database:
        results = [result for _, result in database.results if result.worker_outcome != WorkerOutcome.SKIPPED]
        survivors = [result.diff or "" for result in results if result.test_outcome == TestOutcome.SURVIVED]
        return Tried(module, sum(1 for _ in database.work_items), len(results), survivors)


def every(modules: Sequence[str], share: float) -> Iterator[Tried]:
    """All modules as they are done, each in a copy of the tree that is free."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(COPIES) as pool:
        free: Queue[Path] = Queue()
        for number in range(COPIES):
            free.put(_copy(Path(folder) / str(number)))

        def one(module: str) -> Tried:
            tree = free.get()
            try:
                return tried(tree, module, share)
            finally:
                free.put(tree)

        for done in as_completed([pool.submit(one, module) for module in modules]):
            yield done.result()


def _copy(tree: Path) -> Path:
    """The components, and the tests with what they read."""
    copied_tree(tree)
    copytree(ROOT / "tests", tree / "tests", ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "Makefile"):
        (tree / name).write_text((ROOT / name).read_text())
    return tree


def told(found: Sequence[Tried]) -> str:
    """The page."""
    rows = [_row(one.module, one) for one in found]
    total = Tried(
        "all",
        sum(one.mutants for one in found),
        sum(one.tried for one in found),
        [diff for one in found for diff in one.survivors],
    )
    lines = [
        "| module | mutants | tried | equivalent | survived | killed of the others |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    reasons = Counter(why(diff) for diff in total.survivors if why(diff))
    alike = [f"- {count} equivalent: {reason}" for reason, count in reasons.most_common()]
    survivors = [f"```diff\n{diff.strip()}\n```" for diff in total.survivors if not why(diff)]
    return "\n".join([*lines, *rows, _row("**all**", total), "", *alike, "", *survivors]) + "\n"


def _row(name: str, one: Tried) -> str:
    alike = sum(1 for diff in one.survivors if why(diff))
    alive, others = len(one.survivors) - alike, one.tried - alike
    return f"| {name} | {one.mutants} | {one.tried} | {alike} | {alive} | {1 - alive / max(others, 1):.0%} |"


def why(diff: str) -> str:
    """Why no test can kill this mutant; nothing of one that a test could."""
    written = [line[1:] for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    return next((reason for line in written for mark, reason in EQUIVALENT.items() if re.search(mark, line)), "")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=float, default=1.0, help="of the mutants, drawn at random")
    parser.add_argument("--only", default="", help="modules whose path has this")
    given = parser.parse_args()
    for one in every([module for module in TARGETS if given.only in module], given.share):
        sys.stdout.write(told([one]))
        sys.stdout.flush()
        keep(one)


def keep(one: Tried) -> None:
    """Put it in place of what was found of this module before."""
    found = json.loads(FOUND.read_text()) if FOUND.exists() else {}
    found[one.module] = asdict(one)
    FOUND.write_text(json.dumps(found, indent=1) + "\n")
    PAGE.write_text(told([Tried(**found[module]) for module in TARGETS if module in found]))


if __name__ == "__main__":
    main()
