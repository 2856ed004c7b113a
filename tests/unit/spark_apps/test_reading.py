"""Raw files as frames: the same rows from whatever writes them, and each file's own name in what is said of it."""

import json
from typing import Any

import pytest
from movalytics_common.errors import InvalidData, MissingInput
from movalytics_spark.links import read_links
from movalytics_spark.movies import read_movies
from movalytics_spark.ratings import read_ratings

RATINGS = ["7,1,4.0,1260759144", "8,1,4.5,1260759145"]
HEADER = "userId,movieId,rating,timestamp"


def values(source: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(row)[:4] for frame in (source.plain, source.others) for row in frame.collect())


def test_a_missing_file_is_said_to_be_missing(spark: Any, raw: Any) -> None:
    with pytest.raises(MissingInput, match=r"movies_metadata\.csv is not there: run the extract step"):
        read_movies(spark, raw.uri)


def test_an_error_names_the_file_that_the_user_gave(spark: Any, raw: Any) -> None:
    raw.write("origin.json", json.dumps({"source": "/my.zip", "files": {"links.csv": "/my.zip, member links.csv"}}))
    raw.write("links.csv", "movieId,imdbId,tmdbId\n1,2")
    with pytest.raises(InvalidData, match=r"^links.csv \(from /my.zip, member links.csv; the lake's copy is file:///"):
        read_links(spark, raw.uri)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"files": []}', b'{"files": {}}', b"\xff"])
def test_an_unreadable_origin_hides_no_error(spark: Any, raw: Any, content: bytes) -> None:
    raw.write("origin.json", content)
    raw.write("links.csv", "")
    with pytest.raises(InvalidData, match=r"links\.csv is empty"):
        read_links(spark, raw.uri)


@pytest.mark.parametrize(
    "content",
    [
        "\r\n".join([HEADER, *RATINGS, ""]),
        "\n".join([HEADER, *RATINGS]),
        "\r".join([HEADER, *RATINGS, ""]),
        f"{HEADER}\r\n{RATINGS[0]}\n{RATINGS[1]}\r",
        f"\ufeff\n \n{HEADER}\n\n{RATINGS[0]}\n\t\n{RATINGS[1]}\n \t\n",
        "\n".join([HEADER, *RATINGS, "\x1a"]),
        "\n".join([HEADER, *RATINGS, "\x1a\r\n"]),
        "\n".join([f'"{HEADER.replace(",", chr(34) + "," + chr(34))}"', '"7", "1",4.0 ,1260759144', RATINGS[1]]),
    ],
)
def test_ratings_read_alike_whatever_ends_their_lines(spark: Any, raw: Any, content: str) -> None:
    source = read_ratings(spark, raw.write("ratings.csv", content))
    assert values(source) == [tuple(row.split(",")) for row in RATINGS]
    assert source.rows == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "has a header and no rows"),
        (
            ["7,1,4.0,1260759144", "", '7,"1,4.0,1260759144', *RATINGS],
            "line 4, .7,.1,4.0,1260759144., leaves a quote open",
        ),
        (["7,1,4.0,12\0", *RATINGS], r"line 2, '7,1,4.0,12\\x00', is not a text in UTF-8"),
        (["7" * 30_000, *RATINGS], "line 2, '7+...', is too long to be a record"),
        ([*RATINGS, "9,1,3.0"], "is cut off in its last record: '9,1,3.0' has 3 of 4 values; download it again"),
    ],
)
def test_a_broken_line_among_the_ratings_is_named(spark: Any, raw: Any, rows: list[str], said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        read_ratings(spark, raw.ratings(*rows))


@pytest.mark.parametrize("end", ["126075", "", "2009-12-14 02:5", "2009-12-14"])
def test_ratings_that_end_in_a_half_written_moment_are_cut_off(spark: Any, raw: Any, end: str) -> None:
    content = "\r\n".join([HEADER, *RATINGS, f"9,1,3.0,{end}"])
    with pytest.raises(
        InvalidData, match=f"cut off in its last record: '9,1,3.0,{end}' ends with no moment of a rating"
    ):
        read_ratings(spark, raw.write("ratings.csv", content))
    assert read_ratings(spark, raw.write("ratings.csv", content + "\r\n")).rows == 3


def test_binary_rubbish_among_the_ratings_is_refused(spark: Any, raw: Any) -> None:
    raw.write("ratings.csv", f"{HEADER}\r\n".encode() + b"\xff\xfe\x80\x81,\r\n" + "\r\n".join(RATINGS).encode())
    with pytest.raises(InvalidData, match=r"line 2, .* is not a text in UTF-8"):
        read_ratings(spark, raw.uri)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEADER}\n{RATINGS[0]}\n".encode("utf-16"), "is in UTF-16: save it in UTF-8"),
        (b"PK\x03\x04\x14\0\0\0", "is a zip archive: put the CSV file in its place"),
        (b"\r\n \r\n", "is empty"),
        (b"", "is empty"),
        (HEADER.replace(",", ";").encode(), "has semicolons between its columns"),
        (b"x" * 100_000, "is not what it should be, it begins with 'xxx"),
    ],
)
def test_ratings_that_are_no_ratings_are_said_to_be_what_they_are(
    spark: Any, raw: Any, content: bytes, said: str
) -> None:
    with pytest.raises(InvalidData, match=said):
        read_ratings(spark, raw.write("ratings.csv", content))


def test_links_keep_their_zeros_and_lose_their_carriage_returns(spark: Any, raw: Any) -> None:
    row = read_links(spark, raw.links("1,0114709,862")).frame.first()
    assert (row.movieId, row.imdbId, row.tmdbId, row.malformed) == ("1", "0114709", "862", None)


def test_a_quote_that_opens_and_closes_in_different_lines_of_links_is_named(spark: Any, raw: Any) -> None:
    with pytest.raises(InvalidData, match="a quote opens in line 3 and closes in line 4"):
        read_links(spark, raw.links("1,0114709,862", '2,"0113497,8844', '3",0000003,', "4,0000004,5"))
