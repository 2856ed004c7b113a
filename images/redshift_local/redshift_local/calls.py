"""Calls that PostgreSQL must hear in other words: CAST, DATEADD, DECODE, LISTAGG and the like."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from redshift_local.refusal import Refusal, syntax_error
from redshift_local.types import read_type

if TYPE_CHECKING:
    from redshift_local.queries import Query, Range

Rewriting = Callable[["Query", int], str]


def _cast(query: "Query", opening: int) -> str:
    close = query.closer[opening]
    middle = [at for at in range(opening + 1, close) if query.value(at) == "as" and query.opener[at] == opening]
    if len(middle) != 1:
        raise syntax_error("cast")
    type_name, end = read_type(query.tokens, middle[0] + 1, in_table=False)
    if end != close:
        raise syntax_error(query.source(end))
    return f"CAST({query.render(opening + 1, middle[0])} AS {type_name})"


def _convert(query: "Query", opening: int) -> str:
    (low, high), *others = _exactly(query, opening, "convert", 2, 2)
    type_name, end = read_type(query.tokens, low, in_table=False)
    if end != high:
        raise syntax_error(query.source(end))
    return f"CAST({query.render(*others[0])} AS {type_name})"


def _extract(query: "Query", opening: int) -> str:
    close = query.closer[opening]
    if query.value(opening + 2) != "from":
        raise syntax_error("extract")
    return f"rs_compat.extract({_unit(query, opening + 1)}, {query.render(opening + 3, close)})"


def _date_function(name: str) -> Rewriting:
    def build(query: "Query", opening: int) -> str:
        (low, high), *others = _exactly(query, opening, name, 3, 3)
        if high != low + 1:
            raise syntax_error(name)
        rest = ", ".join(query.render(*each) for each in others)
        return f"rs_compat.{name}({_unit(query, low)}, {rest})"

    return build


def _date_part(query: "Query", opening: int) -> str:
    (low, _), other = _exactly(query, opening, "date_part", 2, 2)
    return f"rs_compat.date_part({_unit(query, low)}, {query.render(*other)})"


def _unit(query: "Query", at: int) -> str:
    token = query.tokens[at]
    if token.kind == "string":
        return query.source(at).lower()
    if not token.name:
        raise syntax_error(query.source(at))
    return f"'{token.name}'"


def _decode(query: "Query", opening: int) -> str:
    parts = [query.render(*each) for each in _exactly(query, opening, "decode", 3, 999)]
    subject, pairs = parts[0], parts[1:]
    default = f" ELSE {pairs.pop()}" if len(pairs) % 2 else ""
    branches = zip(pairs[::2], pairs[1::2], strict=True)
    cases = " ".join(f"WHEN ({subject}) IS NOT DISTINCT FROM ({search}) THEN {result}" for search, result in branches)
    return f"CASE {cases}{default} END"


def _nvl(query: "Query", opening: int) -> str:
    return f"coalesce({query.render(opening + 1, query.closer[opening])})"


def _nvl2(query: "Query", opening: int) -> str:
    subject, given, missing = (query.render(*each) for each in _exactly(query, opening, "nvl2", 3, 3))
    return f"CASE WHEN ({subject}) IS NOT NULL THEN {given} ELSE {missing} END"


def listagg(query: "Query", opening: int) -> tuple[str, int]:
    """LISTAGG([DISTINCT] item [, delimiter]) [WITHIN GROUP (ORDER BY …)]; the order goes inside for PostgreSQL."""
    ranges, end = _exactly(query, opening, "listagg", 1, 2), query.closer[opening] + 1
    low, high = ranges[0]
    distinct = query.value(low) == "distinct"
    item = query.render(low + distinct, high)
    delimiter = query.render(*ranges[1]) if len(ranges) == 2 else "''"
    order = ""
    if query.value(end) == "within":
        close = query.closer[end + 2]
        order, end = " " + query.render(end + 3, close), close + 1
    if distinct:  # PostgreSQL wants the very expression it made distinct
        order = order.replace(f" by {item}", f" by ({item})::text").replace(f" BY {item}", f" BY ({item})::text")
    return f"rs_compat.listagg({'DISTINCT ' if distinct else ''}({item})::text, {delimiter}{order})", end


def _median(query: "Query", opening: int) -> str:
    (item,) = _exactly(query, opening, "median", 1, 1)
    return f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {query.render(*item)})"


def _strtol(query: "Query", opening: int) -> str:
    value, base = (query.render(*each) for each in _exactly(query, opening, "strtol", 2, 2))
    return f"rs_compat.strtol16({value})" if base == "16" else f"rs_compat.strtol({value}, {base})"


def _copy_count(query: "Query", opening: int) -> str:
    _exactly(query, opening, query.value(opening - 1), 0, 0)
    return f"rs_compat.{query.value(opening - 1)}()"


def _exactly(query: "Query", opening: int, name: str, fewest: int, most: int) -> "list[Range]":
    ranges = query.arguments(opening)
    if not fewest <= len(ranges) <= most:
        raise Refusal("42883", f"function {name}() does not exist with {len(ranges)} arguments")
    return ranges


SPECIAL: dict[str, Rewriting] = {
    "cast": _cast,
    "convert": _convert,
    "extract": _extract,
    "dateadd": _date_function("dateadd"),
    "datediff": _date_function("datediff"),
    "date_part": _date_part,
    "decode": _decode,
    "nvl": _nvl,
    "nvl2": _nvl2,
    "median": _median,
    "strtol": _strtol,
    "pg_last_copy_count": _copy_count,
    "pg_last_copy_id": _copy_count,
}
