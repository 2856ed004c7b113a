"""ALTER statements, one change each, as Redshift takes them.

https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
"""

from collections.abc import Sequence

from redshift_local.refusal import Refusal, beyond, syntax_error, unsupported
from redshift_local.statements import users
from redshift_local.statements.create import read_quota, read_table_constraint
from redshift_local.statements.plan import Plan
from redshift_local.statements.reader import END, Reader
from redshift_local.statements.table import ENCODINGS, read_column

ATTRIBUTES = {"diststyle", "distkey", "sortkey", "compound", "encode"}


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
    if reader.looks("alter"):
        return _alter(reader, table)
    change = _change(reader, table)
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
    if reader.next.value in {"append", "set", "partition", "row"}:
        raise beyond(f"ALTER TABLE … {reader.next.value.upper()}")
    raise reader.unexpected("Not a change that Redshift's ALTER TABLE makes.")


def _nothing(table: str, columns: Sequence[str] = ()) -> Plan:
    """A change PostgreSQL has no counterpart for; table and columns must be there and one's own all the same."""
    unchanged = [f"ALTER COLUMN {column} SET STATISTICS -1" for column in columns] or ["RESET (fillfactor)"]
    return Plan(f"ALTER TABLE {table} {', '.join(unchanged)}")


def _add(reader: Reader, table: str) -> Plan:
    if reader.next.value in {"primary", "unique", "foreign", "constraint", "check", "exclude"}:
        return Plan(f"ALTER TABLE {table} ADD {read_table_constraint(reader).definition(table)}")
    reader.accept("column")
    if reader.looks("if", "not"):
        raise reader.unexpected("Redshift's ADD COLUMN has no IF NOT EXISTS.")
    column = read_column(reader)
    if column.keys or column.identity or column.is_distkey:
        raise unsupported("ALTER TABLE ADD COLUMN with a key or IDENTITY")
    if column.not_null and column.default.lower() in {"", "null"}:
        raise Refusal("42601", "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression")
    return Plan(f"ALTER TABLE {table} ADD COLUMN {column.definition}")


def _drop(reader: Reader, table: str) -> Plan:
    if reader.accept("constraint"):
        return Plan(f"ALTER TABLE {table} DROP CONSTRAINT {reader.name()} {reader.accept_any('cascade', 'restrict')}")
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
    """The ALTERs after a table's name: a VARCHAR's size alone, or the attributes that may stand together."""
    columns: list[str] = []
    kinds: list[str] = []
    while True:
        reader.expect("alter")
        if reader.next.value in ATTRIBUTES:
            kinds.append(_alter_attribute(reader, columns))
        else:
            reader.accept("column")
            columns.append(reader.name())
            if reader.looks("type"):
                return _alter_type(reader, table, columns)
            _alter_encoding(reader)
            kinds.append("encode")
        if not reader.accept(","):
            break
    reader.end()
    if len(kinds) > 1 and set(kinds) not in ({"dist", "sort"}, {"encode"}):
        raise syntax_error(",", "Redshift combines ALTER SORTKEY with ALTER DISTKEY or DISTSTYLE, and several ENCODEs.")
    return _nothing(table, columns)


def _alter_type(reader: Reader, table: str, columns: list[str]) -> Plan:
    if len(columns) > 1:
        raise reader.unexpected("Redshift's ALTER TABLE changes one TYPE at a time.")
    reader.expect("type")
    type_name = reader.type()
    reader.end()
    if not type_name.startswith("varchar("):
        raise Refusal("0A000", f"cannot alter type of column {columns[0]}: only the size of a VARCHAR can be changed")
    return Plan(f"ALTER TABLE {table} ALTER COLUMN {columns[0]} TYPE {type_name}", stand_alone=True)


def _alter_encoding(reader: Reader) -> None:
    if not reader.accept("encode"):
        raise reader.unexpected("Redshift alters a column's TYPE (the size of a VARCHAR) or ENCODE only.")
    if reader.next.name not in ENCODINGS:
        raise reader.unexpected("Unknown ENCODE.")
    reader.label()


def _alter_attribute(reader: Reader, columns: list[str]) -> str:
    """DISTKEY, DISTSTYLE, SORTKEY or ENCODE AUTO; the columns it names are added to `columns`."""
    if reader.accept("encode"):
        reader.expect("auto")
        return "encode auto"
    if reader.accept("diststyle"):
        style = reader.accept_any("all", "even", "auto", "key")
        if not style:
            raise reader.unexpected("One of ALL, EVEN, AUTO, KEY.")
        if style != "key":
            return "dist"
    if reader.accept("distkey"):
        columns.append(reader.name())
        return "dist"
    compound = reader.accept("compound")
    reader.expect("sortkey")
    if compound or not reader.accept_any("none", "auto"):
        columns += reader.names()
    return "sort"


def _schema(reader: Reader) -> Plan:
    reader.expect("schema")
    name = reader.name()
    if reader.accept("rename", "to"):
        return Plan(f"ALTER SCHEMA {name} RENAME TO {reader.name()}")
    if reader.accept("owner", "to"):
        return Plan(f"ALTER SCHEMA {name} OWNER TO {reader.name()}")
    if reader.accept("quota"):
        read_quota(reader)
        return Plan(f"GRANT USAGE ON SCHEMA {name} TO CURRENT_USER")  # nothing, but the schema must be there
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
