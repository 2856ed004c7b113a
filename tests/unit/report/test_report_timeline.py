"""When steps ran, how long they waited, and how long they usually take."""

from datetime import UTC, datetime, timedelta

from movalytics_warehouse.report.facts import StepTime
from movalytics_warehouse.report.timeline import timeline, usual_seconds

BEGIN = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def step(name: str, start: float, seconds: float) -> StepTime:
    return StepTime(name, BEGIN + timedelta(seconds=start), seconds)


def test_a_step_waits_since_the_last_of_those_before_it_ended() -> None:
    steps = [step("plan", 0, 2), step("quick", 6, 1), step("slow", 8, 20), step("stage", 33, 1)]
    after = {"quick": ["plan"], "slow": ["plan"], "stage": ["quick", "slow"]}
    assert [(one.step, one.waited) for one in timeline(steps, {}, after).steps] == [
        ("plan", None),
        ("quick", 4),
        ("slow", 6),  # not 1, although another step had ended one second before
        ("stage", 5),
    ]


def test_a_step_whose_predecessor_was_done_again_has_no_waiting_time() -> None:
    steps = [step("stage", 0, 1), step("plan", 10, 1)]
    assert [one.waited for one in timeline(steps, {}, {"stage": ["plan"]}).steps] == [None, None]


def test_the_run_lasts_from_its_first_start_to_its_last_end_and_idles_while_no_step_works() -> None:
    line = timeline([step("b", 5, 10), step("a", 0, 2), step("c", 6, 1)], {}, {})
    assert [one.step for one in line.steps] == ["a", "b", "c"]
    assert (line.elapsed, line.idle) == (15, 3)
    assert [(one.left, one.width) for one in line.steps[:2]] == [(0, 13.33), (33.33, 66.67)]


def test_no_steps_are_no_time() -> None:
    line = timeline([], {}, {})
    assert (list(line.steps), line.elapsed, line.idle) == ([], 0, 0)


def test_the_usual_time_is_the_median_of_the_runs_that_had_the_step() -> None:
    runs = [[step("plan", 0, 1), step("stage", 2, 9)], [step("plan", 0, 3)], [step("plan", 0, 100)]]
    assert usual_seconds(runs) == {"plan": 3, "stage": 9}
