"""A small published warehouse behind the stand-in: four films, two genres, a handful of ratings."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from movalytics_common.declaration import marts
from movalytics_warehouse.load.marts import compute
from psycopg2.extensions import connection as Connection  # noqa: N812

from tests.integration.conftest import Standin, new_database

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
insert into movies_ops.load_run
(run_id, attempt, movies_version, cpi_version, code_digest, forced, planned_at, outcome, message) values
('broken', 3, '9', '2001-03-01-00000000', 'abc', false, '2026-11-24 06:00:00', 'Failed', 'ratings lost <b>half</b>');
insert into movies_ops.load_attempt (run_id, attempt, finished_at, outcome, message) values
('broken', 1, '2026-11-24 06:01:00', 'Failed', 'no source'),
('broken', 2, '2026-11-24 06:02:00', 'Failed', 'ratings lost <b>half</b>');
insert into movies_ops.load_partition
(run_id, table_name, partition_name, row_count, content_digest, control_totals) values
('first', 'movies', '', 4, 'a', ''), ('first', 'ratings', '2001-02', 1, 'a', ''),
('first', 'ratings', '2003-02', 2, 'b', ''), ('first', 'movie_rating', '', 3, 'a', ''),
('first', 'genre_popularity', '', 2, 'a', ''),
('second', 'movies', '', 4, 'a', ''), ('second', 'ratings', '2001-02', 1, 'a', ''),
('second', 'ratings', '2003-02', 1, 'c', ''), ('second', 'ratings', '2004-02', 2, 'd', ''),
('second', 'movie_rating', '', 3, 'b', ''), ('second', 'genre_popularity', '', 2, 'a', '');
insert into movies_ops.load_change (run_id, table_name, rows_added, rows_changed, rows_removed) values
('second', 'movies', 0, 0, 0), ('second', 'ratings', 2, 1, 1);
insert into movies_ops.load_answer (run_id, answer, headline) values
('first', 'highest_rated_films', 'Winter is rated highest.'),
('first', 'most_popular_genres', 'Drama and Comedy are the genres most popular with users.');
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
def published(redshift_server: Standin) -> Standin:
    """A database with the schema migrated and the rows above."""
    database = new_database(redshift_server)
    command = [sys.executable, "-m", "movalytics_warehouse", "migrate", f"--warehouse={database.url}"]
    subprocess.run(command, check=True)
    with closing(database.connect()) as connection:
        _fill(connection)
    return database


@pytest.fixture(scope="session")
def warehouse(published: Standin) -> str:
    """Its URL."""
    return published.url


def _fill(connection: Connection) -> None:
    with connection.cursor() as cursor:
        for statement in ROWS.split(";\n"):
            cursor.execute(statement)
    for mart in marts().values():
        compute(connection, mart)
    connection.commit()


@pytest.fixture
def connection(published: Standin) -> Iterator[Connection]:
    with closing(published.connect()) as connection:
        yield connection
