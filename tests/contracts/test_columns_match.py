"""Redshift copies Parquet by position, so Spark's columns and staging's are one list said twice."""

import re
from pathlib import Path

import pytest
from movalytics_spark.columns import CURATED
from movalytics_warehouse.tables import TABLES

SQL = Path(__file__).parents[2] / "sql"
REDSHIFT = {
    "int": "integer",
    "bigint": "bigint",
    "double": "double precision",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "string": "varchar",
}


def declared(schema: str, table: str) -> list[tuple[str, str]]:
    """(name, type without length) of the columns of `schema.table`, as its DDL says."""
    (ddl,) = (SQL / table / "ddl").glob("*.sql")
    found = re.search(rf"create table {schema}\.{table} \(\n(.*?)\n\)", ddl.read_text(), re.DOTALL)
    assert found
    lines = [line.strip().rstrip(",") for line in found[1].splitlines()]
    columns = [line.split(maxsplit=1) for line in lines if not line.startswith(("primary key", "--"))]
    return [(name, re.sub(r" not null|\(\d+(, \d+)?\)", "", kind)) for name, kind in columns]


@pytest.mark.parametrize("table", TABLES)
def test_curated_columns_match_the_staging_table(table):
    curated = [(field.name, REDSHIFT[field.dataType.simpleString()]) for field in CURATED[table]]
    assert declared("movies_staging", table) == curated


@pytest.mark.parametrize("table", TABLES)
def test_the_published_table_has_the_columns_of_staging(table):
    assert [name for name, _ in declared("movies", table)] == [name for name, _ in declared("movies_staging", table)]


def test_there_is_a_transform_for_every_table_that_is_loaded():
    assert set(CURATED) == set(TABLES)
