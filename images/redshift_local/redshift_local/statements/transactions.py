"""Transactions and cursors."""

from redshift_local.queries.rewriting import rewrite, to_examine
from redshift_local.refusal import unsupported
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import END, Reader


def begin(reader: Reader) -> Plan:
    reader.accept_any("begin", "start")
    reader.accept_any("transaction", "work")
    return Plan(f"BEGIN{access_mode(reader)}", "begin")


def access_mode(reader: Reader) -> str:
    """READ ONLY where it is asked for; all isolation levels are one, the snapshot's. Raises Refusal.

    https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
    """
    mode = ""
    while reader.next is not END:
        if reader.accept("isolation", "level"):
            _isolation_level(reader)
        elif reader.accept("read", "only"):
            mode = " READ ONLY"
        elif reader.accept("read", "write"):
            mode = " READ WRITE"
        else:
            raise reader.unexpected("Redshift's transactions have an ISOLATION LEVEL and READ WRITE or READ ONLY.")
        reader.accept(",")
    return mode


def _isolation_level(reader: Reader) -> None:
    if reader.accept("serializable") or reader.accept("repeatable", "read"):
        return
    reader.expect("read")
    if not reader.accept_any("committed", "uncommitted"):
        raise reader.unexpected()


def finish(reader: Reader) -> Plan:
    verb = reader.accept_any("commit", "end", "rollback", "abort")
    reader.accept_any("transaction", "work")
    if reader.looks("to"):
        raise unsupported("ROLLBACK TO SAVEPOINT", "Redshift has no savepoints.")
    if reader.looks("prepared"):
        raise reader.unexpected("Redshift has no two-phase commit.")
    reader.end()
    return Plan("COMMIT" if verb in {"commit", "end"} else "ROLLBACK", "finish")


def declare(reader: Reader) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/declare.html"""
    reader.expect("declare")
    name = reader.name()
    reader.accept("no", "scroll")  # which psql's FETCH_COUNT says, and which all of Redshift's cursors are
    reader.expect("cursor")
    reader.accept("without", "hold")
    if reader.looks("with"):
        raise reader.unexpected("Redshift's cursors end with their transaction.")
    reader.expect("for")
    tokens = reader.rest()
    query = rewrite(reader.text, tokens)
    return Plan(f"DECLARE {name} NO SCROLL CURSOR FOR {query}", query=to_examine(query, tokens))


def fetch(reader: Reader) -> Plan:
    reader.expect("fetch")
    if reader.next.value in {"backward", "prior", "last", "first", "absolute", "relative"} or reader.looks("-"):
        raise unsupported("fetching backward from a cursor")
    return Plan(reader.source())


def close(reader: Reader) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/close.html: one cursor, never ALL."""
    reader.expect("close")
    name = reader.name()
    reader.end()
    return Plan(f"CLOSE {name}")


def deallocate(reader: Reader) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DEALLOCATE.html: one statement, never ALL."""
    reader.expect("deallocate")
    reader.accept("prepare")
    name = reader.name()
    reader.end()
    return Plan(f"DEALLOCATE {name}")
