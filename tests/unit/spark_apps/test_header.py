"""What is said of a first line that does not name the columns."""

import pytest
from movalytics_common.errors import InvalidData
from movalytics_spark.csv_text import first_line
from movalytics_spark.header import columns
from movalytics_spark.raw import RawFile

FILE = RawFile("x.csv")
KNOWN = {"a": "a", "b": "b"}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("a\n1\n", "has no column 'b'; use the file"),
        ("a,b,c\n", "the header has an unknown column 'c'"),
        ("a,B\n", "has no column 'b' and has an unknown column 'B'"),
        ("a,b,a\n", "the header repeats the column 'a'"),
        ("<html>\n", "is a web page or XML"),
        ('{"error": 1}\n', "is JSON"),
        ("version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (
            "a;b\n1;2\n",
            "has semicolons between its columns, and not commas: expected a CSV file whose first line names",
        ),
        ('"a"\t"b"\n', "has tabs between its columns"),
        (
            "1,2\n",
            "is not what it should be, it begins with '1,2': expected a CSV file whose first line names 'a', 'b'",
        ),
        ("a," + ",".join("cdefghij") + "\n", "unknown column 'c', 'd', 'e', 'f', 'g' and 3 more"),
    ],
)
def test_a_wrong_header_is_named(head: str, said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        columns(FILE, first_line(FILE, head), KNOWN)


@pytest.mark.parametrize("head", ["a,b\n", "b,a\r\n", '"a","b"\r1', " a ,\tb", "a_20220515,b"])
def test_a_right_header_is_taken_in_its_order(head: str) -> None:
    names = columns(FILE, first_line(FILE, head), KNOWN)
    assert sorted(names) == ["a", "b"]
    assert (names[0] == "b") is head.startswith("b")
