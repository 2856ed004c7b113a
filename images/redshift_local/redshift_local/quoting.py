"""Strings and names in the SQL that is sent to the embedded server."""


def literal(value: str) -> str:
    """An SQL string literal under the backslash rules Redshift has."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def unquoted(name: str) -> str:
    """The name that a quoted identifier stands for."""
    return name[1:-1].replace('""', '"')
