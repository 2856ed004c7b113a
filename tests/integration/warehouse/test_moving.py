"""Only what changed moves; what does not is looked at all the same, and what somebody changed by hand is found."""

from datetime import datetime

import pytest
from movalytics_common.declaration import marts, tables

from tests.digests import EVERY_DIGEST
from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, rating, small_world, write_part

LATER = datetime(2015, 7, 1)  # noqa: DTZ001 Parquet's timestamps here have no zone
FREELY = "ratings.changed=1 ratings.shrink=1 movies.changed=1 cpi.changed=1"


@pytest.fixture
def grown(world: World) -> World:
    """The world with two ratings in a second month."""
    world.tables["ratings"] += [(*rating(7, 597, 2.0)[:4], LATER), (*rating(8, 27205, 4.0)[:4], LATER)]
    return world


def digests(warehouse: Warehouse) -> dict[str, object]:
    """Table or mart → digest of its rows, as they stand now."""
    return dict(warehouse.rows(EVERY_DIGEST))  # type: ignore[arg-type]


def changed(warehouse: Warehouse, run: str) -> dict[object, tuple[object, ...]]:
    """Table → rows added, changed and removed, of those in which a run changed any."""
    rows = warehouse.rows(
        "select table_name, rows_added, rows_changed, rows_removed from movies_ops.load_change "
        f"where run_id = '{run}' and rows_added + rows_changed + rows_removed > 0"
    )
    return {table: counts for table, *counts in map(tuple, rows)}


def test_a_first_run_moves_everything(warehouse: Warehouse, grown: World) -> None:
    moved = warehouse.bring("first", grown)["moved"]
    assert isinstance(moved, dict)
    assert {name: moved[name] for name in tables()} == {name: len(rows) for name, rows in grown.tables.items()}
    assert changed(warehouse, "first") == {name: [len(rows), 0, 0] for name, rows in grown.tables.items()}


def test_new_ratings_move_their_months_alone(warehouse: Warehouse, grown: World) -> None:
    warehouse.bring("first", grown)
    grown.tables["ratings"][-1] = (*grown.tables["ratings"][-1][:3], 4.5, LATER)
    grown.tables["ratings"].append((*rating(9, 27205, 1.0)[:4], LATER))
    warehouse.plan("second", movies="8", allow=FREELY)
    assert warehouse.stage("second", grown)["copied"] == 3
    warehouse.check("second")
    moved = warehouse.publish("second")["moved"]
    assert {name: rows for name, rows in moved.items() if rows and name in tables()} == {"ratings": 3}  # type: ignore[attr-defined]
    assert changed(warehouse, "second") == {"ratings": [1, 1, 0]}


def test_a_year_more_leaves_the_marts_as_if_all_years_had_been_computed(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    world.tables["ratings"].append((*rating(7, 597, 2.0)[:4], LATER.replace(year=LATER.year + 1)))
    warehouse.bring("second", world, movies="8", allow=FREELY)
    after = digests(warehouse)
    warehouse.bring("third", world, movies="8", force=True, allow=FREELY)
    assert digests(warehouse) == after


def test_a_new_price_moves_no_rating_and_computes_what_depends_on_it(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    world.tables["cpi"][-1] = (world.tables["cpi"][-1][0], 181.0)
    moved = warehouse.bring("second", world, cpi="2023-12-01-0123abcd")["moved"]
    reading = {name for name, mart in marts().items() if "cpi" in mart.reads}
    assert {name for name, rows in moved.items() if rows} == {"cpi", *reading}  # type: ignore[attr-defined]
    assert changed(warehouse, "second") == {"cpi": [0, 1, 0]}


def metrics_of(warehouse: Warehouse, run: str) -> dict[tuple[object, object], object]:
    rows = warehouse.rows(f"select table_name, metric, value from movies_ops.quality_metric where run_id = '{run}'")
    return {(table, metric): value for table, metric, value in rows}


def test_what_did_not_move_keeps_its_metrics_and_what_moved_is_measured(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    warehouse.check("first", "published")
    warehouse.rows("update movies_ops.quality_metric set value = value + 1000")  # as nobody would measure them
    before = metrics_of(warehouse, "first")
    world.tables["cpi"][-1] = (world.tables["cpi"][-1][0], 181.0)
    warehouse.bring("second", world, cpi="2023-12-01-0123abcd")
    warehouse.check("second", "published")
    after = metrics_of(warehouse, "second")
    assert after.keys() == before.keys()
    kept = {table for (table, metric), value in after.items() if value == before[table, metric]}
    assert kept == {name for name, table in tables().items() if table.partition}
    counts = {table: value for (table, metric), value in after.items() if metric == "row_count" and table not in kept}
    assert counts == {name: len(rows) for name, rows in world.tables.items() if name not in kept}


def test_a_run_that_makes_everything_anew_measures_everything(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    warehouse.check("first", "published")
    measured = metrics_of(warehouse, "first")
    warehouse.rows("update movies_ops.quality_metric set value = value + 1000")
    warehouse.bring("second", world, force=True)
    warehouse.check("second", "published")
    assert metrics_of(warehouse, "second") == measured


def test_metrics_that_an_earlier_run_does_not_have_are_measured(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)  # whose rows nobody measured
    warehouse.bring("second", world, cpi="2023-12-01-0123abcd")
    warehouse.check("second", "published")
    counts = {
        table: value for (table, metric), value in metrics_of(warehouse, "second").items() if metric == "row_count"
    }
    assert counts == {name: len(rows) for name, rows in world.tables.items()}


def test_the_same_data_again_copy_and_move_nothing(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    warehouse.plan("second", code="c0de2")
    assert warehouse.stage("second", world)["copied"] == 0
    warehouse.check("second")
    before = digests(warehouse)
    assert set(warehouse.publish("second")["moved"].values()) == {0}  # type: ignore[attr-defined]
    assert digests(warehouse) == before
    assert warehouse.check("second", "published")["fail"] == 0


def test_force_moves_everything(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    moved = warehouse.bring("second", world, force=True)["moved"]
    assert {name: moved[name] for name in tables()} == {name: len(rows) for name, rows in world.tables.items()}  # type: ignore[index]
    assert changed(warehouse, "second") == {}


def test_what_left_a_month_and_a_month_that_is_gone_leave_the_tables(warehouse: Warehouse, grown: World) -> None:
    warehouse.bring("first", grown)
    del grown.tables["ratings"][-2:]
    warehouse.bring("second", grown, movies="8", allow=FREELY)
    assert warehouse.rows("select count(*) from movies.ratings") == [(5,)]
    assert warehouse.rows("select count(*) from movies_staging.ratings") == [(5,)]
    assert changed(warehouse, "second") == {"ratings": [0, 0, 2]}


EDITS = {
    "a row of a month that stays": "update movies.ratings set rating = 1 where user_id = 1 and movie_id = 597",
    "a row too many": f"insert into movies.ratings values ({9 * 2**32 + 597}, 9, 597, 3.5, '2015-06-01')",
    "a month too many": f"insert into movies.ratings values ({9 * 2**32 + 597}, 9, 597, 3.5, '2009-06-01')",
    "a row of a table that stays": "update movies.genre set genre_name = 'Melodrama' where genre_id = 18",
    "a mart": "update movies.genre_popularity set rating_count = 100 where genre_name = 'Drama'",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_rows_that_somebody_edited_are_found_and_force_makes_them_right(
    warehouse: Warehouse, world: World, edit: str
) -> None:
    warehouse.bring("first", world)
    right = digests(warehouse)
    warehouse.rows(edit)
    wrong = digests(warehouse)
    assert wrong != right
    world.tables["cpi"][-1] = (world.tables["cpi"][-1][0], 181.0)
    with pytest.raises(Failed, match=r"exit 81: movies\..* is not what was published.* run with force"):
        warehouse.bring("second", world, cpi="2023-12-01-0123abcd")
    assert digests(warehouse) == wrong
    warehouse.bring("third", small_world(), force=True)
    assert digests(warehouse) == right


INCREMENTAL = {name: mart for name, mart in marts().items() if mart.incremental}


@pytest.mark.parametrize("mart", INCREMENTAL)
def test_rows_that_somebody_exchanged_in_a_year_that_stays_are_found(
    warehouse: Warehouse, world: World, mart: str
) -> None:
    warehouse.bring("first", world)
    key = INCREMENTAL[mart].primary_key[0]
    ends = f"(select min({key}) from movies.{mart}), (select max({key}) from movies.{mart})"
    ((low, high),) = warehouse.rows(f"select {ends}")
    warehouse.rows(f"update movies.{mart} set {key} = {low} + {high} - {key} where {key} in ({low}, {high})")
    wrong = digests(warehouse)
    world.tables["ratings"].append((*rating(7, 597, 2.0)[:4], LATER.replace(year=LATER.year + 1)))
    with pytest.raises(Failed, match=rf"exit 81: movies\.{mart} is not what was published.* run with force"):
        warehouse.bring("second", world, movies="8")
    assert digests(warehouse) == wrong


def test_force_leaves_no_row_that_somebody_put_into_a_mart(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    right = digests(warehouse)
    warehouse.rows("insert into movies.user_genre_by_year values (999, -44, 2)")
    warehouse.bring("second", world, force=True)
    assert digests(warehouse) == right


def test_a_table_that_is_divided_from_now_on_moves_whole(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    right = digests(warehouse)
    warehouse.rows(
        "delete from movies_ops.load_partition where table_name = 'ratings'; "
        "insert into movies_ops.load_partition values ('first', 'ratings', '', 5, 'of before', '')"
    )
    warehouse.plan("second", code="c0de2")
    assert warehouse.stage("second", world)["copied"] == len(world.tables["ratings"])
    warehouse.check("second")
    warehouse.publish("second")
    assert digests(warehouse) == right


def test_a_file_that_was_altered_in_the_lake_is_found_before_anything_is_published(
    warehouse: Warehouse, world: World
) -> None:
    warehouse.bring("first", world)
    before = digests(warehouse)
    world.tables["ratings"].append(rating(4, 597, 3.5))
    warehouse.plan("second", movies="8")
    uri = warehouse.write(world, warehouse.curated("second"), "second")
    (part,) = (warehouse.curated("second") / "ratings").glob("*/*.parquet")
    altered = [*world.tables["ratings"][:-1], rating(4, 597, 4.0)]
    size = part.stat().st_size
    write_part(part, "ratings", altered)
    assert part.stat().st_size == size
    warehouse.load("second", uri)
    warehouse.check("second")
    with pytest.raises(
        Failed, match=r"exit 65: movies\.ratings of 2015-06 is not what its manifest promises, its rating"
    ):
        warehouse.publish("second")
    assert digests(warehouse) == before


def test_a_mart_that_was_computed_by_other_sql_is_computed_anew(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    warehouse.rows("update movies_ops.load_partition set content_digest = 'other' where table_name = 'movie_rating'")
    moved = warehouse.bring("second", world, code="c0de2")["moved"]
    assert {name for name, rows in moved.items() if rows} == {"movie_rating"}  # type: ignore[attr-defined]
