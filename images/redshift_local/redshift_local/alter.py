"""ALTER statements, one change each, as Redshift takes them.

https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
"""

from redshift_local import users
from redshift_local.create import read_table_constraint
from redshift_local.plan import Plan
from redshift_local.reader import END, Reader
from redshift_local.refusal import Refusal, beyond, unsupported
from redshift_local.table import read_attributes, read_column


def alter(reader: Reader) -> Plan:
    """Any ALTER. Raises Refusal."""
    reader.expect("alter")
    kind = reader.next.value
    if kind not in KINDS:
        raise reader.unexpected("Redshift cannot alter that, or the local stand-in does not know it.")
    return KINDS[kind](reader)


def _table(reader: Reader) -> Plan:
    reader.expect("table")
    if reader.looks("if"):
        raise reader.unexpected("Redshift's ALTER TABLE has no IF EXISTS.")
    table = reader.qualified()
    change = _change(reader, table)
    if reader.looks(","):
        raise reader.unexpected("Redshift's ALTER TABLE makes one change at a time.")
    reader.end()
    return change


def _change(reader: Reader, table: str) -> Plan:
    if reader.accept("add"):
        return _add(reader, table)
    if reader.accept("drop"):
        return _drop(reader, table)
    if reader.accept("rename"):
        return _rename(reader, table)
    if reader.accept("owner", "to"):
        return Plan(f"ALTER TABLE {table} OWNER TO {reader.name()}")
    if reader.accept("append"):
        raise beyond("ALTER TABLE … APPEND")
    if reader.accept("alter"):
        return _alter(reader, table)
    raise reader.unexpected("Not a change that Redshift's ALTER TABLE makes.")


def _nothing(table: str) -> Plan:
    """A change PostgreSQL has no counterpart for; the table must be there and one's own all the same."""
    return Plan(f"ALTER TABLE {table} RESET (fillfactor)")


def _add(reader: Reader, table: str) -> Plan:
    if reader.next.value in {"primary", "unique", "foreign", "constraint", "check", "exclude"}:
        read_table_constraint(reader)
        return _nothing(table)
    reader.accept("column")
    if reader.looks("if", "not"):
        raise reader.unexpected("Redshift's ADD COLUMN has no IF NOT EXISTS.")
    column = read_column(reader)
    if column.informational or column.identity or column.is_distkey:
        raise unsupported("ALTER TABLE ADD COLUMN with a key or IDENTITY")
    if column.not_null and column.default.lower() in {"", "null"}:
        raise Refusal("42601", "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression")
    return Plan(f"ALTER TABLE {table} ADD COLUMN {column.definition}")


def _drop(reader: Reader, table: str) -> Plan:
    if reader.looks("constraint"):
        raise beyond("DROP CONSTRAINT", "It keeps no constraints: Redshift does not enforce them.")
    reader.accept("column")
    if reader.looks("if", "exists"):
        raise reader.unexpected("Redshift's DROP COLUMN has no IF EXISTS.")
    column = reader.name()
    how = reader.accept_any("cascade", "restrict")
    return Plan(f"ALTER TABLE {table} DROP COLUMN {column} {how}".rstrip())


def _rename(reader: Reader, table: str) -> Plan:
    if reader.accept("to"):
        return Plan(f"ALTER TABLE {table} RENAME TO {reader.name()}")
    reader.accept("column")
    old = reader.name()
    reader.expect("to")
    return Plan(f"ALTER TABLE {table} RENAME COLUMN {old} TO {reader.name()}")


def _alter(reader: Reader, table: str) -> Plan:
    if reader.next.value in {"diststyle", "distkey", "sortkey", "compound", "encode"}:
        return _alter_attributes(reader, table)
    reader.accept("column")
    column = reader.name()
    if reader.accept("encode"):
        reader.name()
        return _nothing(table)
    if not reader.accept("type"):
        raise reader.unexpected("Redshift alters a column's TYPE (the size of a VARCHAR) or ENCODE only.")
    type_name = reader.type()
    if not type_name.startswith("varchar("):
        raise Refusal("0A000", f"cannot alter type of column {column}: only the size of a VARCHAR can be changed")
    return Plan(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {type_name}", stand_alone=True)


def _alter_attributes(reader: Reader, table: str) -> Plan:
    if reader.accept("sortkey", "none"):
        return _nothing(table)
    if reader.accept("distkey"):
        reader.name()
        return _nothing(table)
    read_attributes(reader)
    return _nothing(table)


def _schema(reader: Reader) -> Plan:
    reader.expect("schema")
    name = reader.name()
    if reader.accept("rename", "to"):
        return Plan(f"ALTER SCHEMA {name} RENAME TO {reader.name()}")
    if reader.accept("owner", "to"):
        return Plan(f"ALTER SCHEMA {name} OWNER TO {reader.name()}")
    raise reader.unexpected()


def _database(reader: Reader) -> Plan:
    reader.expect("database")
    name = reader.name()
    verb = "RENAME" if reader.accept("rename") else "OWNER"
    if verb == "OWNER":
        reader.expect("owner")
    reader.expect("to")
    target = reader.name()
    if reader.next is not END:
        raise reader.unexpected()
    return Plan(f"ALTER DATABASE {name} {verb} TO {target}")


KINDS = {
    "table": _table,
    "schema": _schema,
    "database": _database,
    "user": users.alter_user,
    "group": users.alter_group,
    "default": users.default_privileges,
}
