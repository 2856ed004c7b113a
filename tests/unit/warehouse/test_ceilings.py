"""What a table.toml may say, and how each mistake in one is told."""

from pathlib import Path

import pytest
from movalytics_common.declaration import inputs, sql_folder, tables
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.plan.ceilings import Declaration, declared, read_declaration

LOSSES = "[losses]\ntotal = 0.02\n"
LINKS = '[inputs.links]\nlabel = "Links"\nsource = "links.csv"\n'
TABLE = """label = "A"
description = "An a."
source = "a.csv"
application = "transform-a"
primary_key = ["a"]
{}
[columns.a]
type = "integer"
description = "A number."
{}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which every table declares the least that it must."""
    for table in tables():
        (tmp_path / table).mkdir()
        (tmp_path / table / "table.toml").write_text(TABLE.format("", LOSSES))
    return tmp_path


def say(folder: Path, text: str) -> Declaration:
    few, sections = (text.split("\n", 1)) if text.startswith(("few", "losses =")) else ("", text)
    (folder / "ratings/table.toml").write_text(TABLE.format(few, sections))
    return read_declaration(folder)


def test_a_table_and_its_inputs_have_ceilings_by_kind_and_reason(folder: Path) -> None:
    inputs = '[inputs.links]\nlabel = "L"\nsource = "links.csv"\n[inputs.links.losses]\ntotal = 0.5\nno_tmdb_id = 1\n'
    found = say(folder, f"{LOSSES}[repairs]\ninvalid_x = 0\n[history]\ndrift = 0.25\n{inputs}").ceilings
    assert {(one.name, one.kind, one.share) for one in found if one.account in {"ratings", "links"}} == {
        ("ratings.total", "rejected", 0.02),
        ("ratings.invalid_x", "repaired", 0.0),
        ("ratings.drift", "history", 0.25),
        ("links.total", "rejected", 0.5),
        ("links.no_tmdb_id", "rejected", 1.0),
    }


def test_few_rows_are_an_accounts_own(folder: Path) -> None:
    found = say(
        folder,
        f'few = 3\n{LOSSES}[inputs.links]\nfew = 2\nlabel = "L"\nsource = "l.csv"\n[inputs.links.losses]\ntotal = 1\n',
    ).ceilings
    assert {(one.account, one.few) for one in found} == {
        *((table, 3 if table == "ratings" else 0) for table in tables()),
        ("links", 2),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LOSSES + "malformed = 1.5\n", r"ratings/table\.toml:12: \[losses\] malformed = 1\.5 is no share: write a num"),
        (LOSSES + "malformed = -0.1\n", "is no share"),
        (LOSSES + "malformed = nan\n", "is no share"),
        (LOSSES + "malformed = true\n", "is no share"),
        (LOSSES + 'malformed = "1 %"\n', "is no share"),
        ("few = 0.5\n" + LOSSES, "few = 0.5 is no number of rows: write a whole number"),
        ("few = -1\n" + LOSSES, "is no number of rows"),
        ("few = true\n" + LOSSES, "is no number of rows"),
        (LOSSES + "[loses]\nmalformed = 0\n", "ratings knows no loses: write one of application"),
        (LOSSES + "[history]\ngrowth = 1\n", r"\[history\] knows no growth: write one of changed, drift, shrink"),
        (LOSSES + "[series]\nmissing = 1\n", r"\[series\] knows no missing"),
        (LOSSES + "[span]\nfirst = 1999-01-01\n", r"\[span\] needs first and last, two days"),
        (LOSSES + "[span]\nfirst = 1999-01-01\nlast = 1998-01-01\n", r"\[span\] needs first and last"),
        (LOSSES + "[span]\nfirst = 1999-01-01\nlast = 2000-01-01\nnext = 1\n", r"\[span\] knows no next"),
        (LOSSES + LINKS + "losses = 0.1\n", r"toml:15: inputs\.links\.losses is a section: write \["),
        (LOSSES + LINKS + "[inputs.links.span]\n", r"\[inputs\.links\] knows no span"),
        (
            LOSSES + LINKS.replace("links", "movies") + "[inputs.movies.losses]\ntotal = 0\n",
            r"inputs\.movies is no input",
        ),
        (LOSSES + LINKS + "[inputs.links.losses]\nmalformed = 0\n", "links is given no total: write"),
        ("[losses]\nmalformed = 0\n", "ratings is given no total: write"),
        ("losses = 0.01\n", "losses is a section"),
        (LOSSES + "[span]\nfirst = 1999-01-01\nlast = 2000-01-01\n", r"toml:13: \[span\] first would never be"),
        (LOSSES + "[series]\nmissing_month = 0\n", r"toml:13: \[series\] missing_month would never be looked at"),
        ("[losses\n", "is not TOML"),
    ],
)
def test_nonsense_is_refused_with_the_file_and_what_to_write(folder: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidSettings, match=words):
        say(folder, text)


def test_our_own_tables_say_how_near_to_history_they_must_be() -> None:
    by_history = {(one.account, one.reason) for one in declared().ceilings if one.kind == "history"}
    assert by_history == {
        *((account, way) for account in (*tables(), *inputs()) for way in ("drift", "shrink")),
        *((path.parents[2].name, "changed") for path in sql_folder().glob("*/checks/staged/published_rows_stay.sql")),
    }, "write drift and shrink, and changed where there is a published_rows_stay.sql, as [history] in sql/*/table.toml"


def test_no_single_reason_of_ours_may_take_more_than_all_of_them() -> None:
    totals = {one.account: one.share for one in declared().ceilings if one.reason == "total"}
    rejected = [one for one in declared().ceilings if one.kind == "rejected"]
    assert [one.name for one in rejected if one.share > totals[one.account]] == []
