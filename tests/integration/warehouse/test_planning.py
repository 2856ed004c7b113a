"""Planning: what is new runs, what is published stops, what is older is refused."""

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
