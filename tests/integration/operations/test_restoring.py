"""Going back and staying there: an earlier run's data are published again, and held until somebody releases them."""

import pytest
from movalytics_common.declaration import tables

from tests.integration.operations.bringing import bring, made, publish, restore
from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import small_world

GENRE = "select genre_name from movies.genre where genre_id = 18"


@pytest.fixture
def twice(warehouse: Warehouse) -> Warehouse:
    """A warehouse in which a second version of the data took the place of the first."""
    bring(warehouse, "first", small_world(), movies="7")
    later = small_world()
    later.tables["genre"][0] = (18, "Melodrama")
    bring(warehouse, "second", later, movies="8")
    assert warehouse.rows(GENRE) == [("Melodrama",)]
    return warehouse


def test_a_restored_run_is_what_it_was(twice: Warehouse) -> None:
    digests = "select table_name, table_digest from movies_ops.load_table where run_id = '{}' and table_digest <> ''"
    restore(twice, "first")
    publish(twice, "restoring")
    assert twice.rows(GENRE) == [("Drama",)]
    assert sorted(twice.rows(digests.format("restoring"))) == sorted(twice.rows(digests.format("first")))


def test_it_holds_until_it_is_released(twice: Warehouse) -> None:
    restore(twice, "first")
    publish(twice, "restoring")
    assert twice.plan("scheduled", movies="8").startswith("held at first since ")
    assert str(twice.run("release")["said"]).startswith("released: it was held at first since ")
    assert twice.plan("scheduled", movies="8") == "run"


def test_a_forced_run_publishes_though_somebody_holds(twice: Warehouse) -> None:
    restore(twice, "first")
    publish(twice, "restoring")
    assert twice.plan("forced", movies="8", force=True) == "run"


def test_a_restoring_run_that_does_not_come_to_publish_holds_nothing(twice: Warehouse) -> None:
    restore(twice, "first")
    assert twice.plan("scheduled", movies="9") == "run"
    assert twice.run("release")["said"] == "nothing was held"


def test_what_is_published_can_be_held_and_holding_twice_is_holding_once(twice: Warehouse) -> None:
    said = twice.run("hold")["said"]
    assert str(said).startswith("held at second since ")
    assert twice.run("hold")["said"] == said
    assert twice.plan("scheduled", movies="9") == said


def test_restoring_twice_by_one_name_is_restoring_once(twice: Warehouse) -> None:
    restore(twice, "first")
    restore(twice, "first")
    publish(twice, "restoring")
    assert twice.rows("select run_id, restores from movies_ops.load_hold") == [("restoring", "first")]


def test_a_run_that_nobody_knows_is_refused(twice: Warehouse) -> None:
    with pytest.raises(Failed, match="exit 66: the warehouse knows no run nonsense"):
        restore(twice, "nonsense")


def test_no_run_at_all_is_refused(twice: Warehouse) -> None:
    with pytest.raises(Failed, match="exit 78: restores is empty: name the run to go back to"):
        restore(twice, "")


def test_a_run_that_was_never_published_is_refused(twice: Warehouse) -> None:
    twice.plan("failed", movies="9")
    with pytest.raises(Failed, match="exit 81: run failed was never published"):
        restore(twice, "failed")


def test_data_that_are_there_no_more_are_named_and_the_tables_stand(twice: Warehouse) -> None:
    table = tables()["ratings"]
    folder = made(twice, "first", table.application)
    (folder / f"{table.name}.manifest").unlink()
    with pytest.raises(Failed, match=rf"exit 66: .*{folder.name} is not there any more.* load its versions again"):
        restore(twice, "first")
    assert twice.rows(GENRE) == [("Melodrama",)]


def test_a_run_of_before_curated_data_had_keys_is_refused_and_the_way_out_named(twice: Warehouse) -> None:
    twice.rows("delete from movies_ops.load_made where run_id = 'first'")
    with pytest.raises(Failed, match="exit 66: first was published before curated data had keys: load its versions"):
        restore(twice, "first")


def test_nothing_can_be_held_where_nothing_is_published(warehouse: Warehouse) -> None:
    with pytest.raises(Failed, match="exit 66: nothing is published yet"):
        warehouse.run("hold")


def test_the_runs_are_listed_with_what_became_of_them(twice: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    restore(twice, "first")
    publish(twice, "restoring")
    twice.run("finish", run="restoring", status="Succeeded", output=f"file://{twice.lake}/runs")
    twice.plan("scheduled", movies="8")
    twice.run("finish", run="scheduled", status="Succeeded", output=f"file://{twice.lake}/runs")
    capsys.readouterr()
    twice.run("runs")
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert list(lines) == ["run", "scheduled", "restoring", "second", "first"]
    assert "the tables hold it; restores first; held at first since " in lines["restoring"]
    assert "nothing new" in lines["scheduled"]
    assert "not over" in lines["second"]
