"""A cancel ends what runs at that moment, and nothing that comes later, however slowly it gets through.

https://docs.aws.amazon.com/redshift/latest/dg/r_CANCEL.html
"""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pyarrow as pa
import pytest

from tests.integration.conftest import Standin
from tests.integration.redshift_local.conftest import Client, WriteManifest
from tests.integration.redshift_local.wire import Extended, request_cancel

ENDLESS = "SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d"
HALF_A_SECOND = "SELECT count(*) FROM generate_series(1, 3000000)"


@contextmanager
def cancelling(client: Client) -> Iterator[None]:
    """Cancel what the client does until this block ends: the first cancels may come before it does anything."""
    over = threading.Event()

    def cancel() -> None:
        while not over.wait(0.1):
            client.connection.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    try:
        yield
    finally:
        over.set()
        canceller.join()


@contextmanager
def held_back(standin: Standin) -> Iterator[None]:
    """Let no cancel through to the embedded server, whose postmaster takes them, before this block ends."""
    postmaster = int((standin.data / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(postmaster, signal.SIGCONT)


@pytest.fixture
def endless_load(client: Client, write_manifest: WriteManifest) -> str:
    """A manifest of more rows than any test waits for, and the table `films` for them."""
    rows = 200_000
    table = pa.table({"id": pa.array(range(rows), pa.int32()), "title": pa.array(["Heat"] * rows)})
    manifest = Path(write_manifest(table).removeprefix("file://"))
    entries = json.loads(manifest.read_text())["entries"]
    manifest.write_text(json.dumps({"entries": entries * 10_000}))
    client.run("CREATE TABLE films (id INT, title VARCHAR(6))")
    return f"file://{manifest}"


def test_cancel_ends_the_running_statement(client: Client) -> None:
    with cancelling(client):
        error = client.refusal(ENDLESS)
    assert error.pgcode == "57014"
    assert client.value("1") == 1


def test_cancel_ends_a_load_and_undoes_it(client: Client, endless_load: str) -> None:
    with cancelling(client), pytest.raises(psycopg2.errors.QueryCanceled):
        client.copy("films", endless_load)
    assert client.value("count(*) FROM films") == 0


def test_a_cancelled_load_leaves_the_next_statement_alone(
    client: Client, endless_load: str, redshift_server: Standin, tmp_path: Path
) -> None:
    manifest = tmp_path / "pipe.manifest"
    os.mkfifo(manifest)

    def cancel() -> None:
        with manifest.open("wb") as pipe:  # opens when the load does
            client.connection.cancel()
            pipe.write(Path(endless_load.removeprefix("file://")).read_bytes())

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with held_back(redshift_server), pytest.raises(psycopg2.errors.QueryCanceled):
        client.copy("films", f"file://{manifest}")
    assert client.run(HALF_A_SECOND) == [(3_000_000,)]
    canceller.join()


def test_a_cancel_that_comes_through_late_leaves_the_next_statement_alone(redshift_server: Standin) -> None:
    session, other = Extended(redshift_server), Extended(redshift_server)
    session.simple("SELECT 1")
    with held_back(redshift_server):
        cancel = request_cancel(redshift_server, session.key)
        for _ in range(3):  # answered by the same loop that takes the cancel: so it is on its way
            other.simple("SELECT 1")
        session.ask(HALF_A_SECOND)
    assert [kind for kind, _ in session.until("Z")] == [b"T", b"D", b"C", b"Z"]
    assert cancel.recv(1) == b""
    for connection in (cancel, session.socket, other.socket):
        connection.close()
