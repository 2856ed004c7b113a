"""Rows that stay are judged again when the rules of their table are others than those by which they were judged."""

from contextlib import closing

import pytest
from movalytics_warehouse.derived import NO_ROW
from movalytics_warehouse.quality.scope import Scope, scope
from movalytics_warehouse.quality.suite import run_stage
from movalytics_warehouse.redshift.transactions import in_transaction

from tests.integration.warehouse.steps import Warehouse
from tests.integration.warehouse.world import World

OTHER = {
    "a mart": ("marts/movie_rating/publish.sql", True),
    "a query of the report": ("report/rating_coverage.sql", True),
    "the table's declaration": ("ratings/table.toml", False),
    "a check of the table's staged rows": ("ratings/checks/staged/user_movie_id_is_made_of_its_parts.sql", False),
}


@pytest.mark.parametrize(("path", "narrowed"), OTHER.values(), ids=OTHER)
def test_other_code_has_all_rows_judged_again_when_it_is_the_declaration(
    warehouse: Warehouse, world: World, path: str, narrowed: bool
) -> None:
    warehouse.bring("first", world)
    warehouse.rows(f"update movies_ops.load_code set digest = 'of before' where run_id = 'first' and path = '{path}'")
    warehouse.plan("second", code="c0de2")
    warehouse.stage("second", world)
    found = in_transaction(warehouse.connect, lambda connection: scope(connection, "second"))
    assert ("ratings" in found) is narrowed


@pytest.mark.parametrize(("narrowed", "state"), [({}, "fail"), ({"ratings": NO_ROW}, "pass")])
def test_a_written_check_of_single_rows_looks_at_those_that_move(
    warehouse: Warehouse, world: World, narrowed: Scope, state: str
) -> None:
    warehouse.plan("first")
    warehouse.stage("first", world)
    warehouse.rows("update movies_staging.ratings set user_movie_id = 1 where user_id = 1 and movie_id = 597")
    with closing(warehouse.connect()) as connection:
        found = {result.check_name: result.state for result in run_stage(connection, "staged", "first", 0, narrowed)}
    assert found["user_movie_id_is_made_of_its_parts"] == state


def test_a_run_is_judged_by_the_rows_that_it_moves(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    warehouse.plan("second", code="c0de2")
    warehouse.stage("second", world)
    warned = warehouse.check("second")["fail"]
    warehouse.rows("update movies_staging.ratings set user_movie_id = 1 where user_id = 1 and movie_id = 597")
    assert warehouse.check("second")["fail"] == warned


def test_after_a_run_that_noted_no_code_all_rows_are_judged(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    warehouse.rows("delete from movies_ops.load_code where run_id = 'first'")
    warehouse.plan("second", code="c0de2")
    warehouse.stage("second", world)
    assert in_transaction(warehouse.connect, lambda connection: scope(connection, "second")) == {}
