"""The schema's migrations: every `sql/**/ddl/NNN_name.sql`, in the order of the numbers, each applied once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg2
from movalytics_common.declaration import sql_folder
from movalytics_common.errors import InvalidSettings
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import lock, now
from movalytics_warehouse.plan.creation import conform, create_missing
from movalytics_warehouse.redshift.statements import execute, execute_text, sha256, statements
from movalytics_warehouse.redshift.transactions import in_transaction

OWN_SCHEMA = "movies_ops"
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

    @property
    def owner(self) -> str:
        """The table whose folder it is in."""
        return self.path.parents[1].name


def migrations(folder: Path) -> list[Migration]:
    """All migrations below the folder, in order. Raises InvalidSettings for a bad name or a number used twice."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("**/ddl/*.sql"), key=lambda path: path.name):
        match = NAME.fullmatch(path.name)
        if not match:
            raise InvalidSettings(f"{path.name} is no name for a migration: call it NNN_what.sql")
        version = int(match[1])
        if version in found:
            one, other = (each.relative_to(folder.parent) for each in (found[version].path, path))
            words = f"two migrations have the number {version}, {one} and {other}"
            raise InvalidSettings(f"{words}: give the newer one {next_number(folder)}")
        found[version] = Migration(version, match[2], path, sha256(path))
    return list(found.values())


def next_number(folder: Path) -> str:
    """The number of the next migration, one above all below the folder: `063`."""
    taken = [int(match[1]) for path in folder.glob("**/ddl/*.sql") if (match := NAME.fullmatch(path.name))]
    return f"{max(taken, default=0) + 1:03}"


def migrate(connect: Callable[[], Connection], folder: Path | None = None) -> list[str]:
    """Bring the schema up to date; the names of the tables that were made and the migrations that were applied now.

    A table that is made is as declared: the migrations in its folder, which brought older ones there, are noted only.
    Raises InvalidSettings when a file that was applied earlier has been changed since, or a table is not as declared.
    """
    folder = folder or sql_folder()
    every = migrations(folder)
    in_transaction(connect, _bootstrap)
    ledger = [migration for migration in every if migration.owner == OWN_SCHEMA]
    applied = _apply_all(connect, ledger, every)
    created = in_transaction(connect, lambda connection: _create(connection, every))
    applied += [*created, *_apply_all(connect, every, every)]
    in_transaction(connect, partial(conform, number=next_number(folder)))
    if applied:
        in_transaction(connect, _grant)
        get_logger().info("migrated", applied=applied)
    return applied


def _apply_all(connect: Callable[[], Connection], wanted: list[Migration], every: list[Migration]) -> list[str]:
    pending = in_transaction(connect, lambda connection: _pending(connection, every))
    return [
        migration.name
        for migration in pending
        if migration in wanted and in_transaction(connect, partial(_apply, migration=migration, every=every))
    ]


def _create(connection: Connection, every: list[Migration]) -> list[str]:
    created = create_missing(connection)
    for migration in _pending(connection, every):
        if migration.owner in created:
            _record(connection, migration)
    return created


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
    _record(connection, migration)
    return True


def _record(connection: Connection, migration: Migration) -> None:
    execute(
        connection,
        "movies_ops/record_version",
        version=migration.version,
        name=migration.name,
        sha256=migration.sha256,
        now=now(),
    )


def _grant(connection: Connection) -> None:
    lock(connection)
    if not execute(connection, "movies_ops/find_analysts"):
        execute(connection, "movies_ops/create_analysts")
    execute(connection, "movies_ops/grant_to_analysts")
