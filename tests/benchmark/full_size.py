"""The whole pipeline on as many ratings as the full dataset has: seconds and peak memory of each step.

    python tests/benchmark/full_size.py --rows=26024289

Generates the ratings once (below .movalytics/benchmark), runs `make run`'s own command on them with a fresh lake and
warehouse, samples the resident memory of each step's processes and of the stand-in twice a second, and prints a table.
Memory is what the processes of a step hold together, shared pages counted once for each.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".movalytics" / "benchmark"
WAREHOUSE = "(warehouse)"


def generate(rows: int) -> Path:
    """The directory with so many ratings in Kaggle's layout, made when it is not there yet."""
    directory = HOME / f"ratings-{rows}"
    if not (directory / "ratings.csv").is_file():
        script, sample = ROOT / "tests/benchmark/generate_ratings.py", ROOT / "tests/data/the-movies-dataset.zip"
        command = [sys.executable, script, f"--rows={rows}", f"--source={sample}", f"--output={directory}"]
        subprocess.run(command, check=True)
    return directory


def run(source: Path, home: Path) -> tuple[float, dict[str, int]]:
    """Seconds of the whole run, and the peak bytes of each step and of the warehouse."""
    shutil.rmtree(home, ignore_errors=True)
    command = [sys.executable, "-m", "movalytics_workflows", "run", f"--home={home}", f"--source={source}"]
    peaks: dict[str, int] = defaultdict(int)
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT) as runner:
        while runner.poll() is None:
            for step, held in _held(psutil.Process(runner.pid)).items():
                peaks[step] = max(peaks[step], held)
            time.sleep(0.5)
    if runner.returncode:
        raise SystemExit(runner.returncode)
    return time.monotonic() - started, peaks


def _held(runner: psutil.Process) -> dict[str, int]:
    held: dict[str, int] = defaultdict(int)
    for child in runner.children():
        with suppress(psutil.NoSuchProcess):  # any of them may end while it is asked
            step = _step(child)
            for process in [child, *child.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    held[step] += process.memory_info().rss
    return held


def _step(child: psutil.Process) -> str:
    """The step is named by its record, `…/<step>.json`."""
    records = [word for word in child.cmdline() if word.startswith("--record=")]
    return Path(records[0]).stem if records else WAREHOUSE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=26_024_289)
    rows = parser.parse_args().rows
    home = HOME / "home"
    seconds, peaks = run(generate(rows), home)
    records = {path.stem: json.loads(path.read_text()) for path in home.glob("lake/runs/run=*/*.json")}
    print(f"\n{'step':<22}{'rows':>14}{'seconds':>10}{'peak MiB':>10}")  # noqa: T201
    for step, peak in peaks.items():
        record = records.get(step, {})
        rows_moved, took = record.get("rows", ""), record.get("seconds", "")
        print(f"{step:<22}{rows_moved:>14}{took:>10}{peak / 2**20:>10.0f}")  # noqa: T201
    print(f"{'in all':<22}{'':>14}{seconds:>10.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
