"""The sentence of a run that is stopped: what was lost, what may be, and how to allow it."""

import json
from typing import Any

from movalytics_warehouse.quality.judgement import Red, advice, sentence


def red(check: str, *rows: dict[str, Any], table: str = "movies_ops") -> Red:
    return Red("staged", table, check, json.dumps(rows))


def loss(account: str = "links", reason: str = "no_tmdb_id", rows: int = 30, rows_in: int = 90) -> dict[str, Any]:
    share = rows / rows_in
    return {
        "table_name": account,
        "reason": reason,
        "row_count": rows,
        "rows_in": rows_in,
        "share": share,
        "ceiling": 0.05,
    }


LOSSES = "losses_are_below_their_ceilings"
DRIFT = {**loss(), "kind": "rejected", "previous_run": "before", "previous_share": 0.004, "ceiling": 0.0005}
SHRINK = {
    "table_name": "ratings",
    "reason": "shrink",
    "row_count": 1000,
    "rows_before": 26024289,
    "share": 0.0384,
    "previous_run": "before",
    "ceiling": 0.001,
}


def test_a_loss_is_named_with_its_rows_its_share_and_its_ceiling() -> None:
    words = sentence([red(LOSSES, loss())])
    assert words.startswith("links: 30 of 90 rows lost as no_tmdb_id (")
    assert words.endswith("), 33.3 %, at most 5 % may be")


def test_the_advice_gives_what_is_needed_rounded_up() -> None:
    words = advice([red(LOSSES, loss()), red("rows_do_not_shrink", SHRINK)])
    assert 'allow it once: ALLOW="links.no_tmdb_id=0.34 ratings.shrink=0.039" (make run; -p allow=…' in words


def test_all_rows_may_be_allowed_to_be_lost_and_no_share_above_all() -> None:
    assert 'ALLOW="links.no_tmdb_id=1"' in advice([red(LOSSES, loss(rows=90))])
    assert advice([red(LOSSES, loss(rows=91))]) == ""


def test_five_failed_checks_are_named_and_that_there_are_more() -> None:
    failed = [red(f"check_{number}", table="genre") for number in range(6)]
    assert sentence(failed[:5]).endswith("staged genre/check_4")
    assert sentence(failed).endswith("staged genre/check_4 …")


def test_a_loss_that_is_above_its_ceiling_is_not_told_again_as_drift() -> None:
    both = [red("losses_are_near_history", DRIFT), red(LOSSES, loss())]
    assert sentence(both) == sentence([red(LOSSES, loss())])
    assert advice(both) == advice([red(LOSSES, loss())])


def test_drift_and_shrinking_name_the_run_they_are_measured_by() -> None:
    assert sentence([red("losses_are_near_history", DRIFT)]).endswith("33.3 % where it was 0.4 % in run before")
    assert sentence([red("rows_do_not_shrink", SHRINK)]) == (
        "ratings: 26,023,289 rows where run before had 26,024,289, a loss of 3.8 %, at most 0.1 % may be"
    )


def test_many_losses_are_counted_and_all_of_them_can_be_allowed() -> None:
    rows = [loss("movies", reason) for reason in ("malformed", "no_title", "no_movie_id", "title_too_long")]
    assert sentence([red(LOSSES, *rows)]).endswith("; 2 more losses")
    assert sentence([red(LOSSES, *rows[:3])]).endswith("; 1 more loss")
    assert advice([red(LOSSES, *rows)]).count("=0.34") == 4


def test_two_losses_and_how_to_allow_them_have_room_in_a_runs_message() -> None:
    rows = [loss("ratings", "not_in_links", 1_248_000, 26_024_289), loss("ratings", "film_not_in_catalogue", 1, 1840)]
    stopped = [red(LOSSES, *rows)]
    assert (
        len("check-staged: run movalytics-daily-1732412345 is not published: ; ")
        + len(sentence(stopped) + advice(stopped))
        <= 500
    )


def test_what_cannot_be_allowed_has_no_advice() -> None:
    leap = {
        "table_name": "cpi",
        "reason": "monthly_change",
        "date": "2011-01-01",
        "consumer_price_index": 1650.0,
        "previous_index": 165.0,
        "share": 9.0,
        "ceiling": 0.1,
    }
    leaped = red("prices_change_little_in_a_month", leap, table="cpi")
    assert sentence([leaped]).startswith("cpi: 165 is followed by 1650 in 2011-01, a change of 900.0 %")
    assert advice([leaped]) == ""
    assert advice([red(LOSSES, loss(reason="unheard_of"))]) == ""
    assert advice([red(LOSSES, loss()), red("movie_id_is_unique", {"movie_id": 1}, table="movies")]) == ""


def test_other_checks_are_named_beside_the_losses() -> None:
    others = [red(f"rule_{number}", {"movie_id": 1}, table="movies") for number in range(6)]
    words = sentence([red(LOSSES, loss()), *others])
    assert words.count("staged movies/rule_") == 5
    assert words.endswith(", staged movies/rule_4 …")


def test_a_check_of_losses_that_could_not_run_is_named_as_any_other() -> None:
    broken = Red("staged", "movies_ops", LOSSES, json.dumps({"error": "no such table"}))
    assert sentence([broken]) == f"checks failed: staged movies_ops/{LOSSES}"
    assert advice([broken]) == ""
