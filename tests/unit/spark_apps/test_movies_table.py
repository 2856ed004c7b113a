"""movies: what becomes of each quirk of movies_metadata.csv (facts/data.md 2.1)."""

import json
from datetime import date
from typing import Any

import pytest
from movalytics_common.errors import InvalidData
from movalytics_spark import movies
from movalytics_spark.movies import COLUMNS, MERGES, REJECTIONS, REPAIRS, films, movie_ids, read_movies
from movalytics_spark.validation import accepted, repaired, set_aside
from pyspark.sql import DataFrame


@pytest.fixture
def validate(spark: Any) -> Any:
    return lambda uri: films(read_movies(spark, uri).frame)


def only(frame: DataFrame) -> Any:
    (row,) = frame.collect()
    return row


def test_reads_a_film_with_all_its_types(validate: Any, raw: Any) -> None:
    film = {"budget": "30000000", "revenue": "2787965087", "popularity": "8.2e-05", "vote_count": "5415"}
    film |= {"vote_average": "7.7", "release_date": "1995-10-30", "original_language": "en", "adult": "True"}
    row = only(accepted(validate(raw.movies(film))))
    assert (row.movie_id, row.is_adult, row.title, row.original_language) == (862, True, "Toy Story", "en")
    assert (row.budget, row.revenue) == (30_000_000, 2_787_965_087)
    assert (row.popularity, row.vote_count, row.vote_average) == (8.2e-05, 5415, 7.7)
    assert row.release_date == date(1995, 10, 30)


def test_zero_budget_and_revenue_mean_unknown(validate: Any, raw: Any) -> None:
    row = only(accepted(validate(raw.movies({"budget": "0", "revenue": "0"}))))
    assert (row.budget, row.revenue) == (None, None)


def test_a_bare_carriage_return_in_an_overview_leaves_three_films_whole(spark: Any, validate: Any, raw: Any) -> None:
    tails = {"title": "T", "vote_count": "12", "release_date": "2012-09-29"}
    cut = [
        raw.film(id=str(number), overview="one@two", **tails).replace("@", "\r") for number in (82663, 122662, 249260)
    ]
    uri = raw.movies(*cut, {"id": "1"})
    assert read_movies(spark, uri).rows == 4
    kept = accepted(validate(uri)).where("vote_count = 12 and title = 'T'")
    assert sorted(row.movie_id for row in kept.collect()) == [82663, 122662, 249260]


def test_both_halves_of_a_record_split_by_a_line_feed_are_set_aside(validate: Any, raw: Any, reasons: Any) -> None:
    half = raw.film(id="122662", title="")
    stub = ",".join(half.split(",")[:10])
    tail = (
        " end of overview,1.93,/zV8bHuSL6WXoD6FWogP9j4x80bL.jpg,\"[{'name': 'Aniplex', 'id': 2883}]\",[],2012-09-29,0"
    )
    assert reasons(validate(raw.movies(stub, tail, {"id": "5"}))) == ["", "split_record", "split_record"]


def test_halves_padded_to_all_columns_by_pandas_are_rejected_too(validate: Any, raw: Any, reasons: Any) -> None:
    stub = {"id": "122662", "title": "", "status": ""}
    tail = {"id": "2012-09-29", "title": "", "status": "", "overview": "Released"}
    assert reasons(validate(raw.movies(stub, tail, {"id": "5"}))) == ["", "split_record", "split_record"]


def test_of_one_films_rows_the_one_with_most_votes_is_accepted(validate: Any, raw: Any) -> None:
    validated = validate(raw.movies({"vote_count": "89", "popularity": "3"}, {"vote_count": "90"}, {"vote_count": ""}))
    assert only(accepted(validated)).vote_count == 90
    assert [row.reason for row in set_aside(validated).collect()] == ["duplicate_film"] * 2


def test_of_rows_with_equal_votes_the_first_in_the_file_is_accepted(validate: Any, raw: Any) -> None:
    same = [{"vote_count": "9", "popularity": str(number)} for number in (5, 7, 3)]
    assert only(accepted(validate(raw.movies(*same)))).popularity == 5


def test_a_rejected_row_never_pushes_out_a_good_one_of_the_same_id(validate: Any, raw: Any, reasons: Any) -> None:
    validated = validate(raw.movies({"vote_count": "900", "title": ""}, {"vote_count": "2"}))
    assert only(accepted(validated)).vote_count == 2


def test_a_title_stays_the_text_it_is(validate: Any, raw: Any) -> None:
    titles = ["300", "True", ".45", 'The "Best", really', "Amélie ☃", "NA", "None"]
    rows = accepted(
        validate(raw.movies(*[{"id": str(place), "title": title} for place, title in enumerate(titles, 1)]))
    )
    assert [row.title for row in rows.orderBy("movie_id").collect()] == titles


def test_a_line_break_and_quotes_within_a_quoted_text_do_not_break_the_row(validate: Any, raw: Any) -> None:
    film = {
        "overview": 'He said: "no"\nand left, "',
        "belongs_to_collection": "{'name': \"Bernie's\"}",
        "vote_count": "3",
    }
    assert only(accepted(validate(raw.movies(film)))).vote_count == 3


def test_a_row_with_too_many_columns_is_malformed_and_its_line_is_kept(validate: Any, raw: Any) -> None:
    line = raw.film(id="7", vote_count="5") + ",surplus"
    row = only(set_aside(validate(raw.movies(line))))
    assert row.reason == "malformed"
    assert json.loads(row.record)["malformed"].strip() == line


def test_a_row_with_too_few_columns_is_malformed(validate: Any, raw: Any, reasons: Any) -> None:
    assert reasons(validate(raw.movies(raw.film(id="7").rsplit(",", 2)[0], {"id": "8"}))) == ["", "malformed"]


def test_a_row_without_a_films_id_or_title_is_rejected(validate: Any, raw: Any) -> None:
    wrong = [
        ("id", "", "no_movie_id"),
        ("id", "tt0114709", "no_movie_id"),
        ("id", "0", "no_movie_id"),
        ("id", "None", "no_movie_id"),
        ("id", "99999999999", "no_movie_id"),
        ("title", " ", "no_title"),
        ("title", "é" * 151, "title_too_long"),
    ]
    films = [{"id": f"{place}", "homepage": f"{place}", **dict([row[:2]])} for place, row in enumerate(wrong, 1)]
    verdicts = set_aside(validate(raw.movies({"id": "99"}, *films))).collect()
    found = {int(json.loads(row.record)["homepage"]): row.reason for row in verdicts}
    assert found == {place: row[2] for place, row in enumerate(wrong, 1)}


def test_a_cell_that_cannot_be_read_or_believed_is_unknown_and_its_film_stays(validate: Any, raw: Any) -> None:
    wrong = [
        ("adult", "Released"),
        ("budget", "/zV8bHuSL6WXoD6FWogP9j4x80bL.jpg"),
        ("budget", "-5"),
        ("budget", "99999999999"),
        ("revenue", "$5"),
        ("revenue", "30.000"),
        ("original_language", "not a language"),
        ("original_language", "104.0"),
        ("popularity", "Infinity"),
        ("popularity", "Beware Of Frost Bites"),
        ("popularity", "7,7"),
        ("release_date", "12"),
        ("release_date", "10/30/1995"),
        ("release_date", "2012-13-01"),
        ("release_date", "0012-01-01"),
        ("vote_count", "-1"),
        ("vote_count", "1.5"),
        ("vote_average", "77"),
    ]
    validated = validate(raw.movies(*[{"id": f"{place}", name: text} for place, (name, text) in enumerate(wrong, 1)]))
    assert accepted(validated).count() == len(wrong)
    found = {
        int((record := json.loads(row.record))["id"]): (row.reason, record) for row in repaired(validated).collect()
    }
    for place, (name, text) in enumerate(wrong, 1):
        reason, record = found[place]
        assert (reason, record[name]) == (f"invalid_{name}", text)
    said = ("movie_id", "title", "is_adult", "genres", "genre_list", "row", "repairs", "record")
    empty = accepted(validated).drop(*said).collect()
    assert all(value is None for row in empty for value in row)


def test_several_cells_of_one_film_are_repaired_one_by_one(validate: Any, raw: Any) -> None:
    validated = validate(raw.movies({"budget": "x", "revenue": "5", "vote_count": "y"}))
    assert sorted(row.reason for row in repaired(validated).collect()) == ["invalid_budget", "invalid_vote_count"]
    assert only(accepted(validated)).revenue == 5


def test_the_cells_of_a_film_that_is_not_accepted_are_not_repaired(validate: Any, raw: Any) -> None:
    assert repaired(validate(raw.movies({"budget": "x", "title": ""}, {"id": "2"}))).count() == 0


def test_what_says_that_there_is_no_value_is_unknown_and_no_fault(validate: Any, raw: Any) -> None:
    optional = ["adult", "budget", "original_language", "popularity", "release_date", "revenue", "vote_count"]
    words = ["NA", "NULL", "NaN", "None", "\\N", " "]
    validated = validate(
        raw.movies(*[{"id": f"{n}", **dict.fromkeys(optional, word)} for n, word in enumerate(words, 1)])
    )
    rows = accepted(validated).select("is_adult", "budget", "original_language", "release_date", "vote_count").collect()
    assert len(rows) == len(words)
    assert all(value is None for row in rows for value in row)
    assert repaired(validated).count() == 0


def test_numbers_are_read_as_people_and_programs_write_them(validate: Any, raw: Any) -> None:
    film = {"id": "862.0", "budget": "1,234", "revenue": " 12", "popularity": ".35", "vote_count": "1e+02"}
    row = only(accepted(validate(raw.movies(film | {"adult": "FALSE", "release_date": "1995-10-30 00:00:00"}))))
    assert (row.movie_id, row.budget, row.revenue, row.popularity, row.vote_count) == (862, 1234, 12, 0.35, 100)
    assert (row.is_adult, row.release_date) == (False, date(1995, 10, 30))


def test_what_the_published_column_cannot_hold_is_rounded_and_said(validate: Any, raw: Any) -> None:
    validated = validate(
        raw.movies({"vote_average": "7.746", "popularity": "1.23456789"}, {"id": "2", "vote_average": "7.70"})
    )
    row = only(accepted(validated).where("movie_id = 862"))
    assert (row.vote_average, row.popularity) == (7.7, 1.234568)
    assert sorted(row.reason for row in repaired(validated).collect()) == ["rounded_popularity", "rounded_vote_average"]


def test_every_reason_is_listed(spark: Any) -> None:
    assert tuple(movies._rules()) == REJECTIONS
    assert tuple(movies._repairs()) == REPAIRS
    assert MERGES == ("duplicate_film",)


def test_the_record_is_the_source_row_as_json(validate: Any, raw: Any) -> None:
    record = json.loads(only(set_aside(validate(raw.movies({"id": "x", "revenue": "007"})))).record)
    assert (record["id"], record["revenue"], record["title"]) == ("x", "007", "Toy Story")


def test_columns_in_another_order_are_read_by_name(validate: Any, raw: Any) -> None:
    lines = [",".join(reversed(line.split(","))) for line in (",".join(COLUMNS), raw.film(id="9", vote_count="4"))]
    row = only(accepted(validate(raw.write("movies_metadata.csv", "\n".join(lines) + "\n"))))
    assert (row.movie_id, row.vote_count) == (9, 4)


@pytest.mark.parametrize("ends", [["\r\n"], ["\r"], ["\r\n", "\n"], ["\n", "\r\n\r\n", "\r", "\n \t\n"]])
def test_no_kind_of_line_end_leaves_a_trace(validate: Any, raw: Any, ends: list[str]) -> None:
    raw.movies(*[{"id": f"{number}", "overview": "one,\ntwo", "vote_count": "4"} for number in range(1, 4)])
    header, *films = (raw.directory / "movies_metadata.csv").read_text().split("\nFalse")
    lines = [header, *[f"False{film.strip()}" for film in films]]
    text = "".join(line + ends[place % len(ends)] for place, line in enumerate(lines))
    rows = accepted(validate(raw.write("movies_metadata.csv", text))).collect()
    assert [(row.movie_id, row.vote_count) for row in rows] == [(1, 4), (2, 4), (3, 4)]


@pytest.mark.parametrize("cut", [1, 30, 60, 200, 280])
def test_a_file_that_ends_in_the_middle_of_a_film_is_cut_off(validate: Any, raw: Any, cut: int) -> None:
    raw.movies(*[{"id": f"{number}", "overview": 'one\n"two"', "status": "a, b" * 50} for number in (1, 2)])
    content = (raw.directory / "movies_metadata.csv").read_text().removesuffix("\n")
    with pytest.raises(InvalidData, match="cut off"):
        validate(raw.write("movies_metadata.csv", content[: -cut - 1]))


def test_the_catalogue_holds_each_accepted_film_once(validate: Any, raw: Any) -> None:
    ids = movie_ids(validate(raw.movies({"id": "5"}, {"id": "5"}, {"id": "6"}, {"id": "7", "title": ""})))
    assert sorted(row.movie_id for row in ids.collect()) == [5, 6]
