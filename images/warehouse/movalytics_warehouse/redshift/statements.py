"""The .sql files: where they are, and how their statements run."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from movalytics_common.declaration import sql_folder
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name
from psycopg2.extras import RealDictCursor, execute_values

Rows = list[dict[str, Any]]
COMMENT = re.compile(r"^[ \t]*--.*\n?", re.MULTILINE)
END = re.compile(r";[ \t]*$", re.MULTILINE)


def statements(path: Path) -> tuple[str, ...]:
    """The statements of a file; one ends where a line ends with a semicolon."""
    return split(path.read_text())


def split(text: str) -> tuple[str, ...]:
    """The statements of a text without their semicolons and without its lines of comment."""
    # A comment may hold a %, which would be taken for a bound value.
    pieces = (piece.strip() for piece in END.split(COMMENT.sub("", text)))
    return tuple(piece for piece in pieces if piece)


def sha256(path: Path) -> str:
    """The file's digest, with which a migration is recorded."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_digests(folder: Path) -> dict[str, str]:
    """Path below the folder, which is sql/, → sha256, of every declaration, migration, check, mart and query."""
    paths = sorted(path for kind in ("*.sql", "*.toml") for path in folder.rglob(kind))
    return {path.relative_to(folder).as_posix(): sha256(path) for path in paths}


def execute(connection: Connection, name: str, /, **values: object) -> Rows:
    """Run every statement of `sql/<name>.sql` with bound values; the rows of the last one (none for a change)."""
    rows: Rows = []
    for statement in statements(sql_folder() / f"{name}.sql"):
        rows = execute_text(connection, statement, **values)
    return rows


def execute_rows(connection: Connection, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Run the one INSERT of `sql/<name>.sql` once for all these rows of bound values; not at all without any."""
    if not rows:  # Redshift takes about as long for one row as for hundreds: so they go together
        return
    (statement,) = statements(sql_folder() / f"{name}.sql")
    head, values, row = statement.partition("values")
    with connection.cursor() as cursor:
        execute_values(cursor, f"{head}{values}%s", rows, template=row, page_size=len(rows))


def execute_text(connection: Connection, statement: str, /, **values: object) -> Rows:
    """Run one statement with bound values; its rows, as dictionaries by column name."""
    with connection.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(statement, values or None)  # without values a % stays a %
        return [dict(row) for row in cursor.fetchall()] if cursor.description else []
