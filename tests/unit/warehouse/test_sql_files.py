"""The .sql files themselves: statements, migrations, checks, and what Redshift lacks or does otherwise."""

import re
from pathlib import Path

import pytest
from movalytics_common.declaration import marts, sql_folder, tables
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.plan.migrate import migrations
from movalytics_warehouse.quality.checks import Check, load_checks
from movalytics_warehouse.quality.suite import STAGES, every_check
from movalytics_warehouse.redshift.statements import split

EVERY_CHECK = [check for stage in STAGES for check in every_check(stage)]
# What PostgreSQL takes and Redshift refuses or reads otherwise.
FORBIDDEN = {
    "truncate commits": r"\btruncate\b",
    "no ON CONFLICT": r"\bon conflict\b",
    "no RETURNING": r"\breturning\b",
    "no savepoints": r"\bsavepoint\b",
    "no indexes": r"\bcreate index\b",
    "no DISTINCT ON": r"\bdistinct on\b",
    "no FILTER": r"\bfilter\s*\(",
    "no IS DISTINCT FROM": r"\bis (not )?distinct from\b",
    "publishing drops nothing": r"\bdrop\b",
    "the mean of integers truncates": r"\bavg\((?!cast|case)",
    "NUMERIC is (18, 0) without precision": r"\bnumeric\b(?!\s*\()",
    "VARCHAR is (256) without length": r"\bvarchar(?!\s*\()",
    "CONCAT propagates nulls": r"\bconcat\(",
}


def code(path: Path) -> str:
    return re.sub(r"--[^\n]*", "", path.read_text()).lower()


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_sql_file_uses_what_redshift_lacks_or_reads_otherwise(rule: str) -> None:
    found = [str(path) for path in sql_folder().rglob("*.sql") if re.search(FORBIDDEN[rule], code(path))]
    assert found == []


def test_statements_end_where_a_line_ends_with_a_semicolon() -> None:
    assert split("-- 2 % of a; b\nselect ';' as x;\n\nselect 2;\n-- end\n") == ("select ';' as x", "select 2")


def test_there_are_at_least_25_checks_and_each_has_its_own_name_within_its_table() -> None:
    assert len(EVERY_CHECK) >= 25
    assert len({(check.table, check.name) for check in EVERY_CHECK}) == len(EVERY_CHECK)


@pytest.mark.parametrize("check", EVERY_CHECK, ids=lambda check: f"{check.table}/{check.name}")
def test_a_check_stands_in_the_folder_of_a_table_and_fits_the_ledger(check: Check) -> None:
    assert check.table in {*tables(), *marts(), "movies_ops"}
    assert len(check.name) <= 128


def test_a_check_without_severity_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "genre/checks/staged/rule.sql"
    path.parent.mkdir(parents=True)
    path.write_text("select 1;\n")
    with pytest.raises(InvalidSettings, match=r"first line of .*rule\.sql must be -- severity"):
        load_checks("staged", tmp_path)


def test_a_mart_has_its_statement_and_a_table_none() -> None:
    for mart in marts().values():
        assert [path.stem for path in (sql_folder() / mart.folder).glob("*.sql")] == ["publish"]
    for table in tables().values():
        assert list((sql_folder() / table.folder).glob("*.sql")) == []


def test_migrations_are_numbered_and_ordered_over_all_folders() -> None:
    versions = [migration.version for migration in migrations(sql_folder())]
    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    ("names", "words"),
    [(["create.sql"], "create.sql is no name"), (["001_a.sql", "001_b.sql"], "have the number 1")],
)
def test_a_migration_with_a_bad_name_or_a_number_twice_is_refused(tmp_path: Path, names: list[str], words: str) -> None:
    for name in names:
        (tmp_path / "t/ddl").mkdir(parents=True, exist_ok=True)
        (tmp_path / "t/ddl" / name).write_text("select 1;\n")
    with pytest.raises(InvalidSettings, match=words):
        migrations(tmp_path)


def test_no_sql_file_has_placeholders_but_checks_of_the_rows_that_moved() -> None:
    having = [path for path in sql_folder().rglob("*.sql") if "{{" in path.read_text().replace("{{ moved }}", "")]
    moved = [path for path in sql_folder().rglob("*.sql") if "{{ moved }}" in path.read_text()]
    assert (having, {path.parent.name for path in moved}) == ([], {"staged"})
