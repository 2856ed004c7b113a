"""What Prometheus is told of a run: numbers of its own, else of what is published; NaN where nobody knows."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from movalytics_workflows.metrics import MEASURES

from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, rating

CHECKS = ("errors-passed", "errors-failed", "warnings-passed", "warnings-failed")
ROWS = ("rows-accepted", "rows-merged", "rows-rejected")


def measured(warehouse: Warehouse, run: str, status: str = "Succeeded", **flags: str) -> Mapping[str, float]:
    """What finish put out, known ones only; it knows each measure that the workflow asks for."""
    paths = {name: warehouse.lake / name for name in MEASURES}
    asked = [(name, str(path)) for name, path in paths.items()]
    try:
        warehouse.run(
            "finish", run=run, status=status, output=f"file://{warehouse.lake}/runs/{run}", measure=asked, **flags
        )
    finally:
        found = {name: float(path.read_text()) for name, path in paths.items()}
    return {name: number for name, number in found.items() if not math.isnan(number)}


def test_a_run_is_measured_by_its_own_rows_and_checks(warehouse: Warehouse, world: World) -> None:
    world.rejected["ratings"] = {"no_tmdb_id": 1}
    world.tables["ratings"].append(rating(5, 597, 3.7))
    warehouse.plan("bad", allow="ratings.no_tmdb_id=0.9 ratings.total=0.9")
    warehouse.stage("bad", world)
    with pytest.raises(Failed, match="exit 80"):
        warehouse.check("bad")
    found = measured(warehouse, "bad", "Failed")
    accounts = warehouse.rows("select sum(rows_in), sum(rows_merged), sum(rows_rejected) from movies_ops.load_table")
    ((came, merged, rejected),) = accounts
    assert [found[name] for name in ROWS] == [came - merged - rejected, merged, rejected]  # type: ignore[operator]
    assert rejected == 1
    counts = warehouse.rows(
        "select severity, state, count(*) from movies_ops.quality_result where state <> 'skip' group by severity, state"
    )
    names = {"error": "errors", "warn": "warnings"}
    told = {f"{names[str(kind)]}-{'passed' if state == 'pass' else 'failed'}": count for kind, state, count in counts}
    assert {name: number for name, number in found.items() if name in CHECKS and number} == told
    assert found["errors-failed"] >= 1
    assert "published-at" not in found
    assert "ready-after" not in found


def test_a_run_without_news_is_measured_by_what_is_published(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("good", world, day=str(datetime.now(UTC).date()))
    first = measured(warehouse, "good")
    assert warehouse.plan("again", day=str(datetime.now(UTC).date())) != "run"
    again = measured(warehouse, "again")
    assert {name: again[name] for name in again if name != "ready-after"} == {
        name: first[name] for name in first if name != "ready-after"
    }
    assert first.keys() == set(MEASURES)
    assert abs(first["published-at"] - datetime.now(UTC).timestamp()) < 600
    assert first["prices-until"] == datetime(2023, 11, 1, tzinfo=UTC).timestamp()
    (newest,) = warehouse.rows("select date_trunc('month', max(rated_at)) from movies.ratings")
    assert first["ratings-until"] == newest[0].replace(tzinfo=UTC).timestamp()  # type: ignore[attr-defined]


def test_readiness_counts_from_the_midnight_of_the_runs_day_in_its_zone(warehouse: Warehouse) -> None:
    today = datetime.now(UTC).date()
    warehouse.plan("run", day=str(today))
    utc = measured(warehouse, "run")["ready-after"]
    kolkata = measured(warehouse, "run", time_zone="Asia/Kolkata")["ready-after"]
    assert round(kolkata - utc, -2) == 5.5 * 3600
    warehouse.plan("brought", day=str(today - timedelta(days=5)))
    assert "ready-after" not in measured(warehouse, "brought")


def test_a_warehouse_that_is_down_leaves_numbers_that_say_so(warehouse: Warehouse) -> None:
    warehouse.url = "redshift://awsuser@127.0.0.1:1/dev?sslmode=disable"
    with pytest.raises(Failed, match="exit 75"):
        measured(warehouse, "bad", "Failed")
    assert {(warehouse.lake / name).read_text() for name in MEASURES} == {"nan"}


def test_a_number_that_there_is_not_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(Failed, match="exit 78: --measure speed: there are errors-failed"):
        warehouse.run(
            "finish",
            run="run",
            status="Failed",
            output=f"file://{warehouse.lake}",
            measure=[("speed", str(warehouse.lake / "speed"))],
        )
