"""Planning: what is new runs, what is published stops, what is older is refused."""

from datetime import UTC, date, datetime

import pytest

from tests.integration.warehouse.steps import CPI, Failed, Warehouse
from tests.integration.warehouse.world import World


def test_the_first_run_runs(warehouse: Warehouse) -> None:
    assert warehouse.plan("first") == "run"


def test_the_same_data_and_code_as_published_stop(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    assert warehouse.plan("second") == "stop"


def test_a_run_that_was_never_published_does_not_stop_the_next_one(warehouse: Warehouse, world: World) -> None:
    warehouse.plan("first")
    warehouse.stage("first", world)
    assert warehouse.plan("second") == "run"


@pytest.mark.parametrize("new", [{"movies": "8"}, {"cpi": "2023-12-01-0123abcd"}, {"code": "beef"}, {"force": True}])
def test_new_data_new_code_or_force_run(warehouse: Warehouse, world: World, new: dict[str, str]) -> None:
    warehouse.bring("first", world)
    assert warehouse.plan("second", **new) == "run"  # type: ignore[arg-type]


@pytest.mark.parametrize("old", [{"movies": "6"}, {"movies": "files-0123456789ab"}, {"cpi": "2022-04-01-0123abcd"}])
def test_older_data_are_refused_unless_forced(warehouse: Warehouse, world: World, old: dict[str, str]) -> None:
    warehouse.bring("first", world)
    with pytest.raises(Failed, match=r"exit 81: run second .* is older than the published run first .* force"):
        warehouse.plan("second", **old)  # type: ignore[arg-type]
    assert warehouse.plan("second", **old, force=True) == "run"  # type: ignore[arg-type]


def test_planning_a_run_twice_keeps_its_attempt(warehouse: Warehouse) -> None:
    warehouse.plan("first")
    warehouse.plan("second")
    warehouse.plan("first")
    assert warehouse.rows("select run_id, attempt from movies_ops.load_run order by attempt") == [
        ("first", 1),
        ("second", 2),
    ]


def test_the_name_of_a_published_run_cannot_be_given_to_other_data(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    with pytest.raises(Failed, match="exit 81: run first is published already, from movies 7"):
        warehouse.plan("first", movies="8")
    with pytest.raises(Failed, match="exit 81: run first is published already"):
        warehouse.plan("first", cpi=CPI, code="beef", force=True)


def test_a_run_is_for_the_day_it_is_told(warehouse: Warehouse) -> None:
    warehouse.plan("first", day="2026-11-25")
    warehouse.plan("second")
    assert warehouse.rows("select run_date from movies_ops.load_run order by attempt") == [
        (date(2026, 11, 25),),
        (datetime.now(UTC).date(),),
    ]


def test_a_run_that_a_schedule_started_is_for_the_day_of_its_zone(warehouse: Warehouse) -> None:
    three = {"scheduled_time": "2026-11-24T23:00:00Z", "time_zone": "Asia/Dubai"}  # 3:00 of the 25th there
    warehouse.plan("first", **three)
    warehouse.plan("second", day="2026-11-20", **three)
    assert warehouse.rows("select run_date from movies_ops.load_run order by attempt") == [
        (date(2026, 11, 25),),
        (date(2026, 11, 20),),
    ]


def test_a_misspelt_zone_is_refused_before_anything_is_planned(warehouse: Warehouse) -> None:
    with pytest.raises(Failed, match="exit 78: --time-zone=Europe/Berlim is no time zone: write an IANA name"):
        warehouse.plan("first", time_zone="Europe/Berlim")
    assert warehouse.rows("select run_id from movies_ops.load_run") == []


def test_planning_a_run_again_for_another_day_moves_it(warehouse: Warehouse) -> None:
    warehouse.plan("first", day="2026-11-25")
    warehouse.plan("first", day="2026-11-26")
    assert warehouse.rows("select run_date from movies_ops.load_run") == [(date(2026, 11, 26),)]


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "20261125", "2026-W48-3", "25.11.2026"])
def test_what_is_no_day_is_refused(warehouse: Warehouse, day: str) -> None:
    with pytest.raises(Failed, match=rf"exit 78: --run-date={day} is no day: write it as YYYY-MM-DD"):
        warehouse.plan("first", day=day)
    assert warehouse.rows("select run_id from movies_ops.load_run") == []
