"""genre and movie_genre: lists that are Python literals, companies that are no genres (facts/data.md 2.1)."""

import json
from typing import Any

import pytest
from movalytics_spark.genre import genre_pairs, genres
from movalytics_spark.genre_list import genre_list
from movalytics_spark.movie_genre import movie_genres
from movalytics_spark.movies import films, read_movies
from movalytics_spark.validation import accepted

COMEDY, DRAMA = {"id": 35, "name": "Comedy"}, {"id": 18, "name": "Drama"}


@pytest.fixture
def pairs(spark: Any) -> Any:
    return lambda uri: genre_pairs(films(read_movies(spark, uri).frame))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, []),
        ("[]", []),
        (str([COMEDY, DRAMA]), [(35, "Comedy"), (18, "Drama")]),
        ("[{'id': 1, 'name': \"Children's\"}]", [(1, "Children's")]),
        ("[{'id': 1, 'name': 'non\\xa0breaking'}]", [(1, "non\xa0breaking")]),
        ("[{'id': 1, 'name': None}]", [(None, None)]),
        ("[{'id': '1', 'name': 'x'}, {'id': 35, 'name': 'Comedy'}]", [(None, None), (35, "Comedy")]),
        ("[{'id': 1", [(None, None)]),
        ("Released", [(None, None)]),
        ("__import__('os').getcwd()", [(None, None)]),
        ("{'id': 1, 'name': 'x'}", [(None, None)]),
        ("(" * 5000, [(None, None)]),
        (str([{"id": 1, "name": "é" * 51}]), [(None, None)]),
        ("NaN", []),
        ("[{'id': 1, 'name': '\\ud800'}, {'id': 35, 'name': 'Comedy'}]", [(None, None), (35, "Comedy")]),
        ("[{'id': 1, 'name': 'a\\x00b'}]", [(None, None)]),
        ("[{'id': True, 'name': 'x'}]", [(None, None)]),
        ("[{'id': " + "9" * 5000 + ", 'name': 'x'}]", [(None, None)]),
        ("[{'id': 1, 'name': '" + "x" * 5_000_000 + "'}]", [(None, None)]),
        ("[" * 5000 + "]" * 5000, [(None, None)]),
        ("-" * 9000 + "1", [(None, None)]),
        ("[" + "1+" * 4000 + "1]", [(None, None)]),
        ("[open('/etc/passwd')]", [(None, None)]),
        ("[lambda: 1]", [(None, None)]),
        ("[{'id': 1, 'name': f'{1}'}]", [(None, None)]),
        ("[{[]: 1}]", [(None, None)]),
        ("[\\", [(None, None)]),
        ("[1 is 1, 'a' 'b'()]", [(None, None)]),
    ],
)
def test_reads_a_list_as_a_python_literal_and_counts_what_it_cannot_read(text: str | None, expected: object) -> None:
    assert genre_list(text) == expected


def test_a_genre_of_many_films_is_one_row_and_the_others_are_merged(pairs: Any, raw: Any, reasons: Any) -> None:
    validated = genres(
        pairs(raw.movies(*[{"id": str(number), "genres": str([COMEDY, DRAMA])} for number in (1, 2, 3)]))
    )
    assert sorted((row.genre_id, row.genre_name) for row in accepted(validated).collect()) == [
        (18, "Drama"),
        (35, "Comedy"),
    ]
    assert reasons(validated) == ["", ""] + ["merged_duplicate"] * 4


def test_a_genre_has_the_name_that_most_films_give_it(pairs: Any, raw: Any, reasons: Any) -> None:
    named = [{"id": str(number), "genres": str([{"id": 35, "name": name}])} for number, name in enumerate("BAB", 1)]
    validated = genres(pairs(raw.movies(*named)))
    assert [row.genre_name for row in accepted(validated).collect()] == ["B"]
    assert reasons(validated) == ["", "merged_duplicate", "other_name"]


def test_production_companies_in_a_split_record_become_no_genres(pairs: Any, raw: Any, reasons: Any) -> None:
    tail = {
        "id": "2012-09-29",
        "title": "",
        "genres": "[{'name': 'Aniplex', 'id': 2883}, {'name': 'GoHands', 'id': 7759}]",
    }
    both = pairs(raw.movies({"genres": str([COMEDY])}, tail))
    assert reasons(genres(both)) == reasons(movie_genres(both)) == ["", "split_record", "split_record"]


def test_the_genres_of_a_surplus_row_do_not_count(pairs: Any, raw: Any, reasons: Any) -> None:
    rows = [{"genres": str([COMEDY]), "vote_count": "5"}, {"genres": str([DRAMA]), "vote_count": "1"}]
    validated = movie_genres(pairs(raw.movies(*rows)))
    assert [(row.movie_id, row.genre_id) for row in accepted(validated).collect()] == [(862, 35)]
    assert reasons(validated) == ["", "duplicate_film"]


def test_a_genre_named_twice_by_one_film_is_one_pair(pairs: Any, raw: Any, reasons: Any) -> None:
    assert reasons(movie_genres(pairs(raw.movies({"genres": str([COMEDY, COMEDY])})))) == ["", "merged_duplicate"]


def test_a_list_that_cannot_be_read_is_rejected_but_not_its_film(
    spark: Any, pairs: Any, raw: Any, reasons: Any
) -> None:
    uri = raw.movies({"genres": "[{'id': 35,"})
    assert [json.loads(row.record)["genres"] for row in genres(pairs(uri)).collect()] == ["[{'id': 35,"]
    assert reasons(movie_genres(pairs(uri))) == reasons(genres(pairs(uri))) == ["invalid_genre"]
    assert reasons(films(read_movies(spark, uri).frame)) == [""]
