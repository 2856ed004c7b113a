"""Staging: what the manifest promises is loaded, all of it, or the step fails with one sentence."""

import json
from collections.abc import MutableMapping
from itertools import accumulate
from typing import Any

import pytest
from movalytics_common.declaration import tables
from movalytics_warehouse.__main__ import build_parser
from movalytics_warehouse.load import stage
from movalytics_warehouse.plan.ceilings import declared
from movalytics_warehouse.plan.making import applications
from structlog.testing import capture_logs

from tests.integration.warehouse.clock import pass_seconds
from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, small_world, write_world


def staged(warehouse: Warehouse, world: World, run: str = "first") -> str:
    """The folder of what was made for a planned run, not staged yet."""
    warehouse.plan(run)
    return write_world(world, warehouse.curated(run), run)


def test_every_row_is_staged_and_counted_in_the_ledger(warehouse: Warehouse, world: World) -> None:
    world.rejected["ratings"] = {"not_in_links": 1}
    uri = staged(warehouse, world)
    assert warehouse.load("first", uri)["rows"] == world.row_count
    assert warehouse.rows(
        "select rows_in, rows_out, rows_merged, rows_rejected, staged_rows from movies_ops.load_table "
        "where table_name = 'ratings'"
    ) == [(8, 5, 2, 1, 5)]
    assert warehouse.rows(
        "select table_name, kind, reason, row_count from movies_ops.load_rejected order by table_name, kind"
    ) == [
        ("movies", "merged", "duplicate_film", 1),
        ("ratings", "merged", "superseded_rating", 2),
        ("ratings", "rejected", "not_in_links", 1),
    ]


def test_an_application_whose_folder_is_not_told_is_named(warehouse: Warehouse, world: World) -> None:
    uri, (first, *others) = staged(warehouse, world), applications()
    with pytest.raises(Failed, match=f"exit 78: stage is not told where {first} made .*: add --input"):
        warehouse.load("first", uri, others)


def said_by_stage(warehouse: Warehouse, uri: str) -> list[MutableMapping[str, Any]]:
    """The events of staging what lies in this folder."""
    arguments = build_parser().parse_args(warehouse.arguments("stage", **warehouse.staging("first", uri)))
    with capture_logs() as said:
        stage.stage(arguments)
    return said


def test_tables_are_told_with_their_seconds_and_how_far_it_is(
    warehouse: Warehouse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = staged(warehouse, world)
    pass_seconds(monkeypatch, stage, 2)
    said = said_by_stage(warehouse, uri)
    told = {one["table"]: (one["rows"], one["copied"], one["seconds"]) for one in said if one["event"] == "staged"}
    sizes = {name: len(world.tables[name]) for name in tables()}
    assert told == {name: (rows, rows, 2) for name, rows in sizes.items()}
    progress = [(one["done"], one["total"]) for one in said if one["event"] == "progress"]
    assert progress == [(done, world.row_count) for done in accumulate(sizes.values())]


def test_no_progress_is_told_within_a_second(
    warehouse: Warehouse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = staged(warehouse, world)
    pass_seconds(monkeypatch, stage, 0)
    assert "progress" not in {one["event"] for one in said_by_stage(warehouse, uri)}


def test_an_input_that_is_no_table_has_an_account_in_the_ledger(warehouse: Warehouse, world: World) -> None:
    world.rejected["links"] = {"no_tmdb_id": 2}
    warehouse.load("first", staged(warehouse, world))
    assert warehouse.rows(
        "select rows_in, rows_out, rows_merged, rows_rejected, staged_rows, published_rows, manifest_digest "
        "from movies_ops.load_table where table_name = 'links'"
    ) == [(5, 3, 0, 2, None, None, None)]
    assert warehouse.rows(
        "select kind, reason, row_count from movies_ops.load_rejected where table_name = 'links'"
    ) == [("rejected", "no_tmdb_id", 2)]


def test_the_ledger_keeps_what_the_run_may_lose_and_what_was_allowed_by_name(
    warehouse: Warehouse, world: World
) -> None:
    warehouse.plan("first", allow="ratings.not_in_links=0.3, links.shrink=.5")
    warehouse.stage("first", world)
    kept = {
        (account, kind, reason): (share, allowed)
        for account, kind, reason, share, allowed in warehouse.rows(
            "select table_name, kind, reason, ceiling, allowed from movies_ops.load_ceiling"
        )
    }
    expected = {(one.account, one.kind, one.reason): (one.share, False) for one in declared().ceilings}
    expected["ratings", "rejected", "not_in_links"] = (0.3, True)
    expected["links", "history", "shrink"] = (0.5, True)
    assert kept == expected
    assert warehouse.rows("select table_name, first_day, last_day from movies_ops.load_span") == [
        (span.account, span.first, span.last) for span in declared().spans
    ]


def test_staging_twice_is_staging_once(warehouse: Warehouse, world: World) -> None:
    uri = staged(warehouse, world)
    for _ in range(2):
        warehouse.load("first", uri)
    assert warehouse.rows("select count(*) from movies_staging.ratings") == [(5,)]
    assert warehouse.rows("select count(*) from movies_ops.load_table where staged_rows is not null") == [
        (len(tables()),)
    ]
    assert warehouse.rows(
        "select count(*), count(distinct table_name || kind || reason) from movies_ops.load_ceiling"
    ) == [(len(declared().ceilings),) * 2]


def test_half_stars_and_odd_texts_arrive_as_they_were(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    assert warehouse.rows("select rating from movies.ratings where user_id = 1 and movie_id = 597")[0][0] == 3.5  # type: ignore[comparison-overlap]
    title = world.tables["movies"][2][4]
    assert warehouse.rows("select title, budget from movies.movies where movie_id = 27205") == [(title, None)]
    assert str(warehouse.rows("select popularity from movies.movies where movie_id = 27205")[0][0]) == "0.000082"


def test_a_run_that_was_not_planned_is_refused(warehouse: Warehouse, world: World) -> None:
    with pytest.raises(Failed, match="exit 66: the warehouse knows no run first: plan it first"):
        warehouse.stage("first", world)


def test_a_missing_manifest_is_an_unfinished_transform(warehouse: Warehouse, world: World) -> None:
    uri = staged(warehouse, world)
    (warehouse.curated("first") / "ratings.manifest").unlink()
    with pytest.raises(Failed, match=r"exit 66: .*ratings\.manifest is not there: the transform of ratings"):
        warehouse.load("first", uri)


def test_a_file_that_is_gone_fails_the_copy_by_name(warehouse: Warehouse, world: World) -> None:
    uri = staged(warehouse, world)
    (warehouse.curated("first") / "genre/part-00000.parquet").unlink()
    with pytest.raises(Failed, match=r"exit 65: COPY of genre from .*genre\.manifest failed"):
        warehouse.load("first", uri)


def test_fewer_rows_than_the_manifest_promises_are_refused(warehouse: Warehouse, world: World) -> None:
    uri = staged(warehouse, world)
    path = warehouse.curated("first") / "genre.manifest"
    manifest = json.loads(path.read_text())
    for meta in (manifest["meta"], manifest["entries"][0]["meta"]):
        meta["record_count"] = 4
    manifest["movalytics"]["rows_out"] = manifest["movalytics"]["partitions"][""]["rows"] = 4
    path.write_text(json.dumps(manifest))
    with pytest.raises(Failed, match=r"exit 65: .*3.*genre"):
        warehouse.load("first", uri)


def test_a_folder_with_spaces_and_quotes_is_staged(warehouse: Warehouse, world: World) -> None:
    warehouse.plan("first")
    uri = write_world(world, warehouse.lake / "o'neil's lake" / "made=first", "first")
    assert warehouse.load("first", uri)["rows"] == world.row_count


def test_other_data_under_the_name_of_a_published_run_are_refused(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    changed = small_world()
    changed.tables["genre"][0] = (18, "Melodrama")
    with pytest.raises(Failed, match="exit 81: run first was published with other data"):
        warehouse.stage("first", changed)
    assert warehouse.rows("select genre_name from movies.genre where genre_id = 18") == [("Drama",)]
