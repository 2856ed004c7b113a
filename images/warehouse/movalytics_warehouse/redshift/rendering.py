"""The strict renderer for what in our SQL cannot be bound: COPY's source and its role, and a check's rows."""

import re
from collections.abc import Mapping

from movalytics_common.errors import InvalidSettings

PLACEHOLDER = re.compile(r"\{\{ (\w+) \}\}")
ROLE = re.compile(
    r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=.@/-]+(,arn:aws[a-z-]*:iam::\d{12}:role/[\w+=.@/-]+)*", re.ASCII
)


def render(statement: str, values: Mapping[str, str]) -> str:
    """`statement` with each `{{ name }}` replaced by its value, which must be SQL already.

    Raises InvalidSettings when the names in the statement and in `values` are not the same.
    """
    wanted = set(PLACEHOLDER.findall(statement))
    if wanted != set(values):
        raise InvalidSettings(
            f"this SQL has the placeholders {sorted(wanted)} and was given {sorted(values)}: correct the .sql file"
        )
    rendered = PLACEHOLDER.sub(lambda match: values[match[1]], statement)
    if "{{" in PLACEHOLDER.sub("", statement):
        raise InvalidSettings("this SQL has a placeholder that is not of the form {{ name }}: correct the .sql file")
    return rendered


def source_literal(uri: str) -> str:
    """A lake URI as a SQL string; refuses what a string of Redshift cannot hold literally."""
    # Redshift reads a backslash in any string as an escape.
    if not uri.startswith(("s3://", "file:///")) or "\\" in uri or not uri.isprintable():
        raise InvalidSettings(f"{uri!r} cannot be COPY's source: it must be s3:// or file:/// without backslashes")
    return "'" + uri.replace("'", "''") + "'"


def role_clause(role: str) -> str:
    """What follows IAM_ROLE: the keyword `default`, or one ARN or a chain of them as a string."""
    if role == "default":
        return role
    if not ROLE.fullmatch(role):
        raise InvalidSettings(f"{role!r} is not a role for COPY: give its ARN (arn:aws:iam::…:role/…) or default")
    return f"'{role}'"
