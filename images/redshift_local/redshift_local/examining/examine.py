"""Asks PostgreSQL what it makes of a query before it is run: only the parse tree has types, sizes and correlations.

Where the tree shows what Redshift would compute otherwise, the query's text is changed; what Redshift does not do is
refused. A column that is not there may be an alias that Redshift takes: then the alias is spelled out.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from redshift_local.embedded.backend import BackendError, Row
from redshift_local.examining import correlation, parse_tree, scales
from redshift_local.refusal import beyond
from redshift_local.statements.plan import Plan

MOST_ALIASES = 50
UNDEFINED_COLUMN = "42703"
OWN_FUNCTIONS = "SELECT oid, proname FROM pg_catalog.pg_proc WHERE pronamespace = 'rs_compat'::regnamespace"
SETTINGS = "SET LOCAL client_min_messages = log; SET LOCAL debug_pretty_print = off; SET LOCAL debug_print_parse = on; "
# Parameters' types by their numbers; a type that is not here stays open, as it is for PostgreSQL.
TYPES = {16: "boolean", 20: "bigint", 21: "smallint", 23: "integer", 25: "text", 700: "real", 701: "float8"} | {
    1042: "bpchar",
    1043: "varchar",
    1082: "date",
    1083: "time",
    1114: "timestamp",
    1184: "timestamptz",
    1266: "timetz",
    1700: "numeric",
}


class Connection(Protocol):
    """What this needs of the session."""

    async def ask(self, text: str) -> list[Row]:
        """Run a statement for ourselves; its rows. Raises BackendError."""

    async def notices(self, text: str) -> list[str]:
        """Run statements for ourselves; the details of the notices that came. Raises BackendError."""


async def examined(plan: Plan, connection: Connection, in_block: bool, types: Sequence[int] = ()) -> Plan:
    """The plan with its query as it is to be run. Raises Refusal."""
    head = SETTINGS + f"PREPARE rs_examined{_listed(types)} AS "
    for _ in range(MOST_ALIASES):
        if not plan.query:
            return plan
        try:
            return await _judged(plan, head, connection, in_block)
        except BackendError as error:
            spelled_out = _spelled_out(plan, error)
            if spelled_out is None:
                break
            plan = spelled_out
        except RecursionError as error:
            raise beyond("a query of so many operators in a row") from error
    return replace(plan, query="")


async def _judged(plan: Plan, head: str, connection: Connection, in_block: bool) -> Plan:
    raw, understood = await _trees(head + plan.query, connection, in_block)
    tree = parse_tree.read(understood)
    correlation.check(tree)
    if not scales.divides(tree):  # reading the other tree takes longer than most queries
        return replace(plan, query="")
    parsed = (head + plan.query).encode(errors="surrogateescape")
    own = {str(number): str(name) for number, name in await connection.ask(OWN_FUNCTIONS)}
    return _changed(plan, head, scales.divisions(parse_tree.read(raw), tree, parsed, own))


def _listed(types: Sequence[int]) -> str:
    return f" ({', '.join(TYPES.get(number, 'unknown') for number in types)})" if types else ""


async def _trees(text: str, connection: Connection, in_block: bool) -> tuple[str, str]:
    """The trees of the query as it was written, and as PostgreSQL understands it. Raises BackendError."""
    if in_block:
        await connection.ask("SAVEPOINT rs_examined")
    try:
        details = await connection.notices(text + "; SET LOCAL debug_print_parse = off; DEALLOCATE rs_examined")
    finally:
        if in_block:
            await connection.ask("ROLLBACK TO SAVEPOINT rs_examined; RELEASE SAVEPOINT rs_examined")
    raw, understood, *_ = (detail for detail in details if detail.startswith("{QUERY"))
    return raw, understood


def _spelled_out(plan: Plan, error: BackendError) -> Plan | None:
    """The plan without the alias that PostgreSQL took for a column, None when it is none."""
    missing = re.match(r'column "([^"]+)" does not exist', error.fields.get("M", ""))
    if error.code != UNDEFINED_COLUMN or not missing or not plan.without_alias:
        return None
    changed = plan.without_alias(missing.group(1))
    return None if changed.text == plan.text else changed


def _changed(plan: Plan, head: str, divisions: dict[int, int]) -> Plan:
    """The plan with the scale of each division in its text: `a / b` becomes `a / scale / b`."""
    query, shift = plan.query.encode(errors="surrogateescape"), len(head.encode())
    for place, digits in sorted(divisions.items(), reverse=True):
        at = place - shift
        query = query[:at] + b"/ ROW(%d)::rs_compat.scale " % digits + query[at:]
    changed = query.decode(errors="surrogateescape")
    return replace(
        plan,
        text=plan.text.replace(plan.query, changed, 1),
        fill=plan.fill.replace(plan.query, changed, 1),
        query="",
    )
