"""How big runs of more ratings are to be: what grows with the rows, what stays, and what cannot be ready in time."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from movalytics_common.errors import InvalidData, InvalidSettings, MissingInput
from movalytics_workflows import chart
from movalytics_workflows.house import BENCHMARK
from movalytics_workflows.sizing.means import read_means, start_of
from movalytics_workflows.sizing.plan import MONTHS, Plan, plan
from movalytics_workflows.sizing.prices import dollars, rpu_hours
from movalytics_workflows.sizing.rates import LOAD, RATINGS, read_rates
from movalytics_workflows.sizing.words import NAMES, cells

RATES, MEANS = read_rates(BENCHMARK), read_means()
ROWS = st.integers(1, 1000 * RATES.rows)


def of(rows: int) -> Plan:
    """The plan by the rates and the chart of this repository."""
    return plan(rows, RATES, MEANS)


def cores_seconds(one: Plan) -> float:
    return one.seconds[RATINGS] * one.executors * MEANS.ratings.cores


def test_what_was_measured_is_what_the_benchmark_has() -> None:
    found = json.loads(BENCHMARK.read_text())
    assert (RATES.rows, RATES.cores) == (found["rows"], found["machine"]["cores"])
    assert RATES.seconds[RATINGS] == found["summary"]["full"]["steps"][RATINGS]


def test_as_many_ratings_on_as_many_cores_take_as_long_as_was_measured() -> None:
    assert (of(RATES.rows).executors * MEANS.ratings.cores, of(RATES.rows).rpus) == (RATES.cores, MEANS.rpus[0])
    assert of(RATES.rows).seconds[RATINGS] == pytest.approx(RATES.seconds[RATINGS])
    assert of(RATES.rows).load_seconds == pytest.approx(RATES.together(*LOAD))


@given(ROWS)
def test_ten_times_the_rows_cost_ten_times_the_transforms_work_and_redshifts(rows: int) -> None:
    few, many = of(rows), of(10 * rows)
    assert cores_seconds(many) == pytest.approx(10 * cores_seconds(few))
    assert rpu_hours(many) == pytest.approx(10 * rpu_hours(few))


@given(ROWS)
def test_no_plan_is_late_unless_it_says_why(rows: int) -> None:
    one = of(rows)
    in_time = one.total_seconds <= MEANS.window + 1e-6
    by_step = all(seconds <= MEANS.deadlines[step] + 1e-6 for step, seconds in one.seconds.items())
    assert one.late or (in_time and by_step)


def test_a_hundred_times_the_rows_are_ready_in_time_and_a_thousand_times_are_not() -> None:
    assert of(100 * RATES.rows).late == ()
    assert len(of(1000 * RATES.rows).late) == 4
    assert cells(of(1000 * RATES.rows), MEANS)[NAMES.index("ready")] == "late"


@given(ROWS)
def test_one_executor_fewer_would_not_do(rows: int) -> None:
    one = of(rows)
    if one.executors > MEANS.ratings.fewest and not one.late:
        hurried = replace(MEANS, ratings=replace(MEANS.ratings, cores=MEANS.ratings.cores * (one.executors - 1)))
        assert plan(rows, RATES, hurried).executors > 1


@given(ROWS, ROWS)
def test_more_rows_never_need_fewer_executors_or_rpus_nor_cost_less(one: int, other: int) -> None:
    few, many = of(min(one, other)), of(max(one, other))
    assert few.executors <= many.executors <= MONTHS
    assert few.rpus <= many.rpus <= MEANS.rpus[1]
    assert dollars(few, MEANS).redshift <= dollars(many, MEANS).redshift + 1e-9
    assert (few.puts, few.gets) <= (many.puts, many.gets)


@given(ROWS)
def test_memory_stays_what_the_chart_has_as_no_shuffle_partition_grows(rows: int) -> None:
    memory = chart.values()["applications"]["ratings"]["executors"]["memory"]
    assert cells(of(rows), MEANS)[NAMES.index("memory")] == memory
    assert rows / of(rows).shuffle_partitions <= RATES.rows / MEANS.shuffle_partitions


@given(ROWS)
def test_a_month_is_a_file_whatever_the_rows(rows: int) -> None:
    assert of(rows).files == of(1).files == MONTHS + MEANS.files_besides


def test_more_time_needs_fewer_executors() -> None:
    rows = 100 * RATES.rows
    early = replace(MEANS, start=MEANS.start - 3600)
    assert plan(rows, RATES, early).rpus < of(rows).rpus
    assert plan(rows, RATES, early).executors <= of(rows).executors


def test_a_start_that_leaves_no_time_is_late_for_any_number_of_rows() -> None:
    assert plan(1, RATES, replace(MEANS, start=6 * 3600)).late


def test_what_spark_costs_is_what_its_pods_ask_for() -> None:
    dear = replace(MEANS.ratings.executor, cpus=2 * MEANS.ratings.executor.cpus)
    doubled = replace(MEANS, ratings=replace(MEANS.ratings, executor=dear))
    assert dollars(of(RATES.rows), doubled).spark > dollars(of(RATES.rows), MEANS).spark


@pytest.mark.parametrize(("schedule", "seconds"), [("0 3 * * *", 10_800), ("30 23 * * 1-5", 84_600)])
def test_a_schedule_says_when_a_run_starts(schedule: str, seconds: int) -> None:
    assert start_of(schedule) == seconds


@pytest.mark.parametrize("schedule", ["*/5 3 * * *", "0 3,4 * * *"])
def test_a_schedule_of_several_hours_is_refused(schedule: str) -> None:
    with pytest.raises(InvalidSettings, match=r"^schedules\.daily is '.*', which is no single hour"):
        start_of(schedule)


def benchmark(directory: Path, **changed: Any) -> Path:
    """A copy of the benchmark's file with other steps of a full run."""
    document = json.loads(BENCHMARK.read_text())
    document["summary"]["full"]["steps"] |= changed
    steps = document["summary"]["full"]["steps"]
    document["summary"]["full"]["steps"] = {name: one for name, one in steps.items() if one is not None}
    (directory / "benchmark.json").write_text(json.dumps(document))
    return directory / "benchmark.json"


def test_a_benchmark_that_lacks_a_step_is_refused(tmp_path: Path) -> None:
    file = benchmark(tmp_path, publish=None, stage=None)
    with pytest.raises(InvalidData, match=rf"^{file} lacks the seconds of stage, publish: make bench") as refusal:
        read_rates(file)
    assert refusal.value.exit_code == 65


@pytest.mark.parametrize("text", ["", "[]", '{"rows": 1}', '{"rows": "many"}'])
def test_what_is_no_benchmark_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "benchmark.json").write_text(text)
    with pytest.raises(InvalidData, match=r"benchmark\.json is no benchmark of ours"):
        read_rates(tmp_path / "benchmark.json")


def test_seconds_below_zero_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"seconds below 0: make bench measures it anew$"):
        read_rates(benchmark(tmp_path, publish=-1))


def test_a_benchmark_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=rf"^{tmp_path}/none is not there: make bench measures it$"):
        read_rates(tmp_path / "none")


def movalytics(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "movalytics_workflows", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_prints_a_line_for_each_number_of_rows_and_what_was_not_measured() -> None:
    answer = movalytics("sizing")
    lines = answer.stdout.splitlines()
    assert (answer.returncode, answer.stderr) == (0, "")
    assert [re.split(r"  +", line.strip())[0] for line in lines[:6]] == [
        "rows",
        *(f"{times * RATES.rows:,}" for times in (1, 3, 10, 30, 100)),
    ]
    assert "What nobody has measured" in lines


def test_the_command_tells_of_one_number_of_rows() -> None:
    lines = movalytics("sizing", "--rows=5000000").stdout.splitlines()
    assert [lines[1].split()[0], lines[2]] == ["5,000,000", ""]


def test_no_rows_are_refused_with_a_sentence() -> None:
    answer = movalytics("sizing", "--rows=0")
    assert (answer.returncode, answer.stdout) == (78, "")
    assert answer.stderr == "--rows=0 is no number of ratings: give 1 or more\n"
