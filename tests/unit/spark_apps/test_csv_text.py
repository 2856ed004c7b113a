"""What is said of a file that is not the CSV it should be, and how its rows are counted."""

from typing import Any

import pytest
from movalytics_common.errors import InvalidData, MissingInput
from movalytics_spark.csv_text import columns, count_rows
from movalytics_spark.reading import read_links, read_movies, read_ratings

KNOWN = {"a": "a", "b": "b"}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"", "x.csv is empty"),
        (b"\n\n", "x.csv is empty"),
        (b"a\n1\n", "has no column 'b'; use the file"),
        (b"a,b,c\n", "the header has an unknown column 'c'"),
        (b"a,B\n", "has no column 'b' and has an unknown column 'B'"),
        (b"a,b,a\n", "the header repeats the column 'a'"),
        (b"<html>\n", "is a web page or XML"),
        (b"PK\x03\x04\n", "is not what it should be, it begins with b'PK"),
        (b"\x89PNG\n", "is not a text file in UTF-8: line 1 has the byte 0x89"),
        (b"a,b\0\n", "is not a text file in UTF-8: line 1 has the byte 0x00"),
    ],
)
def test_a_wrong_header_is_named(head: bytes, said: str) -> None:
    with pytest.raises(InvalidData, match=said.replace("\\", "\\\\")):
        columns("x.csv", head, KNOWN)


@pytest.mark.parametrize("head", [b"a,b\n", b"a,b\r\n", b'"a","b"\r\n1', b"\xef\xbb\xbfa,b"])
def test_a_right_header_is_taken_in_its_order(head: bytes) -> None:
    assert columns("x.csv", head, KNOWN) == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,2\n", 1),
        (b"a,b\r\n1,2\r\n3,4", 2),
        (b'a,b\n"1\n\n",2\n3,"say ""x""\n"\n', 2),
        (b"a,b\n1,cut\rhere\n\n", 1),
    ],
)
def test_counts_records_and_not_lines(content: bytes, rows: int) -> None:
    assert count_rows("x.csv", content) == rows


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'a,b\n1,"2\n3,4\n', 2),
        (b'a,b\n1,"2"\n3,"4\n5,"6"\n7,"8"\n', 3),
        (b'a,b\n1,"a\n""b"\n"3,4\n', 4),
        (b'a,b\n1,""\n"3,""4""\n5,"6"\n', 3),
    ],
)
def test_an_unclosed_quote_is_found_in_its_line(content: bytes, line: int) -> None:
    with pytest.raises(InvalidData, match=f"the quote that opens in line {line} is never closed"):
        count_rows("x.csv", content)


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(InvalidData, match=r"x\.csv has a header and no rows"):
        count_rows("x.csv", b"a,b\n\n")


def test_rubbish_in_the_middle_is_found_in_its_line() -> None:
    with pytest.raises(InvalidData, match="line 3 has the byte 0xff"):
        count_rows("x.csv", b"a,b\n1,2\n\xff\xfe,\n")


def test_a_missing_file_is_said_to_be_missing(spark: Any, raw: Any) -> None:
    with pytest.raises(MissingInput, match=r"movies_metadata\.csv is not there: run the extract step"):
        read_movies(spark, raw.uri)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "has a header and no rows"),
        (["7,1,4.0,1260759144", '7,"1,4.0,1260759144'], "a quote in the line .7,.1,4.0,1260759144. is never closed"),
        (["7,1,4.0,12\0"], "has 1 lines that are not text"),
    ],
)
def test_the_same_holds_of_ratings_that_are_read_by_line(spark: Any, raw: Any, rows: list[str], said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        read_ratings(spark, raw.ratings(*rows))


def test_binary_rubbish_among_the_ratings_is_refused(spark: Any, raw: Any) -> None:
    raw.write("ratings.csv", b"userId,movieId,rating,timestamp\r\n\xff\xfe\x80\x81\r\n\xc3\x28\r\n")
    with pytest.raises(InvalidData, match="has 2 lines that are not text in UTF-8"):
        read_ratings(spark, raw.uri)


def test_blank_lines_and_the_header_are_no_ratings(spark: Any, raw: Any) -> None:
    source = read_ratings(spark, raw.ratings("7,1,4.0,1260759144", "", "  ", "8,1,4.0,1260759144"))
    assert source.rows == source.frame.count() == 2


def test_links_keep_their_zeros_and_lose_their_carriage_returns(spark: Any, raw: Any) -> None:
    row = read_links(spark, raw.links("1,0114709,862")).frame.first()
    assert (row.movieId, row.imdbId, row.tmdbId, row.malformed) == ("1", "0114709", "862", None)
