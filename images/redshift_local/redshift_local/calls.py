"""Calls that PostgreSQL must hear in other words: CAST, DATEADD, DECODE, LISTAGG and the like."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from redshift_local import casts, parameters
from redshift_local.refusal import Refusal, beyond, syntax_error
from redshift_local.types import read_type

if TYPE_CHECKING:
    from redshift_local.queries import Query, Range

Rewriting = Callable[["Query", int], str]
MOST_HEX_DIGITS = 15


def _cast(query: "Query", opening: int) -> str:
    close = query.closer[opening]
    middle = [at for at in range(opening + 1, close) if query.value(at) == "as" and query.opener[at] == opening]
    if len(middle) != 1:
        raise syntax_error("cast")
    type_name, end = read_type(query.tokens, middle[0] + 1, in_table=False)
    if end != close:
        raise syntax_error(query.source(end))
    return _cast_to(query, (opening + 1, middle[0]), type_name)


def _cast_to(query: "Query", operand: "Range", type_name: str) -> str:
    return f"CAST({casts.rounded(query, *operand, query.render(*operand), type_name)} AS {type_name})"


def _convert(query: "Query", opening: int) -> str:
    (low, high), *others = _exactly(query, opening, "convert", 2, 2)
    type_name, end = read_type(query.tokens, low, in_table=False)
    if end != high:
        raise syntax_error(query.source(end))
    return _cast_to(query, others[0], type_name)


def _extract(query: "Query", opening: int) -> str:
    close = query.closer[opening]
    if query.value(opening + 2) != "from":
        raise syntax_error("extract")
    return f"rs_compat.extract({_unit(query, opening + 1)}, {_moment(query, opening + 3, close)})"


def _date_function(name: str) -> Rewriting:
    def build(query: "Query", opening: int) -> str:
        (low, high), *others = _exactly(query, opening, name, 3, 3)
        if high != low + 1:
            raise syntax_error(name)
        rest = ", ".join(_moment(query, *each) for each in others)
        return f"rs_compat.{name}({_unit(query, low)}, {rest})"

    return build


def _date_part(query: "Query", opening: int) -> str:
    (low, _), other = _exactly(query, opening, "date_part", 2, 2)
    return f"rs_compat.date_part({_unit(query, low)}, {_moment(query, *other)})"


def _convert_timezone(query: "Query", opening: int) -> str:
    *zones, moment = _exactly(query, opening, "convert_timezone", 2, 3)
    rendered = [*(query.render(*zone) for zone in zones), _moment(query, *moment)]
    return f"rs_compat.convert_timezone({', '.join(rendered)})"


def _moment(query: "Query", low: int, high: int) -> str:
    """An argument that may be a date or a time; a bare string or parameter is a timestamp."""
    rendered = query.render(low, high)
    is_bare = high == low + 1 and query.tokens[low].kind in {"string", "parameter"}
    return f"{rendered}::timestamp" if is_bare else rendered


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


def _listagg(query: "Query", opening: int) -> tuple[str, int]:
    """LISTAGG([DISTINCT] item [, delimiter]) [WITHIN GROUP (ORDER BY …)] [OVER (…)]; the order goes inside."""
    ranges = _exactly(query, opening, "listagg", 1, 2)
    low, high = ranges[0]
    distinct = query.value(low) == "distinct"
    item = query.render(low + distinct, high)
    delimiter = f"coalesce({query.render(*ranges[1])}, '')" if len(ranges) == 2 else "''"
    order, end = _within_group(query, query.closer[opening] + 1)
    partition, end = _over(query, end)
    if distinct and partition is not None:
        raise beyond("LISTAGG(DISTINCT …) as a window function")
    if distinct:
        sorted_items = f"array_agg(DISTINCT {item} {order}) FILTER (WHERE octet_length(({item})::text) > 0)"
        return f"rs_compat.listagg(array_to_string(({sorted_items})::text[], {delimiter}))", end
    arguments = f"rs_compat.some_text(({item})::text), {delimiter}"
    if partition is None:
        return f"rs_compat.listagg(rs_compat.listagg({arguments} {order}))", end
    frame = f"{order} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
    return f"rs_compat.listagg(rs_compat.listagg({arguments}) OVER ({partition} {frame}))", end


def _within_group(query: "Query", at: int) -> tuple[str, int]:
    """The ORDER BY of a WITHIN GROUP at `at`, empty where there is none, and where it ends."""
    if query.value(at) != "within":
        return "", at
    close = query.closer[at + 2]
    return query.render(at + 3, close), close + 1


def _over(query: "Query", at: int) -> tuple[str | None, int]:
    """The PARTITION BY of an OVER at `at`, None where there is no OVER, and where it ends."""
    if query.value(at) != "over":
        return None, at
    if query.value(at + 1) != "(":
        raise syntax_error(query.value(at + 1), "Redshift has no named windows: write OVER (…) in full.")
    close = query.closer[at + 1]
    if any(query.value(inside) in {"order", "rows"} and query.opener[inside] == at + 1 for inside in range(at, close)):
        raise syntax_error("order", "The window of this function takes PARTITION BY only.")
    return query.render(at + 2, close), close + 1


def _percentile_cont(query: "Query", opening: int) -> tuple[str, int]:
    (fraction,) = (query.render(*each) for each in _exactly(query, opening, "percentile_cont", 1, 1))
    order, end = _within_group(query, query.closer[opening] + 1)
    return _percentile(query, fraction, order, end)


def _median(query: "Query", opening: int) -> tuple[str, int]:
    (item,) = _exactly(query, opening, "median", 1, 1)
    return _percentile(query, "0.5", f"ORDER BY {query.render(*item)}", query.closer[opening] + 1)


def _percentile(query: "Query", fraction: str, order: str, end: int) -> tuple[str, int]:
    """An aggregate, or over a window, for which PostgreSQL has no ordered-set aggregates, one of our own."""
    partition, end = _over(query, end)
    if partition is None:
        return f"percentile_cont({fraction}) WITHIN GROUP ({order})", end
    words = order.split()
    descending = words[-1:] and words[-1].lower() == "desc"
    item = " ".join(words[2 : -1 if words[-1].lower() in {"asc", "desc"} else None])
    place = f"1 - ({fraction})" if descending else fraction
    return f"rs_compat.percentile_cont({item}, {place}) OVER ({partition})", end


def _sum(query: "Query", opening: int) -> tuple[str, int]:
    """A sum of NUMERICs ends at 38 digits; the check goes around the window too."""
    end = query.closer[opening] + 1
    window = ""
    if query.value(end) == "over" and query.value(end + 1) == "(":
        close = query.closer[end + 1] + 1
        window, end = f" {query.render(end, close)}", close
    inside = query.render(opening + 1, query.closer[opening])
    return f"rs_compat.sum(pg_catalog.sum({inside}){window})", end


def _strtol(query: "Query", opening: int) -> str:
    value, base = _exactly(query, opening, "strtol", 2, 2)
    if query.render(*base) == "16" and _is_part_of_digest(query, *value):
        return f"rs_compat.strtol16({query.render(*value)})"
    return f"rs_compat.strtol({query.render(*value)}, {query.render(*base)})"


def _is_part_of_digest(query: "Query", low: int, high: int) -> bool:
    """Whether this is SUBSTRING(MD5(…), 1, 15) or the like: hexadecimal digits, and few enough for a BIGINT."""
    is_part = query.value(low) in {"substring", "left"} and query.value(low + 2) == "md5"
    length = query.value(high - 2)
    return is_part and query.closer[low + 1] == high - 1 and length.isdigit() and int(length) <= MOST_HEX_DIGITS


def _copy_count(query: "Query", opening: int) -> str:
    _exactly(query, opening, query.value(opening - 1), 0, 0)
    return f"rs_compat.{query.value(opening - 1)}()"


def _current_setting(query: "Query", opening: int) -> str:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_SETTING.html"""
    rendered = query.render(opening + 1, query.closer[opening])
    name = rendered.strip("'").lower()
    if name in parameters.OWN:
        return parameters.current(name, "unset" if name == "query_group" else parameters.OWN[name])
    return f"current_setting({rendered})"


def _exactly(query: "Query", opening: int, name: str, fewest: int, most: int) -> "list[Range]":
    ranges = query.arguments(opening)
    if not fewest <= len(ranges) <= most:
        raise Refusal("42883", f"function {name}() does not exist with {len(ranges)} arguments")
    return ranges


SPECIAL: dict[str, Rewriting] = {
    "current_setting": _current_setting,
    "cast": _cast,
    "convert": _convert,
    "extract": _extract,
    "dateadd": _date_function("dateadd"),
    "datediff": _date_function("datediff"),
    "date_part": _date_part,
    "decode": _decode,
    "nvl": _nvl,
    "isnull": _nvl,
    "nvl2": _nvl2,
    "convert_timezone": _convert_timezone,
    "strtol": _strtol,
    "pg_last_copy_count": _copy_count,
    "pg_last_copy_id": _copy_count,
}
# Those that look beyond their own parentheses, at WITHIN GROUP or OVER; they say where they end.
WITH_WINDOW: dict[str, Callable[["Query", int], tuple[str, int]]] = {
    "listagg": _listagg,
    "median": _median,
    "percentile_cont": _percentile_cont,
    "sum": _sum,
}
