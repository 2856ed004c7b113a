"""A cursor in a schema of its own for each test, and Parquet files with the manifest that names them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.conftest import start_standin, stop_standin

ROLE = "arn:aws:iam::123456789012:role/copy"


class Client:
    """What a test says to the stand-in, in its own schema."""

    def __init__(self, connection: "psycopg2.extensions.connection") -> None:
        self.connection = connection
        self.cursor = connection.cursor()
        self.schema = f"t_{uuid4().hex[:12]}"

    def run(self, statement: str, values: object = None) -> list[tuple]:
        """Execute; the rows, if there are any."""
        self.cursor.execute(statement, values)
        return self.cursor.fetchall() if self.cursor.description else []

    def value(self, expression: str) -> object:
        """What an expression comes to."""
        return self.run(f"SELECT {expression}")[0][0]

    def refusal(self, statement: str) -> psycopg2.Error:
        """The error this statement ends with; fails when there is none."""
        with pytest.raises(psycopg2.Error) as caught:
            self.cursor.execute(statement)
        return caught.value

    def copy(self, table: str, manifest: str) -> None:
        """Load a manifest as the warehouse does."""
        self.cursor.execute(
            f"COPY {table} FROM '{manifest}' IAM_ROLE '{ROLE}' FORMAT AS PARQUET MANIFEST STATUPDATE OFF"
        )


@pytest.fixture(scope="session")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as a stand-in leaves it: to start on a copy of it is quicker than to make another."""
    folder = tmp_path_factory.mktemp("made")
    process, standin = start_standin(folder)
    assert stop_standin(process) == 0
    return standin.data


@pytest.fixture(scope="module")
def _connection(redshift_server) -> "Iterator[psycopg2.extensions.connection]":
    connection = redshift_server.connect()
    yield connection
    connection.close()


@pytest.fixture
def client(_connection: "psycopg2.extensions.connection") -> Iterator[Client]:
    """A client in autocommit mode, in a schema of its own."""
    _connection.rollback()
    _connection.autocommit = True
    client = Client(_connection)
    client.run(f"CREATE SCHEMA {client.schema}; SET search_path TO {client.schema}")
    yield client
    _connection.rollback()
    _connection.autocommit = True
    client.run(f"DROP SCHEMA {client.schema} CASCADE")


@pytest.fixture
def transaction(client: Client) -> Client:
    """The same client with psycopg2's ordinary transactions."""
    client.connection.autocommit = False
    return client


WriteManifest = Callable[..., str]


@pytest.fixture
def write_manifest(tmp_path: Path) -> WriteManifest:
    """Writes Parquet files and a manifest of them (in a directory with a blank); its URI."""
    folder = tmp_path / "lake here"
    folder.mkdir()

    def write(*tables: pa.Table, **changes: object) -> str:
        entries = []
        for number, table in enumerate(tables):
            path = folder / f"part-{number:05}.parquet"
            pq.write_table(table, path)
            meta = {"content_length": path.stat().st_size, "record_count": table.num_rows}
            entries.append({"url": f"file://{path}", "mandatory": True, "meta": meta} | changes)
        manifest = folder / "table.manifest"
        manifest.write_text(json.dumps({"entries": entries}))
        return f"file://{manifest}"

    return write
