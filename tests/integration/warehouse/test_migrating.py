"""Migrating: once, in order, by one at a time, and never with a file that changed since."""

import re
import shutil
import threading
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from movalytics_common.declaration import marts, sql_folder, tables, tables_and_marts
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.plan.comments import sentences
from movalytics_warehouse.plan.migrate import migrate, migrations
from movalytics_warehouse.redshift.statements import execute, execute_text, statements

from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World

# What an empty warehouse needs: a table's own migrations brought older ones to what it is made as.
MADE = sorted(
    [*tables(), *marts(), *(one.name for one in migrations(sql_folder()) if one.owner not in {*tables(), *marts()})]
)

NEXT = f"{max(one.version for one in migrations(sql_folder())) + 1:03}"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of sql/ that a test may change."""
    return shutil.copytree(sql_folder(), tmp_path / "sql")


def applied(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.rows("select version, name, sha256 from movies_ops.schema_version order by version")


def test_migrating_twice_is_migrating_once(empty: Warehouse) -> None:
    assert sorted(migrate(empty.connect)) == MADE
    before = applied(empty)
    assert len(before) == len(list(sql_folder().glob("**/ddl/*.sql")))
    assert migrate(empty.connect) == []
    assert applied(empty) == before


def test_four_that_migrate_at_once_apply_each_file_once(empty: Warehouse) -> None:
    done: list[str] = []
    threads = [threading.Thread(target=lambda: done.extend(migrate(empty.connect))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == MADE
    assert len(applied(empty)) == len(migrations(sql_folder()))


def test_a_new_file_is_applied_to_a_warehouse_that_has_the_others(warehouse: Warehouse, files: Path) -> None:
    (files / "answers/ddl/900_all_genres.sql").write_text("create view movies.all_genres as select 1 as n;\n")
    assert migrate(warehouse.connect, files) == ["all_genres"]
    assert warehouse.rows("select n from movies.all_genres") == [(1,)]


def test_runs_from_before_the_accounts_keep_their_counts_with_merged_apart_from_rejected(
    empty: Warehouse, files: Path
) -> None:
    later = [path for path in files.glob("movies_ops/ddl/*.sql") if path.name >= "040"]
    texts = {path: path.read_text() for path in later}
    for path in later:
        path.unlink()
    migrate(empty.connect, files)
    empty.rows(
        "insert into movies_ops.load_table (run_id, table_name, rows_in, rows_out, rows_rejected) "
        "values ('old', 'ratings', 10, 6, 4), ('old', 'cpi', 3, 3, 0); "
        "insert into movies_ops.load_table (run_id, table_name, published_rows) values ('old', 'movie_rating', 2); "
        "insert into movies_ops.load_rejected values ('old', 'ratings', 'superseded_rating', 3), "
        "('old', 'ratings', 'malformed', 1)"
    )
    for path, text in texts.items():
        path.write_text(text)
    migrate(empty.connect, files)
    counts = "select table_name, rows_in, rows_out, rows_merged, rows_rejected from movies_ops.load_table order by 1"
    assert empty.rows(counts) == [
        ("cpi", 3, 3, 0, 0),
        ("movie_rating", None, None, None, None),
        ("ratings", 10, 6, 3, 1),
    ]
    assert empty.rows("select kind, reason from movies_ops.load_rejected order by kind") == [
        ("merged", "superseded_rating"),
        ("rejected", "malformed"),
    ]


def test_a_file_that_changed_after_it_was_applied_is_refused(warehouse: Warehouse, files: Path) -> None:
    path = files / "answers/ddl/050_rating_prior.sql"
    path.write_text(path.read_text() + "-- changed\n")
    with pytest.raises(InvalidSettings, match=r"050_rating_prior\.sql was changed after it had been applied"):
        migrate(warehouse.connect, files)


def test_the_number_that_is_proposed_is_above_those_of_all_folders(empty: Warehouse, files: Path) -> None:
    (files / "answers/ddl/900_all_genres.sql").write_text("create view movies.all_genres as select 1 as n;\n")
    migrate(empty.connect, files)
    empty.rows("alter table movies.genre drop column genre_name")
    with pytest.raises(InvalidSettings, match=r"in a new file sql/genre/ddl/901_what\.sql"):
        migrate(empty.connect, files)


def test_two_files_of_one_number_are_told_with_their_paths(files: Path) -> None:
    (files / "genre/ddl").mkdir()
    for path in ("answers/ddl/900_one.sql", "genre/ddl/900_other.sql"):
        (files / path).touch()
    words = "two migrations have the number 900, sql/answers/ddl/900_one.sql and sql/genre/ddl/900_other.sql: "
    with pytest.raises(InvalidSettings, match=f"{re.escape(words)}give the newer one 901"):
        migrations(files)


def test_a_file_that_fails_half_way_leaves_nothing_behind(warehouse: Warehouse, files: Path) -> None:
    path = files / "answers/ddl/900_broken.sql"
    path.write_text("create table movies.half (a integer);\n\ncreate table movies.genre (a integer);\n")
    before = applied(warehouse)
    with pytest.raises(Exception, match="already exists"):
        migrate(warehouse.connect, files)
    assert applied(warehouse) == before
    path.write_text("create table movies.half (a integer);\n")
    assert migrate(warehouse.connect, files) == ["broken"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "alter table movies.genre drop column genre_name",
            (
                r"movies\.genre is not what sql/genre/table\.toml declares: genre_name is missing; "
                r"write the migration alter table movies\.genre add column genre_name varchar\(100\); "
                rf"\(in a new file sql/genre/ddl/{NEXT}_what\.sql\)"
            ),
        ),
        (
            "alter table movies.genre add column source varchar(20)",
            "source is not declared; declare it, or write the migration alter table movies.genre drop column source;",
        ),
        (
            ("alter table movies.movies drop column is_adult; alter table movies.movies add column is_adult integer"),
            r"is_adult is integer there and boolean here; write the migration alter table",
        ),
    ],
)
def test_a_table_that_is_not_as_declared_is_told_with_the_migration_that_is_missing(
    empty: Warehouse, change: str, words: str
) -> None:
    migrate(empty.connect)
    empty.rows(change)
    with pytest.raises(InvalidSettings, match=words):
        migrate(empty.connect)


def test_the_migration_that_is_printed_makes_the_column_what_is_declared(empty: Warehouse, files: Path) -> None:
    migrate(empty.connect, files)
    empty.rows(
        "alter table movies.genre drop column genre_name; alter table movies.genre add column genre_name varchar(9)"
    )
    empty.rows("insert into movies.genre (genre_id, genre_name) values (18, 'Drama')")
    with pytest.raises(InvalidSettings) as told:
        migrate(empty.connect, files)
    printed = str(told.value).partition("write the migration ")[2].partition(" (views")[0]
    (files / "genre/ddl").mkdir()
    (files / f"genre/ddl/{NEXT}_wider.sql").write_text(f"{printed}\n")
    assert migrate(empty.connect, files) == ["wider"]
    assert empty.rows("select genre_name from movies.genre") == [("Drama",)]


def test_a_staging_table_that_is_not_as_declared_is_made_anew_and_holds_nothing(
    warehouse: Warehouse, world: World
) -> None:
    warehouse.plan("first")
    warehouse.stage("first", world)
    warehouse.rows("alter table movies_staging.genre add column source varchar(20)")
    migrate(warehouse.connect)
    assert warehouse.rows("select * from movies_staging.genre") == []
    with pytest.raises(Failed, match=r"exit 81: genre of run first is not staged"):
        warehouse.check("first")


def grants(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.rows(
        "select relname, relacl from pg_class where relacl is not null and relname in ('ratings', 'movie_rating') "
        "order by relname"
    )


def test_analysts_read_movies_and_nothing_else(warehouse: Warehouse) -> None:
    tables = warehouse.rows(
        "select n.nspname, c.relname from pg_class as c join pg_namespace as n on c.relnamespace = n.oid "
        "where c.relacl is not null and array_to_string(c.relacl, ',') like '%analysts=r/%' "
        "and n.nspname like 'movies%'"
    )
    assert {schema for schema, _ in tables} == {"movies"}
    assert {name for _, name in tables} >= {"ratings", "movie_rating", "highest_rated_films", "box_office_coverage"}


def test_grants_survive_a_publication(warehouse: Warehouse, world: World) -> None:
    before = grants(warehouse)
    warehouse.bring("first", world)
    assert grants(warehouse) == before != []


def test_a_users_view_on_a_table_survives_a_publication(warehouse: Warehouse, world: World) -> None:
    warehouse.rows("create view public.stars as select count(*) as n from movies.ratings")
    try:
        warehouse.bring("first", world)
        assert warehouse.rows("select n from public.stars") == [(5,)]
    finally:
        warehouse.rows("drop view public.stars")


def test_plan_tells_of_a_changed_file_in_one_sentence(warehouse: Warehouse) -> None:
    warehouse.rows("update movies_ops.schema_version set sha256 = 'other' where version = 50")
    with pytest.raises(Failed, match=r"exit 78: 050_rating_prior\.sql was changed after"):
        warehouse.plan("first")


@pytest.fixture
def earlier(empty: Warehouse, tmp_path: Path) -> Warehouse:
    """A warehouse as it was made before tables were declared: by numbered files alone."""
    files = shutil.copytree(sql_folder(), tmp_path / "earlier")
    shutil.copytree(Path(__file__).parent / "earlier", files, dirs_exist_ok=True)
    connection = empty.connect()
    execute(connection, "movies_ops/bootstrap")
    for migration in migrations(files):
        for statement in statements(migration.path):
            execute_text(connection, statement)
        values = {"version": migration.version, "name": migration.name, "sha256": migration.sha256}
        execute(connection, "movies_ops/record_version", **values, now=datetime(2026, 1, 1))  # noqa: DTZ001
    connection.commit()
    connection.close()
    return empty


def test_a_warehouse_from_before_the_declarations_keeps_its_rows_and_is_published_to(
    earlier: Warehouse, world: World
) -> None:
    earlier.rows("insert into movies.ratings values (4294968298, 1, 1002, 3.5, '2015-01-01')")
    before = applied(earlier)
    migrate(earlier.connect)
    assert applied(earlier) == before
    assert earlier.rows("select user_id, rating from movies.ratings") == [(1, Decimal("3.5"))]
    earlier.bring("first", world)
    assert earlier.rows("select count(*) from movies.ratings") == [(len(world.tables["ratings"]),)]


def test_sentences_of_the_declarations_are_the_tables_comments(warehouse: Warehouse) -> None:
    found = {
        (table, column): sentence
        for table, column, sentence in warehouse.rows(
            "select relname, coalesce(attname, ''), description from pg_description "
            "join pg_class on objoid = pg_class.oid join pg_namespace on relnamespace = pg_namespace.oid "
            "left join pg_attribute on attrelid = objoid and attnum = objsubid and objsubid > 0 "
            "where nspname = 'movies'"
        )
    }
    assert found == {
        (table.name, column): sentence for table in tables_and_marts() for column, sentence in sentences(table).items()
    }
