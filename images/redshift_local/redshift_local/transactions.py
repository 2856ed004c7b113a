"""Transactions and cursors."""

from redshift_local import queries
from redshift_local.plan import Plan
from redshift_local.reader import Reader
from redshift_local.refusal import unsupported


def begin(reader: Reader) -> Plan:
    reader.accept_any("begin", "start")
    reader.accept_any("transaction", "work")
    modes = [token.value for token in reader.rest()]
    if "deferrable" in modes:
        raise reader.unexpected("Redshift has no DEFERRABLE transactions.")
    return Plan(reader.source(), "begin")


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
    reader.expect("cursor")
    reader.accept("without", "hold")
    if reader.looks("with"):
        raise reader.unexpected("Redshift's cursors end with their transaction.")
    reader.expect("for")
    return Plan(f"DECLARE {name} NO SCROLL CURSOR FOR {queries.rewrite(reader.text, reader.rest())}")


def fetch(reader: Reader) -> Plan:
    reader.expect("fetch")
    if reader.next.value in {"backward", "prior", "last", "first", "absolute", "relative"} or reader.looks("-"):
        raise unsupported("fetching backward from a cursor")
    return Plan(reader.source())
