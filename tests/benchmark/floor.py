"""The least that the ratings ask of a machine: DuckDB reads, joins, deduplicates and writes them, a COPY loads them.

    python -m tests.benchmark.floor --source=DIR --work=DIR

No row is validated, none set aside with a reason, nothing is checked. Prints the seconds of each step as JSON.
"""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg2
from redshift_local.copying.parquet import HEADER, TRAILER, encoded
from redshift_local.copying.parquet_schema import Target
from redshift_local.embedded.backend import INTERNAL_USER
from redshift_local.embedded.postgres import Postgres

from tests.benchmark.contestant import TABLE, Steps, arguments

RATINGS = """
copy (
    select
        ratings."userId" * 4294967296 + films.id as user_movie_id, cast(ratings."userId" as integer) as user_id,
        cast(films.id as integer) as movie_id, cast(ratings.rating as decimal(2, 1)) as rating,
        make_timestamp(ratings.timestamp * 1000000) as rated_at
    from read_csv('{source}/ratings.csv', header = true) as ratings
    join read_csv('{source}/links.csv', header = true) as links using ("movieId")
    join (
        select distinct try_cast(id as bigint) as id
        from read_csv('{source}/movies_metadata.csv', header = true, all_varchar = true, ignore_errors = true)
    ) as films on links."tmdbId" = films.id
    qualify row_number() over (partition by ratings."userId", films.id order by ratings.timestamp desc) = 1
) to '{target}' (format parquet)
"""
TARGETS = [
    *(Target("user_movie_id", "int8", None, False), Target("user_id", "int4", None, False)),
    *(Target("movie_id", "int4", None, False), Target("rating", "numeric", (2 << 16) + 1, False)),
    Target("rated_at", "timestamp", None, False),
]


class Stream(io.RawIOBase):
    """What COPY reads, made while it reads."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._left = parts, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; nothing at the end."""
        if not self._left:
            self._left = next(self._parts, b"")
        part, self._left = self._left[:size], self._left[size:]
        return part


def binary(parquet: Path) -> Iterator[bytes]:
    """The file's rows as a BINARY COPY."""
    yield HEADER
    for rows, _ in encoded(parquet, parquet.name, TARGETS):
        yield rows
    yield TRAILER


def load(sockets: Path, parquet: Path) -> None:
    """COPY into a new table."""
    with psycopg2.connect(host=str(sockets), user=INTERNAL_USER, dbname="template1") as connection:
        cursor = connection.cursor()
        cursor.execute(TABLE.format(name="ratings"))
        cursor.copy_expert("copy ratings from stdin with (format binary)", Stream(binary(parquet)), 1 << 20)


async def main() -> None:
    source, work = arguments(__doc__)
    parquet, steps = work / "ratings.parquet", Steps()
    duckdb.sql(RATINGS.format(source=source, target=parquet))
    steps.done("DuckDB: CSV, joins, dedup, Parquet")
    server = Postgres(work / "postgres", with_passwords=False)
    await server.start()
    steps.done("PostgreSQL starts")
    await asyncio.to_thread(load, server.sockets, parquet)
    steps.done("PostgreSQL: COPY")
    await server.stop()
    steps.tell()


if __name__ == "__main__":
    asyncio.run(main())
