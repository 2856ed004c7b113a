"""Constructs of PostgreSQL's queries that Redshift does not have; each is refused where it stands."""

from collections.abc import Callable

from redshift_local.language import functions
from redshift_local.queries.query import Query
from redshift_local.refusal import Refusal, beyond, syntax_error, unsupported

# https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html
# A word, what follows it (one of; none: whatever follows), and the refusal.
Rule = tuple[tuple[str, ...], Callable[[], Refusal]]


def _syntax(near: str, hint: str) -> Callable[[], Refusal]:
    return lambda: syntax_error(near, hint)


def _unsupported(what: str, hint: str = "") -> Callable[[], Refusal]:
    return lambda: unsupported(what, hint)


def _beyond(what: str, instead: str = "") -> Callable[[], Refusal]:
    return lambda: beyond(what, instead)


RULES: dict[str, list[Rule]] = {
    "on": [(("conflict",), _syntax("conflict", "Redshift has no INSERT … ON CONFLICT: DELETE, then INSERT."))],
    "returning": [((), _syntax("returning", "Redshift has no RETURNING."))],
    "distinct": [
        (("on",), _unsupported("SELECT DISTINCT ON", "Use ROW_NUMBER() in a subquery.")),
        (("from",), _syntax("distinct", "Redshift has no IS DISTINCT FROM.")),
    ],
    "lateral": [((), _syntax("lateral", "Redshift has no LATERAL."))],
    "array": [
        (("[",), _syntax("[", "Redshift has no arrays.")),
        (("(",), _beyond("ARRAY() of the type SUPER")),
    ],
    "filter": [(("(",), _syntax("(", "Redshift has no FILTER: use CASE inside the aggregate."))],
    "for": [
        (("update", "share", "no", "key"), _unsupported("SELECT FOR UPDATE", "LOCK a table instead.")),
    ],
    "fetch": [(("first", "next"), _syntax("fetch", "Redshift has LIMIT."))],
    "tablesample": [((), _syntax("tablesample", "Redshift has no TABLESAMPLE."))],
    "materialized": [(("(",), _syntax("materialized", "Redshift has no AS MATERIALIZED."))],
    "collate": [((), _syntax("collate", "The local stand-in knows no collations."))],
    "overriding": [((), _syntax("overriding", "Redshift has no OVERRIDING."))],
    "window": [((), _syntax("window", "Redshift has no WINDOW clause: write OVER (…) in full."))],
    "qualify": [((), _beyond("QUALIFY", "Use ROW_NUMBER() in a subquery."))],
    "pivot": [(("(",), _beyond("PIVOT"))],
    "unpivot": [(("(", "include", "exclude"), _beyond("UNPIVOT"))],
    "connect": [(("by",), _beyond("CONNECT BY", "Use WITH RECURSIVE."))],
    "current_user_id": [((), _beyond("CURRENT_USER_ID"))],
    "approximate": [((), _beyond("APPROXIMATE aggregates"))],
    "exclude": [((), _beyond("EXCLUDE"))],
    "ordinality": [((), _syntax("ordinality", "Redshift has no WITH ORDINALITY."))],
    "only": [(("(",), _syntax("only", "Redshift has no inheritance."))],
}
FRAMELESS_HINT = "https://docs.aws.amazon.com/redshift/latest/dg/r_Window_functions.html"


def check(query: Query, at: int) -> None:
    """Refuse the word at `at` if it begins a construct Redshift does not have. Raises Refusal."""
    word, follower = query.value(at), query.value(at + 1)
    if query.reads_catalog and word in {"array", "collate"}:
        return
    for followers, refusal in RULES.get(word, ()):
        if not followers or follower in followers:
            raise refusal()
    if word == "values" and not query.values_allowed:
        raise syntax_error("values", "Redshift has VALUES in INSERT only.")
    if word == "top" and query.value(at - 1) in {"select", "distinct"} and _counts(query, at + 1):
        raise beyond("SELECT TOP", "Use LIMIT.")
    if word.startswith("#"):
        raise beyond("temporary tables named #…", "Use CREATE TEMP TABLE.")
    in_common_table = query.value(at - 1) == "(" and query.value(at - 2) == "as"
    if word in {"insert", "update", "delete", "merge"} and in_common_table:
        raise syntax_error(word, "Redshift has no data-modifying WITH.")


def _counts(query: Query, at: int) -> bool:
    return at < len(query.tokens) and query.tokens[at].kind in {"number", "parameter"}


def check_window(query: Query, name: str, end: int) -> None:
    """Refuse an OVER that Redshift does not take, for a function whose call ends before `end`. Raises Refusal."""
    if query.value(end) in {"ignore", "respect"} and query.value(end + 1) == "nulls":
        raise beyond("IGNORE NULLS and RESPECT NULLS")
    if query.value(end) != "over":
        return
    if query.value(end + 1) != "(":
        raise syntax_error(query.value(end + 1), "Redshift has no named windows: write OVER (…) in full.")
    inside = [query.value(at) for at in range(end + 2, query.closer[end + 1]) if query.opener[at] == end + 1]
    if "range" in inside or "groups" in inside:
        raise unsupported("a window frame other than ROWS")
    if name in functions.AGGREGATES and "order" in inside and "rows" not in inside:
        raise Refusal(
            "0A000", "Aggregate window functions with an ORDER BY clause require a frame clause", FRAMELESS_HINT
        )
