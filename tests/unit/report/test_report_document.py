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


def test_rows_in_are_rows_out_and_rows_rejected(read: dict[str, Any]) -> None:
    ratings = read["tables"]["ratings"]
    assert ratings["rows_in"] == ratings["rows_out"] + sum(ratings["rejected"].values()) == 100_004
    assert ratings["adds_up"] is True


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
