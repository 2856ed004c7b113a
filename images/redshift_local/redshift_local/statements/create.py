"""CREATE statements: tables in Redshift's way, views, schemas, databases; what Redshift cannot create is refused."""

from collections.abc import Sequence

from redshift_local.language.tokens import Token
from redshift_local.queries.rewriting import rewrite, to_examine
from redshift_local.refusal import Refusal, beyond, syntax_error, unsupported
from redshift_local.statements import users, zone_maps
from redshift_local.statements.keys import Key, definitions, read_reference
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import END, Reader
from redshift_local.statements.table import Column, check_attributes, read_attributes, read_column

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
    columns, items = _items(reader, name)
    attributes = read_attributes(reader)
    if not any(item.startswith("LIKE ") for item in items):
        check_attributes(attributes, columns)
    if reader.looks("as"):
        raise reader.unexpected("CREATE TABLE … AS takes column names without types.")
    if reader.next is not END:
        raise reader.unexpected("Not an attribute of Redshift's tables.")
    sort_key = attributes.sortkey or [column.name for column in columns if column.is_sortkey]
    made = f"CREATE {temporary}TABLE {guard}{name} ({', '.join(items)})"
    return Plan(made, afterwards=zone_maps.keep(name, sort_key))


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
    attributes = read_attributes(reader, by_position=True)
    if not reader.looks("as"):
        raise reader.unexpected("Not an attribute of Redshift's tables.")
    if guard:
        raise syntax_error("not", "Redshift's CREATE TABLE … AS has no IF NOT EXISTS.")
    reader.expect("as")
    if reader.next.value not in {"select", "with", "("}:
        raise reader.unexpected()
    tokens = reader.rest()
    query = rewrite(reader.text, tokens, fills_table=True)
    made = f"{verb} {name}{columns} AS {query}\nWITH NO DATA"
    keys = (*attributes.distkey, *attributes.sortkey)
    fill, examined = f"INSERT INTO {name} {query}", to_examine(query, tokens)
    return Plan(made, "create_as", table=name, fill=fill, keys=keys, query=examined)


def _items(reader: Reader, table: str) -> tuple[list[Column], list[str]]:
    """The columns, and all PostgreSQL needs to hear of them."""
    columns: list[Column] = []
    likes: list[str] = []
    keys: list[Key] = []
    reader.expect("(")
    while True:
        if reader.looks("like"):
            likes.append(_like(reader))
        elif reader.next.value in {"primary", "unique", "foreign", "constraint", "check", "exclude"}:
            keys.append(read_table_constraint(reader))
        else:
            columns.append(read_column(reader))
        if not reader.accept(","):
            break
    reader.expect(")")
    if not likes:
        _require(keys, {column.name: column for column in columns})
    keys = [*(key for column in columns for key in column.keys), *keys]
    return columns, [*likes, *(column.definition for column in columns), *definitions(table, keys)]


def _require(keys: list[Key], columns: dict[str, Column]) -> None:
    """A key's columns must be there, and those of the primary key cannot be NULL. Raises Refusal."""
    for key in keys:
        for name in key.columns:
            if name not in columns:
                raise Refusal("42703", f"column {name} named in key does not exist")
            columns[name].not_null |= key.kind == "p"


def _like(reader: Reader) -> str:
    reader.expect("like")
    source = reader.qualified()
    how = reader.accept_any("including", "excluding")
    if how:
        reader.expect("defaults")
    return f"LIKE {source} {'INCLUDING' if how == 'including' else 'EXCLUDING'} DEFAULTS"


def read_table_constraint(reader: Reader) -> Key:
    """A table constraint. Raises Refusal."""
    name = reader.name() if reader.accept("constraint") else ""
    if reader.accept("primary", "key"):
        return Key("p", tuple(reader.names()), name)
    if reader.accept("unique"):
        return Key("u", tuple(reader.names()), name)
    if reader.accept("foreign", "key"):
        columns = tuple(reader.names())
        reader.expect("references")
        return Key("f", columns, name, *read_reference(reader))
    if reader.looks("check", "(") or reader.looks("exclude"):
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
    query = rewrite(reader.text, body)
    return Plan(f"{verb} {name}{columns} AS {query}", query=to_examine(query, body))


def _materialized_view(reader: Reader) -> Plan:
    reader.expect("materialized", "view")
    name = reader.qualified()
    while not reader.accept("as"):
        if reader.accept("auto", "refresh"):
            if not reader.accept("no"):
                raise beyond("AUTO REFRESH YES", "REFRESH MATERIALIZED VIEW it.")
        elif reader.next.value in {"backup", "diststyle", "distkey", "compound", "interleaved", "sortkey"}:
            read_attributes(reader, by_position=True)
        else:
            raise reader.unexpected()
    tokens = reader.rest()
    query = rewrite(reader.text, tokens)
    return Plan(f"CREATE MATERIALIZED VIEW {name} AS {query}", query=to_examine(query, tokens))


def _schema(reader: Reader) -> Plan:
    reader.expect("schema")
    guard = "IF NOT EXISTS " if reader.accept("if", "not", "exists") else ""
    name = "" if reader.looks("authorization") else reader.name()
    owner = f" AUTHORIZATION {reader.name()}" if reader.accept("authorization") else ""
    if reader.accept("quota"):
        read_quota(reader)
    reader.end()
    return Plan(f"CREATE SCHEMA {guard}{name}{owner}")


def read_quota(reader: Reader) -> None:
    """A schema's QUOTA, after the word. Raises Refusal."""
    if not reader.accept("unlimited"):
        reader.number()
        reader.accept_any("mb", "gb", "tb")


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
