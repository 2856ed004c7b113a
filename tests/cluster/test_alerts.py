"""Each alert fires when it should, and none for a restarted controller, a gap in scraping, a start or a pause."""

from pathlib import Path

import pytest
import yaml

from tests.cluster.chart import NEEDED, NEEDS_HELM, rendered
from tests.cluster.prometheus import ALARM, End, Story, days, promtool

pytestmark = NEEDS_HELM

RUN_FAILED, ALARM_FAILED = "MovalyticsRunFailed", "MovalyticsAlarmFailed"
NO_RUN, NO_ALARM, UNWATCHED = "MovalyticsNoRunSucceeded", "MovalyticsAlarmMissing", "MovalyticsUnwatched"
ALWAYS = range(1, 80)


def failed(hour: float, workflow: str = "movalytics-daily") -> End:
    return End(hour, "failed", workflow)


def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    rule = rendered(*NEEDED, "--set=alerts.enabled=true")["PrometheusRule", "movalytics"]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rule["spec"]))
    done = promtool("check", "rules", str(tmp_path / "rules.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(Story(days(3)), id="ordinary days"),
        pytest.param(Story([End(end.hour + 17, workflow=end.workflow) for end in days(3)]), id="installed at seven"),
        pytest.param(Story(days(3), restarts=[7, 13.5, 27.8, 30, 31, 52]), id="a controller that is restarted often"),
        pytest.param(Story(days(3), gaps=[(26, 31)]), id="nobody scrapes through a morning"),
        pytest.param(Story(days(3), gaps=[(27, 28)], restarts=[27.9]), id="a restart before a run's end was scraped"),
        pytest.param(
            Story([*days(2), *(End(end.hour + 1, workflow=end.workflow) for end in days(3, 2))]), id="25 hours"
        ),
        pytest.param(Story(hours=80, values=["--set=suspend=true"]), id="suspended since it was installed"),
        pytest.param(Story(days(1), paused=[(10, 80)]), id="paused after a day"),
        pytest.param(Story(days(1), paused=[(10, 62)]), id="paused, and taken up again"),
        pytest.param(Story([*days(1), *days(3, 2)], paused=[(23, 31)]), id="paused for one morning"),
        pytest.param(Story([*days(3), End(30, "failed", namespace="theatre")]), id="another namespace's run fails"),
    ],
)
def test_none_fires_while_there_is_no_reason(story: Story, tmp_path: Path) -> None:
    story.must_fire(tmp_path, {hour: set() for hour in ALWAYS})


def test_a_failed_run_is_told_until_one_succeeds(tmp_path: Path) -> None:
    story = Story([*days(1), failed(27.5), End(29.5), *days(3, 2)])
    story.must_fire(tmp_path, {27: set(), 27.6: {RUN_FAILED}, 29: {RUN_FAILED}, 29.6: set(), 60: set()})


def test_a_failed_run_is_told_though_the_controller_was_restarted_or_nobody_scrapes_any_more(tmp_path: Path) -> None:
    story = Story([*days(1), failed(27.5)], restarts=[28], gaps=[(28.2, 31)])
    story.must_fire(tmp_path, {28: {RUN_FAILED}, 29: {RUN_FAILED}, 31: {RUN_FAILED}})


def test_a_failed_run_that_argo_tried_again_is_over(tmp_path: Path) -> None:
    Story([*days(1), failed(27.5), End(27.9)]).must_fire(tmp_path, {27.6: {RUN_FAILED}, 28: set()})


def test_a_failure_that_nobody_mended_is_told_for_a_day_and_then_as_what_it_is(tmp_path: Path) -> None:
    Story([*days(1), failed(27.5), failed(30.02, ALARM), *days(3, 2)[1:]]).must_fire(
        tmp_path, {27.6: {RUN_FAILED}, 30.1: {RUN_FAILED, ALARM_FAILED}, 33: {RUN_FAILED, ALARM_FAILED, NO_RUN}}
    )


def test_the_alarm_is_told_until_a_run_succeeds_also_one_that_was_only_late(tmp_path: Path) -> None:
    story = Story([*days(1), failed(30.02, ALARM), End(30.8), *days(3, 2)])
    story.must_fire(tmp_path, {30: set(), 30.1: {ALARM_FAILED}, 30.7: {ALARM_FAILED}, 30.9: set(), 54: set()})


def test_an_alarm_that_failed_for_its_own_sake_is_told_until_it_is_asked_again(tmp_path: Path) -> None:
    story = Story([*days(1), End(27.67), failed(30.02, ALARM), End(31, workflow=ALARM)])
    story.must_fire(tmp_path, {30.1: {ALARM_FAILED}, 30.9: {ALARM_FAILED}, 31.1: set()})


def test_runs_that_fail_no_more_because_none_is_started_are_missed(tmp_path: Path) -> None:
    Story([*days(1), failed(30.02, ALARM)]).must_fire(
        tmp_path, {29: set(), 32: {ALARM_FAILED}, 32.5: {ALARM_FAILED, NO_RUN}, 57: {NO_RUN, NO_ALARM}}
    )


def test_an_alarm_that_is_started_no_more_is_missed(tmp_path: Path) -> None:
    only_runs = [End(24 * day + 3.67) for day in range(1, 3)]
    Story([*days(1), *only_runs]).must_fire(tmp_path, {32: set(), 32.5: {NO_ALARM}, 53: {NO_ALARM}})


def test_a_first_run_that_never_comes_is_missed_a_day_after_it_was_installed(tmp_path: Path) -> None:
    Story().must_fire(tmp_path, {25: set(), 26: set(), 26.5: {NO_RUN, NO_ALARM}, 79: {NO_RUN, NO_ALARM}})


def test_a_run_that_never_comes_is_missed_a_day_after_a_pause(tmp_path: Path) -> None:
    Story(days(1), paused=[(10, 40)]).must_fire(tmp_path, {65: set(), 66.5: {NO_RUN, NO_ALARM}})


def test_runs_of_another_namespace_are_no_comfort(tmp_path: Path) -> None:
    others = [End(end.hour, workflow=end.workflow, namespace="theatre") for end in days(3)]
    Story(others).must_fire(tmp_path, {26.5: {NO_RUN, NO_ALARM}})


def test_hours_without_success_are_a_value(tmp_path: Path) -> None:
    story = Story(values=["--set=alerts.hoursWithoutSuccess=74,schedules.daily=0 3 * * 1-5"])
    story.must_fire(tmp_path, {73: set(), 74.5: {NO_RUN, NO_ALARM}})


def test_metrics_that_arrive_no_more_are_told_after_six_hours_and_nothing_is_guessed_then(tmp_path: Path) -> None:
    story = Story(days(1), gaps=[(10, 79)])
    story.must_fire(tmp_path, {16: set(), 16.5: {UNWATCHED}, 60: {UNWATCHED}})


def test_metrics_that_do_not_arrive_are_no_matter_while_suspended(tmp_path: Path) -> None:
    Story(gaps=[(0, 80)], values=["--set=suspend=true"]).must_fire(tmp_path, {hour: set() for hour in ALWAYS})


def test_a_run_that_fails_while_the_schedules_are_suspended_is_told(tmp_path: Path) -> None:
    Story([failed(30)], values=["--set=suspend=true"]).must_fire(tmp_path, {29: set(), 30.5: {RUN_FAILED}, 57: set()})


def test_alerts_are_only_there_when_they_are_asked_for() -> None:
    assert ("PrometheusRule", "movalytics") not in rendered(*NEEDED)
