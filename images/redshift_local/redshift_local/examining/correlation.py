"""Correlated subqueries that Redshift cannot decorrelate; each is refused by what its own page says of it.

https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html
"""

from collections.abc import Iterator

from redshift_local.examining import parse_tree
from redshift_local.examining.parse_tree import Node
from redshift_local.refusal import Refusal

OUTER_JOINS = {"1", "2", "3"}  # left, full, right
ANY, ALL = "2", "1"
MIN_MAX = {*map(str, range(2115, 2147)), "2244", "2245", "4189", "4190", "6396", "6397"}
SUBQUERY, GROUPED = "1", "9"


def check(tree: Node) -> None:
    """Raises Refusal."""
    for query in (each for each in parse_tree.walk(tree) if each["kind"] == "QUERY"):
        for link in _links(query):
            _check_link(link)
        for join in (each for each in _own(query["jointree"]) if each["kind"] == "JOINEXPR"):
            if join["jointype"] in OUTER_JOINS and any(map(_reaches, _subqueries(join["quals"]))):
                raise _unsupported("in the ON clause of an outer join")
        for expression in _grouped(query):
            if any(map(_reaches, _subqueries(expression))):
                raise _unsupported("whose result is grouped by")


def _check_link(link: Node) -> None:
    query = link["subselect"]
    if _reaches(query, skipping=1):
        raise _unsupported("that refers to a query beyond the one around it")
    if not _reaches(query):
        return
    if query["hasWindowFuncs"] == "true":
        raise _unsupported("with a window function")
    if link["subLinkType"] in {ANY, ALL} and query["groupClause"] and _aggregates_more_than_extremes(query):
        raise _unsupported("with an aggregate and GROUP BY after IN")


def _aggregates_more_than_extremes(query: Node) -> bool:
    return any(each["kind"] == "AGGREF" and each["aggfnoid"] not in MIN_MAX for each in _own(query["targetList"]))


def _reaches(query: Node, skipping: int = 0) -> bool:
    """Whether something in the query is a column of a query around it, `skipping` so many between them."""
    waiting: list[tuple[object, int]] = [(query, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, list):
            waiting += [(inner, depth) for inner in value]
        elif isinstance(value, dict):
            if value["kind"] == "VAR" and int(value["varlevelsup"]) >= depth + skipping:
                return True
            inside = depth + (value["kind"] == "QUERY")
            waiting += [(inner, inside) for inner in value.values()]
    return False


def _links(query: Node) -> list[Node]:
    """The subqueries in the query's own expressions."""
    return [each for part in query.values() for each in _own(part) if each["kind"] == "SUBLINK"]


def _subqueries(expression: object) -> list[Node]:
    return [each["subselect"] for each in _own(expression) if each["kind"] == "SUBLINK"]


def _grouped(query: Node) -> list[object]:
    return [source["groupexprs"] for source in query["rtable"] or () if source["rtekind"] == GROUPED]


def _own(expression: object) -> Iterator[Node]:
    """All nodes of an expression but those of the queries in it."""
    waiting = [expression]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict) and value["kind"] not in {"QUERY", "RANGETBLENTRY"}:
            waiting += value.values()
            yield value


def _unsupported(where: str) -> Refusal:
    message = "This type of correlated subquery pattern is not supported yet"
    return Refusal("0A000", message, f"A correlated subquery {where}: Redshift cannot decorrelate it.")
