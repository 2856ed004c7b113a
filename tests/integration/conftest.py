"""A stand-in for Redshift that all integration tests of a session share, and a fresh database in it for each test."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest

START_SECONDS = 60


@dataclass(frozen=True)
class Standin:
    """Where a running stand-in listens; `process` is its pid, `data` its directory."""

    host: str
    port: int
    user: str
    database: str
    process: int
    data: Path

    @property
    def url(self) -> str:
        """As the warehouse's commands take it."""
        return f"redshift://{self.user}@{self.host}:{self.port}/{self.database}?sslmode=disable"

    def connect(self, **options: object) -> "psycopg2.extensions.connection":
        """A psycopg2 connection."""
        where = {"host": self.host, "port": self.port, "user": self.user, "dbname": self.database}
        return psycopg2.connect(**{"sslmode": "disable", **where, **options})


def start_standin(folder: Path, *options: str) -> "tuple[subprocess.Popen[bytes], Standin]":
    """Start a stand-in that keeps its data and its address in this folder, and wait until it is ready."""
    address = folder / "address"
    command = [sys.executable, "-m", "redshift_local", f"--data={folder / 'data'}", "--port=0"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([*command, f"--address-file={address}", *options], stdout=log, stderr=log)
    deadline = time.monotonic() + START_SECONDS
    while not address.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"the stand-in did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.02)
    host, port = address.read_text().split(":")
    return process, Standin(host, int(port), "awsuser", "dev", process.pid, folder / "data")


def stop_standin(process: "subprocess.Popen[bytes]") -> int:
    """Stop it as an orchestrator does; its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    return process.wait(60)


@pytest.fixture(scope="session")
def redshift_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    """One stand-in for the whole session."""
    process, standin = start_standin(tmp_path_factory.mktemp("redshift"))
    yield standin
    assert stop_standin(process) == 0


def new_database(server: Standin) -> Standin:
    """The same stand-in with an empty database of its own."""
    fresh = replace(server, database=f"test_{uuid4().hex[:12]}")
    _alone(server, f"CREATE DATABASE {fresh.database}")
    return fresh


def _alone(server: Standin, statement: str) -> None:
    """Run a statement that no transaction may hold."""
    with closing(server.connect()) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def redshift(redshift_server: Standin) -> Iterator[Standin]:
    """The session's stand-in with a fresh database."""
    fresh = new_database(redshift_server)
    yield fresh
    _alone(redshift_server, f"DROP DATABASE {fresh.database}")


@pytest.fixture
def warehouse_url(redshift: Standin) -> str:
    """The address of a fresh database."""
    return redshift.url
