"""A warehouse for each test: the rows of the last one are gone, the schema is migrated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from movalytics_common.declaration import marts, sql_folder, tables
from movalytics_warehouse.plan.migrate import migrate, migrations

from tests.integration.conftest import Standin, new_database
from tests.integration.warehouse.steps import Warehouse
from tests.integration.warehouse.world import World, small_world

ROWS = [
    *(f"movies.{table}" for table in (*tables(), *marts())),
    *(f"movies_staging.{table}" for table in tables()),
]
LEDGER = """
select 'movies_ops.' || table_name from information_schema.tables
where table_schema = 'movies_ops' and table_name not in ('schema_version', 'load_lock')
"""


@pytest.fixture(scope="session")
def server(redshift_server: Standin) -> str:
    """HOST:PORT of the session's stand-in."""
    return f"{redshift_server.host}:{redshift_server.port}"


@pytest.fixture(scope="session")
def url(redshift_server: Standin) -> str:
    """A database that a folder's tests share: emptying it is quicker than migrating a fresh one for each."""
    return new_database(redshift_server).url


@pytest.fixture
def empty(url: str, tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse without any of our schemas, before and after."""
    warehouse = Warehouse(url, tmp_path)
    drop_schemas(warehouse)
    yield warehouse
    drop_schemas(warehouse)


@pytest.fixture
def warehouse(url: str, tmp_path: Path) -> Warehouse:
    """A migrated warehouse without rows; migrated anew only where an earlier test changed the schema."""
    warehouse = Warehouse(url, tmp_path)
    if is_migrated(warehouse):
        emptied(warehouse)
    else:
        drop_schemas(warehouse)
        migrate(warehouse.connect)
    return warehouse


def emptied(warehouse: Warehouse) -> None:
    """Take away all rows, the ledger's too."""
    ledger = [str(table) for (table,) in warehouse.rows(LEDGER)]
    warehouse.rows("; ".join(f"delete from {table}" for table in (*ROWS, *ledger)))


def is_migrated(warehouse: Warehouse) -> bool:
    """Whether exactly our migrations are applied."""
    if not warehouse.rows("select 1 from information_schema.tables where table_name = 'schema_version'"):
        return False
    ours = [(migration.version, migration.sha256) for migration in migrations(sql_folder())]
    return warehouse.rows("select version, sha256 from movies_ops.schema_version order by version") == ours


def drop_schemas(warehouse: Warehouse) -> None:
    """Take away all that is ours."""
    for schema in ("movies", "movies_staging", "movies_ops"):
        warehouse.rows(f"drop schema if exists {schema} cascade")


@pytest.fixture
def world() -> World:
    """Rows in which nothing is wrong."""
    return small_world()
