"""All checks of a stage: those that the declarations imply, and the .sql files beside them."""

from dataclasses import replace

from movalytics_common.declaration import Table, marts, tables, tables_and_marts
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.derived import EVERY_ROW, STAGING, TARGET, published_counts, quoted
from movalytics_warehouse.quality.checks import Check, Result, Stage, load_checks, run_checks
from movalytics_warehouse.quality.row_rules import run_rules
from movalytics_warehouse.quality.scope import Scope
from movalytics_warehouse.redshift.rendering import render

STAGES: tuple[Stage, ...] = ("staged", "marts", "published")
UNIQUE = "select {0}, count(*) as occurrences from {1} as candidates group by {0} having count(*) > 1"
# Every row that shares the key's first column with one of these: quicker to find than those that share it all.
CANDIDATES = '(select {0} from {1} where "{2}" in (select this."{2}" from {1} as this {3}))'
# Sorting the films of each user is a third of the work of grouping 26 million pairs (7.5 and 22 s in the stand-in).
WITH_FEWER_PARTNERS = 'group by this."{0}" having count(*) > count(distinct this."{1}")'
SOME_ROWS = 'select 0 as row_count where not exists (select * from {0}."{1}")'
RECONCILED = """
select counted.table_name, counted.row_count, load_table.published_rows
from ({}) as counted
left join movies_ops.load_table as load_table
    on counted.table_name = load_table.table_name and load_table.run_id = %(run_id)s
where load_table.published_rows is null or load_table.published_rows <> counted.row_count
"""


def run_stage(
    connection: Connection, stage: Stage, run_id: str, history: int, narrowed: Scope | None = None
) -> list[Result]:
    """Every result of the stage, sorted by table and name; `narrowed` says which rows declared rules are to judge.

    A lost connection is raised.
    """
    schema, where = STAGING if stage == "staged" else TARGET, narrowed or {}
    rules = [
        result
        for table in _judged(stage)
        for result in run_rules(connection, table, schema, where.get(table.name, EVERY_ROW))
    ]
    results = run_checks(connection, every_check(stage, where), run_id, history, earlier=rules)
    return sorted(results, key=lambda result: (result.table_name, result.check_name))


def every_check(stage: Stage, narrowed: Scope | None = None) -> list[Check]:
    """The checks that look at more than one row at a time, sorted by table and name."""
    schema = STAGING if stage == "staged" else TARGET
    where = narrowed or {}
    declared = [
        check for table in _judged(stage) for check in _of_table(table, stage, schema, where.get(table.name, EVERY_ROW))
    ]
    if stage == "published":
        every = tables_and_marts()
        declared.append(
            _check("rows_equal_the_ledger", "movies_ops", stage, RECONCILED.format(published_counts(every)))
        )
    written = [_of_rows_that_move(check, where.get(check.table, EVERY_ROW)) for check in load_checks(stage)]
    return sorted([*declared, *written], key=lambda check: (check.table, check.name))


def _of_rows_that_move(check: Check, where: str) -> Check:
    """A written check that looks at each row by itself says so by {{ moved }}, a condition on `this`."""
    if "{{ moved }}" not in check.query:
        return check
    return replace(check, query=render(check.query, {"moved": where}))


def _judged(stage: Stage) -> list[Table]:
    """The tables whose declared rules are due: tables before they are published, marts before their COMMIT."""
    return {"staged": [*tables().values()], "marts": [*marts().values()]}.get(stage, [])


def _of_table(table: Table, stage: Stage, schema: str, where: str) -> list[Check]:
    unique = [
        _check(
            _unique_name(columns),
            table.name,
            stage,
            UNIQUE.format(quoted(columns), _candidates(table, columns, schema, where)),
        )
        for columns in table.unique
    ]
    if table.may_be_empty:
        return unique
    return [*unique, _check("there_are_rows", table.name, stage, SOME_ROWS.format(schema, table.name))]


def _candidates(table: Table, columns: tuple[str, ...], schema: str, where: str) -> str:
    place = f'{schema}."{table.name}"'
    if where != EVERY_ROW:
        some = f"where {where}"
    elif columns[1:] and _is_required(table, columns[0]):
        some = WITH_FEWER_PARTNERS.format(*columns)
    else:
        return place
    return CANDIDATES.format(quoted(columns), place, columns[0], some)


def _is_required(table: Table, name: str) -> bool:
    """Then another check finds nulls, which IN matches with nothing."""
    return any(column.is_required for column in table.columns if column.name == name)


def _unique_name(columns: tuple[str, ...]) -> str:
    return f"{'_and_'.join(columns)}_{'is' if len(columns) == 1 else 'are'}_unique"


def _check(name: str, table: str, stage: Stage, query: str) -> Check:
    return Check(name, table, stage, "error", 0, query)
