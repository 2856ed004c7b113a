"""`advise` on event logs of real runs: with a heap that was too small, and with one that was far too large."""

from pathlib import Path

import pytest
from movalytics_common import lake
from movalytics_common.step import run
from movalytics_operations.__main__ import build_parser

from tests.unit.operations.recorded import place

RUN = "movalytics-daily-x2f9k"


def advise(folder: Path, of: str = RUN) -> int:
    argv = ["advise", f"--run={of}", f"--events=file://{folder}/spark-events", f"--record=file://{folder}/advise.json"]
    return run(build_parser(), lake.write_bytes, argv)


def test_too_little_memory_is_to_be_raised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place("out-of-heap", tmp_path, RUN)
    assert advise(tmp_path) == 0
    said = capsys.readouterr().out
    assert "→ applications.ratings.executors.memory=1280m: Java ran out of heap" in said
    assert "of 640 MiB at its fullest" in said
    assert said.endswith("--set applications.ratings.executors.memory=1280m\n")


def test_far_too_much_memory_is_to_be_lowered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place("much", tmp_path, RUN)
    assert advise(tmp_path) == 0
    said = capsys.readouterr().out
    assert "→ applications.ratings.executors.memory=1280m: tasks need " in said
    assert "of 5,120 MiB at its fullest" in said


def test_each_application_is_told_of_by_its_last_attempt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place("applied", tmp_path, RUN)  # was recorded after the other
    place("out-of-heap", tmp_path, RUN)
    place("much", tmp_path, RUN, application="catalogue")
    assert advise(tmp_path) == 0
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith("transform-")] == [
        "transform-catalogue",
        "transform-ratings",
    ]
    assert "ran out of heap" not in said
    assert said.count("--set applications.") == said.count("--set applications.catalogue.") == 1


def test_where_nothing_is_to_be_changed_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place("applied", tmp_path, RUN)
    assert advise(tmp_path) == 0
    said = capsys.readouterr().out
    assert "→ needs no change\n" in said
    assert said.endswith("There is nothing to set.\n")


def test_a_run_without_event_logs_is_told_why_it_may_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place("much", tmp_path, RUN)
    assert advise(tmp_path, of="another") == 66
    assert "has no event log of run another: what it needed was made by an earlier run" in capsys.readouterr().err
