"""What counts or adds up ratings holds a hundred times MovieLens' 26 million: by its name, whoever declares it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from movalytics_common.declaration import Kind, marts, sql_folder, tables

RATINGS = 100 * 26_024_289
USERS = 100 * 270_896
STARS = 5 * RATINGS
INTEGERS = {"smallint": 15, "integer": 31, "bigint": 63}
COUNT = re.compile(r"(^|_)rows?(_|$)|_counts?$|^(ratings|users|violations|few)$")
SUM = re.compile(r"_sum$")
COLUMN = re.compile(r"^\s+(\w+) (smallint|integer|bigint|numeric\((\d+), (\d+)\))(?: not null)?,?$", re.MULTILINE)
ADDED = re.compile(r"add column (\w+) (smallint|integer|bigint|numeric\((\d+), (\d+)\))")
Found = tuple[str, str, int]


def most_of(name: str, size: int, scale: int) -> int:
    """The greatest whole number that fits."""
    return (1 << INTEGERS[name]) - 1 if name in INTEGERS else int("9" * (size - scale))


def fits(kind: Kind) -> int:
    return most_of(kind.name, kind.size, kind.scale)


def in_marts() -> Iterator[Found]:
    """Mart, column, and what it holds, of each that counts or adds up."""
    for mart in marts().values():
        for column in mart.columns:
            if COUNT.search(column.name) or SUM.search(column.name):
                yield mart.name, column.name, fits(column.kind)


def in_the_ledger() -> Iterator[Found]:
    """File, column, and what it holds, of each that counts."""
    for path in sorted((sql_folder() / "movies_ops").rglob("*.sql")):
        text = path.read_text()
        for name, kind, size, scale in (*COLUMN.findall(text), *ADDED.findall(text)):
            if COUNT.search(name):
                yield path.name, name, most_of(kind.partition("(")[0], int(size or 0), int(scale or 0))


def casts() -> Iterator[Found]:
    """File, expression, and what it is cast to, of each NUMERIC or integer made of a count or a sum of ratings."""
    for path in sorted(sql_folder().rglob("*.sql")):
        yield from casts_of(path)


def casts_of(path: Path) -> Iterator[Found]:
    text = re.sub(r"\s+", " ", path.read_text().lower())
    for end in re.finditer(r" as (integer|bigint|numeric\((\d+), (\d+)\)) ?\)", text):
        expression = operand(text, end.start())
        if re.search(r"(rating|user)_count|rating_sum|\.ratings\b|count\(\*\)|sum\(rating\)", expression):
            yield path.name, expression, most_of(end[1].partition("(")[0], int(end[2] or 0), int(end[3] or 0))


def operand(text: str, end: int) -> str:
    """What stands between `cast(` and the place where its ` as ` begins."""
    depth, at = 1, end
    while depth:
        at -= 1
        depth += {")": 1, "(": -1}.get(text[at], 0)
    return text[at + 1 : end].strip()


def is_small(expression: str) -> bool:
    """A quotient, which is of at most five stars, or the place of a film or a genre."""
    return "/" in expression or expression.startswith("row_number()")


def needed(name: str) -> int:
    return STARS if "sum" in name else RATINGS


def narrow(found: Iterator[Found]) -> list[Found]:
    return [(place, name, most) for place, name, most in found if most < needed(name)]


def test_marts_count_and_add_up_a_hundred_times_as_many_ratings() -> None:
    assert len(list(in_marts())) > 8
    assert narrow(in_marts()) == [], "declare it as bigint, or as numeric of more digits, and write a migration"


def test_the_ledger_counts_a_hundred_times_as_many_rows() -> None:
    assert len(list(in_the_ledger())) > 10
    assert narrow(in_the_ledger()) == [], "write a migration to bigint"


def test_what_is_cast_on_the_way_holds_a_hundred_times_as_many_ratings() -> None:
    found = [one for one in casts() if not is_small(one[1])]
    assert len(found) > 8
    assert narrow(iter(found)) == [], "cast it to a bigint, or to a numeric of more digits"


@pytest.mark.parametrize("name", ["user_id", "movie_id"])
def test_an_id_of_a_hundred_times_as_many_users_fits(name: str) -> None:
    held = [column for table in (*tables().values(), *marts().values()) for column in table.columns]
    assert min(fits(column.kind) for column in held if column.name == name) >= USERS


def test_user_and_film_fit_into_one_number_whatever_they_are() -> None:
    (pair,) = [column for column in tables()["ratings"].columns if column.name == "user_movie_id"]
    most = {column.name: fits(column.kind) for column in tables()["ratings"].columns if column.name.endswith("_id")}
    assert most["user_id"] * 2**32 + most["movie_id"] <= fits(pair.kind)


def test_a_narrow_one_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "publish.sql"
    file.write_text("select\n    cast(sum(rating_count) as numeric(9, 0)) as rating_count")
    assert narrow(casts_of(file)) == [("publish.sql", "sum(rating_count)", 999_999_999)]


def test_a_count_is_known_by_its_name() -> None:
    names = ["rating_count", "rows_in", "staged_rows", "user_id", "month", "rebuilds"]
    assert [name for name in names if COUNT.search(name)] == ["rating_count", "rows_in", "staged_rows"]
