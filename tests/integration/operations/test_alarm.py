"""The alarm: silent while the day has a successful run, else it tells and fails with what is known."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.integration.operations.hook import Hook
from tests.integration.warehouse.steps import Failed, Warehouse

DAY = "2026-11-25"
# An ordinary day and, where there are any, the days on which clocks change; all with the chart's own schedules.
MORNINGS = {
    "Asia/Dubai": [date(2026, 11, 25)],
    "Asia/Kolkata": [date(2026, 11, 25)],
    "America/Los_Angeles": [date(2026, 3, 8), date(2026, 11, 1), date(2026, 11, 25)],
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 25)],
}


def ended(warehouse: Warehouse, run: str, status: str, day: str = DAY, **clock: str) -> None:
    warehouse.plan(run, day=day, **clock)
    warehouse.run("finish", run=run, status=status, output=f"file://{warehouse.lake}/runs/{run}")


def at(hour: int, day: date, zone: str) -> dict[str, str]:
    """What the schedule tells a workflow that it starts when the clocks of the zone show this hour."""
    local = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    return {"scheduled_time": local.astimezone(UTC).isoformat(), "time_zone": zone}


def alarm(warehouse: Warehouse, hook: Hook, day: str = DAY, **flags: str) -> dict[str, object]:
    record = warehouse.run("alarm", run_date=day, **flags)
    return {name: record[name] for name in ("run_date", "run")}


def late(hook: Hook) -> list[dict[str, object]]:
    """What the alarm told; runs that ended were told, too."""
    return [told for told in hook.told if told["event"] == "late"]


def test_a_day_with_a_successful_run_is_no_alarm(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "good", "Succeeded")
    ended(warehouse, "again", "Failed")
    assert alarm(warehouse, hook) == {"run_date": DAY, "run": "good"}
    assert late(hook) == []


def test_the_day_is_today_unless_another_is_named(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "good", "Succeeded", day="")
    assert alarm(warehouse, hook, day="")["run"] == "good"
    with pytest.raises(Failed, match="exit 83: 2020-01-01 has no successful run"):
        alarm(warehouse, hook, day="2020-01-01")


@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, days in MORNINGS.items() for day in days])
def test_the_default_schedules_raise_no_false_alarm_and_miss_none(
    warehouse: Warehouse, hook: Hook, zone: str, day: date
) -> None:
    six = {"schedule": "0 3 * * *", **at(6, day, zone)}
    with pytest.raises(Failed, match=f"exit 83: {day} has no successful run: no run was planned for it"):
        warehouse.run("alarm", **six)
    ended(warehouse, "morning", "Succeeded", day="", **at(3, day, zone))
    record = warehouse.run("alarm", **six)
    assert (record["run"], record["run_date"]) == ("morning", str(day))
    assert [told["run_date"] for told in late(hook)] == [str(day)]


def test_a_run_of_the_evening_is_what_the_next_mornings_alarm_asks_for(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "evening", "Succeeded", day="", **at(23, date(2026, 11, 24), "Asia/Kolkata"))
    morning = {"schedule": "0 23 * * *", **at(6, date(2026, 11, 25), "Asia/Kolkata")}
    assert warehouse.run("alarm", **morning)["run"] == "evening"


def test_a_run_by_hand_in_the_morning_counts_as_the_days(warehouse: Warehouse, hook: Hook) -> None:
    now = datetime.now(ZoneInfo("Asia/Dubai"))
    ended(warehouse, "by-hand", "Succeeded", day="", time_zone="Asia/Dubai")
    asked = {"schedule": "0 0 * * *", **at(23, now.date(), "Asia/Dubai")}
    assert warehouse.run("alarm", **asked)["run"] == "by-hand"


def test_a_day_whose_last_run_failed_is_told_with_the_reason(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "yesterday", "Succeeded", day="2026-11-24")
    ended(warehouse, "first", "Error")
    ended(warehouse, "second", "Failed")
    warehouse.rows("update movies_ops.load_run set message = 'plan: no password' where run_id = 'second'")
    sentence = (
        "2026-11-25 has no successful run: its last run second ended as Failed (plan: no password); "
        "the last successful run is yesterday for 2026-11-24: look at `argo list`"
    )
    with pytest.raises(Failed) as failed:
        alarm(warehouse, hook)
    assert (failed.value.exit_code, failed.value.sentence) == (83, sentence)
    source = hook.told[0]["source"]
    told = {"event": "late", "source": source, "status": "Late", "run_date": DAY, "message": sentence}
    assert late(hook) == [told]


def test_a_run_that_is_still_going_is_late(warehouse: Warehouse, hook: Hook) -> None:
    warehouse.plan("slow", day=DAY)
    with pytest.raises(
        Failed, match=r"exit 83: .* its last run slow has not ended; the last successful run is none yet"
    ):
        alarm(warehouse, hook)


def test_a_day_without_any_run_is_late(warehouse: Warehouse, hook: Hook) -> None:
    with pytest.raises(Failed, match="exit 83: 2026-11-25 has no successful run: no run was planned for it"):
        alarm(warehouse, hook)


@pytest.mark.parametrize(
    "ledger", ["", "create schema movies_ops; create table movies_ops.load_run (run_id varchar(9))"]
)
def test_a_warehouse_without_our_ledger_or_with_one_without_days_is_late(
    empty: Warehouse, hook: Hook, ledger: str
) -> None:
    if ledger:
        empty.rows(ledger)
    with pytest.raises(Failed, match=r"exit 83: 2026-11-25 has no successful run: no run was planned .* none yet"):
        alarm(empty, hook)
    assert [told["status"] for told in hook.told] == ["Late"]


def test_a_run_from_before_there_were_days_is_known_by_the_day_it_was_planned(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "old", "Succeeded")
    warehouse.rows("update movies_ops.load_run set run_date = null")
    with pytest.raises(Failed, match=f"the last successful run is old for {datetime.now(UTC).date()}"):
        alarm(warehouse, hook)


def test_a_warehouse_that_does_not_answer_is_told_and_fails_as_itself(warehouse: Warehouse, hook: Hook) -> None:
    warehouse.url = "redshift://awsuser@127.0.0.1:1/dev?sslmode=disable"
    with pytest.raises(Failed, match=r"exit 75: the warehouse .* does not answer"):
        alarm(warehouse, hook)
    assert [told["message"][:62] for told in hook.told] == [
        "nobody knows whether 2026-11-25 has a successful run: the ware"
    ]


def test_a_warehouse_that_does_not_answer_is_told_once_but_a_missing_run_whenever_it_is_found(
    warehouse: Warehouse, hook: Hook
) -> None:
    with pytest.raises(Failed, match="exit 83"):
        alarm(warehouse, hook, last_exit_code="75")
    warehouse.url = "redshift://awsuser@127.0.0.1:1/dev?sslmode=disable"
    with pytest.raises(Failed, match="exit 75"):
        alarm(warehouse, hook, last_exit_code="75")
    assert [told["message"].split(" has no")[0] for told in hook.told] == [DAY]


def test_what_is_no_day_is_refused(warehouse: Warehouse, hook: Hook) -> None:
    with pytest.raises(Failed, match="exit 78: --run-date=yesterday is no day"):
        alarm(warehouse, hook, day="yesterday")
