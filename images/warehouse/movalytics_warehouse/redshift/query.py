"""`query`: one SELECT, read-only, as CSV on standard output and nothing else there."""

import argparse
import csv
import io
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import TextIO

import psycopg2
import sqlparse
from movalytics_common.errors import InvalidSettings
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's classes have lower-case names
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.transactions import first_line


def query(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Header, then rows. Raises InvalidSettings, with the server's words when it refuses the SQL."""
    statement = only_statement(arguments.sql)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # data, whatever a terminal's letters are
    with closing(connector(arguments)()) as connection:
        try:
            rows = write_csv(connection, statement, sys.stdout)
            sys.stdout.flush()
        except psycopg2.Error as error:
            raise InvalidSettings(f"the warehouse refused the query: {first_line(error)}") from error
        except BrokenPipeError:
            # The reader (head, less) has seen enough; Python must not try to flush the rest at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            rows = None
    return {"rows": rows}


def only_statement(text: str) -> str:
    """The one statement of the text, without its semicolon. Raises InvalidSettings for none, and for several."""
    statements = [statement for statement in sqlparse.split(text, strip_semicolon=True) if _says_something(statement)]
    if not statements:
        raise InvalidSettings("there is no query to ask: give one, as select title from movies.movies limit 10")
    if len(statements) > 1:
        raise InvalidSettings(
            f"these are {len(statements)} statements, the second is {statements[1][:60]!r}: ask one query at a time"
        )
    return statements[0]


def _says_something(statement: str) -> bool:
    return bool(sqlparse.format(statement, strip_comments=True).strip())


def write_csv(connection: Connection, statement: str, target: TextIO) -> int:
    """Stream the rows through a cursor of the server's, in a transaction that may only read; the number of rows."""
    connection.set_session(readonly=True)
    writer = csv.writer(target, lineterminator="\n")
    count = 0
    with connection.cursor() as cursor:
        # psycopg2's own named cursors say WITHOUT HOLD, which Redshift's DECLARE does not document.
        cursor.execute(sql.SQL("declare answer cursor for {}").format(sql.SQL(statement)))
        rows = _fetch(cursor)
        writer.writerow([column.name for column in cursor.description or ()])
        while rows:
            writer.writerows(map(_cells, rows))
            count += len(rows)
            rows = _fetch(cursor)
    return count


def _fetch(cursor: Cursor) -> list[tuple[object, ...]]:
    cursor.execute("fetch forward 1000 from answer")  # the most that a single-node cluster gives
    return cursor.fetchall()


def _cells(row: Iterable[object]) -> list[object]:
    return [str(cell).lower() if isinstance(cell, bool) else cell for cell in row]
