"""Telling: what reaches a real receiver, what one that misbehaves costs, and what is not told twice."""

import pytest
from movalytics_operations import notify

from tests.integration.operations.hook import Hook
from tests.integration.warehouse.steps import Failed, Warehouse

WARNS = "staged cpi/index_is_at_most_75_days_old"


@pytest.fixture
def warehouse(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """Whose receiver is a person: of successes without news it is not told."""
    monkeypatch.setenv("NOTIFY_BODY", "template")
    monkeypatch.setenv("NOTIFY_TEMPLATE", '{"event": "$event", "run": "$run", "message": "$message"}')
    return warehouse


def ended(warehouse: Warehouse, run: str, status: str, *warnings: str, last_exit_code: str = "0") -> None:
    warehouse.plan(run, day="2026-11-25")
    warehouse.rows(f"delete from movies_ops.quality_result where run_id = '{run}'")
    for check in warnings:
        stage, _, name = check.partition(" ")
        table, _, rule = name.partition("/")
        warehouse.rows(
            "insert into movies_ops.quality_result (run_id, stage, check_name, table_name, severity, state, violations,"
            " seconds, checked_at) values"
            f" ('{run}', '{stage}', '{rule}', '{table}', 'warn', 'fail', 1, 0, '2026-11-25')"
        )
    places = {"output": f"file://{warehouse.lake}/runs/{run}", "last_exit_code": last_exit_code}
    warehouse.run("finish", run=run, status=status, **places)


def alarm(warehouse: Warehouse, day: str = "2026-11-26", **flags: str) -> None:
    warehouse.run("alarm", run_date=day, **flags)


def test_of_a_success_that_is_no_news_nobody_is_told(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "good", "Succeeded")
    assert hook.asked == []


def test_the_first_success_after_a_failure_is_told_and_the_next_is_not(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "good", "Succeeded")
    ended(warehouse, "bad", "Failed")
    ended(warehouse, "worse", "Error")
    ended(warehouse, "well", "Succeeded")
    ended(warehouse, "again", "Succeeded")
    assert [(told["event"], told["run"]) for told in hook.told] == [
        ("failure", "bad"),
        ("failure", "worse"),
        ("recovery", "well"),
    ]
    assert hook.told[-1]["message"] == "it succeeded after the failure of worse"


def test_the_first_success_after_the_alarm_is_told(warehouse: Warehouse, hook: Hook) -> None:
    with pytest.raises(Failed, match="exit 83"):
        alarm(warehouse)
    ended(warehouse, "well", "Succeeded")
    ended(warehouse, "again", "Succeeded")
    assert hook.events == ["late", "recovery"]
    assert hook.told[-1]["message"] == "it succeeded after nothing was there for 2026-11-26"


def test_an_alarm_that_could_not_ask_and_then_finds_the_run_takes_it_back(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "good", "Succeeded")
    there, warehouse.url = warehouse.url, "redshift://awsuser@127.0.0.1:1/dev?sslmode=disable"
    with pytest.raises(Failed, match="exit 75"):
        alarm(warehouse, "2026-11-25")
    warehouse.url = there
    alarm(warehouse, "2026-11-25", last_exit_code="75")
    alarm(warehouse, "2026-11-25")
    assert hook.events == ["late", "recovery"]
    assert hook.told[-1]["message"] == "2026-11-25 has the successful run good after all"


def test_a_check_that_warns_is_told_once_a_day(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "morning", "Succeeded", WARNS)
    ended(warehouse, "noon", "Succeeded", WARNS)
    ended(warehouse, "evening", "Succeeded", WARNS, "published movies/rows_stay")
    assert [(told["event"], told["message"]) for told in hook.told] == [
        ("warnings", f"checks found something: {WARNS}"),
        ("warnings", "checks found something: published movies/rows_stay"),
    ]
    warehouse.rows("update movies_ops.load_notice set told_at = dateadd(day, -1, told_at)")
    ended(warehouse, "tomorrow", "Succeeded", WARNS)
    assert hook.events == ["warnings"] * 3


def test_a_failed_run_is_told_of_its_failure_alone(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "bad", "Failed", WARNS)
    assert hook.events == ["failure"]


def test_a_recovery_that_warns_is_two_messages(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "bad", "Failed")
    ended(warehouse, "well", "Succeeded", WARNS)
    assert hook.events == ["failure", "recovery", "warnings"]


def test_what_did_not_arrive_is_told_by_the_next_run(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "bad", "Failed")
    hook.statuses = [403]
    ended(warehouse, "well", "Succeeded", WARNS)
    assert hook.events == ["failure"]
    hook.statuses = [200]
    ended(warehouse, "better", "Succeeded", WARNS)
    assert [(told["event"], told["run"]) for told in hook.told[1:]] == [("recovery", "better"), ("warnings", "better")]


def test_a_failure_that_an_earlier_attempt_told_is_remembered_and_not_told(warehouse: Warehouse, hook: Hook) -> None:
    ended(warehouse, "bad", "Failed", last_exit_code="75")
    assert hook.told == []
    ended(warehouse, "well", "Succeeded")
    assert hook.events == ["recovery"]


def test_plain_json_is_told_of_every_run_once(
    warehouse: Warehouse, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_BODY", "json")
    for run, status in (("good", "Succeeded"), ("bad", "Failed"), ("well", "Succeeded"), ("again", "Succeeded")):
        ended(warehouse, run, status)
    assert [(told["run"], told["event"], told["status"]) for told in hook.told] == [
        ("good", "success", "Succeeded"),
        ("bad", "failure", "Failed"),
        ("well", "recovery", "Succeeded"),
        ("again", "success", "Succeeded"),
    ]


def test_nobody_to_be_told_leaves_no_notice(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_URL", raising=False)
    ended(warehouse, "bad", "Failed")
    assert warehouse.rows("select * from movies_ops.load_notice") == []


def test_a_warehouse_of_before_notices_were_kept_is_told_the_outcome(warehouse: Warehouse, hook: Hook) -> None:
    warehouse.plan("bad")
    warehouse.rows("alter table movies_ops.load_notice rename to load_notice_away")
    try:
        warehouse.run("finish", run="bad", status="Failed", output=f"file://{warehouse.lake}/runs/bad")
    finally:
        warehouse.rows("alter table movies_ops.load_notice_away rename to load_notice")
    assert hook.events == ["failure"]


@pytest.mark.parametrize("statuses", [[500, 200], [429, 503, 204]], ids=["500", "busy"])
def test_a_receiver_at_fault_is_tried_again(warehouse: Warehouse, hook: Hook, statuses: list[int]) -> None:
    hook.statuses = [*statuses]
    ended(warehouse, "bad", "Failed")
    assert (len(hook.asked), hook.events) == (len(statuses), ["failure"])


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (302, 1), (307, 1), (404, 1)])
def test_a_receiver_that_does_not_take_it_is_no_failure_and_no_redirect_is_followed(
    warehouse: Warehouse, hook: Hook, status: int, tries: int
) -> None:
    hook.statuses = [status]
    ended(warehouse, "bad", "Failed")
    assert hook.asked == ["POST / application/json"] * tries
    assert warehouse.rows("select outcome from movies_ops.load_run") == [("Failed",)]
    assert warehouse.rows("select * from movies_ops.load_notice") == []


def test_a_receiver_that_is_slow_is_not_told_twice(
    warehouse: Warehouse, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "NOTIFY_SECONDS", 0.2)
    hook.seconds = 1
    ended(warehouse, "bad", "Failed")
    assert hook.asked == []  # it had not answered yet
    assert warehouse.rows("select outcome from movies_ops.load_run") == [("Failed",)]


@pytest.mark.parametrize("body", ["slack", "pagerduty"])
def test_slack_and_pagerduty_take_their_bodies(
    warehouse: Warehouse, hook: Hook, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setenv("NOTIFY_BODY", body)
    monkeypatch.setenv("NOTIFY_ROUTING_KEY", "R0UT1NG")
    ended(warehouse, "bad", "Failed")
    ended(warehouse, "well", "Succeeded")
    if body == "slack":
        assert [told["text"].split(" on ")[0] for told in hook.told] == [
            "*Movalytics failed* bad",
            "*Movalytics has recovered* well",
        ]
    else:
        assert [told["event_action"] for told in hook.told] == ["trigger", "resolve"]
        assert len({told["dedup_key"] for told in hook.told}) == 1
