"""CSV text: a file is refused in a sentence, or each of its characters is in a record or in a line of blanks."""

from hypothesis import example, given
from hypothesis import strategies as st
from movalytics_common.errors import InvalidData
from movalytics_spark import csv_text
from movalytics_spark.csv_text import LINE_BLANKS, LINE_END
from movalytics_spark.header import columns
from movalytics_spark.raw import RawFile

from tests.hostile.material import HUGE, Octets, Text, hostile, octets, texts
from tests.hostile.told import inert, only

FILE = RawFile("file:///raw/films.csv")
NAMES = ["id", "title", "genres"]
KNOWN = {name: name for name in NAMES}
HEADER = ",".join(NAMES) + "\n"

quoted = texts().map(lambda text: '"' + text.replace('"', '""') + '"')
lines = st.lists(texts() | quoted, min_size=1, max_size=4).map(",".join)
files = st.tuples(st.lists(lines, max_size=6), st.sampled_from(["\n", "\r", "\r\n"])).map(
    lambda each: each[1].join(each[0])
)


@hostile
@given(octets())
@example(Octets(HUGE.encode()))
@example(Octets(10_000_000))
def test_bytes_are_a_text_or_are_refused(content: bytes) -> None:
    with inert(), only(InvalidData):
        assert csv_text.decoded(FILE, content).encode() == content.removeprefix(b"\xef\xbb\xbf")


@hostile
@given(files)
@example(Text(f'862,"{HUGE}",[]'))
@example(Text(f"862,{HUGE},[]"))
@example(Text('"' * 1_000_001))
@example(Text('"a""' * 300_000))
@example(Text("," * 1_000_000))
@example(Text("\r\n" * 1_000_000))
def test_no_character_is_lost_between_records(rows: str) -> None:
    text = HEADER + rows
    with inert(), only(InvalidData) as told:
        header = csv_text.first_line(FILE, text)
        assert columns(FILE, header, KNOWN) == NAMES
        found = csv_text.records(FILE, text)
        joined = csv_text.joined(found[1:], len(NAMES))
        csv_text.require_whole(FILE, [*found[:1], *joined][-1], len(NAMES))
        assert "".join(record.text for record in found).replace("\n", "") == _without_blank_lines(text, found)
        assert "".join(record.text for record in joined) == "".join(record.text for record in found[1:])
        assert sum(len(record.cells) for record in joined) <= sum(len(record.cells) for record in found[1:])
    assert len(told.sentence) < 1_000


def _without_blank_lines(text: str, found: "list[csv_text.Record]") -> str:
    """The text, if what lies between the records is blank."""
    kept, rest = "", text
    for record in found:
        before, record_text, rest = rest.partition(record.text)
        assert not before.strip(LINE_BLANKS)
        kept += record_text
    assert not rest.strip(LINE_BLANKS)
    return kept.replace("\n", "")


@hostile
@given(lines)
@example(HUGE)
@example(Text("," * 1_000_000))
def test_a_header_names_each_column_once_or_is_refused(line: str) -> None:
    text = LINE_END.split(line)[0]
    with inert(), only(InvalidData) as told:
        assert sorted(columns(FILE, csv_text.first_line(FILE, text), KNOWN)) == sorted(NAMES)
    assert len(told.sentence) < 1_000
