"""Queries of the catalog, rewritten: for PostgreSQL's own names those that system_catalog.sql shows in their place."""

import re
from collections.abc import Sequence

from redshift_local.language import aliases
from redshift_local.language.catalog import REPLACED, SCHEMAS, SHOWN, following, home, only
from redshift_local.language.tokens import Token, tokenize
from redshift_local.queries.query import Query


def simplified(text: str, tokens: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """A query of the catalog as PostgreSQL takes it: names of the SELECT list spelled out where they are used, and
    without `pg_catalog.` and `OPERATOR(…)`, which tools write before every name.
    """
    if tokens[0].value not in {"select", "with", "("} or not only(tokens):
        return text, tokens
    text = aliases.spelled_out(text, tokens)
    tokens = tokenize(text)
    parts, end = [], tokens[0].start
    for at, token in enumerate(tokens):
        parts.append(text[end : token.start])
        end = token.end
        is_qualifier = token.name == "pg_catalog" and following(tokens, at + 1)[:1] == ["."]
        is_dot = token.value == "." and at > 0 and tokens[at - 1].name == "pg_catalog"
        if not is_qualifier and not is_dot:
            parts.append(text[token.start : token.end])
    plain = re.sub(r"\boperator\(\s*([^\s)]+)\s*\)", r"\1", "".join(parts), flags=re.IGNORECASE)
    plain = re.sub(
        r"\bwhere 1\b", "where true", plain, flags=re.IGNORECASE
    )  # sqlalchemy-redshift; PostgreSQL's numbers are no truths
    return plain, tokenize(plain)


def replaced(query: Query, at: int) -> tuple[str, int] | None:
    """What PostgreSQL is to hear instead of the name at `at`, and where that ends; None to leave it."""
    name, follower = query.tokens[at].name, query.value(at + 1)
    if name in SCHEMAS and follower == "." and query.tokens[at + 2].name in SHOWN and query.value(at + 3) != "(":
        member = query.tokens[at + 2].name
        return (f"rs_compat.{member}", at + 3) if home(member) == name else None
    if name in REPLACED and follower == "(" and query.reads_catalog:
        return f"rs_compat.{name}", at + 1
    is_source = query.value(at - 1) in {"from", "join", ",", "("} and follower != "."
    if name in SHOWN and home(name) == "pg_catalog" and is_source:
        return f"rs_compat.{name}", at + 1
    return None
