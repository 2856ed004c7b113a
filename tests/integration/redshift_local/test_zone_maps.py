"""Zone maps of a sort key: a range is found by them, after COPY and after ANALYZE, and no client sees them."""

import pyarrow as pa
import pytest

from tests.integration.redshift_local.conftest import Client, WriteManifest

ROWS = 200_000  # more than a few blocks
EVENTS = "(at INT{column}, what VARCHAR(100)){table}"
SORTED = [EVENTS.format(column="", table=" SORTKEY (at)"), EVENTS.format(column=" SORTKEY", table="")]
CATALOG = [
    "SELECT relname FROM pg_class",
    "SELECT relname FROM pg_class WHERE relhasindex AND relkind = 'r'",
    "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid",
    "SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid",
    "SELECT classid::int FROM pg_depend JOIN pg_class ON pg_class.oid = objid",
]


@pytest.fixture
def manifest(write_manifest: WriteManifest) -> str:
    """Events in order."""
    at = pa.array(range(ROWS), pa.int32())
    return write_manifest(pa.table({"at": at, "what": pa.array(["something happened here"] * ROWS)}))


def way(client: Client, table: str) -> str:
    """How a few of the table's events would be found."""
    return "\n".join(line for (line,) in client.run(f"EXPLAIN SELECT what FROM {table} WHERE at BETWEEN 500 AND 510"))


@pytest.mark.parametrize("definition", SORTED)
def test_a_range_of_the_sort_key_is_found_without_reading_all(client: Client, manifest: str, definition: str) -> None:
    client.run(f"CREATE TABLE events {definition}")
    client.copy("events", manifest)
    assert "Seq Scan" not in way(client, "events")
    assert client.run("SELECT count(*) FROM events WHERE at BETWEEN 500 AND 510") == [(11,)]


def test_rows_that_were_inserted_are_found_too_once_the_table_is_analyzed(client: Client, manifest: str) -> None:
    client.run(f"CREATE TABLE events {SORTED[0]}; CREATE TABLE others {SORTED[0]}")
    client.copy("events", manifest)
    client.run("INSERT INTO others SELECT * FROM events")
    client.run("ANALYZE others")
    assert "Seq Scan" not in way(client, "others")
    client.run("DELETE FROM others WHERE at BETWEEN 100 AND 505")
    client.run("INSERT INTO others SELECT at, 'again' FROM events WHERE at < 506 AND at > 501")
    assert client.run("SELECT at FROM others WHERE at BETWEEN 500 AND 510 ORDER BY at") == [
        (at,) for at in range(502, 511)
    ]


def test_a_table_without_a_sort_key_is_read_whole(client: Client, manifest: str) -> None:
    client.run(f"CREATE TABLE events {EVENTS.format(column='', table='')}")
    client.copy("events", manifest)
    client.run("ANALYZE events")
    assert "Seq Scan" in way(client, "events")


@pytest.mark.parametrize("query", CATALOG)
def test_the_catalog_shows_the_same_with_and_without_a_sort_key(client: Client, query: str) -> None:
    mine = f" {'AND' if 'WHERE' in query else 'WHERE'} relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s)"
    shown = []
    for definition in (SORTED[0], EVENTS.format(column="", table="")):
        client.run(f"CREATE TABLE events {definition}")
        shown.append(sorted(client.run(query + mine, (client.schema,))))
        client.run("DROP TABLE events")
    assert shown[0] == shown[1]


def test_a_sorted_table_is_changed_as_any_other(client: Client) -> None:
    client.run("CREATE TABLE events (at INT, what VARCHAR(10), is_new BOOLEAN) COMPOUND SORTKEY (what, at)")
    client.run("CREATE TABLE IF NOT EXISTS events (other INT) SORTKEY (other)")
    client.run("ALTER TABLE events ALTER COLUMN what TYPE VARCHAR(20)")
    client.run("ALTER TABLE events RENAME COLUMN at TO moment")
    client.run("ALTER TABLE events RENAME TO happened")
    client.run("CREATE TABLE events (at INT) SORTKEY (at)")
    client.run("CREATE TEMP TABLE mine (is_new BOOLEAN SORTKEY)")
    client.run("INSERT INTO happened VALUES (1, 'longer than ten')")
    client.run("ALTER TABLE happened DROP COLUMN what")
    assert client.run("SELECT moment FROM happened") == [(1,)]
