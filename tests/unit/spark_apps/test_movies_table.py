"""movies: what becomes of each quirk of movies_metadata.csv (facts/data.md 2.1)."""

import json
from datetime import date
from typing import Any

import pytest
from movalytics_spark.judging import rejected, standing
from movalytics_spark.movies import COLUMNS, films, movie_ids
from movalytics_spark.reading import read_movies
from pyspark.sql import DataFrame


@pytest.fixture
def judge(spark: Any) -> Any:
    return lambda uri: films(read_movies(spark, uri).frame)


def only(frame: DataFrame) -> Any:
    (row,) = frame.collect()
    return row


def test_reads_a_film_with_all_its_types(judge: Any, raw: Any) -> None:
    film = {"budget": "30000000", "revenue": "2787965087", "popularity": "8.2e-05", "vote_count": "5415"}
    film |= {"vote_average": "7.7", "release_date": "1995-10-30", "original_language": "en", "adult": "True"}
    row = only(standing(judge(raw.movies(film))))
    assert (row.movie_id, row.is_adult, row.title, row.original_language) == (862, True, "Toy Story", "en")
    assert (row.budget, row.revenue) == (30_000_000, 2_787_965_087)
    assert (row.popularity, row.vote_count, row.vote_average) == (8.2e-05, 5415, 7.7)
    assert row.release_date == date(1995, 10, 30)


def test_zero_budget_and_revenue_mean_unknown(judge: Any, raw: Any) -> None:
    row = only(standing(judge(raw.movies({"budget": "0", "revenue": "0"}))))
    assert (row.budget, row.revenue) == (None, None)


def test_a_bare_carriage_return_in_an_overview_leaves_three_films_whole(spark: Any, judge: Any, raw: Any) -> None:
    tails = {"title": "T", "vote_count": "12", "release_date": "2012-09-29"}
    cut = [
        raw.film(id=str(number), overview="one@two", **tails).replace("@", "\r") for number in (82663, 122662, 249260)
    ]
    uri = raw.movies(*cut, {"id": "1"})
    assert read_movies(spark, uri).rows == 4
    kept = standing(judge(uri)).where("vote_count = 12 and title = 'T'")
    assert sorted(row.movie_id for row in kept.collect()) == [82663, 122662, 249260]


def test_both_halves_of_a_record_split_by_a_line_feed_are_rejected(judge: Any, raw: Any, reasons: Any) -> None:
    half = raw.film(id="122662", title="")
    stub = ",".join(half.split(",")[:10])
    tail = (
        " end of overview,1.93,/zV8bHuSL6WXoD6FWogP9j4x80bL.jpg,\"[{'name': 'Aniplex', 'id': 2883}]\",[],2012-09-29,0"
    )
    assert reasons(judge(raw.movies(stub, tail, {"id": "5"}))) == ["", "split_record", "split_record"]


def test_halves_padded_to_all_columns_by_pandas_are_rejected_too(judge: Any, raw: Any, reasons: Any) -> None:
    stub = {"id": "122662", "title": "", "status": ""}
    tail = {"id": "2012-09-29", "title": "", "status": "", "overview": "Released"}
    assert reasons(judge(raw.movies(stub, tail, {"id": "5"}))) == ["", "split_record", "split_record"]


def test_of_one_films_rows_the_one_with_most_votes_stands(judge: Any, raw: Any) -> None:
    judged = judge(raw.movies({"vote_count": "89", "popularity": "3"}, {"vote_count": "90"}, {"vote_count": ""}))
    assert only(standing(judged)).vote_count == 90
    assert [row.reason for row in rejected(judged).collect()] == ["duplicate_film"] * 2


def test_of_rows_with_equal_votes_the_first_in_the_file_stands(judge: Any, raw: Any) -> None:
    same = [{"vote_count": "9", "popularity": str(number)} for number in (5, 7, 3)]
    assert only(standing(judge(raw.movies(*same)))).popularity == 5


def test_a_rejected_row_never_pushes_out_a_good_one_of_the_same_id(judge: Any, raw: Any, reasons: Any) -> None:
    judged = judge(raw.movies({"vote_count": "900", "budget": "/poster.jpg"}, {"vote_count": "2"}))
    assert only(standing(judged)).vote_count == 2


def test_a_title_stays_the_text_it_is(judge: Any, raw: Any) -> None:
    titles = ["300", "True", ".45", 'The "Best", really', "Amélie ☃", "NA", "None"]
    rows = standing(judge(raw.movies(*[{"id": str(place), "title": title} for place, title in enumerate(titles, 1)])))
    assert [row.title for row in rows.orderBy("movie_id").collect()] == titles


def test_a_line_break_and_quotes_within_a_quoted_text_do_not_break_the_row(judge: Any, raw: Any) -> None:
    film = {
        "overview": 'He said: "no"\nand left, "',
        "belongs_to_collection": "{'name': \"Bernie's\"}",
        "vote_count": "3",
    }
    assert only(standing(judge(raw.movies(film)))).vote_count == 3


def test_a_row_with_too_many_columns_is_malformed_and_its_line_is_kept(judge: Any, raw: Any) -> None:
    line = raw.film(id="7", vote_count="5") + ",surplus"
    row = only(rejected(judge(raw.movies(line))))
    assert row.reason == "malformed"
    assert json.loads(row.record)["malformed"].strip() == line


def test_a_row_with_too_few_columns_is_malformed(judge: Any, raw: Any, reasons: Any) -> None:
    assert reasons(judge(raw.movies(raw.film(id="7").rsplit(",", 2)[0]))) == ["malformed"]


def test_a_row_nobody_can_believe_is_rejected(judge: Any, raw: Any) -> None:
    wrong = [
        ("id", "", "no_movie_id"),
        ("id", "tt0114709", "no_movie_id"),
        ("id", "0", "no_movie_id"),
        ("id", "99999999999", "no_movie_id"),
        ("title", " ", "no_title"),
        ("title", "é" * 151, "title_too_long"),
        ("adult", "Released", "invalid_adult"),
        ("budget", "/zV8bHuSL6WXoD6FWogP9j4x80bL.jpg", "invalid_budget"),
        ("budget", "-5", "invalid_budget"),
        ("revenue", "1e9", "invalid_revenue"),
        ("original_language", "not a language", "invalid_original_language"),
        ("popularity", "NaN", "invalid_popularity"),
        ("popularity", "Infinity", "invalid_popularity"),
        ("popularity", "Beware Of Frost Bites", "invalid_popularity"),
        ("release_date", "12", "invalid_release_date"),
        ("release_date", "2012-13-01", "invalid_release_date"),
        ("release_date", "0012-01-01", "invalid_release_date"),
        ("vote_count", "-1", "invalid_vote_count"),
        ("vote_average", "77", "invalid_vote_average"),
    ]
    films = [{"id": f"{place}", "homepage": f"{place}", **dict([row[:2]])} for place, row in enumerate(wrong, 1)]
    verdicts = rejected(judge(raw.movies({"id": "99"}, *films))).collect()
    found = {int(json.loads(row.record)["homepage"]): row.reason for row in verdicts}
    assert found == {place: row[2] for place, row in enumerate(wrong, 1)}


def test_the_record_is_the_source_row_as_json(judge: Any, raw: Any) -> None:
    record = json.loads(only(rejected(judge(raw.movies({"id": "x", "revenue": "007"})))).record)
    assert (record["id"], record["revenue"], record["title"]) == ("x", "007", "Toy Story")


def test_columns_in_another_order_are_read_by_name(judge: Any, raw: Any) -> None:
    lines = [",".join(reversed(line.split(","))) for line in (",".join(COLUMNS), raw.film(id="9", vote_count="4"))]
    row = only(standing(judge(raw.write("movies_metadata.csv", "\n".join(lines) + "\n"))))
    assert (row.movie_id, row.vote_count) == (9, 4)


def test_windows_line_ends_leave_no_trace(judge: Any, raw: Any) -> None:
    raw.movies({"vote_count": "4"})
    file = raw.directory / "movies_metadata.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert only(standing(judge(raw.uri))).vote_count == 4


def test_the_catalogue_holds_each_standing_film_once(judge: Any, raw: Any) -> None:
    ids = movie_ids(judge(raw.movies({"id": "5"}, {"id": "5"}, {"id": "6"}, {"id": "7", "title": ""})))
    assert sorted(row.movie_id for row in ids.collect()) == [5, 6]
