"""What `sql/<table>/table.toml` and `sql/marts/<mart>/table.toml` declare: the one place that says what a table is."""

from movalytics_common.declaration.kinds import TOTAL_DIGITS, Kind
from movalytics_common.declaration.model import Column, Rule, Table
from movalytics_common.declaration.reading import Declared
from movalytics_common.declaration.tables import (
    inputs,
    marts,
    read_marts,
    read_tables,
    sql_folder,
    tables,
    tables_and_marts,
)

__all__ = [
    "TOTAL_DIGITS",
    "Column",
    "Declared",
    "Kind",
    "Rule",
    "Table",
    "inputs",
    "marts",
    "read_marts",
    "read_tables",
    "sql_folder",
    "tables",
    "tables_and_marts",
]
