"""One idea of a line, a quote and a text for all files; nothing here needs Spark."""

import pytest
from movalytics_common.errors import InvalidData
from movalytics_spark.csv_text import decoded, joined, records, require_single_lines, require_whole
from movalytics_spark.raw import RawFile

FILE = RawFile("x.csv")


def cells(text: str) -> list[list[str]]:
    return [record.cells for record in records(FILE, text)]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4",
        "a,b\r1,2\r3,4\r",
        "a,b\r\n1,2\n3,4\r",
        "\n \na,b\n\t\n1,2\n\n3,4\n \t \n",
        "a,b\n1,2\n3,4\n\x1a",
        "a,b\n1,2\n3,4\n\x1a\r\n",
        'a,"b"\n"1", "2"\n3,4\n',
        "a,b\r\r\n1,2\r\r\n3,4\r\r\n",
    ],
)
def test_line_ends_blank_lines_and_needless_quotes_change_nothing(text: str) -> None:
    assert cells(text) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_a_value_between_quotes_may_hold_commas_quotes_and_lines() -> None:
    assert cells('a,b\n"1\n\n\r,",2\n3,"say ""x""\n"\n')[1:] == [["1\n\n\r,", "2"], ["3", 'say "x"\n']]


def test_a_quote_within_a_value_is_a_character_of_it() -> None:
    assert cells('a,b\n1,2"3\n4"5,6\n')[1:] == [["1", '2"3'], ['4"5', "6"]]


def test_other_separators_of_unicode_end_no_line() -> None:
    assert cells("a,b\n1,x\u2028y\x0b\x0c\x85z\n")[1:] == [["1", "x\u2028y\x0b\x0c\x85z"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a,b\n1,"2\n3,4\n', "the quote that opens in line 2 is never closed; if the file is cut off there, download"),
        ('a,b\n1,"2"\n3,"4\n5,"6"\n7,"8"\n', "a quote in the record of line 3 closes within a value"),
        ('a,b\n\n1,"a\n""b"\n"3,4\n', "the quote that opens in line 5 is never closed"),
        ('a,b\n1,""\n"3,""4""\n5,"6"\n', "a quote in the record of line 3 closes within a value"),
        ('a,b\n1,2\n"3"x,4\n', "a quote in the record of line 3 closes within a value"),
    ],
)
def test_a_stray_quote_is_found_in_its_line(text: str, said: str) -> None:
    with pytest.raises(InvalidData, match=f"x.csv: {said}"):
        records(FILE, text)


def test_two_stray_quotes_that_swallow_lines_are_found_where_lines_may_not_be_swallowed() -> None:
    found = records(FILE, 'a,b\n1,2\n3,"4\n5,6\n7,8"\n9,10\n')
    assert len(found) == 4
    with pytest.raises(InvalidData, match="a quote opens in line 3 and closes in line 5, and no value has several"):
        require_single_lines(FILE, found)


def test_a_lone_carriage_return_in_a_record_is_text_where_texts_are_held() -> None:
    found = records(FILE, "a,b,c,d\n1,x\ry,3,4\n5,x\r\rz,7,8\n1,2,3,4\r5,6,7,8\r\n")
    assert [record.cells for record in joined(found, 4)] == [
        ["a", "b", "c", "d"],
        ["1", "x\ry", "3", "4"],
        ["5", "x\rz", "7", "8"],
        ["1", "2", "3", "4"],
        ["5", "6", "7", "8"],
    ]


@pytest.mark.parametrize("text", ["a,b,c\r1,2\r3,4,5\r", "a,b,c\n1,2\n3,4\n5,6,7\n", "a,b,c\r1,2\r"])
def test_records_that_do_not_make_one_together_stay_apart(text: str) -> None:
    found = records(FILE, text)
    assert joined(found, 3) == found


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n4,5", "a,b,c\n1,2,3\n4,5\n", "a,b,c\n1,2,3\n4\n\n"])
def test_a_last_record_with_too_few_values_is_a_file_that_was_cut_off(text: str) -> None:
    with pytest.raises(InvalidData, match=r"is cut off in its last record: line 3, '4(,5)?', has \d of 3 values; down"):
        require_whole(FILE, records(FILE, text)[-1], 3)


def test_a_last_record_without_its_line_end_is_whole() -> None:
    require_whole(FILE, records(FILE, "a,b\n1,2")[-1], 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\né,2\n".encode("utf-16"), "is in UTF-16: save it in UTF-8"),
        ("a,b\né,2\n".encode("utf-16-le"), "every other byte is 0, as in UTF-16; save it in UTF-8"),
        ("a,b\né,2\n".encode("utf-16-be"), "every other byte is 0, as in UTF-16; save it in UTF-8"),
        ("a,b\né,2\n".encode("utf-32"), "is in UTF-32: save it in UTF-8"),
        (
            "a,b\r1,2\ré,2\r".encode("latin-1"),
            "line 3 has the byte 0xe9, as in Latin-1 or Windows-1252; save it in UTF",
        ),
        ("a,b\n\u2019,2\n".encode("cp1252"), "line 2 has the byte 0x92, as in Latin-1 or Windows-1252"),
        (b"a,b\n1,\0\n", "line 2 has the byte 0x00; it may be an archive or damaged: download it again"),
        (b"\x89PNG\n", "line 1 has the byte 0x89; it may be an archive or damaged"),
        (b"PK\x03\x04\0", "is a zip archive: put the CSV file in its place"),
        (b"\x1f\x8b\x08", "is compressed with gzip: put the CSV file in its place"),
    ],
)
def test_what_is_no_text_in_utf_8_is_named(content: bytes, said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        decoded(FILE, content)


def test_a_byte_order_mark_is_no_character() -> None:
    assert decoded(FILE, b"\xef\xbb\xbfa,b\n") == "a,b\n"


def test_an_error_names_the_users_own_file() -> None:
    file = RawFile("file:///lake/raw/movies/version=1/links.csv", "/home/me/data.zip, member links.csv")
    with pytest.raises(InvalidData) as caught:
        decoded(file, b"\x1f\x8b")
    assert str(caught.value).startswith(
        "links.csv (from /home/me/data.zip, member links.csv; "
        "the lake's copy is file:///lake/raw/movies/version=1/links.csv) is compressed"
    )


def test_a_long_value_is_a_value() -> None:
    assert cells("a\n" + "x" * 300_000)[1:] == [["x" * 300_000]]


def test_reading_takes_no_longer_than_the_file_is_long() -> None:
    text = "a,b\n" + '1,"' + "\r" * 5000 + '"\n'
    assert len(records(FILE, text)) == 2
