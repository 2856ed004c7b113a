"""Bringing days that were missed: which is next, what it may do to the tables, and what is published in the end."""

import pytest

from tests.integration.operations.bringing import bring, publish
from tests.integration.warehouse.steps import CPI, Failed, Warehouse
from tests.integration.warehouse.world import small_world

EARLIER_CPI = "2023-10-01-89abcdef"
PUBLISHED = "select run_id from movies_ops.load_run order by published_at desc nulls last limit 1"


def missing(warehouse: Warehouse, first: str = "2026-01-30", last: str = "2026-02-02") -> tuple[object, object]:
    found = warehouse.run("missing-day", **{"from": first, "to": last})
    return found["day"], found["left"]


def end(warehouse: Warehouse, run: str, status: str = "Succeeded") -> None:
    warehouse.run("finish", run=run, status=status, output=f"file://{warehouse.lake}/runs/run={run}")


@pytest.fixture
def newest(warehouse: Warehouse) -> Warehouse:
    """A published run of the newest data, for the last of the days."""
    bring(warehouse, "newest", small_world(), movies="7", day="2026-02-02")
    end(warehouse, "newest")
    return warehouse


def test_the_oldest_day_without_success_is_next_until_none_is_left(newest: Warehouse) -> None:
    assert missing(newest) == ("2026-01-30", 3)
    for day, status, expected in [
        ("2026-01-31", "Succeeded", ("2026-01-30", 2)),
        ("2026-01-30", "Failed", ("2026-01-30", 2)),
        ("2026-01-30", "Succeeded", ("2026-02-01", 1)),
        ("2026-02-01", "Succeeded", ("none", 0)),
    ]:
        run = f"of-{day}-{status}"
        newest.plan(run, movies="7", day=day, force="older")
        end(newest, run, status)
        assert missing(newest) == expected


def test_before_the_first_run_of_all_every_day_is_missing(empty: Warehouse) -> None:
    assert missing(empty) == ("2026-01-30", 4)


def test_nothing_is_brought_while_somebody_holds(newest: Warehouse) -> None:
    newest.run("hold")
    with pytest.raises(Failed, match=r"exit 81: held at newest since .*: release it first, for backfill publishes"):
        missing(newest)


def test_a_day_whose_data_are_published_already_is_recorded_and_publishes_nothing(newest: Warehouse) -> None:
    assert newest.plan("of-a-day", movies="7", day="2026-01-30", force="older") == "stop"


def test_a_day_of_older_prices_is_published_and_then_what_is_newest_again(newest: Warehouse) -> None:
    with pytest.raises(Failed, match=r"exit 81: run of-a-day .* is older than the published run newest"):
        newest.plan("of-a-day", movies="7", cpi=EARLIER_CPI, day="2026-01-30")
    bring(newest, "of-a-day", small_world(), movies="7", cpi=EARLIER_CPI, day="2026-01-30", force="older")
    end(newest, "of-a-day")
    assert newest.rows(PUBLISHED) == [("of-a-day",)]
    assert newest.plan("again", movies="7", cpi=CPI, day="2026-02-02") == "run"
    publish(newest, "again")
    assert newest.rows(PUBLISHED) == [("again",)]


def test_older_data_that_were_made_already_are_not_made_anew(newest: Warehouse) -> None:
    bring(newest, "later", small_world(), movies="8", day="2026-02-03")
    work = newest.lake / "work"
    newest.run(
        "plan",
        run="of-a-day",
        movies_version="7",
        cpi_version=CPI,
        code_digest="c0de",
        force="older",
        decision_to=str(newest.lake / "decision"),
        application=[
            (name, newest.prefix(name), f"7 {CPI} c0de") for name in ("transform-catalogue", "transform-ratings")
        ],
        transform_ratings_work_to=str(work),
    )
    assert work.read_text() == "have, made by newest"
