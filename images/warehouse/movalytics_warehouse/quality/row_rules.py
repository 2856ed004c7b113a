"""The declared rules on single rows: one scan a table counts who breaks which, samples are fetched for broken ones."""

import time
from collections.abc import Callable, Mapping, Sequence

import psycopg2
from movalytics_common.declaration import Rule, Table
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.derived import EVERY_ROW, literal, quoted
from movalytics_warehouse.ledger import now
from movalytics_warehouse.quality.checks import SAMPLE_ROWS, Result, State, finding, offending_rows, sample_json
from movalytics_warehouse.redshift.statements import execute_text

Outcome = tuple[State, int | None, str]


def run_rules(connection: Connection, table: Table, schema: str, where: str = EVERY_ROW) -> list[Result]:
    """A result for each rule on the table's rows `where` they are to be judged, sorted by name.

    When the scan cannot run all are `error`; a lost connection is raised.
    """
    rules = sorted(table.rules, key=lambda rule: rule.name)
    if not rules:
        return []
    checked_at, started = now(), time.monotonic()
    try:
        outcomes = _outcomes(connection, table, rules, schema, where)
    except psycopg2.Error as error:
        outcomes = [("error", None, finding(connection, error))] * len(rules)
    seconds = round((time.monotonic() - started) / len(rules), 3)
    return [
        Result(rule.name, table.name, rule.severity, *outcome, seconds, checked_at)
        for rule, outcome in zip(rules, outcomes, strict=True)
    ]


def _outcomes(connection: Connection, table: Table, rules: Sequence[Rule], schema: str, where: str) -> list[Outcome]:
    """State, offending rows and sample of each rule."""
    (counts,) = execute_text(connection, scan(table, rules, schema, where))
    return [
        ("fail", count, _sample(connection, table, rule, schema, where)) if count else ("pass", 0, "[]")
        for rule, count in zip(rules, counts.values(), strict=True)
    ]


def scan(table: Table, rules: Sequence[Rule], schema: str, where: str = EVERY_ROW) -> str:
    """One row: how many rows break each rule, in the rules' order; null in an empty table."""
    counts = [
        f"cast(sum(case when {offends(rule)} then 1 else 0 end) as bigint) as rule_{number}"
        for number, rule in enumerate(rules)
    ]
    return f"select {', '.join(counts)} from {_joined(table, rules, schema)} where {where}"


def _sample(connection: Connection, table: Table, rule: Rule, schema: str, where: str) -> str:
    """A few of the rows that break the rule: their key and the cell."""
    shown = dict.fromkeys([*table.primary_key, rule.column])
    columns = ", ".join(f'this."{name}"' for name in shown)
    bad = f"{where} and {offends(rule)}"
    query = f"select {columns} from {_joined(table, [rule], schema)} where {bad} limit {SAMPLE_ROWS}"
    return sample_json(offending_rows(connection, query))


def _joined(table: Table, rules: Sequence[Rule], schema: str) -> str:
    """The table and, for each relationship, the keys it may name: each once, so that no row is counted twice."""
    joins = [
        f' left join (select distinct {quoted([column])} from {schema}."{parent}") as {_parent(rule)}'
        f' on this."{rule.column}" = {_parent(rule)}."{column}"'
        for rule in rules
        if rule.test == "relationships"
        for parent, _, column in [rule.argument.partition(".")]
    ]
    return f'{schema}."{table.name}" as this{"".join(joins)}'


def _parent(rule: Rule) -> str:
    return f'"parent_of_{rule.column}"'


def offends(rule: Rule) -> str:
    """The condition under which a row of `this` breaks the rule; unknown cells break not_null and not_empty alone."""
    return CONDITIONS[rule.test](f'this."{rule.column}"', rule)


def _out_of_range(cell: str, rule: Rule) -> str:
    low, high = rule.argument.get("min_value"), rule.argument.get("max_value")
    less, more = ("<", ">") if rule.argument.get("inclusive", True) else ("<=", ">=")
    limits = [(less, low), (more, high)]
    return "(" + " or ".join(f"{cell} {sign} {limit}" for sign, limit in limits if limit is not None) + ")"


def _too_large(cell: str, rule: Rule) -> str:
    """A VARCHAR's length is in bytes; a NUMERIC would abort the publication."""
    if rule.argument.name == "varchar":
        return f"octet_length({cell}) > {rule.argument.size}"
    return f"abs({cell}) >= {10 ** (rule.argument.size - rule.argument.scale)}"


def _has_no_parent(cell: str, rule: Rule) -> str:
    column = rule.argument.partition(".")[2]
    return f'({cell} is not null and {_parent(rule)}."{column}" is null)'


CONDITIONS: Mapping[str, Callable[[str, Rule], str]] = {
    "not_null": lambda cell, _: f"{cell} is null",
    "not_empty": lambda cell, _: f"({cell} is null or trim({cell}) = '')",
    "accepted_values": lambda cell, rule: f"{cell} not in ({', '.join(map(literal, rule.argument))})",
    "accepted_range": _out_of_range,
    "matches": lambda cell, rule: f"{cell} not similar to {literal(rule.argument)}",
    "relationships": _has_no_parent,
    "fits": _too_large,
}
