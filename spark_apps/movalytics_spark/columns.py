"""The curated tables' columns, as declared: Redshift copies Parquet by position, so the order is part of the contract.

Types are limited to those that COPY takes without surprises: INT32, INT64, DOUBLE, BOOLEAN, UTF8, DATE and
TIMESTAMP in microseconds (decimals are made when a table is published).
"""

from typing import Final

from movalytics_common.declaration import Table, tables
from pyspark.sql.types import StructType


def _curated(table: Table) -> StructType:
    columns = StructType()
    for column in table.columns:
        columns = columns.add(column.name, column.kind.parquet)
    return columns


CURATED: Final = {name: _curated(table) for name, table in tables().items()}

REJECTED: Final = StructType().add("reason", "string").add("record", "string")
