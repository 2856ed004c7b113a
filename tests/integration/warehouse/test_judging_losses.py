"""Losses before anything is published: each has a ceiling, a person can raise it for one run, history tightens it."""

import json
from datetime import date

import pytest
from movalytics_warehouse.plan.ceilings import declared

from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, many_ratings, prices, small_world

CEILINGS = {(one.account, one.kind, one.reason): one.share for one in declared().ceilings}
RATINGS = "select count(*) from movies.ratings"
COUNT = 4000


def with_losses(rows: int, reason: str = "film_not_in_catalogue") -> World:
    """4,000 ratings accepted, so many not."""
    world = many_ratings(small_world(), COUNT)
    world.rejected["ratings"] = {reason: rows} if rows else {}
    return world


def just_below(share: float, accepted: int = COUNT) -> int:
    """How many rows may be rejected beside the accepted ones without passing the ceiling."""
    return int(share * accepted / (1 - share))


def stopped(warehouse: Warehouse, run: str, world: World, **plan: object) -> str:
    """Plan, stage and check a run that must be stopped before it publishes; its sentence."""
    warehouse.plan(run, **plan)  # type: ignore[arg-type]
    warehouse.stage(run, world)
    with pytest.raises(Failed) as failed:
        warehouse.check(run)
    assert failed.value.exit_code == 80
    with pytest.raises(Failed, match=r"exit 81: run .* did not pass the checks"):
        warehouse.publish(run)
    return failed.value.sentence


def cut_links() -> World:
    """links.csv ended early: most ratings are of films that it no longer has."""
    world = many_ratings(small_world(), 600)
    world.rejected["ratings"] = {"not_in_links": 1240}
    return world


def test_a_first_load_whose_list_of_links_is_cut_is_refused_with_all_that_a_person_needs(warehouse: Warehouse) -> None:
    words = stopped(warehouse, "first", cut_links())
    assert words.startswith("run first is not published: ratings: 1,240 of 1,840 rows lost as not_in_links (")
    assert "), 67.4 %, at most 1 % may be; " in words
    assert 'allow it once: ALLOW="ratings.not_in_links=0.68" (make run; -p allow=… with argo submit)' in words
    assert words.endswith(f"the offending rows are in {warehouse.lake}/reports/run=first/checks-staged.json")
    assert warehouse.rows(RATINGS) == [(0,)]


def test_what_was_lost_is_in_the_checks_file_and_in_the_ledger_of_a_run_that_failed(warehouse: Warehouse) -> None:
    stopped(warehouse, "first", cut_links())
    checks = {
        check["check_name"]: check for check in json.loads(warehouse.report("first", "checks-staged.json"))["checks"]
    }
    (row,) = checks["losses_are_below_their_ceilings"]["sample"]
    assert (row["table_name"], row["reason"], row["row_count"], row["rows_in"]) == (
        "ratings",
        "not_in_links",
        1240,
        1840,
    )
    assert row["ceiling"] == CEILINGS["ratings", "rejected", "not_in_links"]
    assert warehouse.rows(
        "select rows_in, rows_out, rows_rejected from movies_ops.load_table where table_name = 'ratings'"
    ) == [(1840, 600, 1240)]
    warehouse.run("finish", run="first", status="Failed", output=f"file://{warehouse.lake}/runs")
    assert "ratings: 1,240 of 1,840 rows lost as not_in_links" in str(
        warehouse.rows("select message from movies_ops.load_run")[0][0]
    )


def test_a_run_that_failed_goes_through_when_its_sentence_is_followed(warehouse: Warehouse) -> None:
    words = stopped(warehouse, "first", cut_links())
    allow = words.partition('ALLOW="')[2].partition('"')[0]
    warehouse.bring("again", cut_links(), allow=allow)
    assert warehouse.rows(RATINGS) == [(600,)]
    assert warehouse.rows("select allowed from movies_ops.load_run where run_id = 'again'") == [(allow,)]


def test_a_reason_that_nobody_declared_may_take_nothing(warehouse: Warehouse) -> None:
    words = stopped(warehouse, "first", with_losses(1, "unheard_of"))
    assert "ratings: 1 of 4,001 rows lost as unheard_of" in words
    assert "ALLOW" not in words


def test_an_input_that_nobody_declared_may_lose_nothing(warehouse: Warehouse, world: World) -> None:
    world.inputs["movies"] = {"posters": 1000}
    world.rejected["posters"] = {"malformed": 1}
    assert "posters: 1 of 1,001 rows lost as malformed" in stopped(warehouse, "first", world)


def test_what_was_there_already_is_no_loss(warehouse: Warehouse) -> None:
    world = many_ratings(small_world(), COUNT)
    world.merged = {"ratings": {"superseded_rating": COUNT}, "genre": {"merged_duplicate": 500, "other_name": 500}}
    warehouse.bring("first", world)
    assert warehouse.rows(RATINGS) == [(COUNT,)]


def test_cells_that_cannot_be_read_stop_a_run_when_they_are_many(warehouse: Warehouse, world: World) -> None:
    world.rejected["movies"] = {"no_title": 3}
    world.repaired["movies"] = {"invalid_revenue": 4}
    words = stopped(warehouse, "first", world)
    assert "movies: 4 of 7 rows have a cell that could not be read, invalid_revenue (" in words
    warehouse.bring("again", world, allow="movies.invalid_revenue=0.6")
    assert warehouse.rows("select count(*) from movies.movies") == [(3,)]


def test_an_allowed_reason_leaves_the_total_to_the_others(warehouse: Warehouse) -> None:
    world = with_losses(1000)
    world.rejected["ratings"]["malformed"] = 30
    warehouse.bring("first", world, allow="ratings.film_not_in_catalogue=0.3")
    assert warehouse.rows(RATINGS) == [(COUNT,)]


def test_an_allowance_is_a_ceiling_too(warehouse: Warehouse) -> None:
    words = stopped(warehouse, "first", with_losses(1000), allow="ratings.film_not_in_catalogue=0.19")
    assert "1,000 of 5,000 rows lost as film_not_in_catalogue" in words
    assert "20.0 %, at most 19.0 % may be" in words


# History: the run published last of the same kind of data.


def test_a_loss_that_grows_beyond_the_drift_is_refused_though_a_first_load_might_have_it(warehouse: Warehouse) -> None:
    warehouse.bring("first", with_losses(4))
    drift = CEILINGS["ratings", "history", "drift"]
    allowed = just_below(4 / (COUNT + 4) + drift)
    warehouse.bring("second", with_losses(allowed), force=True)
    again = just_below(allowed / (COUNT + allowed) + drift) + 1
    words = stopped(warehouse, "third", with_losses(again), force=True)
    assert f"ratings: {again} of {COUNT + again:,} rows lost as film_not_in_catalogue" in words
    assert "where it was 0.15 % in run second" in words
    allow = words.partition('ALLOW="')[2].partition('"')[0]
    assert allow.startswith("ratings.film_not_in_catalogue=")
    warehouse.bring("fourth", with_losses(again), force=True, allow=allow)


def test_a_smaller_table_is_refused_and_an_allowed_one_is_the_next_ones_measure(warehouse: Warehouse) -> None:
    warehouse.bring("first", many_ratings(small_world(), COUNT))
    warehouse.bring("second", many_ratings(small_world(), 3996), force=True)
    words = stopped(warehouse, "third", many_ratings(small_world(), 2000), force=True)
    assert "ratings: 2,000 rows where run second had 3,996, a loss of 49.9 %, at most 0.1 % may be" in words
    assert warehouse.rows(RATINGS) == [(3996,)]
    warehouse.bring("fourth", many_ratings(small_world(), 2000), force=True, allow="ratings.shrink=0.5")
    warehouse.bring("fifth", many_ratings(small_world(), 2000), force=True)


def test_fewer_usable_links_are_refused_too(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    world.inputs["ratings"]["links"] = 2
    assert "links: 2 rows where run first had 3" in stopped(warehouse, "second", world, force=True)


def test_an_allowed_loss_must_be_allowed_again_the_next_time(warehouse: Warehouse) -> None:
    allow = "ratings.film_not_in_catalogue=0.3"
    warehouse.bring("first", with_losses(1000), allow=allow)
    assert "at most 1 % may be" in stopped(warehouse, "second", with_losses(1000), force=True)
    warehouse.bring("third", with_losses(1000), force=True, allow=allow)


def test_a_sample_is_not_measured_by_other_data_nor_other_data_by_it(warehouse: Warehouse) -> None:
    warehouse.bring("all", many_ratings(small_world(), COUNT))
    warehouse.bring("sample", many_ratings(small_world(), 100), force=True, sample="a hundred ratings")
    warehouse.bring("other sample", many_ratings(small_world(), 50), force=True, sample="fifty ratings")
    words = stopped(warehouse, "cut", many_ratings(small_world(), 2000), force=True)
    assert "where run all had 4,000" in words


def test_a_run_that_was_stopped_or_never_published_is_no_measure(warehouse: Warehouse) -> None:
    warehouse.bring("first", many_ratings(small_world(), 2000))
    warehouse.plan("second", force=True)
    warehouse.stage("second", many_ratings(small_world(), COUNT))
    warehouse.check("second")
    warehouse.bring("third", many_ratings(small_world(), 2000), force=True)


def test_going_back_to_an_earlier_run_is_not_measured_by_the_later_one(warehouse: Warehouse) -> None:
    small, large = many_ratings(small_world(), 2000), many_ratings(small_world(), COUNT)
    warehouse.bring("first", small, movies="7")
    warehouse.bring("second", large, movies="8")
    warehouse.bring("first", small, movies="7", force=True)
    assert warehouse.rows(RATINGS) == [(2000,)]


# The series' cadence and span.


@pytest.mark.parametrize(("cadence", "words"), [(3, "cpi: 186 of 280 months"), (12, "cpi: 256 of 280 months")])
def test_a_quarterly_or_annual_series_is_refused(warehouse: Warehouse, world: World, cadence: int, words: str) -> None:
    world.tables["cpi"] = [row for row in world.tables["cpi"] if (row[0].month - 1) % cadence == 0]
    said = stopped(warehouse, "first", world)
    assert f"{words} from 1999-01 to 2022-04 are missing (the series is not monthly, or is cut)" in said
    assert warehouse.rows("select count(*) from movies.cpi") == [(0,)]


@pytest.mark.parametrize(
    ("first", "last"), [(date(1999, 2, 1), date(2022, 4, 1)), (date(1999, 1, 1), date(2022, 3, 1))]
)
def test_a_series_that_begins_late_or_ends_early_is_refused(
    warehouse: Warehouse, world: World, first: date, last: date
) -> None:
    world.tables["cpi"] = prices(first, last)
    assert "cpi: 1 of 280 months from 1999-01 to 2022-04 are missing" in stopped(warehouse, "first", world)
    warehouse.bring("again", world, allow="cpi.missing_month=0.01")


def test_a_month_without_a_value_is_no_missing_month(warehouse: Warehouse, world: World) -> None:
    assert [row for row in world.tables["cpi"] if row[1] is None]
    world.tables["cpi"] = prices(last=date(2023, 11, 1))
    warehouse.bring("first", world)


def test_a_part_of_the_series_on_another_scale_is_refused(warehouse: Warehouse, world: World) -> None:
    world.tables["cpi"] = [
        (day, value and value * (10 if day.year == 2012 else 1)) for day, value in world.tables["cpi"]
    ]
    words = stopped(warehouse, "first", world)
    assert "cpi: 165 is followed by 1650 in 2012-01, a change of 900.0 %, at most 10.0 % may be" in words
    assert "ALLOW" not in words


# What a person allows is known to the ledger and refused when it is a slip.


def test_planning_keeps_sample_and_allowance(warehouse: Warehouse) -> None:
    warehouse.plan("first", sample=" every\n tenth  film ", allow="links.shrink=0.50, ratings.total=1")
    assert warehouse.rows("select sample, allowed from movies_ops.load_run") == [
        ("every tenth film", "links.shrink=0.5 ratings.total=1")
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"allow": "ratings.malformd=0.3"}, "allow: there is no ratings.malformd"),
        ({"allow": "nothing.total=0.3"}, "allow: there is no nothing.total: the accounts are"),
        ({"allow": "ratings.total=3"}, "allow: ratings.total=3 is no share"),
        ({"sample": "é" * 501}, "--sample has more than 1000 bytes"),
    ],
)
def test_a_slip_of_the_pen_is_refused_before_anything_runs(
    warehouse: Warehouse, given: dict[str, str], words: str
) -> None:
    with pytest.raises(Failed, match=f"exit 78: {words}"):
        warehouse.plan("first", **given)  # type: ignore[arg-type]
    assert warehouse.rows("select run_id from movies_ops.load_run") == []


def test_an_allowance_alone_is_nothing_new(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    assert warehouse.plan("second", allow="ratings.total=0.5") == "stop"


def test_new_data_that_were_stopped_are_new_again_when_they_are_allowed(warehouse: Warehouse) -> None:
    warehouse.bring("first", many_ratings(small_world(), COUNT))
    stopped(warehouse, "second", with_losses(1000), movies="8")
    assert warehouse.plan("third", movies="8", allow="ratings.film_not_in_catalogue=0.3") == "run"
