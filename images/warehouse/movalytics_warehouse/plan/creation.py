"""The declared tables in the warehouse: made when they are missing, and compared with their declarations."""

from collections.abc import Mapping
from typing import Any

from movalytics_common.declaration import Column, Kind, Table, tables, tables_and_marts
from movalytics_common.errors import InvalidSettings
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.derived import STAGING, TARGET, add_column, create_staging, create_target, staging
from movalytics_warehouse.ledger import lock
from movalytics_warehouse.plan.comments import comment
from movalytics_warehouse.redshift.statements import execute, execute_text

Columns = list[tuple[str, Kind]]
Catalog = Mapping[tuple[str, str], Columns]
CATALOG_NAMES = {"character varying": "varchar", "timestamp without time zone": "timestamp"}


def create_missing(connection: Connection) -> list[str]:
    """Make the targets that are not there; their names."""
    lock(connection)
    there = catalog(connection)
    missing = [table for table in tables_and_marts() if (TARGET, table.name) not in there]
    for table in missing:
        execute_text(connection, create_target(table))
    return [table.name for table in missing]


def conform(connection: Connection, number: str) -> None:
    """Targets as declared, or InvalidSettings; staging made as declared; the declarations' sentences on the tables.

    `number` is that of the next migration.
    """
    lock(connection)
    there = catalog(connection)
    _refuse_differences(there, number)
    _renew_staging(connection, there)
    comment(connection, tables_and_marts())


def _renew_staging(connection: Connection, there: Catalog) -> None:
    """Make each staging table anew that is not as declared: what lies in one is kept in the lake."""
    for table in tables().values():
        found = there.get((STAGING, table.name))
        if found == [(column.name, column.kind.staging) for column in table.columns]:
            continue
        if found:
            execute_text(connection, f"drop table {staging(table)}")
        execute_text(connection, create_staging(table))
        execute(connection, "movies_ops/forget_staged", table_name=table.name)


def _refuse_differences(there: Catalog, number: str) -> None:
    """Raises InvalidSettings when a target has other columns than its declaration, with the ALTER that is missing."""
    for table in tables_and_marts():
        if difference := _difference(table, dict(there[TARGET, table.name])):
            raise InvalidSettings(
                f"{TARGET}.{table.name} is not what sql/{table.folder}/table.toml declares: {difference} "
                f"(in a new file sql/{table.folder}/ddl/{number}_what.sql)"
            )


def _difference(table: Table, found: Mapping[str, Kind]) -> str:
    """The first column that differs, and what to do; empty when none does."""
    for column in table.columns:
        if column.name not in found:
            return f"{column.name} is missing; write the migration {add_column(table, column)};"
        if found[column.name] != column.kind:
            return _other_type(table, column, found[column.name])
    if surplus := sorted(found.keys() - {column.name for column in table.columns}):
        name = surplus[0]
        change = f"alter table {TARGET}.{table.name} drop column {name};"
        return f"{name} is not declared; declare it, or write the migration {change}"
    return ""


def _other_type(table: Table, column: Column, found: Kind) -> str:
    """Redshift alters no type but a VARCHAR's length, and that in no transaction."""
    differs, place = f"{column.name} is {found.text} there and {column.kind.text} here", f"{TARGET}.{table.name}"
    return (
        f"{differs}; write the migration alter table {place} rename column {column.name} to {column.name}_before; "
        f"{add_column(table, column)}; update {place} "
        f"set {column.name} = cast({column.name}_before as {column.kind.text}); "
        f"alter table {place} drop column {column.name}_before; "
        f"(views that read it are dropped before and created after)"
    )


def catalog(connection: Connection) -> Catalog:
    """(schema, table) → its columns in order, as the warehouse has them; views are among them."""
    found: dict[tuple[str, str], Columns] = {}
    for row in execute(connection, "movies_ops/columns"):
        found.setdefault((row["table_schema"], row["table_name"]), []).append((row["column_name"], _kind(row)))
    return found


def _kind(row: Mapping[str, Any]) -> Kind:
    name = CATALOG_NAMES.get(row["data_type"], row["data_type"])
    if name == "varchar":
        return Kind(name, row["character_maximum_length"] or 0)
    return Kind(name, row["numeric_precision"], row["numeric_scale"]) if name == "numeric" else Kind(name)
