"""A small published warehouse behind the stand-in: four films, two genres, a handful of ratings."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from movalytics_common.declaration import marts
from movalytics_warehouse.redshift.statements import execute
from psycopg2.extensions import connection as Connection  # noqa: N812

ROWS = """
insert into movies.movies (movie_id, title, release_date, revenue) values
(1, 'Old & Loved', '1990-06-15', 900000000), (2, 'Summer', '2000-06-01', 400000000),
(3, 'Winter', '2001-01-01', 100000000), (4, 'Unseen', null, null);
insert into movies.genre (genre_id, genre_name) values (10, 'Drama'), (20, 'Comedy');
insert into movies.movie_genre (movie_id, genre_id) values (1, 10), (2, 10), (2, 20);
insert into movies.date (release_date, day, week, month, quarter, year) values
('1990-06-15', 15, 24, 6, 2, 1990), ('2000-06-01', 1, 22, 6, 2, 2000), ('2001-01-01', 1, 1, 1, 1, 2001);
insert into movies.ratings (user_movie_id, user_id, movie_id, rating, rated_at) values
(4294967297, 1, 1, 4.5, '2001-02-03 04:05:06'), (8589934593, 2, 1, 5.0, '2002-02-03 04:05:06'),
(4294967298, 1, 2, 3.5, '2003-02-03 04:05:06'), (4294967299, 1, 3, 5.0, '2004-02-03 04:05:06');
insert into movies.cpi (date, consumer_price_index) values
('2000-06-01', 100.000), ('2001-01-01', 110.000), ('2001-02-01', 120.000), ('2001-03-01', null);
insert into movies_ops.load_run
(run_id, attempt, movies_version, cpi_version, code_digest, forced, planned_at, published_at, outcome, sample, allowed)
values
('whole', 1, '6', '2001-03-01-00000000', 'abc', false, '2026-11-22 05:00:00', '2026-11-22 05:01:00', null, '', ''),
('first', 1, '7', '2001-03-01-00000000', 'abc', false, '2026-11-23 05:00:00', '2026-11-23 05:01:00', 'Succeeded',
'four films of many', ''),
('second', 2, '8', '2001-03-01-00000000', 'abc', false, '2026-11-24 05:00:00', '2026-11-24 05:01:00', null,
'four films of many', 'ratings.film_not_in_catalogue=0.5');
insert into movies_ops.load_table (run_id, table_name, rows_in, rows_out, rows_rejected, staged_rows, published_rows)
values ('second', 'ratings', 7, 4, 2, 4, 4), ('second', 'movies', 4, 4, 0, 4, 4),
('second', 'links', 9, 8, 1, null, null);
insert into movies_ops.load_table (run_id, table_name, published_rows) values ('second', 'movie_rating', 3);
insert into movies_ops.load_rejected (run_id, table_name, kind, reason, row_count) values
('second', 'ratings', 'rejected', 'film_not_in_catalogue', 2), ('second', 'ratings', 'merged', 'superseded_rating', 1),
('second', 'links', 'rejected', 'no_tmdb_id', 1), ('second', 'movies', 'repaired', 'invalid_budget', 1);
insert into movies_ops.quality_result
(run_id, stage, check_name, table_name, severity, state, violations, sample, seconds, checked_at) values
('second', 'staged', 'ratings_are_whole', 'ratings', 'warn', 'fail', 1, '[{"rating": 4.5}]', 0.1, '2026-11-24 05:00:30')
"""


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The stand-in's URL, with the schema migrated and the rows above."""
    folder = tmp_path_factory.mktemp("stand in")
    address = folder / "address"
    command = [sys.executable, "-m", "redshift_local", f"--data={folder / 'data'}", "--port=0"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*command, f"--address-file={address}"], stderr=log)
    try:
        url = f"redshift://awsuser@{_await(address, server)}/dev?sslmode=disable"
        subprocess.run([sys.executable, "-m", "movalytics_warehouse", "migrate", f"--warehouse={url}"], check=True)
        with closing(_connect(url)) as connection:
            _add_columns(connection)
            _fill(connection)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _await(address: Path, server: "subprocess.Popen[bytes]") -> str:
    for _ in range(300):
        if address.exists():
            return address.read_text()
        assert server.poll() is None, "the stand-in ended"
        time.sleep(0.1)
    raise AssertionError("the stand-in is not ready after 30 s")


def _connect(url: str) -> Connection:
    host, _, port = url.removeprefix("redshift://awsuser@").partition("/")[0].rpartition(":")
    password = os.environ.get("PGPASSWORD", "unused")
    return psycopg2.connect(host=host, port=port, dbname="dev", user="awsuser", password=password, sslmode="disable")


def _add_columns(connection: Connection) -> None:
    """What the ledger tells of samples and kinds of losses, where no migration has brought it yet."""
    for table, column in (("load_run", "sample"), ("load_run", "allowed"), ("load_rejected", "kind")):
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from svv_columns where table_schema = 'movies_ops' "
                "and table_name = %s and column_name = %s",
                (table, column),
            )
            row = cursor.fetchone()
            if row == (0,):
                cursor.execute(f"alter table movies_ops.{table} add column {column} varchar(1000)")
    connection.commit()


def _fill(connection: Connection) -> None:
    with connection.cursor() as cursor:
        for statement in ROWS.split(";\n"):
            cursor.execute(statement)
    for mart in marts():
        execute(connection, f"marts/{mart}/publish")
    connection.commit()


@pytest.fixture
def connection(warehouse: str) -> Iterator[Connection]:
    with closing(_connect(warehouse)) as connection:
        yield connection
