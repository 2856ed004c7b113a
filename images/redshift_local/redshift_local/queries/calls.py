"""Calls that PostgreSQL must hear in other words: CAST, DATEADD, DECODE and the like."""

from collections.abc import Callable

from redshift_local.language import parameters
from redshift_local.language.tokens import whole
from redshift_local.language.types import read_type
from redshift_local.queries import casts
from redshift_local.queries.call import Call
from redshift_local.queries.query import Query, Range
from redshift_local.refusal import syntax_error

Rewriting = Callable[[Call], str]
MOST_HEX_DIGITS = 15


def _cast(call: Call) -> str:
    places = call.query.places(call.opening, "as")
    if len(places) != 1:
        raise syntax_error("cast")
    type_name, end = read_type(call.query.tokens, places[0] + 1, in_table=False)
    if end != call.close:
        raise syntax_error(call.query.source(end))
    return _cast_to(call, (call.opening + 1, places[0]), type_name)


def _cast_to(call: Call, operand: Range, type_name: str) -> str:
    return f"CAST({casts.rounded(call.query, *operand, call.render(*operand), type_name)} AS {type_name})"


def _convert(call: Call) -> str:
    (low, high), *others = call.arguments(2, 2)
    type_name, end = read_type(call.query.tokens, low, in_table=False)
    if end != high:
        raise syntax_error(call.query.source(end))
    return _cast_to(call, others[0], type_name)


def _extract(call: Call) -> str:
    if call.query.value(call.opening + 2) != "from":
        raise syntax_error("extract")
    return f"rs_compat.extract({_unit(call.query, call.opening + 1)}, {_moment(call, call.opening + 3, call.close)})"


def _date_function(name: str) -> Rewriting:
    def build(call: Call) -> str:
        (low, high), *others = call.arguments(3, 3)
        if high != low + 1:
            raise syntax_error(name)
        rest = ", ".join(_moment(call, *each) for each in others)
        return f"rs_compat.{name}({_unit(call.query, low)}, {rest})"

    return build


def _date_part(call: Call) -> str:
    (low, _), other = call.arguments(2, 2)
    return f"rs_compat.date_part({_unit(call.query, low)}, {_moment(call, *other)})"


def _convert_timezone(call: Call) -> str:
    *zones, moment = call.arguments(2, 3)
    rendered = [*(call.render(*zone) for zone in zones), _moment(call, *moment)]
    return f"rs_compat.convert_timezone({', '.join(rendered)})"


def _moment(call: Call, low: int, high: int) -> str:
    """An argument that may be a date or a time; a bare string or parameter is a timestamp."""
    rendered = call.render(low, high)
    is_bare = high == low + 1 and call.query.tokens[low].kind in {"string", "parameter"}
    return f"{rendered}::timestamp" if is_bare else rendered


def _unit(query: Query, at: int) -> str:
    token = query.tokens[at]
    if token.kind == "string":
        return query.source(at).lower()
    if not token.name:
        raise syntax_error(query.source(at))
    return f"'{token.name}'"


def _decode(call: Call) -> str:
    parts = [call.render(*each) for each in call.arguments(3, 999)]
    subject, pairs = parts[0], parts[1:]
    default = f" ELSE {pairs.pop()}" if len(pairs) % 2 else ""
    branches = zip(pairs[::2], pairs[1::2], strict=True)
    cases = " ".join(f"WHEN ({subject}) IS NOT DISTINCT FROM ({search}) THEN {result}" for search, result in branches)
    return f"CASE {cases}{default} END"


def _nvl(call: Call) -> str:
    return f"coalesce({call.inside()})"


def _nvl2(call: Call) -> str:
    subject, given, missing = (call.render(*each) for each in call.arguments(3, 3))
    return f"CASE WHEN ({subject}) IS NOT NULL THEN {given} ELSE {missing} END"


def _strtol(call: Call) -> str:
    value, base = call.arguments(2, 2)
    if call.render(*base) == "16" and _is_part_of_digest(call.query, *value):
        return f"rs_compat.strtol16({call.render(*value)})"
    return f"rs_compat.strtol({call.render(*value)}, {call.render(*base)})"


def _is_part_of_digest(query: Query, low: int, high: int) -> bool:
    """Whether this is SUBSTRING(MD5(…), 1, 15) or the like: hexadecimal digits, and few enough for a BIGINT."""
    is_part = query.value(low) in {"substring", "left"} and query.value(low + 2) == "md5"
    length = query.value(high - 2)
    return is_part and query.closer[low + 1] == high - 1 and length.isdigit() and whole(length) <= MOST_HEX_DIGITS


def _copy_count(call: Call) -> str:
    call.arguments(0, 0)
    return f"rs_compat.{call.name}()"


def _current_setting(call: Call) -> str:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_SETTING.html"""
    rendered = call.inside()
    name = rendered.strip("'").lower()
    if name in parameters.OWN:
        return parameters.current(name, "unset" if name == "query_group" else parameters.OWN[name])
    return f"current_setting({rendered})"


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
