"""Aggregates that PostgreSQL must hear in other words, together with the WITHIN GROUP or OVER that follows them."""

from collections.abc import Callable

from redshift_local.queries.call import Call
from redshift_local.refusal import beyond, syntax_error


def _listagg(call: Call) -> tuple[str, int]:
    """LISTAGG([DISTINCT] item [, delimiter]) [WITHIN GROUP (ORDER BY …)] [OVER (…)]; the order goes inside."""
    ranges = call.arguments(1, 2)
    low, high = ranges[0]
    distinct = call.query.value(low) == "distinct"
    item = call.render(low + distinct, high)
    delimiter = f"coalesce({call.render(*ranges[1])}, '')" if len(ranges) == 2 else "''"
    order, end = _within_group(call, call.end)
    partition, end = _over(call, end)
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


def _within_group(call: Call, at: int) -> tuple[str, int]:
    """The ORDER BY of a WITHIN GROUP at `at`, empty where there is none, and where it ends."""
    if call.query.value(at) != "within":
        return "", at
    if (call.query.value(at + 1), call.query.value(at + 2)) != ("group", "("):
        raise syntax_error("within")
    close = call.query.closer[at + 2]
    return call.render(at + 3, close), close + 1


def _over(call: Call, at: int) -> tuple[str | None, int]:
    """The PARTITION BY of an OVER at `at`, None where there is no OVER, and where it ends."""
    if call.query.value(at) != "over":
        return None, at
    if call.query.value(at + 1) != "(":
        raise syntax_error(call.query.value(at + 1), "Redshift has no named windows: write OVER (…) in full.")
    close = call.query.closer[at + 1]
    if call.query.places(at + 1, "order", "rows"):
        raise syntax_error("order", "The window of this function takes PARTITION BY only.")
    return call.render(at + 2, close), close + 1


def _percentile_cont(call: Call) -> tuple[str, int]:
    (fraction,) = (call.render(*each) for each in call.arguments(1, 1))
    order, end = _within_group(call, call.end)
    return _percentile(call, fraction, order, end)


def _median(call: Call) -> tuple[str, int]:
    (item,) = call.arguments(1, 1)
    return _percentile(call, "0.5", f"ORDER BY {call.render(*item)}", call.end)


def _percentile(call: Call, fraction: str, order: str, end: int) -> tuple[str, int]:
    """An aggregate, or over a window, for which PostgreSQL has no ordered-set aggregates, one of our own."""
    partition, end = _over(call, end)
    if partition is None:
        return f"percentile_cont({fraction}) WITHIN GROUP ({order})", end
    words = order.split()
    descending = words[-1:] and words[-1].lower() == "desc"
    item = " ".join(words[2 : -1 if words[-1].lower() in {"asc", "desc"} else None])
    place = f"1 - ({fraction})" if descending else fraction
    return f"rs_compat.percentile_cont({item}, {place}) OVER ({partition})", end


def _sum(call: Call) -> tuple[str, int]:
    """A sum of NUMERICs ends at 38 digits; the check goes around the window too."""
    end = call.end
    window = ""
    if call.query.value(end) == "over" and call.query.value(end + 1) == "(":
        close = call.query.closer[end + 1] + 1
        window, end = f" {call.render(end, close)}", close
    inside = call.inside()
    return f"rs_compat.sum(pg_catalog.sum({inside}){window})", end


# Each says where what it has read ends.
WITH_WINDOW: dict[str, Callable[[Call], tuple[str, int]]] = {
    "listagg": _listagg,
    "median": _median,
    "percentile_cont": _percentile_cont,
    "sum": _sum,
}
