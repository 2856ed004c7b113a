"""Python literals in movies_metadata.csv: read as data, each item a genre or counted as unreadable, none executed."""

from hypothesis import example, given
from hypothesis import strategies as st
from movalytics_spark.genre_list import UNREADABLE, genre_list
from movalytics_spark.literals import BLANKS, MISSING

from tests.hostile.material import CODE, Text, hostile, texts
from tests.hostile.told import inert

names = texts(4).map(repr) | st.sampled_from(CODE)
numbers = st.integers().map(str) | st.sampled_from(
    ["-1", "True", "9" * 5_000, "1e3", "0x10", "1j", "2147483648", *CODE]
)
items = st.tuples(numbers, names).map(lambda pair: f"{{'id': {pair[0]}, 'name': {pair[1]}}}") | st.sampled_from(CODE)
lists = st.lists(items | texts(4), max_size=4).map(lambda found: f"[{', '.join(found)}]")


@hostile
@given(lists | texts() | st.sampled_from(CODE))
@example(Text("[" * 9_999))
@example(Text("(" * 200 + ")" * 200))
@example(Text("-" * 9_998 + "1"))
@example(Text("1" + "+1" * 4_999))
@example(Text("[" + "{'id': 1, 'name': 'a'}," * 400 + "]"))
@example(Text("{" + "{}:" * 3_000 + "1}"))
@example(Text("[{'id': 1, 'name': '" + "a" * 9_000 + "'}]"))
@example(Text("[" + "9" * 5_000 + "]"))
@example(Text("'a'" * 3_000))
@example(Text("f'{" * 3_000))
@example(Text("x" * 10_000_000))
def test_a_list_is_genres_or_is_counted_as_unreadable(text: str) -> None:
    with inert():
        found = genre_list(text)
    assert found or text.strip(BLANKS) in MISSING or text.strip(BLANKS).replace(" ", "")[:1] == "["
    for number, name in found:
        assert (number, name) == UNREADABLE or (0 <= number < 2**31 and 0 < len(name.encode()) <= 100)


@hostile
@given(st.lists(items, min_size=1, max_size=4))
def test_a_film_s_genres_are_all_there_or_its_list_is_unreadable(found: list[str]) -> None:
    with inert():
        read = genre_list(f"[{', '.join(found)}]")
    assert read == [UNREADABLE] or len(read) == len(found)
