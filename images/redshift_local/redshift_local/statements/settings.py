"""SET, RESET and SHOW: Redshift's session parameters; PostgreSQL's own are unknown here as they are there."""

from redshift_local.language.parameters import OWN, SHARED, check, current
from redshift_local.refusal import Refusal, beyond
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import END, Reader
from redshift_local.statements.transactions import access_mode

_ISOLATION = "ISOLATION LEVEL REPEATABLE READ"  # what every transaction has already
# Redshift's, for which PostgreSQL has another name; Amazon's JDBC driver sets it for Connection.setReadOnly.
RENAMED = {"readonly": "default_transaction_read_only"}
SHOWN = {"server_version", "server_encoding", "is_superuser", "session_authorization"}


def set_parameter(reader: Reader) -> Plan:
    """SET [SESSION|LOCAL] name TO|= value, TIME ZONE, TRANSACTION, SESSION AUTHORIZATION. Raises Refusal."""
    reader.expect("set")
    if reader.accept("transaction"):
        return Plan(f"SET TRANSACTION {_ISOLATION}{access_mode(reader)}")
    if reader.accept("session", "characteristics", "as", "transaction"):
        return Plan(f"SET SESSION CHARACTERISTICS AS TRANSACTION {_ISOLATION}{access_mode(reader)}")
    if reader.accept("session", "authorization"):
        who = "DEFAULT" if reader.accept("default") else _word_or_string(reader)
        reader.end()
        return Plan(f"SET SESSION AUTHORIZATION {who}")
    scope = reader.accept_any("session", "local").upper()
    if reader.looks("time", "zone"):
        return _plain(reader)
    if reader.looks("seed"):
        return _plain(reader)
    name = _parameter(reader)
    if not reader.accept("to"):
        reader.expect("=")
    if reader.next is END:
        raise reader.unexpected()
    value = reader.text[reader.next.start : reader.tokens[-1].end]
    check(name.removeprefix("redshift."), value)
    return Plan(f"SET {scope} {name} TO {value}")


def reset(reader: Reader) -> Plan:
    """RESET name | ALL. Raises Refusal."""
    reader.expect("reset")
    name = "ALL" if reader.accept("all") else _parameter(reader)
    reader.end()
    return Plan(f"RESET {name}")


def show(reader: Reader) -> Plan:
    """SHOW name. Raises Refusal."""
    reader.expect("show")
    if reader.next.value in {"all", "table", "tables", "view", "schemas", "databases", "columns", "grants", "external"}:
        raise beyond(f"SHOW {reader.next.value.upper()}")
    if reader.accept("time", "zone"):
        return Plan("SHOW timezone")
    if reader.accept("transaction", "isolation", "level") or reader.accept("transaction_isolation"):
        reader.end()
        return Plan("SELECT 'serializable'::varchar AS transaction_isolation")  # what every level is processed as
    if reader.looks("server_version"):
        return Plan("SELECT '8.0.2'::varchar AS server_version")
    own = reader.next.value in OWN
    plain = reader.next.value
    if plain in SHOWN:
        reader.at += 1
        name = plain
    else:
        name = _parameter(reader)
    reader.end()
    return Plan(f"SELECT {current(plain, OWN[plain])} AS {plain}" if own else f"SHOW {name}")


def _parameter(reader: Reader) -> str:
    name = reader.next.name
    if name in SHARED:
        reader.at += 1
        return name
    if name in OWN:
        reader.at += 1
        return f"redshift.{name}"
    if name in RENAMED:
        reader.at += 1
        return RENAMED[name]
    raise Refusal(
        "42704",
        f'unrecognized configuration parameter "{name}"',
        "Redshift has no such parameter, or the local stand-in does not know it.",
    )


def _word_or_string(reader: Reader) -> str:
    if reader.next.kind != "string":
        return reader.name()
    return f"'{reader.string()}'"


def _plain(reader: Reader) -> Plan:
    return Plan(reader.text[reader.tokens[0].start : reader.tokens[-1].end])
