"""The declarations' sentences in the warehouse, where analysts' tools show them."""

from collections.abc import Iterable, Mapping

from movalytics_common.declaration import Table
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.derived import literal, target
from movalytics_warehouse.redshift.statements import execute, execute_text


def comment(connection: Connection, tables: Iterable[Table]) -> None:
    """COMMENT ON every table and column whose sentence is not there yet, or another."""
    there = {
        (row["table_name"], row["column_name"]): row["description"]
        for row in execute(connection, "movies_ops/comments")
    }
    for table in tables:
        for column, sentence in sentences(table).items():
            if there.get((table.name, column)) != sentence:
                place = f'column {target(table)}."{column}"' if column else f"table {target(table)}"
                execute_text(connection, f"comment on {place} is {literal(sentence)}")


def sentences(table: Table) -> Mapping[str, str]:
    """Column → its sentence; the table's own under an empty name."""
    return {"": table.description, **{column.name: column.description for column in table.columns}}
