"""report.json as a program reads it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from movalytics_warehouse.report.document import as_json
from movalytics_warehouse.report.facts import CheckResult, Facts


@pytest.fixture
def read(facts: Facts) -> dict[str, Any]:
    return dict(json.loads(as_json(facts)))


def test_it_names_the_run_its_versions_and_when_it_was_published(read: dict[str, Any]) -> None:
    assert read["run"] == read["published_run"] == "movalytics-1"
    assert read["movies_version"] == "7"
    assert read["cpi_version"] == "2022-04-01-9d3c1f02"
    assert read["published_at"] == "2026-11-24T05:01:00+00:00"


def test_every_account_adds_up_and_merged_is_not_rejected(read: dict[str, Any]) -> None:
    assert [account["name"] for account in read["accounts"]] == ["movies", "ratings", "links"]
    for account in read["accounts"]:
        assert account["rows_in"] == account["accepted"] + account["merged"] + account["rejected"]
        for kind in ("merged", "rejected", "repaired"):
            assert account[kind] == sum(account["reasons"][kind].values())
    movies = read["accounts"][0]
    assert (movies["merged"], movies["rejected"], movies["repaired"]) == (1, 0, 3)


def test_an_input_that_is_no_table_is_an_account_and_no_table(read: dict[str, Any]) -> None:
    links = next(account for account in read["accounts"] if account["name"] == "links")
    assert links["reasons"]["rejected"] == {"no_tmdb_id": 219}
    assert "links" not in {**read["tables"], **read["marts"]}


def test_tables_tell_rejected_and_merged_rows_apart(read: dict[str, Any]) -> None:
    ratings = read["tables"]["ratings"]
    assert ratings["rows_in"] == ratings["rows_out"] + ratings["rows_rejected"] + ratings["rows_merged"] == 100_004
    assert ratings["adds_up"] is True


def test_it_says_of_what_data_the_answers_are(facts: Facts) -> None:
    run = replace(facts.run, sample="4,626 films of 45,466.")
    read = json.loads(as_json(replace(facts, run=run, published=run)))
    assert read["data"] == {
        "sample": "4,626 films of 45,466.",
        "ratings_until": "2016-10-16",
        "prices_until": "2022-04",
    }


def test_an_empty_warehouse_has_no_dates(empty: Facts) -> None:
    assert json.loads(as_json(empty))["data"] == {"sample": "", "ratings_until": "", "prices_until": ""}


def test_warnings_and_raised_ceilings_are_named(facts: Facts) -> None:
    run = replace(facts.run, allowed="movies.total=0.0005 ratings.film_not_in_catalogue=0.3")
    read = json.loads(as_json(replace(facts, run=run)))
    assert read["warned"] == ["few_ratings_are_lost"]
    assert read["allowed"] == [
        {"name": "movies.total", "share": 0.0005},
        {"name": "ratings.film_not_in_catalogue", "share": 0.3},
    ]


def test_steps_tell_start_waiting_and_the_usual_time(read: dict[str, Any]) -> None:
    first, second = read["steps"]
    assert (first["waited_seconds"], first["seconds"], first["usual_seconds"]) == (None, 72.4, 60.0)
    assert (second["waited_seconds"], second["seconds"], second["usual_seconds"]) == (7.6, 30, None)
    assert (read["elapsed_seconds"], read["idle_seconds"]) == (110, 7.6)


def test_marts_stand_apart_from_loaded_tables(read: dict[str, Any]) -> None:
    assert read["marts"] == {"movie_rating": {"published_rows": 3722, "table_digest": "cc" * 32}}
    assert list(read["tables"]) == ["movies", "ratings"]


def test_each_answer_has_its_sentence_and_its_rows(read: dict[str, Any]) -> None:
    best = read["answers"]["highest_rated_films"]
    assert best["headline"] == "Fargo is rated highest: 4.13 out of 5."
    earnings = read["answers"]["highest_earning_genres"]
    assert earnings["headline"] == "Adventure films earned most since 1999: $17.4 bn in dollars of April 2022."
    assert best["films"][0]["bayesian_rating"] == 4.1301
    assert read["answers"]["best_release_periods"]["months"][0]["month"] == 6
    assert earnings["genres"][0]["base_month"] == "2022-04-01"


def test_samples_of_checks_are_rows(read: dict[str, Any]) -> None:
    assert read["checks"][1]["sample"] == [{"share": 0.28}]


def test_a_sample_that_was_cut_off_is_kept_as_text(facts: Facts) -> None:
    check = CheckResult("staged", "bad", "movies", "error", "fail", 9, '[{"title": "cut o', 0.1)
    read = json.loads(as_json(replace(facts, checks=[check])))
    assert read["checks"][0]["sample"] == [{"sample": '[{"title": "cut o'}]
