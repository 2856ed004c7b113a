"""Which rows of a divided table must be judged again: those that move, when the others were judged by the same code."""

from collections.abc import Mapping

from movalytics_common.declaration import Table, tables
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse import partitions
from movalytics_warehouse.content import within
from movalytics_warehouse.ledger import planned_run, published_run
from movalytics_warehouse.partitions import Moves

Scope = Mapping[str, str]  # table → condition on its rows, there named `this`; all rows of a table that is not in it


def scope(connection: Connection, run_id: str) -> Scope:
    """What has to be judged of the staged rows of this run."""
    run, published = planned_run(connection, run_id), published_run(connection)
    if published is None or run.rebuilds or run.code_digest != published.code_digest:
        return {}
    new, old = partitions.told(connection, run_id), partitions.told(connection, published.run_id)
    if tables().keys() - new:
        return {}
    moving = {name: partitions.moves(new[name], old.get(name)) for name in tables()}
    narrow = [table for table in tables().values() if _is_narrow(table, moving)]
    return {table.name: within(table, moving[table.name].names, "this.") for table in narrow}


def _is_narrow(table: Table, moving: Mapping[str, Moves]) -> bool:
    """Not when the rows that it refers to move too, nor when there is a warning: that is told as long as it is true."""
    parents = [rule.argument.partition(".")[0] for rule in table.rules if rule.test == "relationships"]
    warns = any(rule.severity == "warn" for rule in table.rules)
    return bool(table.partition) and not warns and not any(moving[parent] for parent in parents)
