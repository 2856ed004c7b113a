"""Publishing: one transaction that is right, or did not happen; never older, never twice, never unchecked."""

import json
from contextlib import closing
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from movalytics_common.declaration import marts, tables
from movalytics_warehouse.quality.checks import Check, run_checks
from movalytics_warehouse.quality.suite import every_check

from tests.integration.warehouse.relay import Relay, Talk
from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, rating, small_world

DIGESTS = "select table_name, table_digest from movies_ops.load_table where run_id = '{}' order by table_name"
CURRENT = "select run_id from movies_ops.load_run where published_at is not null order by published_at desc limit 1"
RATINGS = "select count(*) from movies.ratings"


def larger_world() -> World:
    """One rating more."""
    world = small_world()
    world.tables["ratings"].append(rating(4, 597, 3.5))
    return world


def ready(warehouse: Warehouse, run: str, world: World, **plan: object) -> None:
    """Plan, stage and check a run."""
    warehouse.plan(run, **plan)  # type: ignore[arg-type]
    warehouse.stage(run, world)
    warehouse.check(run)


def test_all_tables_and_marts_are_published_with_their_digests(warehouse: Warehouse, world: World) -> None:
    assert warehouse.bring("first", world)["rows"] == world.row_count
    digests = dict(warehouse.rows(DIGESTS.format("first")))
    assert {name for name, digest in digests.items() if digest} == {*tables(), *marts()}
    assert all(str(digests[name]).partition("-")[0].isdecimal() for name in (*tables(), *marts()))


def test_the_marts_hold_what_one_counts_by_hand(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    # All 5 ratings have the mean 3.5; Avatar: (5 + 4 + 50 * 3.5) / 52.
    assert [
        (row[0], str(row[1]), str(row[2]))
        for row in warehouse.rows(
            "select title, mean_rating, bayesian_rating from movies.highest_rated_films order by position limit 2"
        )
    ] == [("Avatar", "4.5000", "3.5385"), ("Titanic", "4.0000", "3.5192")]
    assert warehouse.rows(
        "select genre_name, rating_count, user_count, movie_count from movies.most_popular_genres order by position"
    ) == [
        ("Action", 3, 3, 2),
        ("Drama", 2, 2, 1),
        ("Science Fiction", 2, 2, 1),
    ]
    assert warehouse.rows(
        "select month, quarter, movie_count, revenue from movies.best_release_months order by position limit 1"
    ) == [(12, 4, 2, 1_845_034_188 + 2_787_965_087)]
    assert warehouse.rows("select count(*) from movies.box_office_by_release_month") == [(12,)]
    assert [
        str(cell) for cell in warehouse.rows("select median_revenue, mean_revenue from movies.best_release_quarters")[0]
    ] == ["2316499637.50", "2316499637.50"]
    # Avatar's revenue * 180 / 150, in dollars of April 2022; Titanic came out before the series.
    assert [
        (row[0], str(row[1]), str(row[2]))
        for row in warehouse.rows(
            "select genre_name, real_revenue, base_month from movies.highest_earning_genres_real order by position"
        )
    ] == [("Action", "3345558104.40", "2022-04-01"), ("Science Fiction", "3345558104.40", "2022-04-01")]
    assert warehouse.rows(
        "select movies_with_revenue, movies_with_release_date, movies_with_cpi, revenue_with_cpi "
        "from movies.box_office_coverage"
    ) == [(2, 2, 1, 2_787_965_087)]


def test_publishing_again_finds_it_done(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    again = warehouse.publish("first")
    assert again["already_published"] is True
    assert (
        again["checks"]
        == again["pass"]
        == len(every_check("marts")) + sum(len(mart.rules) for mart in marts().values())
    )


def test_release_periods_are_told_in_real_dollars_too(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    # Avatar alone, Titanic came out before the series: so one film of two in December has no real revenue.
    for period, number in (("month", 12), ("quarter", 4)):
        assert [
            (row[0], row[1], str(row[2]), str(row[3]))
            for row in warehouse.rows(
                f"select {period}, movie_count, mean_real_revenue, median_real_revenue "
                f"from movies.best_release_{period}s_real order by position"
            )
        ] == [(number, 1, "3345558104.40", "3345558104.40")]
    months = "select month, movie_count, real_movie_count from movies.box_office_by_release_month"
    assert [row for row in warehouse.rows(months) if row[1] or row[2]] == [(12, 2, 1)]


def test_the_same_rows_in_another_order_have_the_same_digests(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    for rows in world.tables.values():
        rows.reverse()
    warehouse.bring("second", world, force=True)
    assert warehouse.rows(DIGESTS.format("second")) == warehouse.rows(DIGESTS.format("first"))


def test_one_changed_value_changes_the_digest_of_its_table_alone(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    before = dict(warehouse.rows(DIGESTS.format("first")))
    world.tables["cpi"][1] = (world.tables["cpi"][1][0], 151.0)
    warehouse.bring("second", world, force=True)
    after = dict(warehouse.rows(DIGESTS.format("second")))
    assert {table for table in after if after[table] != before[table]} == {"cpi"}


def test_what_left_the_source_leaves_the_tables(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", larger_world())
    warehouse.bring("second", world, movies="8", allow="ratings.shrink=0.2")
    assert warehouse.rows(RATINGS) == [(5,)]


def test_films_without_genres_are_published_with_the_marts_of_genres_empty(warehouse: Warehouse, world: World) -> None:
    world.tables |= {"genre": [], "movie_genre": []}
    warehouse.bring("first", world)
    assert warehouse.rows("select count(*) from movies.genre_popularity") == [(0,)]
    assert warehouse.rows(RATINGS) == [(5,)]


def test_unchecked_rows_are_not_published(warehouse: Warehouse, world: World) -> None:
    warehouse.plan("first")
    warehouse.stage("first", world)
    with pytest.raises(Failed, match="exit 81: what is staged for run first was not checked"):
        warehouse.publish("first")


def test_a_verdict_on_other_rows_does_not_count(warehouse: Warehouse, world: World) -> None:
    ready(warehouse, "first", world)
    warehouse.stage("first", larger_world())
    with pytest.raises(Failed, match=r"exit 81: .* was not checked"):
        warehouse.publish("first")


def test_a_red_check_of_the_staged_rows_stops_the_run_and_its_publication(warehouse: Warehouse, world: World) -> None:
    world.tables["ratings"].append(rating(5, 597, 3.7))
    warehouse.plan("first")
    warehouse.stage("first", world)
    with pytest.raises(Failed, match=r"exit 80: run first .* staged ratings/rating_is_an_accepted_value"):
        warehouse.check("first")
    with pytest.raises(Failed, match="exit 81: run first did not pass the checks of stage staged"):
        warehouse.publish("first")
    red = [
        check
        for check in json.loads(warehouse.report("first", "checks-staged.json"))["checks"]
        if check["state"] == "fail"
    ]
    assert red[0]["sample"] == [{"user_id": 5, "movie_id": 597, "rating": 3.7}] or red[-1]["sample"]
    assert ET.fromstring(warehouse.report("first", "checks-staged.xml")).get("failures") == "1"


@pytest.mark.parametrize("other", ["another", "second"])
def test_staging_of_another_run_is_not_published(warehouse: Warehouse, world: World, other: str) -> None:
    ready(warehouse, "first", world)
    ready(warehouse, other, larger_world(), movies="8")
    with pytest.raises(Failed, match=f"exit 81: staging holds {next(iter(tables()))} of run {other}, not of first"):
        warehouse.publish("first")


def test_after_one_that_was_published_by_a_clock_of_tomorrow_the_next_is_current_nevertheless(
    warehouse: Warehouse, world: World
) -> None:
    warehouse.bring("first", world)
    tomorrow = datetime.now() + timedelta(days=1)  # noqa: DTZ005 the ledger's moments have no zone
    warehouse.rows(f"update movies_ops.load_run set published_at = '{tomorrow}' where run_id = 'first'")
    warehouse.bring("second", larger_world(), movies="8")
    assert warehouse.rows(CURRENT)[0] == ("second",)
    moment = "select published_at from movies_ops.load_run where run_id = 'second'"
    assert warehouse.rows(moment) == [(tomorrow + timedelta(microseconds=1),)]


def test_an_older_run_is_refused_even_when_it_was_planned_before(warehouse: Warehouse, world: World) -> None:
    warehouse.plan("first", movies="7")
    warehouse.bring("second", larger_world(), movies="8")
    warehouse.stage("first", world)
    warehouse.check("first")
    with pytest.raises(Failed, match=r"exit 81: run first .* is older than the published run second"):
        warehouse.publish("first")
    assert warehouse.rows(RATINGS) == [(6,)]


def test_of_two_runs_of_the_same_data_the_earlier_attempt_is_refused(warehouse: Warehouse, world: World) -> None:
    warehouse.plan("first")
    warehouse.bring("second", world)
    warehouse.stage("first", world)
    warehouse.check("first")
    with pytest.raises(Failed, match=r"exit 81: run first .* is older"):
        warehouse.publish("first")


def test_a_forced_older_run_rolls_back(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world, movies="7")
    warehouse.bring("second", larger_world(), movies="8")
    warehouse.bring("first", world, movies="7", force=True)
    assert warehouse.rows(RATINGS) == [(5,)]
    assert warehouse.rows(CURRENT) == [("first",)]
    warehouse.check("first", "published")


def test_a_red_check_of_the_marts_rolls_everything_back_and_is_recorded(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    ready(warehouse, "second", larger_world(), movies="8")
    # A count that the checks inside the transaction compare with what it inserts.
    warehouse.rows(
        "update movies_ops.load_table set staged_rows = 9 where run_id = 'second' and table_name = 'ratings'"
    )
    with pytest.raises(Failed, match=r"exit 80: run second .* marts movies_ops/published_rows_equal_staged_rows"):
        warehouse.publish("second")
    assert warehouse.rows(RATINGS) == [(5,)]
    assert warehouse.rows(CURRENT) == [("first",)]
    assert warehouse.rows(
        "select count(*) from movies_ops.quality_result where run_id = 'second' and state = 'fail' and stage = 'marts'"
    ) == [(1,)]
    assert ET.fromstring(warehouse.report("second", "checks-marts.xml")).get("failures") == "1"


def test_a_check_that_cannot_run_inside_the_transaction_rolls_it_back(warehouse: Warehouse, world: World) -> None:
    ready(warehouse, "first", world)
    warehouse.rows("alter table movies_ops.load_table rename column staged_rows to rows_staged")
    try:
        with pytest.raises(Failed, match=r"exit 80: .*published_rows_equal_staged_rows"):
            warehouse.publish("first")
    finally:
        warehouse.rows("alter table movies_ops.load_table rename column rows_staged to staged_rows")
    assert warehouse.rows(RATINGS) == [(0,)]
    states = {check["state"] for check in json.loads(warehouse.report("first", "checks-marts.json"))["checks"]}
    assert "error" in states


def test_four_publishers_at_once_load_once(warehouse: Warehouse, world: World) -> None:
    ready(warehouse, "first", world)
    publishers = [warehouse.start("publish", run="first", output=warehouse.reports("first")) for _ in range(4)]
    endings = [publisher.communicate()[1].splitlines()[-1] for publisher in publishers]
    already = sorted(json.loads(ending)["already_published"] for ending in endings)
    assert already == [False, True, True, True]
    assert warehouse.rows(RATINGS) == [(5,)]


def test_a_publication_that_is_killed_leaves_the_old_rows_and_can_be_run_again(
    warehouse: Warehouse, world: World
) -> None:
    warehouse.bring("first", world)
    ready(warehouse, "second", larger_world(), movies="8")
    first = next(iter(marts()))  # filled when all tables are
    blocker = warehouse.connect()
    with blocker.cursor() as cursor:
        cursor.execute(f"lock table movies.{first}")
    process = warehouse.start("publish", run="second", output=warehouse.reports("second"))
    assert process.stderr is not None
    while '"ratings"' not in process.stderr.readline():
        assert process.poll() is None
    process.kill()
    process.communicate()
    blocker.close()
    assert warehouse.rows(RATINGS) == [(5,)]
    assert warehouse.publish("second")["already_published"] is False
    assert warehouse.rows(RATINGS) == [(6,)]


@pytest.mark.parametrize(("cut", "already"), [(b'movies."date"', False), (b"COMMIT", True)])
def test_a_connection_that_is_lost_is_made_again_and_the_ledger_tells_what_was_done(
    warehouse: Warehouse, world: World, server: str, cut: bytes, already: bool
) -> None:
    ready(warehouse, "first", world)
    host, _, port = server.partition(":")
    relay = Relay(host, int(port))
    direct, warehouse.url = warehouse.url, warehouse.url.replace(server, f"127.0.0.1:{relay.port}")
    relay.at(cut, Talk.forward_unheard, lambda: True)
    try:
        publication = warehouse.publish("first")
    finally:
        warehouse.url = direct
        relay.close()
    assert relay.struck == 1
    assert publication["already_published"] is already
    assert warehouse.rows(RATINGS) == [(5,)]


def test_readers_see_the_old_rows_until_the_commit(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    ready(warehouse, "second", larger_world(), movies="8")
    first = next(iter(marts()))  # filled when all tables are
    blocker = warehouse.connect()
    with blocker.cursor() as cursor:
        cursor.execute(f"lock table movies.{first}")
    process = warehouse.start("publish", run="second", output=warehouse.reports("second"))
    assert process.stderr is not None
    while '"ratings"' not in process.stderr.readline():
        assert process.poll() is None
    assert warehouse.rows(RATINGS) == [(5,)]
    blocker.close()
    process.communicate()
    assert process.returncode == 0
    assert warehouse.rows(RATINGS) == [(6,)]


def test_history_is_compared_only_when_there_is_enough_of_it(warehouse: Warehouse, world: World) -> None:
    for number in range(1, 5):
        warehouse.bring(f"run-{number}", larger_world() if number == 4 else world, movies=str(number))
        counts = warehouse.check(f"run-{number}", "published")
        assert counts["skip"] == (3 if number < 4 else 0)
    assert counts["fail"] == 0  # 6 ratings are within 20 % of 5
    world.tables["ratings"] = [*world.tables["ratings"][:2], rating(3, 27205, 0.5)]
    warehouse.bring("run-5", world, movies="5", allow="ratings.shrink=0.5")
    warehouse.check("run-5", "published")
    failed = [
        c for c in json.loads(warehouse.report("run-5", "checks-published.json"))["checks"] if c["state"] == "fail"
    ]
    assert {check["check_name"] for check in failed} == {"row_counts_are_near_history", "mean_rating_is_near_history"}
    assert [row["table_name"] for check in failed for row in check["sample"] if row["metric"] == "row_count"] == [
        "ratings"
    ]


def test_what_is_not_published_cannot_be_checked_as_published(warehouse: Warehouse, world: World) -> None:
    ready(warehouse, "first", world)
    with pytest.raises(Failed, match="exit 81: run first is not published"):
        warehouse.check("first", "published")


def test_a_warning_that_cannot_run_stops_a_publication_as_an_error_does(warehouse: Warehouse) -> None:
    broken, next_one = (
        Check(name, "genre", "marts", "warn", 0, f"select 1 / {divisor} as quotient")
        for name, divisor in (("broken", 0), ("next_one", 1))
    )
    with closing(warehouse.connect()) as connection:
        first, second = run_checks(connection, [broken, next_one], "first", 0)
    assert (first.state, first.is_red, second.state) == ("error", True, "skip")


def test_a_warning_that_finds_something_stays_a_warning_in_a_publication(warehouse: Warehouse) -> None:
    check = Check("found", "genre", "marts", "warn", 0, "select 1 as one")
    with closing(warehouse.connect()) as connection:
        first, second = run_checks(connection, [check, check], "first", 0)
    assert [(one.state, one.severity, one.is_red) for one in (first, second)] == [("fail", "warn", False)] * 2
