"""Queries and what changes rows: SELECT, INSERT, UPDATE, DELETE, MERGE."""

from redshift_local.queries.rewriting import rewrite
from redshift_local.refusal import beyond, syntax_error
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import Reader


def query(reader: Reader) -> Plan:
    """SELECT, or WITH … SELECT, UPDATE or DELETE."""
    tokens = reader.tokens
    depth, verb = 0, "select"
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.value, 0)
        if depth == 0 and token.value in {"insert", "merge"}:
            raise syntax_error(token.value, "On Redshift WITH follows INSERT INTO … .")
        if depth == 0 and token.value in {"update", "delete"}:
            verb = token.value
        if depth == 0 and token.value == "into" and verb == "select":
            raise beyond("SELECT INTO", "Use CREATE TABLE … AS.")
    return Plan(rewrite(reader.text, tokens))


def insert(reader: Reader) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html"""
    reader.expect("insert", "into")
    reader.qualified()
    if reader.accept("default", "values"):
        reader.end()
        return Plan(reader.source())
    if reader.accept("as") or (reader.next.name and reader.next.value not in {"values", "select", "with"}):
        raise reader.unexpected("Redshift's INSERT takes no alias.")
    if reader.looks("(") and reader.tokens[reader.at + 1].value not in {"select", "with", "("}:
        reader.names()
    head = reader.source(reader.at)
    plain_values = reader.looks("values")
    rows = rewrite(reader.text, reader.rest(), values_allowed=plain_values, fills_table=True)
    return Plan(f"{head} {rows}")


def update(reader: Reader) -> Plan:
    reader.expect("update")
    _refuse_only(reader)
    return Plan(rewrite(reader.text, reader.tokens))


def _refuse_only(reader: Reader) -> None:
    if reader.looks("only"):
        raise reader.unexpected("Redshift has no inheritance.")


def delete(reader: Reader) -> Plan:
    reader.expect("delete")
    if reader.accept("from"):
        _refuse_only(reader)
        return Plan(rewrite(reader.text, reader.tokens))
    return Plan(f"DELETE FROM {rewrite(reader.text, reader.rest())}")  # noqa: S608 that is our trade


def merge(reader: Reader) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html"""
    reader.expect("merge", "into")
    reader.qualified()
    if not reader.looks("using"):
        raise reader.unexpected("Redshift's MERGE takes no alias for its target.")
    reader.expect("using")
    if reader.looks("("):
        raise reader.unexpected("The source of Redshift's MERGE is a table, not a query.")
    reader.qualified()
    values = [token.value for token in reader.rest()]
    if "remove" in values:
        raise beyond("MERGE … REMOVE DUPLICATES")
    branches = [tuple(values[at + 1 : at + 4]) for at, value in enumerate(values) if value == "when"]
    matched = [branch for branch in branches if branch[:2] == ("matched", "then")]
    missing = [branch for branch in branches if branch == ("not", "matched", "then")]
    cases = {value for value in values if value == "case"}
    if not cases and (len(matched) != 1 or len(missing) != 1 or len(branches) != 2):
        raise syntax_error("when", "Redshift's MERGE has exactly WHEN MATCHED THEN and WHEN NOT MATCHED THEN.")
    if "nothing" in values:
        raise syntax_error("nothing", "Redshift's MERGE has no DO NOTHING.")
    return Plan(rewrite(reader.text, reader.tokens, values_allowed=True))
