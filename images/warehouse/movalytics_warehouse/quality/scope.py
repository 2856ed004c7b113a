"""Which rows of a divided table must be judged: those that move, when the others were judged by the same rules."""

from collections.abc import Mapping

from movalytics_common.declaration import Table, sql_folder, tables
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse import partitions
from movalytics_warehouse.content import within
from movalytics_warehouse.ledger import planned_run, published_run
from movalytics_warehouse.partitions import Moves
from movalytics_warehouse.redshift.statements import execute, file_digests

Scope = Mapping[str, str]  # table → condition on its rows, there named `this`; all rows of a table that is not in it


def scope(connection: Connection, run_id: str) -> Scope:
    """What has to be judged of the staged rows of this run."""
    run, published = planned_run(connection, run_id), published_run(connection)
    if published is None or run.rebuilds:
        return {}
    new, old = partitions.told(connection, run_id), partitions.told(connection, published.run_id)
    if tables().keys() - new:
        return {}
    moving = {name: partitions.moves(new[name], old.get(name)) for name in tables()}
    same = _ruled_as_in(connection, published.run_id)
    narrow = [table for table in same if _is_narrow(table, moving)]
    return {table.name: within(table, moving[table.name].names, "this.") for table in narrow}


def _ruled_as_in(connection: Connection, run_id: str) -> list[Table]:
    """The tables whose rules are those by which the run was judged; none when it noted no code."""
    code = file_digests(sql_folder())
    before = {row["path"]: row["digest"] for row in execute(connection, "movies_ops/run_code", run_id=run_id)}
    other = [path for path in code.keys() | before.keys() if code.get(path) != before.get(path)]
    return [table for table in tables().values() if not any(_is_rule_of(table, path) for path in other)]


def _is_rule_of(table: Table, path: str) -> bool:
    return path == f"{table.folder}/table.toml" or path.startswith(f"{table.folder}/checks/staged/")


def _is_narrow(table: Table, moving: Mapping[str, Moves]) -> bool:
    """Not when the rows that it refers to move too, nor when there is a warning: that is told as long as it is true."""
    parents = [rule.argument.partition(".")[0] for rule in table.rules if rule.test == "relationships"]
    warns = any(rule.severity == "warn" for rule in table.rules)
    return bool(table.partition) and not warns and not any(moving[parent] for parent in parents)
