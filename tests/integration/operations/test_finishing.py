"""Finishing: the outcome is in the lake whatever the warehouse does, and whoever wants to know is told."""

import json

import pytest

from tests.integration.operations.hook import Hook
from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, rating


def finish(warehouse: Warehouse, status: str, last_exit_code: str = "0") -> None:
    places = {"output": f"file://{warehouse.lake}/runs", "last_exit_code": last_exit_code}
    warehouse.run("finish", run="first", status=status, **places)


def outcome(warehouse: Warehouse) -> dict[str, str]:
    return json.loads((warehouse.lake / "runs/outcome.json").read_text())  # type: ignore[no-any-return]


def test_the_outcome_is_in_the_lake_and_in_the_ledger_and_told(warehouse: Warehouse, hook: Hook) -> None:
    warehouse.plan("first")
    finish(warehouse, "Succeeded")
    assert outcome(warehouse)["status"] == "Succeeded"
    assert warehouse.rows("select outcome, message from movies_ops.load_run") == [("Succeeded", "")]
    assert [(told["run"], told["status"]) for told in hook.told] == [("first", "Succeeded")]


def test_a_failed_run_says_which_checks_stopped_it(warehouse: Warehouse, world: World) -> None:
    world.tables["ratings"].append(rating(5, 597, 3.7))
    warehouse.plan("first")
    warehouse.stage("first", world)
    with pytest.raises(Failed, match="exit 80"):
        warehouse.check("first")
    finish(warehouse, "Failed")
    assert warehouse.rows("select outcome, message from movies_ops.load_run") == [
        ("Failed", "checks failed: staged ratings/rating_is_an_accepted_value")
    ]


def test_a_warehouse_that_is_down_does_not_hide_the_outcome(warehouse: Warehouse, hook: Hook) -> None:
    warehouse.url = "redshift://awsuser@127.0.0.1:1/dev?sslmode=disable"
    with pytest.raises(Failed, match=r"exit 75: the warehouse .* does not answer"):
        finish(warehouse, "Error")
    assert outcome(warehouse)["status"] == "Error"
    assert [told["status"] for told in hook.told] == ["Error"]


def test_an_attempt_after_one_that_found_the_warehouse_down_does_not_tell_again(
    warehouse: Warehouse, hook: Hook
) -> None:
    warehouse.plan("first")
    finish(warehouse, "Failed", last_exit_code="75")
    assert hook.told == []
    assert warehouse.rows("select outcome from movies_ops.load_run") == [("Failed",)]


@pytest.mark.parametrize("code", ["-1", "137", "143"])
def test_an_attempt_after_one_that_was_lost_tells(warehouse: Warehouse, hook: Hook, code: str) -> None:
    warehouse.plan("first")
    finish(warehouse, "Failed", last_exit_code=code)
    assert [told["status"] for told in hook.told] == ["Failed"]


@pytest.mark.parametrize("nowhere", ["http://127.0.0.1:1/", "ftp://example.com/", "http://"])
def test_nobody_listening_is_no_failure(
    warehouse: Warehouse, hook: Hook, monkeypatch: pytest.MonkeyPatch, nowhere: str
) -> None:
    warehouse.plan("first")
    monkeypatch.setenv("NOTIFY_URL", nowhere)
    finish(warehouse, "Succeeded")
    assert warehouse.rows("select outcome from movies_ops.load_run") == [("Succeeded",)]


ATTEMPTS = "select attempt, outcome, message from movies_ops.load_attempt order by attempt"


def test_each_attempt_of_a_run_is_kept(warehouse: Warehouse) -> None:
    warehouse.plan("first")
    finish(warehouse, "Failed")
    warehouse.plan("first")
    finish(warehouse, "Succeeded")
    assert warehouse.rows(ATTEMPTS) == [(1, "Failed", ""), (2, "Succeeded", "")]
    assert warehouse.rows("select outcome from movies_ops.load_run") == [("Succeeded",)]


@pytest.mark.parametrize("code", ["75", "143"])
def test_a_finish_that_is_tried_again_ends_the_same_attempt(warehouse: Warehouse, code: str) -> None:
    warehouse.plan("first")
    finish(warehouse, "Failed")
    finish(warehouse, "Failed", last_exit_code=code)
    assert warehouse.rows(ATTEMPTS) == [(1, "Failed", "")]


def test_a_run_that_never_came_to_plan_has_an_attempt(warehouse: Warehouse) -> None:
    finish(warehouse, "Failed")
    assert warehouse.rows("select run_id, started_at from movies_ops.load_attempt") == [("first", None)]


def test_a_warehouse_of_before_attempts_were_kept_is_told_the_outcome(warehouse: Warehouse) -> None:
    warehouse.plan("first")
    warehouse.rows("alter table movies_ops.load_attempt rename to load_attempt_away")
    try:
        finish(warehouse, "Failed")
        assert warehouse.rows("select outcome from movies_ops.load_run") == [("Failed",)]
    finally:
        warehouse.rows("alter table movies_ops.load_attempt_away rename to load_attempt")
