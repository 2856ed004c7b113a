"""Published clients log in over TLS with a password and do a page of ordinary work; `make clients` has more of them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redshift_connector

from tests.clients.page import STEPS
from tests.clients.run import PASSWORD, surroundings, write_manifest
from tests.integration.conftest import Standin, start_standin, stop_standin

# Amazon's driver makes its SSLContext the old way.
pytestmark = pytest.mark.filterwarnings("ignore:ssl:DeprecationWarning")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, made_data: Path) -> Iterator[tuple[Standin, dict[str, str]]]:
    """A stand-in as `make serve` starts it, and what a client's environment says of it."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(made_data, folder / "data")
    (folder / "password").write_text(PASSWORD)
    process, standin = start_standin(folder, f"--password-file={folder / 'password'}")
    yield standin, surroundings(standin, write_manifest(folder))
    stop_standin(process)


@pytest.mark.parametrize("driver", ["redshift_connector", "psycopg2", "psycopg", "psycopg-utf8", "pg8000"])
def test_a_client_does_a_page_of_ordinary_work(served: tuple[Standin, dict[str, str]], driver: str) -> None:
    command = [sys.executable, "-m", "tests.clients.page", driver]
    done = subprocess.run(command, env=served[1], capture_output=True, text=True, timeout=120)
    said = {line["step"]: line["error"] for line in map(json.loads, done.stdout.splitlines())}
    assert said == dict.fromkeys(["logs in", *STEPS]), done.stderr


@pytest.fixture
def cursor(served: tuple[Standin, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """Of Amazon's own driver, over two tables of which one refers to the other."""
    standin, environment = served
    monkeypatch.setenv("SSL_CERT_FILE", environment["SSL_CERT_FILE"])
    where = {"host": "localhost", "port": standin.port, "database": standin.database}
    connection = redshift_connector.connect(user=standin.user, password=PASSWORD, **where)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("drop schema if exists meta cascade")
    cursor.execute("create schema meta")
    cursor.execute("create table meta.films (id int primary key, title varchar(20), rating numeric(3, 1))")
    yield cursor
    connection.close()


def test_amazon_s_driver_lists_schemas_tables_columns_and_keys(cursor) -> None:
    """https://github.com/aws/amazon-redshift-python-driver: the driver's own queries, cursor.py"""
    schemas = [row[0] for row in cursor.get_schemas()]
    assert "meta" in schemas
    assert "rs_compat" not in schemas
    assert [row[1:4] for row in cursor.get_tables(schema_pattern="meta") if row[3] == "TABLE"] == [
        ["meta", "films", "TABLE"]
    ]
    columns = cursor.get_columns(schema_pattern="meta", tablename_pattern="films")
    assert [(row[3], row[5], row[6], row[17]) for row in columns] == [
        ("id", "int4", 10, "NO"),
        ("title", "varchar", 20, "YES"),
        ("rating", "numeric", 3, "YES"),
    ]
    assert [row[3] for row in cursor.get_primary_keys(schema="meta", table="films")] == ["id"]
    assert "films" in [row[2] for row in cursor.get_tables()]


def test_amazon_s_driver_inserts_in_bulk(cursor) -> None:
    """insert_data_bulk asks svv_all_tables and svv_all_columns for each name."""
    cursor.execute("set search_path to meta")
    cursor.executemany("insert into films values (%s, %s, %s)", [(1, "Amélie", 8.3), (2, None, None)])
    cursor.execute("select title from films order by id")
    assert list(cursor.fetchall()) == [["Amélie"], [None]]
    cursor.execute("select count(*) from svv_all_tables where schema_name = %s", ("meta",))
    assert list(cursor.fetchall()) == [[1]]
