"""One page of ordinary work with one client: `python -m tests.clients.page <driver>`; prints a JSON line for each step.

Runs in the client's own environment, with nothing beside the driver and the standard library. Where the stand-in is
comes from the environment as libpq has it (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLROOTCERT); MANIFEST
names the Parquet file to copy.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from tests.clients.drivers import DRIVERS, Session

ROLE = "arn:aws:iam::123456789012:role/copy"
FILM = (1, "Amélie", Decimal("8.3"), datetime(2001, 4, 25, 12, 30), None)  # noqa: DTZ001 as TIMESTAMP holds it


def creates(session: Session) -> None:
    """DDL with Redshift's attributes, and rows in it."""
    session.run("create schema page")
    session.run(
        "create table page.films (id int not null primary key, title varchar(20), rating numeric(3, 1),"
        " seen timestamp, note varchar(5)) diststyle all sortkey (id)"
    )
    session.run("insert into page.films (id, title) values (0, 'Heat'), (2, 'Ran')")
    session.commit()
    expect(session.run("select id, title from page.films order by id"), [(0, "Heat"), (2, "Ran")])


def binds(session: Session) -> None:
    """Values of each kind go in and come back as they were."""
    session.run("insert into page.films values (%s, %s, %s, %s, %s)", *FILM)
    expect(session.run("select * from page.films where title = %s", FILM[1]), [FILM])
    session.commit()


def copies(session: Session) -> None:
    """COPY from Parquet, inside a transaction."""
    session.run("create table page.copied (id int, title varchar(20))")
    manifest = os.environ["MANIFEST"]
    session.run(f"copy page.copied from '{manifest}' iam_role '{ROLE}' format as parquet manifest")
    expect(session.run("select id, title from page.copied order by id"), [(1, "Amélie"), (2, None)])
    session.rollback()
    session.run("create table page.copied (id int)")
    session.rollback()


def truncates(session: Session) -> None:
    """TRUNCATE, which commits."""
    session.run("create table page.emptied (id int)")
    session.run("insert into page.emptied values (1)")
    session.run("truncate page.emptied")
    session.rollback()
    expect(session.run("select count(*) from page.emptied"), [(0,)])
    session.commit()


def creates_as(session: Session) -> None:
    """CREATE TABLE AS, with a value bound into its query."""
    session.run("create table page.chosen as select id, title from page.films where id = %s", 1)
    expect(session.run("select * from page.chosen"), [(1, "Amélie")])
    session.commit()


def rolls_back(session: Session) -> None:
    """A transaction that is rolled back, and one that fails."""
    session.run("delete from page.films")
    session.rollback()
    expect(session.run("select count(*) from page.films"), [(3,)])
    try:
        session.run("select 1 from page.nowhere")
    except Exception as error:
        if "nowhere" not in str(error):
            raise
    session.rollback()
    expect(session.run("select count(*) from page.films"), [(3,)])
    session.commit()


def lists(session: Session) -> None:
    """The client's own list of tables and columns."""
    tables, columns = session.listing("page")
    if "films" not in tables or not {"id", "title", "rating", "seen", "note"} <= set(columns):
        raise AssertionError(f"listed {sorted(tables)} with {sorted(columns)}")
    session.commit()


STEPS: dict[str, Callable[[Session], None]] = {
    "creates, inserts": creates,
    "binds values": binds,
    "COPY": copies,
    "TRUNCATE": truncates,
    "CREATE TABLE AS": creates_as,
    "rolls back": rolls_back,
    "lists tables": lists,
}


def expect(found: object, wanted: object) -> None:
    """Raises AssertionError when they differ."""
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


def main() -> None:
    """Log in, take the steps, say how each went."""
    session = DRIVERS[sys.argv[1]]()
    tell("logs in", None)
    session.run("drop schema if exists page cascade")
    session.commit()
    for name, step in STEPS.items():
        try:
            step(session)
            tell(name, None)
        except Exception as error:  # noqa: BLE001 whatever a step ends with is what the table is for
            tell(name, f"{type(error).__name__}: {error}")
            session.rollback()
    session.close()


def tell(step: str, error: str | None) -> None:
    """One line of the result."""
    print(json.dumps({"step": step, "error": error}), flush=True)  # noqa: T201 it is read from there


if __name__ == "__main__":
    main()
