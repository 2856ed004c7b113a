"""Steps' times from their records in the lake."""

import json
from pathlib import Path

import pytest
from movalytics_common.errors import InvalidData
from movalytics_warehouse.report.records import read_steps, read_usual


def write(directory: Path, name: str, record: object) -> None:
    (directory / f"{name}.json").write_text(json.dumps(record))


def test_steps_come_in_the_order_they_started(tmp_path: Path) -> None:
    write(tmp_path, "plan", {"step": "plan", "started_at": "2026-11-24T05:00:09+00:00", "seconds": 1.5})
    write(tmp_path, "stage", {"step": "stage", "started_at": "2026-11-24T05:00:02+00:00", "seconds": 3, "rows": 7})
    steps = read_steps(f"file://{tmp_path}")
    assert [(step.step, step.seconds, step.rows) for step in steps] == [("stage", 3.0, 7), ("plan", 1.5, None)]


def test_the_outcome_and_the_reports_own_earlier_record_are_no_steps(tmp_path: Path) -> None:
    write(tmp_path, "outcome", {"status": "Succeeded"})
    write(tmp_path, "report", {"step": "report", "started_at": "2026-11-24T05:00:09+00:00", "seconds": 1})
    assert read_steps(f"file://{tmp_path}") == []


def test_a_step_is_named_as_its_file_for_two_steps_may_share_a_command(tmp_path: Path) -> None:
    write(tmp_path, "check-staged", {"step": "check", "started_at": "2026-11-24T05:00:02+00:00", "seconds": 3})
    write(tmp_path, "check-published", {"step": "check", "started_at": "2026-11-24T05:00:09+00:00", "seconds": 3})
    assert [step.step for step in read_steps(f"file://{tmp_path}")] == ["check-staged", "check-published"]


def test_no_records_are_no_steps(tmp_path: Path) -> None:
    assert read_steps(f"file://{tmp_path}/nowhere") == []


def test_a_record_that_is_cut_off_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"step": ')
    with pytest.raises(InvalidData, match=r"plan\.json is not a step's record"):
        read_steps(f"file://{tmp_path}")


def test_the_usual_times_come_from_the_records_of_earlier_runs_beside_this_ones(tmp_path: Path) -> None:
    for run, seconds in (("run=a", 1), ("run=b", 3), ("run=c", 50)):
        (tmp_path / run).mkdir()
        write(tmp_path / run, "plan", {"step": "plan", "started_at": "2026-11-24T05:00:09+00:00", "seconds": seconds})
    place = f"file://{tmp_path}/run=c"
    assert read_usual(place, "c", ["b", "a", "gone"]) == {"plan": 2}
    assert read_usual(place, "c", []) == {}


def test_an_earlier_runs_broken_record_does_not_fail_this_ones_report(tmp_path: Path) -> None:
    (tmp_path / "run=a").mkdir()
    (tmp_path / "run=a" / "plan.json").write_text('{"step": ')
    assert read_usual(f"file://{tmp_path}/run=b", "b", ["a"]) == {}


def test_where_the_place_does_not_bear_the_runs_name_nothing_is_usual(tmp_path: Path) -> None:
    assert read_usual(f"file://{tmp_path}/records", "b", ["a"]) == {}
