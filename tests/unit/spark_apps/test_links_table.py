"""links.csv: which rows lead a rating to a film, and an account of those that do not."""

import json
from typing import Any

import pytest
from movalytics_spark import links
from movalytics_spark.links import REJECTIONS, linked_films, read_links, validated_links
from movalytics_spark.validation import accepted, set_aside


@pytest.fixture
def validate(spark: Any, raw: Any) -> Any:
    return lambda *rows: validated_links(read_links(spark, raw.links(*rows)).frame)


@pytest.mark.parametrize("tmdb_id", ["862", "862.0", "862 ", "\t862", '"862"'])
def test_a_tmdb_id_is_read_as_programs_write_it(validate: Any, tmdb_id: str) -> None:
    assert accepted(validate(f"1,0114709,{tmdb_id}")).first().tmdb_id == 862


def test_thousands_are_read_in_groups(validate: Any) -> None:
    assert accepted(validate('1,0114709,"8,844"')).first().tmdb_id == 8844


def test_a_row_that_leads_nowhere_is_rejected(validate: Any) -> None:
    wrong = {
        "1,0114709,": "no_tmdb_id",
        "2,0114709,NA": "no_tmdb_id",
        "3,0114709,abc": "invalid_tmdb_id",
        "4,0114709,0": "invalid_tmdb_id",
        "5,0114709,8,844": "malformed",
        "6,0114709": "malformed",
        ",0114709,862": "no_movie_id",
        "movieId,imdbId,tmdbId": "no_movie_id",
        ",,": "no_movie_id",
    }
    validated = validate(*wrong, "99,0114709,862")
    assert sorted(row.reason for row in set_aside(validated).collect()) == sorted(wrong.values())
    assert [row.movielens_id for row in accepted(validated).collect()] == [99]


def test_a_repeated_link_is_merged_and_a_contradicting_one_rejected(validate: Any) -> None:
    validated = validate("1,0114709,862", "1,0114709,862", "1,0114709,8844", "1,0114709,", "2,1,862")
    found = {(json.loads(row.record).get("tmdbId"), row.reason) for row in set_aside(validated).collect()}
    assert found == {("862", "merged_duplicate"), ("8844", "other_tmdb_id"), (None, "no_tmdb_id")}
    assert sorted((row.movielens_id, row.tmdb_id) for row in accepted(validated).collect()) == [(1, 862), (2, 862)]


def test_a_film_that_links_knows_without_a_tmdb_id_is_known(spark: Any, validate: Any) -> None:
    catalogue = spark.sql("select col1 as movie_id from values (862)")
    rows = linked_films(validate("1,1,862", "2,1,", "3,1,x", "4,1,862", "5,1,7"), catalogue).collect()
    assert {(row.movielens_id, row.tmdb_id, row.movie_id) for row in rows} == {
        (1, 862, 862),
        (2, None, None),
        (3, None, None),
        (4, 862, 862),
        (5, 7, None),
    }


def test_a_file_half_in_other_line_ends_is_the_same_file(spark: Any, raw: Any) -> None:
    rows = [f"{number},{number:07},{number * 10}" for number in range(1, 10)]
    mixed = "\r\n".join(["movieId,imdbId,tmdbId", *rows[:6]]) + "\r\n" + "\n".join(rows[6:])
    validated = validated_links(read_links(spark, raw.write("links.csv", mixed)).frame)
    assert [(row.movielens_id, row.tmdb_id) for row in accepted(validated).collect()] == [
        (n, n * 10) for n in range(1, 10)
    ]


def test_every_reason_is_listed(spark: Any) -> None:
    assert (*links._rules(), "other_tmdb_id") == REJECTIONS
