"""ratings: through links.csv to TMDB's ids, and only so (facts/data.md 2.2, 2.3)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from movalytics_spark import ratings
from movalytics_spark.links import linked_films, read_links, validated_links
from movalytics_spark.ratings import (
    REJECTIONS,
    curated_ratings,
    ratings_aside,
    read_ratings,
    repeating_users,
    validated_ratings,
    with_superseded,
)
from pyspark.sql import DataFrame


@pytest.fixture
def validate(spark: Any, raw: Any) -> Any:
    """Validated ratings of the written links and ratings, with TMDB's films 862, 8844 and 141971 in the catalogue."""
    raw.links("1,0114709,862", "2,0113497,8844", "3,0000003,", "4,0000004,555", "65243,1,141971", "66140,2,141971")

    def validated(*rows: str) -> DataFrame:
        catalogue = spark.sql("select col1 as movie_id from values (862), (8844), (141971)")
        return found(spark, raw, raw.ratings(*rows), catalogue)

    return validated


def found(spark: Any, raw: Any, uri: str, catalogue: DataFrame) -> DataFrame:
    """Validated ratings of these files, each film's latest accepted."""
    linked = linked_films(validated_links(read_links(spark, raw.uri).frame), catalogue)
    return with_superseded(validated_ratings(read_ratings(spark, uri), linked))


def test_a_rating_gets_the_films_tmdb_id_through_links(validate: Any) -> None:
    (row,) = curated_ratings(validate("7,1,3.5,1260759144")).collect()
    assert row.rated_at.astimezone(UTC) == datetime(2009, 12, 14, 2, 52, 24, tzinfo=UTC)
    assert row.asDict() == {
        "user_movie_id": 7 * 2**32 + 862,
        "user_id": 7,
        "movie_id": 862,
        "rating": 3.5,
        "rated_at": row.rated_at,
    }


def test_the_key_of_the_greatest_ids_still_fits(validate: Any) -> None:
    (row,) = curated_ratings(validate("2147483647,1,3.5,1260759144")).collect()
    assert row.user_movie_id == 2147483647 * 2**32 + 862


def test_a_movielens_id_that_happens_to_be_a_tmdb_id_is_no_match(validate: Any) -> None:
    assert rows_with_reason(validate("7,862,3.5,1260759144")) == [("not_in_links", 862)]


def test_a_row_that_is_no_rating_of_a_known_film_is_rejected(validate: Any) -> None:
    wrong = {
        "7,3,4.0,1260759144": "no_tmdb_id",
        "7,4,4.0,1260759144": "film_not_in_catalogue",
        "7,99,4.0,1260759144": "not_in_links",
        "7,1,4.2,1260759144": "invalid_rating",
        "7,1,0.0,1260759144": "invalid_rating",
        "7,1,5.5,1260759144": "rating_over_five",
        "7,1,10,1260759144": "rating_over_five",
        "7,1,NaN,1260759144": "invalid_rating",
        "7,1,5d,1260759144": "invalid_rating",
        "7,1,,1260759144": "invalid_rating",
        "7,1,good,1260759144": "invalid_rating",
        "7,1,4.0,1260759144000": "invalid_timestamp",
        "7,1,4.0,12/14/2009 2:52": "invalid_timestamp",
        "7,1,4.0,": "invalid_timestamp",
        "7,1,4.0": "malformed",
        "7,1,4.0,1260759144,5": "malformed",
        "seven,1,4.0,1260759144": "no_user_id",
        "99999999999,1,4.0,1260759144": "no_user_id",
        "0,1,4.0,1260759144": "no_user_id",
        "1.5,1,4.0,1260759144": "no_user_id",
        ",1,4.0,1260759144": "no_user_id",
        "7,NA,4.0,1260759144": "no_movie_id",
        "userId,movieId,rating,timestamp": "no_user_id",
    }
    validated = validate(*wrong, "9,1,4.0,1260759144")
    assert sorted(row.reason for row in ratings_aside(validated).collect()) == sorted(wrong.values())
    assert [row.user_id for row in curated_ratings(validated).collect()] == [9]


def test_the_record_is_the_rows_texts_and_the_line_itself_when_it_is_no_row(validate: Any) -> None:
    records = [row.record for row in ratings_aside(validate("a,b", "7,99, 4.5,1260759144x")).collect()]
    read = sorted(map(json.loads, records), key=len)
    assert read == [
        {"userId": "a", "movieId": "b", "malformed": "a,b"},
        {"userId": "7", "movieId": "99", "rating": "4.5", "timestamp": "1260759144x"},
    ]


def test_values_are_read_as_people_and_programs_write_them(validate: Any) -> None:
    ways = [
        "1.0,1.0,4,1260759144.0",
        ' 2 ,"1",4.0,2009-12-14 02:52:24',
        '"3",1,"4.00",1.260759144e9',
        "4,1,4.,1260759144",
    ]
    rows = curated_ratings(validate(*ways)).collect()
    assert sorted(row.user_id for row in rows) == [1, 2, 3, 4]
    assert {(row.rating, row.rated_at.astimezone(UTC)) for row in rows} == {
        (4.0, datetime(2009, 12, 14, 2, 52, 24, tzinfo=UTC))
    }


def test_columns_in_another_order_are_read_by_name(validate: Any, raw: Any, spark: Any) -> None:
    raw.write("ratings.csv", "timestamp,rating,movieId,userId\n1260759144,3.5,1,7\n")
    catalogue = spark.sql("select col1 as movie_id from values (862)")
    (row,) = curated_ratings(found(spark, raw, raw.uri, catalogue)).collect()
    assert (row.user_id, row.movie_id, row.rating) == (7, 862, 3.5)


def test_every_reason_is_listed(spark: Any) -> None:
    assert tuple(ratings._rules()) == REJECTIONS


def test_when_two_movielens_films_are_one_film_the_later_rating_is_accepted(validate: Any) -> None:
    validated = validate("7,65243,2.0,1260759145", "7,66140,5.0,1260759144", "8,66140,1.0,1260759144")
    assert sorted((row.user_id, row.rating) for row in curated_ratings(validated).collect()) == [(7, 2.0), (8, 1.0)]
    assert rows_with_reason(validated) == [("superseded_rating", 66140)]


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_ratings_in_one_second_the_higher_movielens_id_is_accepted_in_whatever_order(
    validate: Any, turn: int
) -> None:
    rows = ["7,65243,2.0,1260759144", "7,66140,5.0,1260759144"][::turn]
    assert [row.rating for row in curated_ratings(validate(*rows)).collect()] == [5.0]


def test_when_a_user_rates_one_movielens_film_twice_the_later_rating_is_accepted(validate: Any) -> None:
    validated = validate("7,1,2.0,1260759144", "7,1,4.0,1260759199", "7,1,3.0,1260759150")
    assert [row.rating for row in curated_ratings(validated).collect()] == [4.0]
    assert rows_with_reason(validated) == [("superseded_rating", 1)] * 2


def test_only_users_who_rated_a_film_twice_are_compared(spark: Any, raw: Any, validate: Any) -> None:
    validated = validate("7,1,2.0,1260759144", "7,1,9.0,1260759199", "8,1,4,1260759144", "8,1,3.5,1260759145")
    assert [row.user_id for row in repeating_users(validated.replace("superseded_rating", None)).collect()] == [8]
    assert rows_with_reason(validated) == [("rating_over_five", 1), ("superseded_rating", 1)]


def test_a_rejected_rating_supersedes_nothing(validate: Any) -> None:
    validated = validate("7,1,2.0,1260759144", "7,1,9.0,1260759199")
    assert [row.rating for row in curated_ratings(validated).collect()] == [2.0]


def test_a_repeated_link_multiplies_no_rating(validate: Any, raw: Any, spark: Any) -> None:
    raw.links("1,0114709,862", "1,0114709,862", "1,0114709,8844")
    catalogue = spark.sql("select col1 as movie_id from values (862), (8844)")
    linked = linked_films(validated_links(read_links(spark, raw.uri).frame), catalogue).collect()
    assert [(row.movielens_id, row.movie_id) for row in linked] == [(1, 862)]


def rows_with_reason(validated: DataFrame) -> list[tuple[str, int]]:
    rows = ratings_aside(validated).collect()
    return [(row.reason, int(json.loads(row.record)["movieId"])) for row in rows]
