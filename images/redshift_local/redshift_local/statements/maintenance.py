"""Upkeep of tables: TRUNCATE, ANALYZE, VACUUM, LOCK, REFRESH."""

from redshift_local.refusal import beyond
from redshift_local.statements import zone_maps
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import Reader


def truncate(reader: Reader) -> Plan:
    reader.expect("truncate")
    reader.accept("table")
    table = reader.qualified()
    reader.end()
    return Plan(f"TRUNCATE TABLE {table}", "truncate")


def analyze(reader: Reader) -> Plan:
    reader.expect("analyze")
    if reader.looks("compression"):
        raise beyond("ANALYZE COMPRESSION")
    verbose = " VERBOSE" if reader.accept("verbose") else ""
    table = reader.qualified() if reader.next.name else ""
    columns = f" ({', '.join(reader.names())})" if reader.looks("(") else ""
    if reader.accept_any("predicate", "all"):
        reader.expect("columns")
    reader.end()
    return Plan(f"ANALYZE{verbose} {table}{columns}", afterwards=zone_maps.extend(table) if table else "")


def vacuum(reader: Reader) -> Plan:
    """PostgreSQL's plain VACUUM for all kinds: https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html"""
    reader.expect("vacuum")
    if reader.accept_any("sort", "delete"):
        reader.expect("only")
    else:
        reader.accept_any("full", "reindex", "recluster")
    table = reader.qualified() if reader.next.name not in {"", "to", "boost"} else ""
    if reader.accept("to"):
        reader.number()
        reader.expect("percent")
    reader.accept("boost")
    reader.end()
    return Plan(f"VACUUM {table}")


def lock(reader: Reader) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html: always ACCESS EXCLUSIVE, no modes."""
    reader.expect("lock")
    reader.accept("table")
    tables = [reader.qualified()]
    while reader.accept(","):
        tables.append(reader.qualified())
    if reader.next.value:
        raise reader.unexpected("Redshift's LOCK takes no mode: it is always ACCESS EXCLUSIVE.")
    return Plan(f"LOCK TABLE {', '.join(tables)}")


def refresh(reader: Reader) -> Plan:
    reader.expect("refresh", "materialized", "view")
    view = reader.qualified()
    reader.end()
    return Plan(f"REFRESH MATERIALIZED VIEW {view}")
