"""The benchmark works: every contestant takes its turn and is told. How fast they are is no matter of a test."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from movalytics_workflows.house import ROOT

ROWS = 20_000
OURS = {"full", "nothing new", "a new price", "1 % more ratings", "another mart"}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_contestant_is_measured_and_what_did_not_change_is_not_made_again(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmark.bench", f"--rows={ROWS}", "--rounds=1", f"--output={tmp_path}"]
    table = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    told = json.loads((tmp_path / "benchmark.json").read_text())["summary"]
    others = {"floor", "original"} if shutil.which("mvn") else {"floor"}
    assert told.keys() == OURS | others
    assert all(f"| **{name}** |" in table for name in told)
    assert all(one["seconds"] > 0 and one["peak_mib"] > 0 for one in told.values())
    assert told["full"]["steps"].keys() > {"transform-ratings", "publish"}
    assert not told["another mart"]["steps"].keys() & {"transform-catalogue", "transform-ratings"}
    assert "publish" not in told["nothing new"]["steps"]
    assert (tmp_path / "benchmark.svg").read_text().count("<rect") == len(told)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_how_a_run_grows_is_told_for_once_three_and_ten_times_the_rows(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmark.scaling", "--rows=5000", f"--output={tmp_path}"]
    table = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    told = json.loads((tmp_path / "scaling.json").read_text())
    assert list(told["peak_mib"]) == ["5000", "15000", "50000"]
    assert all(f"| {step}, seconds |" in table for step in told["steps"])
    assert all(list(one["seconds"]) == list(told["peak_mib"]) for one in told["steps"].values())
