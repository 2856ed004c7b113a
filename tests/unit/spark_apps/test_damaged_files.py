"""Files written otherwise, cut, repeated or broken at random: the same rows, an account of each, or a refusal."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from movalytics_common.errors import InvalidData
from movalytics_spark.csv_text import LINE_BLANKS, LINE_END, records, require_single_lines, require_whole
from movalytics_spark.links import linked_films, read_links, validated_links
from movalytics_spark.ratings import read_ratings, validated_ratings, with_superseded
from movalytics_spark.raw import RawFile

FILE = RawFile("x.csv")
ON_SPARK = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)

line_ends = st.sampled_from(["\n", "\r\n", "\r"])
blanks = st.sampled_from(["", "", "", " ", "\t", "\xa0"])
blank_lines = st.sampled_from(["", "", "", "\n", " \t\r\n", "\r"])


def whole_numbers(number: int) -> st.SearchStrategy[str]:
    """One number in the ways in which files write it, with blanks around it."""
    ways = st.sampled_from([str(number), f"{number}.0", f"{number:,}", f"{number:.15e}"])
    return st.builds(lambda before, way, after: f"{before}{way}{after}", blanks, ways, blanks).flatmap(quoted)


def quoted(cell: str) -> st.SearchStrategy[str]:
    return st.just(f' "{cell}"') if "," in cell else st.sampled_from([cell, f'"{cell}"', f' "{cell}"'])


@st.composite
def styled(draw: Any, header: str, rows: list[list[int | str]]) -> str:
    """A file of these rows in a style that changes from row to row and from cell to cell."""
    order = draw(st.permutations(range(len(header.split(",")))))
    named = [",".join(header.split(",")[place] for place in order)]
    for row in rows:
        cells = [draw(whole_numbers(cell)) if isinstance(cell, int) else cell for cell in row]
        named.append(",".join(cells[place] for place in order))
    return "".join(line + draw(line_ends) + draw(blank_lines) for line in named)


@settings(max_examples=200, database=None)
@given(data=st.data())
def test_no_style_changes_a_record(data: Any) -> None:
    rows: list[list[int | str]] = [[number, "x y", number * 1000] for number in range(1, 6)]
    found = records(FILE, data.draw(styled("a,b,c", rows)))
    require_single_lines(FILE, found)
    assert all(len(record.cells) == 3 for record in found)
    assert len(found) == 6


@st.composite
def broken(draw: Any, text: str) -> str:
    """A text with a piece cut out, doubled, or a character put in, a few times."""
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        piece = draw(st.sampled_from(["", text[start:end] * 2, '"', ",", "\r", "\n", '"\n', "\x1a"]))
        text = text[:start] + piece + text[end if piece in ("", text[start:end] * 2) else start :]
    return text


@settings(max_examples=300, database=None)
@given(data=st.data())
def test_each_line_of_a_broken_file_is_a_record_or_the_file_is_refused(data: Any) -> None:
    good = "a,b,c\r\n" + "".join(f'{number},"{number}",\r\n' for number in range(1, 9))
    text = data.draw(broken(good))
    try:
        found = records(FILE, text)
        require_single_lines(FILE, found)
    except InvalidData:
        return
    assert len(found) == sum(1 for line in LINE_END.split(text) if line.strip(LINE_BLANKS))
    assert "".join(record.text.strip(LINE_BLANKS) for record in found) == "".join(
        line.strip(LINE_BLANKS) for line in LINE_END.split(text)
    )


LINES = ["a,b,c", *(f'{number},"text, of\nlines",{number}' for number in range(1, 30))]
GOOD = "\n".join([*LINES, ""])
# Where a cut cannot be told from the end of a shorter file: at a record's end, and within its last value.
UNSEEN = {
    place
    for number, line in enumerate(LINES)
    for start in [sum(len(other) + 1 for other in LINES[:number])]
    for place in range(start + line.rindex(",") + 1, start + len(line) + 2)
}


@settings(max_examples=300, database=None)
@given(place=st.integers(1, len(GOOD)))
def test_a_file_cut_in_the_middle_of_a_record_is_refused(place: int) -> None:
    try:
        require_whole(FILE, records(FILE, GOOD[:place])[-1], 3)
        refused = False
    except InvalidData:
        refused = True
    assert refused is (place not in UNSEEN)


LINKS: list[list[int | str]] = [[1, "0114709", 862], [2, "0113497", 8844], [65243, "0000001", 141_971], [66140, "1", 5]]
RATED = [(1, 7), (2, 10), (65243, 1), (66140, 4)]


def ratings(users: int) -> list[list[int | str]]:
    """Four ratings of each."""
    return [[user, film, f"{stars / 2}", 1_260_759_144 + user] for user in range(1, users + 1) for film, stars in RATED]


RATINGS = ratings(3)


def published(spark: Any, raw: Any) -> tuple[set[tuple[Any, ...]], int]:
    """The accepted ratings, as RATINGS has them, and the number of those set aside."""
    catalogue = spark.sql("select col1 as movie_id from values (862), (8844), (141971), (5)")
    linked = linked_films(validated_links(read_links(spark, raw.uri).frame), catalogue)
    source = read_ratings(spark, raw.uri)
    validated = with_superseded(validated_ratings(source, linked)).collect()
    assert source.rows == len(validated)
    kept = {(row.user_id, row.rated_id, str(row.stars), row.second) for row in validated if row.reason is None}
    return kept, sum(1 for row in validated if row.reason)


# Each row has a style of its own: a few long files try as many styles as many short ones, each of which costs seconds.
@settings(ON_SPARK, max_examples=2)
@given(data=st.data())
def test_no_style_changes_which_ratings_are_accepted(spark: Any, raw: Any, data: Any) -> None:
    rows, others = ratings(9), [[film, str(film), film] for film in range(70_001, 70_009)]
    raw.write("links.csv", data.draw(styled("movieId,imdbId,tmdbId", [*LINKS, *others])))
    raw.write("ratings.csv", data.draw(styled("userId,movieId,rating,timestamp", rows)))
    assert published(spark, raw) == ({tuple(rating) for rating in rows}, 0)


@ON_SPARK
@given(data=st.data())
def test_a_cut_or_repeated_file_is_refused_or_each_missing_rating_is_accounted_for(
    spark: Any, raw: Any, data: Any
) -> None:
    rows = ["userId,movieId,rating,timestamp", *(",".join(map(str, rating)) for rating in RATINGS)]
    text = "\r\n".join([*rows, ""])
    start, end = sorted(data.draw(st.tuples(st.integers(40, len(text)), st.integers(40, len(text)))))
    damaged = data.draw(st.sampled_from([text[:end], text[:end] + text[start:], text[:start] + text[end:]]))
    raw.links(*(",".join(map(str, link)) for link in LINKS))
    raw.write("ratings.csv", damaged)
    try:
        kept, aside = published(spark, raw)
    except InvalidData:
        return
    lines = [line for line in LINE_END.split(damaged)[1:] if line]
    assert len(kept) + aside == len(lines)
    whole = {tuple(rating) for rating in RATINGS if ",".join(map(str, rating)) in lines}
    assert len(whole - kept) <= 1  # where two pieces meet, a line of its own may supersede a whole one
