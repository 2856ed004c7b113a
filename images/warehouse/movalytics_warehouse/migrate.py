"""The schema's migrations: every `sql/**/ddl/NNN_name.sql`, in the order of the numbers, each applied once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg2
from movalytics_common.errors import InvalidSettings
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import lock, now
from movalytics_warehouse.statements import execute, execute_text, sha256, sql_folder, statements
from movalytics_warehouse.transactions import in_transaction

NAME = re.compile(r"(\d{3})_(\w+)\.sql")
# What two first runs at once make of CREATE … IF NOT EXISTS: the other one was faster.
ALREADY_THERE = {"23505", "42P06", "42P07", "42710"}


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    version: int
    name: str
    path: Path
    sha256: str


def migrations(folder: Path) -> list[Migration]:
    """All migrations below the folder, in order. Raises InvalidSettings for a bad name or a number used twice."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("**/ddl/*.sql"), key=lambda path: path.name):
        match = NAME.fullmatch(path.name)
        if not match:
            raise InvalidSettings(f"{path.name} is no name for a migration: call it NNN_what.sql")
        version = int(match[1])
        if version in found:
            raise InvalidSettings(f"two migrations have the number {version}: {found[version].path.name}, {path.name}")
        found[version] = Migration(version, match[2], path, sha256(path))
    return list(found.values())


def migrate(connect: Callable[[], Connection], folder: Path | None = None) -> list[str]:
    """Bring the schema up to date; the names of the migrations that were applied now.

    Raises InvalidSettings when a file that was applied earlier has been changed since.
    """
    every = migrations(folder or sql_folder())
    in_transaction(connect, _bootstrap)
    pending = in_transaction(connect, lambda connection: _pending(connection, every))
    applied = [
        migration.name
        for migration in pending
        if in_transaction(connect, partial(_apply, migration=migration, every=every))
    ]
    if applied:
        in_transaction(connect, _grant)
        get_logger().info("migrated", applied=applied)
    return applied


def _bootstrap(connection: Connection) -> None:
    if execute(connection, "movies_ops/is_bootstrapped"):
        return
    try:
        execute(connection, "movies_ops/bootstrap")
    except psycopg2.Error as error:
        if error.pgcode not in ALREADY_THERE:
            raise
        connection.rollback()


def _pending(connection: Connection, every: list[Migration]) -> list[Migration]:
    applied = {row["version"]: row for row in execute(connection, "movies_ops/schema_versions")}
    for migration in every:
        row = applied.get(migration.version)
        if row and row["sha256"] != migration.sha256:
            raise InvalidSettings(
                f"{migration.path.name} was changed after it had been applied to this warehouse: restore it, "
                "and put the change into a new migration"
            )
    return [migration for migration in every if migration.version not in applied]


def _apply(connection: Connection, migration: Migration, every: list[Migration]) -> bool:
    lock(connection)
    if migration not in _pending(connection, every):
        return False  # somebody else applied it while this one waited for the lock
    for statement in statements(migration.path):
        execute_text(connection, statement)
    execute(
        connection,
        "movies_ops/record_version",
        version=migration.version,
        name=migration.name,
        sha256=migration.sha256,
        now=now(),
    )
    return True


def _grant(connection: Connection) -> None:
    lock(connection)
    if not execute(connection, "movies_ops/find_analysts"):
        execute(connection, "movies_ops/create_analysts")
    execute(connection, "movies_ops/grant_to_analysts")
