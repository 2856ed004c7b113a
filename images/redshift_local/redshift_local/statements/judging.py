"""Judges each statement by its first words: rewritten for PostgreSQL, handed to the session, or refused."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from redshift_local.language import aliases
from redshift_local.language.tokens import Token, statements, tokenize
from redshift_local.queries import catalog_queries
from redshift_local.queries.rewriting import rewrite, to_examine
from redshift_local.refusal import Refusal, beyond, syntax_error, unsupported
from redshift_local.statements import alter, create, maintenance, settings, transactions, users, writes
from redshift_local.statements.copy_statement import read_copy
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import Reader

EXAMINED = {"select", "with", "(", "insert", "update", "delete", "merge"}
DROPPABLE = {"table", "view", "schema", "user", "group", "database", "materialized"}


@lru_cache(maxsize=1000)  # a client says much again, and reading it takes longer than PostgreSQL's answer
def judge(text: str) -> tuple[Plan, ...]:
    """A plan for each statement of the text. Raises Refusal."""
    try:
        return tuple(judge_one(*catalog_queries.simplified(text, tokens)) for tokens in statements(tokenize(text)))
    except RecursionError as error:
        raise Refusal("54001", "stack depth limit exceeded", "Nest the statement less deeply.") from error


def judge_one(text: str, tokens: Sequence[Token]) -> Plan:
    """A plan for one statement. Raises Refusal."""
    if any(token.name == "rs_compat" for token in tokens):
        raise Refusal("42501", "permission denied for schema rs_compat")
    if not tokens:
        raise syntax_error("end of input")
    known = STATEMENTS.get(tokens[0].value)
    if known is None:
        near = text[tokens[0].start : tokens[0].end]
        raise syntax_error(near, "Redshift has no such statement, or the local stand-in does not know it.")
    plan = known(Reader(text, tokens))
    if tokens[0].value in EXAMINED:
        plan = replace(plan, query=to_examine(plan.text, tokens))
    return replace(plan, without_alias=lambda name: _respelled(text, tokens, name)) if plan.query else plan


def _respelled(text: str, tokens: Sequence[Token], alias: str) -> Plan:
    text = aliases.spelled_out(text, tokens, {alias})
    return judge_one(text, tokenize(text))


def _copy(reader: Reader) -> Plan:
    statement = read_copy(reader.text, reader.tokens)
    return Plan(f"COPY {statement.table} FROM STDIN", "copy", statement)


def _explain_statement(reader: Reader) -> Plan:
    reader.expect("explain")
    if reader.next.value in {"analyze", "("}:
        raise reader.unexpected("Redshift's EXPLAIN does not run the query.")
    reader.accept("verbose")
    inner = _inner(reader)
    if inner.action != "relay":
        raise beyond("EXPLAIN of this statement")
    return Plan(f"EXPLAIN {inner.text}", query=inner.query)


def _inner(reader: Reader) -> Plan:
    """The statement that EXPLAIN or PREPARE is about, which is none of these itself."""
    if reader.next.value in {"explain", "prepare"}:
        raise reader.unexpected()
    return judge_one(reader.text, reader.rest())


def _drop(reader: Reader) -> Plan:
    reader.expect("drop")
    kind = reader.next.value
    if kind in {"user", "group"}:
        return users.drop(reader)
    if kind not in DROPPABLE:
        raise reader.unexpected("Redshift cannot drop that, or the local stand-in does not know it.")
    return Plan(reader.source())


def _comment(reader: Reader) -> Plan:
    reader.expect("comment", "on")
    if reader.next.value not in {"table", "column", "view", "database", "schema", "constraint"}:
        raise reader.unexpected()
    return Plan(reader.source())


def _prepare(reader: Reader) -> Plan:
    reader.expect("prepare")
    if reader.looks("transaction"):
        raise reader.unexpected("Redshift has no two-phase commit.")
    name = reader.name()
    types = []
    if reader.accept("("):
        types.append(reader.type())
        while reader.accept(","):
            types.append(reader.type())
        reader.expect(")")
    reader.expect("as")
    inner = _inner(reader)
    if inner.action != "relay":
        raise beyond("PREPARE of this statement")
    listed = f" ({', '.join(types)})" if types else ""
    return Plan(f"PREPARE {name}{listed} AS {inner.text}", query=inner.query)


def _execute(reader: Reader) -> Plan:
    reader.expect("execute")
    name = reader.name()
    if not reader.looks("("):
        reader.end()
        return Plan(f"EXECUTE {name}")
    return Plan(f"EXECUTE {name} {rewrite(reader.text, reader.rest())}")


def _refused(refusal: Callable[[], Refusal]) -> Callable[[Reader], Plan]:
    def refuse(_: Reader) -> Plan:
        raise refusal()

    return refuse


STATEMENTS: dict[str, Callable[[Reader], Plan]] = {
    "select": writes.query,
    "with": writes.query,
    "(": writes.query,
    "insert": writes.insert,
    "update": writes.update,
    "delete": writes.delete,
    "merge": writes.merge,
    "copy": _copy,
    "truncate": maintenance.truncate,
    "begin": transactions.begin,
    "start": transactions.begin,
    "commit": transactions.finish,
    "end": transactions.finish,
    "rollback": transactions.finish,
    "abort": transactions.finish,
    "create": create.create,
    "alter": alter.alter,
    "drop": _drop,
    "grant": users.grant,
    "revoke": users.grant,
    "comment": _comment,
    "set": settings.set_parameter,
    "reset": settings.reset,
    "show": settings.show,
    "explain": _explain_statement,
    "analyze": maintenance.analyze,
    "vacuum": maintenance.vacuum,
    "lock": maintenance.lock,
    "declare": transactions.declare,
    "fetch": transactions.fetch,
    "close": transactions.close,
    "prepare": _prepare,
    "execute": _execute,
    "deallocate": transactions.deallocate,
    "refresh": maintenance.refresh,
    "savepoint": _refused(lambda: unsupported("SAVEPOINT", "Redshift has no savepoints.")),
    "release": _refused(lambda: unsupported("SAVEPOINT", "Redshift has no savepoints.")),
    "values": _refused(lambda: syntax_error("values", "Redshift has VALUES in INSERT only.")),
    "table": _refused(lambda: syntax_error("table")),
    "unload": _refused(lambda: beyond("UNLOAD")),
    "call": _refused(lambda: beyond("stored procedures")),
    "do": _refused(lambda: syntax_error("do", "Redshift has no DO.")),
    "listen": _refused(lambda: unsupported("LISTEN")),
    "notify": _refused(lambda: unsupported("NOTIFY")),
    "unlisten": _refused(lambda: unsupported("UNLISTEN")),
    "move": _refused(lambda: unsupported("MOVE")),
    "cancel": _refused(lambda: beyond("CANCEL", "Use the driver's cancel.")),
    "reindex": _refused(lambda: unsupported("REINDEX", "Redshift has no indexes.")),
    "cluster": _refused(lambda: unsupported("CLUSTER", "Redshift has no indexes.")),
}
