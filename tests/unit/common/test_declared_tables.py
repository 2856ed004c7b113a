"""What a table.toml may say of a table and its columns, and how each mistake is told: file, line, what to write."""

from pathlib import Path

import pytest
from movalytics_common.declaration import Kind, marts, read_marts, read_tables, tables
from movalytics_common.declaration.kinds import parse_kind
from movalytics_common.errors import InvalidSettings

GOOD = """label = "Studios"
description = "A studio."
source = "studios.csv"
application = "transform-catalogue"
primary_key = ["studio_id"]
sortkey = ["studio_id"]

[columns.studio_id]
type = "integer"
description = "Its number."
not_null = true

[columns.name]
type = "varchar(40)"
description = "Its name."
not_empty = { severity = "warn" }
matches = "[A-Z]%"

[columns.films]
type = "integer"
description = "How many films it made."
accepted_range = { min_value = 0 }
"""


def declare(folder: Path, text: str, name: str = "studio") -> Path:
    path = folder / name / "table.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_declaration_says_columns_keys_and_rules(tmp_path: Path) -> None:
    declare(tmp_path, GOOD)
    studio = read_tables(tmp_path)["studio"]
    assert [(column.name, column.kind.text) for column in studio.columns] == [
        ("studio_id", "integer"),
        ("name", "varchar(40)"),
        ("films", "integer"),
    ]
    assert {(rule.name, rule.severity) for rule in studio.rules} == {
        ("studio_id_is_not_null", "error"),
        ("name_is_not_empty", "warn"),
        ("name_matches_its_pattern", "error"),
        ("name_fits_its_column", "error"),
        ("films_is_at_least_0", "error"),
    }
    assert studio.unique == (("studio_id",),)
    assert not studio.may_be_empty


MISTAKES = [
    ('sortkey = ["studio_id"]', 'sortkey = ["name", "name"]', 6, "sortkey names name twice: take one out"),
    ("min_value = 0", "min_value = 3, max_value = 3, inclusive = false", 22, "limits that are no numbers"),
    ('matches = "[A-Z]%"', "accepted_values = [1, 2]", 17, "accepted_values needs a list of texts or numbers"),
    (
        "accepted_range = { min_value = 0 }",
        "accepted_values = [nan]",
        22,
        "accepted_values needs a list of texts or numbers",
    ),
    ('severity = "warn"', 'severty = "warn"', 16, "not_empty knows value and severity: take severty out"),
    ("not_null = true", 'unique = { severity = "warn" }', 11, "unique = true is all it can be"),
    ('type = "integer"', 'type = "int4"', 9, r'type = "int4" is no type of ours: write integer, bigint'),
    ('type = "varchar(40)"', 'type = "varchar"', 14, "is no type of ours"),
    ('type = "varchar(40)"', 'type = "numeric(3, 9)"', 14, "is no type of ours"),
    ('description = "Its name."', "", 13, 'description is missing: write description = "…"'),
    ('label = "Studios"', "", 1, "label is missing"),
    ('primary_key = ["studio_id"]', 'primary_key = ["id"]', 5, "primary_key names id, which is not there"),
    ('primary_key = ["studio_id"]', "", 1, "primary_key is missing"),
    ('sortkey = ["studio_id"]', 'sortkey = "studio_id"', 6, "sortkey is a list of names"),
    ('sortkey = ["studio_id"]', 'distkey = "id"', 6, "distkey names id, which is no column"),
    ('source = "studios.csv"', 'sauce = "studios.csv"', 3, "studio knows no sauce: write one of application"),
    ("min_value = 0", "least = 0", 22, "accepted_range has no limits: write accepted_range = "),
    ("min_value = 0", 'min_value = "a"', 22, "limits that are no numbers"),
    ("min_value = 0", "min_value = 3, max_value = 2", 22, "limits that are no numbers in this order"),
    (
        'matches = "[A-Z]%"',
        "accepted_range = { min_value = 0 }",
        17,
        r"is for numbers, and this column is varchar\(40\)",
    ),
    ('matches = "[A-Z]%"', "accepted_values = []", 17, "accepted_values needs a list"),
    ('matches = "[A-Z]%"', 'relationships = "movies"', 17, "needs a table and its column"),
    ('matches = "[A-Z]%"', 'relationships = "movies.name"', 17, "names movies.name, which is nowhere"),
    ('severity = "warn"', 'severity = "fatal"', 16, 'severity = "fatal" is none: write "error" or "warn"'),
    ("not_null = true", "not_null = 1", 11, "= true is all it can be"),
    ("not_null = true", "not_empty = true", 11, "not_empty is for text, and this column is integer"),
    ("[columns.films]", "[columns.Films]", 19, "Films is no name of a column"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "words"), MISTAKES)
def test_a_mistake_is_refused_with_file_and_line_and_what_to_write(
    tmp_path: Path, right: str, wrong: str, line: int, words: str
) -> None:
    path = declare(tmp_path, GOOD.replace(right, wrong))
    with pytest.raises(InvalidSettings, match=words) as refused:
        read_tables(tmp_path)
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_tables_that_refer_to_each_other_are_refused(tmp_path: Path) -> None:
    refers = '[columns.other]\ntype = "integer"\ndescription = "One of the other."\nrelationships = "{}.studio_id"\n'
    declare(tmp_path, GOOD + refers.format("studio"), "prize")
    declare(tmp_path, GOOD + refers.format("prize"))
    with pytest.raises(InvalidSettings, match="refer to each other in a circle"):
        read_tables(tmp_path)


MART = """label = "M"
description = "A mart."
reads = ["studio"]

[columns.n]
type = "bigint"
description = "How many."
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MART, "there is no publish.sql beside it"),
        (
            MART.replace('"studio"', '"nowhere"'),
            "reads names nowhere, which is not declared: write sql/nowhere/table.toml, or one of studio",
        ),
        (
            MART.replace('reads = ["studio"]', ""),
            "reads must name what publish.sql reads: write some of studio",
        ),
        (
            MART.replace('reads = ["studio"]', "reads = []"),
            "reads must name what publish.sql reads: write some of studio",
        ),
    ],
)
def test_a_mart_names_what_it_reads_and_has_its_statement(tmp_path: Path, text: str, words: str) -> None:
    declare(tmp_path, GOOD)
    declare(tmp_path / "marts", text, "few")
    with pytest.raises(InvalidSettings, match=words):
        read_marts(tmp_path, read_tables(tmp_path))


def test_a_mart_may_be_empty_only_if_it_says_so(tmp_path: Path) -> None:
    for name, said in (("few", ""), ("none", "may_be_empty = true\n")):
        declare(tmp_path / "marts", said + MART, name)
        (tmp_path / "marts" / name / "publish.sql").touch()
    declare(tmp_path, GOOD)
    found = read_marts(tmp_path, read_tables(tmp_path))
    assert {name: mart.may_be_empty for name, mart in found.items()} == {"few": False, "none": True}


@pytest.mark.parametrize(
    ("said", "sql"),
    [("incremental = true\n", "delete from few;"), ("", "delete from few where n > %(event_time_start)s;")],
)
def test_a_mart_is_incremental_in_its_declaration_and_its_statement_or_in_neither(
    tmp_path: Path, said: str, sql: str
) -> None:
    declare(tmp_path, GOOD)
    path = declare(tmp_path / "marts", said + MART, "few")
    path.with_name("publish.sql").write_text(sql)
    with pytest.raises(InvalidSettings, match="incremental do not agree: say incremental = true here"):
        read_marts(tmp_path, read_tables(tmp_path))


def test_an_incremental_mart_has_a_key(tmp_path: Path) -> None:
    declare(tmp_path, GOOD)
    path = declare(tmp_path / "marts", "incremental = true\n" + MART, "few")
    path.with_name("publish.sql").write_text("delete from few where n > %(event_time_start)s;")
    with pytest.raises(InvalidSettings, match="an incremental mart needs a key"):
        read_marts(tmp_path, read_tables(tmp_path))


def test_a_folder_is_called_as_a_table_may_be(tmp_path: Path) -> None:
    declare(tmp_path, GOOD, "My Table")
    with pytest.raises(InvalidSettings, match="the folder My Table is no name of a table"):
        read_tables(tmp_path)


def test_every_table_and_mart_of_ours_comes_after_what_it_needs() -> None:
    order = [*tables(), *marts()]
    needs = [
        (rule.argument.partition(".")[0], table.name)
        for table in tables().values()
        for rule in table.rules
        if rule.test == "relationships"
    ]
    needs += [(read, mart.name) for mart in marts().values() for read in mart.reads]
    assert [(first, then) for first, then in needs if order.index(first) > order.index(then)] == []


@pytest.mark.parametrize(
    "text", ["integer", "bigint", "numeric(12, 6)", "varchar(100)", "double precision", "timestamp"]
)
def test_a_type_is_written_as_it_is_read(text: str) -> None:
    kind = parse_kind(text)
    assert kind
    assert kind.text == text


def test_staging_is_wide_where_the_table_is_narrow() -> None:
    assert Kind("varchar", 10).staging.size > 10
    assert Kind("numeric", 3, 1).staging == Kind("double precision")
    assert Kind("integer").staging == Kind("integer")
