"""Casts of constants: Redshift's leader node rounds them, while its compute nodes cut what they select from tables.

https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html, r_Numeric_types201.html
"""

import re

from redshift_local.language.types import NUMERICS, PLAIN, read_type
from redshift_local.queries.query import Query

_SCALES = {"smallint": "0", "integer": "0", "bigint": "0"}
_NUMERIC = re.compile(r"numeric\(\d+,(\d+)\)")
_PARTS_OF_CASTS = {*PLAIN, *NUMERICS, "cast", "as", "double", "precision"}
_LITERAL_TYPES = {*PLAIN, "interval", "time", "timestamp"}
_NOT_AN_OPERAND = {"over", "group", "in", "any", "all", "some", "exists", "end"}


def rounded(query: Query, low: int, high: int, operand: str, type_name: str) -> str:
    """The operand (tokens `low` to `high`, rendered), rounded to what the type keeps if it is a constant."""
    scale = _SCALES.get(type_name) or "".join(_NUMERIC.findall(type_name))
    if type_name in _SCALES and query.tokens[low].kind == "string":
        return operand  # '2.5' is no integer
    return f"(({operand}) OPERATOR(rs_compat.@~) {scale})" if scale and _is_constant(query, low, high) else operand


def _is_constant(query: Query, low: int, high: int) -> bool:
    """Whether the tokens are literals and arithmetic only; without a table in the query, calls are constants too."""
    return not any(
        token.name and token.value not in _PARTS_OF_CASTS and (query.touches_tables or query.value(at + 1) != "(")
        for at, token in enumerate(query.tokens[low:high], low)
    )


def operands(query: Query) -> dict[int, list[int]]:
    """Where constants begin that `::` casts, each with the places of its `::` in order."""
    found: dict[int, list[int]] = {}
    for at, token in enumerate(query.tokens):
        if token.value == "::":
            start = _operand_start(query, at)
            if start >= 0 and _is_constant(query, start, at):
                found.setdefault(start, []).append(at)
    return found


def _operand_start(query: Query, colons: int) -> int:
    """The first token of what a `::` casts: a literal, a name, a call, parentheses; -1 for anything else."""
    for before in range(colons - 1, -1, -1):  # a chain of casts began where its first one did
        if query.value(before) == "::" and query.opener[before] == query.opener[colons]:
            _, end = read_type(query.tokens, before + 1, in_table=False)
            if end == colons:
                return _operand_start(query, before)
            break
    at = colons - 1
    if query.value(at) == ")":
        at = next(opening for opening, closing in query.closer.items() if closing == at)
        if at > 0 and query.tokens[at - 1].name and query.is_call(at - 1):
            at -= 1
    while query.value(at - 1) == ".":
        at -= 2
    is_typed_literal = query.tokens[at].kind == "string" and query.tokens[at - 1].name in _LITERAL_TYPES
    belongs_to = {query.value(at), query.value(at - 1)}
    return -1 if belongs_to & _NOT_AN_OPERAND or is_typed_literal else at
