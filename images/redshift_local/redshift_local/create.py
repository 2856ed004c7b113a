"""CREATE statements: tables in Redshift's way, views, schemas, databases; what Redshift cannot create is refused."""

from collections.abc import Sequence

from redshift_local import queries, users
from redshift_local.plan import Plan
from redshift_local.reader import END, Reader
from redshift_local.refusal import Refusal, beyond, syntax_error, unsupported
from redshift_local.table import Column, check_attributes, read_attributes, read_column
from redshift_local.tokens import Token

# https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html
MISSING = {
    "index": "Redshift has no indexes: use sort keys.",
    "unique": "Redshift has no indexes: use sort keys.",
    "sequence": "Redshift has no sequences.",
    "trigger": "Redshift has no triggers.",
    "rule": "Redshift has no rules.",
    "domain": "Redshift has no user-defined types.",
    "type": "Redshift has no user-defined types.",
    "extension": "Redshift has no extensions.",
    "unlogged": "Redshift has no unlogged tables.",
    "tablespace": "Redshift has no tablespaces.",
    "cast": "Redshift has no user-defined casts.",
    "operator": "Redshift has no user-defined operators.",
    "aggregate": "Redshift has no user-defined aggregates.",
    "collation": "Redshift has no collations.",
    "policy": "",
    "publication": "",
    "subscription": "",
    "statistics": "",
    "language": "",
    "server": "",
    "foreign": "",
    "global": "Redshift has no GLOBAL TEMPORARY.",
}
BEYOND = {"function", "procedure", "external", "role", "library", "model", "datashare", "masking", "rls", "identity"}


def create(reader: Reader) -> Plan:
    """Any CREATE. Raises Refusal."""
    reader.expect("create")
    or_replace = reader.accept("or", "replace")
    kind = reader.next.value
    if kind in BEYOND:
        raise beyond(f"CREATE {kind.upper()}")
    if kind in MISSING:
        raise unsupported(f"CREATE {kind.upper()}", MISSING[kind])
    if kind == "view":
        return _view(reader, or_replace)
    if or_replace or kind not in MAKERS:
        raise reader.unexpected()
    return MAKERS[kind](reader)


def _table(reader: Reader) -> Plan:
    reader.accept("local")
    temporary = "TEMPORARY " if reader.accept_any("temp", "temporary") else ""
    reader.expect("table")
    guard = "IF NOT EXISTS " if reader.accept("if", "not", "exists") else ""
    name = reader.qualified()
    if reader.looks("partition") or reader.looks("of"):
        raise reader.unexpected("Redshift has no partitioned tables.")
    if not reader.looks("(") or _only_names(reader):
        return _table_as(reader, f"CREATE {temporary}TABLE", name, guard)
    columns, items = _items(reader)
    attributes = read_attributes(reader)
    if not any(item.startswith("LIKE ") for item in items):
        check_attributes(attributes, columns)
    if reader.looks("as"):
        raise reader.unexpected("CREATE TABLE … AS takes column names without types.")
    if reader.next is not END:
        raise reader.unexpected("Not an attribute of Redshift's tables.")
    return Plan(f"CREATE {temporary}TABLE {guard}{name} ({', '.join(items)})")


def _only_names(reader: Reader) -> bool:
    inside: list[Token] = []
    for token in reader.tokens[reader.at + 1 :]:
        if token.value == ")":
            return all(each.name or each.value == "," for each in inside) and _alternating(inside)
        inside.append(token)
    return False


def _alternating(inside: Sequence[Token]) -> bool:
    return all((token.value == ",") == bool(at % 2) for at, token in enumerate(inside))


def _table_as(reader: Reader, verb: str, name: str, guard: str) -> Plan:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_AS.html"""
    columns = f" ({', '.join(reader.names())})" if reader.looks("(") else ""
    read_attributes(reader)
    if not reader.looks("as"):
        raise reader.unexpected("Not an attribute of Redshift's tables.")
    if guard:
        raise syntax_error("not", "Redshift's CREATE TABLE … AS has no IF NOT EXISTS.")
    reader.expect("as")
    if reader.next.value not in {"select", "with", "("}:
        raise reader.unexpected()
    query = queries.rewrite(reader.text, reader.rest())
    return Plan(f"{verb} {name}{columns} AS {query}", "create_as", table=name)


def _items(reader: Reader) -> tuple[list[Column], list[str]]:
    """The columns, and all PostgreSQL needs to hear of them."""
    columns: list[Column] = []
    likes: list[str] = []
    required: list[str] = []
    reader.expect("(")
    while True:
        if reader.looks("like"):
            likes.append(_like(reader))
        elif reader.next.value in {"primary", "unique", "foreign", "constraint", "check", "exclude"}:
            required += read_table_constraint(reader)
        else:
            columns.append(read_column(reader))
        if not reader.accept(","):
            break
    reader.expect(")")
    by_name = {column.name: column for column in columns}
    for name in required:
        if name not in by_name:
            raise Refusal("42703", f"column {name} named in key does not exist")
        by_name[name].not_null = True
    return columns, [*likes, *(column.definition for column in columns)]


def _like(reader: Reader) -> str:
    reader.expect("like")
    source = reader.qualified()
    how = reader.accept_any("including", "excluding")
    if how:
        reader.expect("defaults")
    return f"LIKE {source} {'INCLUDING' if how == 'including' else 'EXCLUDING'} DEFAULTS"


def read_table_constraint(reader: Reader) -> list[str]:
    """A table constraint, which Redshift does not enforce; the columns it makes NOT NULL. Raises Refusal."""
    if reader.accept("constraint"):
        reader.name()
    if reader.accept("primary", "key"):
        return reader.names()
    if reader.accept("unique"):
        reader.names()
        return []
    if reader.accept("foreign", "key"):
        reader.names()
        reader.expect("references")
        reader.qualified()
        if reader.looks("("):
            reader.names()
        return []
    if reader.next.value in {"check", "exclude"}:
        raise unsupported(f"{reader.next.value.upper()} constraint", "Redshift has none: make it a quality check.")
    raise reader.unexpected()


def _view(reader: Reader, or_replace: bool) -> Plan:
    reader.expect("view")
    name = reader.qualified()
    columns = f" ({', '.join(reader.names())})" if reader.looks("(") else ""
    reader.expect("as")
    body = reader.rest()
    ending = [token.value for token in body[-4:]]
    if ending == ["with", "no", "schema", "binding"]:
        raise beyond("views WITH NO SCHEMA BINDING", "Use a bound view, or test this on Redshift.")
    if ending[-3:] in (["with", "check", "option"], ["cascaded", "check", "option"], ["local", "check", "option"]):
        raise syntax_error("check", "Redshift has no WITH CHECK OPTION.")
    verb = "CREATE OR REPLACE VIEW" if or_replace else "CREATE VIEW"
    return Plan(f"{verb} {name}{columns} AS {queries.rewrite(reader.text, body)}")


def _materialized_view(reader: Reader) -> Plan:
    reader.expect("materialized", "view")
    name = reader.qualified()
    while not reader.accept("as"):
        if reader.accept("auto", "refresh"):
            if not reader.accept("no"):
                raise beyond("AUTO REFRESH YES", "REFRESH MATERIALIZED VIEW it.")
        elif reader.next.value in {"backup", "diststyle", "distkey", "compound", "interleaved", "sortkey"}:
            read_attributes(reader)
        else:
            raise reader.unexpected()
    return Plan(f"CREATE MATERIALIZED VIEW {name} AS {queries.rewrite(reader.text, reader.rest())}")


def _schema(reader: Reader) -> Plan:
    reader.expect("schema")
    guard = "IF NOT EXISTS " if reader.accept("if", "not", "exists") else ""
    name = "" if reader.looks("authorization") else reader.name()
    owner = f" AUTHORIZATION {reader.name()}" if reader.accept("authorization") else ""
    if reader.accept("quota") and not reader.accept("unlimited"):
        reader.number()
        reader.accept_any("mb", "gb", "tb")
    reader.end()
    return Plan(f"CREATE SCHEMA {guard}{name}{owner}")


def _database(reader: Reader) -> Plan:
    reader.expect("database")
    name = reader.name()
    reader.accept("with")
    owner = ""
    if reader.accept("owner"):
        reader.accept("=")
        owner = f" OWNER {reader.name()}"
    if reader.accept("connection", "limit") and not reader.accept("unlimited"):
        reader.number()
    reader.end()
    return Plan(f"CREATE DATABASE {name}{owner}")


MAKERS = {
    "table": _table,
    "temp": _table,
    "temporary": _table,
    "local": _table,
    "materialized": _materialized_view,
    "schema": _schema,
    "database": _database,
    "user": users.create_user,
    "group": users.create_group,
}
