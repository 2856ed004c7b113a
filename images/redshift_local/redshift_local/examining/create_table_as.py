"""What a CREATE TABLE AS has made, before it is filled: columns that Redshift would not have are changed or refused."""

from collections.abc import Sequence

from redshift_local.embedded.backend import Row
from redshift_local.quoting import quoted
from redshift_local.refusal import Refusal, beyond

# What CREATE TABLE AS has made: name, type (with its size, if it has one), and whether Redshift would know that size.
COLUMNS = """
SELECT attname, pg_catalog.format_type(atttypid, atttypmod),
    NOT (atttypid = 'numeric'::regtype AND atttypmod = -1 OR format_type(atttypid, NULL) NOT IN
         ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'boolean', 'character',
          'character varying', 'text', 'date', 'time without time zone', 'time with time zone',
          'timestamp without time zone', 'timestamp with time zone'))
FROM pg_catalog.pg_attribute WHERE attrelid = {table}::regclass AND attnum > 0 ORDER BY attnum
"""
ENDLESS = {"text", "character varying"}


def refusal(columns: Sequence[Row], keys: Sequence[str]) -> Refusal | None:
    """What speaks against the table: a column whose size is not known here, or a key that names no column."""
    for name, type_name, is_clear in columns:
        if is_clear == "f":
            what = f'CREATE TABLE AS with a column of unknown size ("{name}", {type_name})'
            return beyond(what, "CAST it to the type you want.")
    names = {quoted(str(name)) for name, _, _ in columns}
    places = {str(place) for place in range(1, len(columns) + 1)}
    missing = [key for key in keys if key not in names | places]
    return Refusal("42703", f"column {missing[0]} named in key does not exist") if missing else None


def ends(table: str, columns: Sequence[Row]) -> str:
    """The statement that lets strings end where Redshift's do, empty when all have an end.

    https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
    """
    changes = [
        f"ALTER COLUMN {quoted(str(name))} TYPE varchar(65535)"
        for name, type_name, _ in columns
        if type_name in ENDLESS
    ]
    return f"ALTER TABLE {table} {', '.join(changes)}" if changes else ""
