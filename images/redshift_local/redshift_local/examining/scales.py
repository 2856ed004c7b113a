"""The sizes that Redshift gives to computed NUMERICs, and so the scale of every division of a query.

https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from redshift_local.examining import parse_tree
from redshift_local.examining.parse_tree import Node
from redshift_local.refusal import beyond

Size = tuple[int, int] | None  # precision and scale; None: not known here
Queries = Sequence[Node]  # the query a node stands in, last, and those around it

MOST = 38
INTEGERS = {"21": (5, 0), "23": (10, 0), "20": (19, 0)}
NUMERIC, DIVISION = "1700", "1761"
PLUS_MINUS, TIMES, NEGATIVE, MODULO = {"1758", "1759"}, "1760", "1751", "1762"
SUM_OF_NUMERIC, SUM_OF_BIGINT = "2114", "2107"
KEEPS_SIZE = {"1705", "1707", "1708", "1709", "1710", "1711", "1712", "2167"}  # abs, round, trunc, ceil, floor
KEEPS_AGGREGATED = {
    "2130",
    "2146",
    "3106",
    "3107",
    "3108",
    "3109",
    "3110",
    "3111",
    "3112",
    "3113",
    "3114",
}  # max, lag, …
SUBQUERY, JOIN, COMMON_TABLE, GROUPED = "1", "2", "6", "9"


def divides(tree: Node) -> bool:
    """Whether numerics are divided anywhere in it."""
    return any(node.get("opno") == DIVISION for node in parse_tree.walk(tree))


def divisions(raw: Node, tree: Node, text: bytes, own: dict[str, str]) -> dict[int, int]:
    """Where numerics are divided (in the text that was parsed), and to how many decimals. Raises Refusal.

    `raw` is the query as written, `tree` as understood: there an expression of GROUP BY stands once only, however often
    it was written. `own` has the names of the stand-in's functions by their numbers.
    """
    reader = _Sizes(text, own)
    found: dict[int, int] = {}
    for node, queries in _in_queries(tree):
        if node["kind"] == "OPEXPR" and node["opno"] == DIVISION:
            size = reader.of(node, queries)
            if size is None:
                raise beyond(
                    "a division of NUMERICs whose sizes it does not know",
                    "CAST both to DECIMAL(p, s), or one to DOUBLE PRECISION.",
                )
            found[int(node["location"])] = size[1]
    written = [node for node in parse_tree.walk(raw) if node["kind"] == "A_EXPR" and node["name"] == ["/"]]
    known = {_spelling(node): found[int(node["location"])] for node in written if int(node["location"]) in found}
    return {int(node["location"]): known[_spelling(node)] for node in written if _spelling(node) in known}


def _spelling(value: object) -> str:
    """An expression without the places where it stands."""
    if isinstance(value, dict):
        return str({name: _spelling(inner) for name, inner in value.items() if name != "location"})
    return str([_spelling(inner) for inner in value] if isinstance(value, list) else value)


def _in_queries(tree: Node) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """All nodes, each with the queries it stands in."""
    waiting: list[tuple[object, tuple[Node, ...]]] = [(tree, ())]
    while waiting:
        value, queries = waiting.pop()
        if isinstance(value, list):
            waiting += [(inner, queries) for inner in value]
        elif isinstance(value, dict):
            queries = (*queries, value) if value["kind"] == "QUERY" else queries
            waiting += [(inner, queries) for inner in value.values()]
            yield value, queries


def combined(one: Size, other: Size) -> Size:
    """The size that holds both, as in COALESCE, CASE and UNION."""
    if one is None or other is None or one == other:
        return one if one == other else None
    scale = max(one[1], other[1])
    most = 19 if max(one[0], other[0]) <= 19 else MOST
    return min(max(one[0] - one[1], other[0] - other[1]) + scale, most), scale


def quotient(one: Size, other: Size) -> Size:
    if one is None or other is None:
        return None
    (precision, scale), (other_precision, other_scale) = one, other
    digits = max(4, scale + other_precision - other_scale + 1)
    whole = precision - scale + other_scale + digits
    return (whole, digits) if whole <= MOST else (MOST, max(MOST + digits - whole, 4))


def _of_sum(one: Size, other: Size) -> Size:
    if one is None or other is None:
        return None
    scale = max(one[1], other[1])
    return min(max(one[0] - one[1], other[0] - other[1]) + 1 + scale, MOST), scale


def _of_product(one: Size, other: Size) -> Size:
    return (min(one[0] + other[0] + 1, MOST), one[1] + other[1]) if one and other else None


class _Sizes:
    """Reads the sizes of a tree's expressions."""

    def __init__(self, text: bytes, own: dict[str, str]) -> None:
        self._text, self._own = text, own
        self._readers: dict[str, Callable[[Node, Queries], Size]] = {
            "VAR": self._variable,
            "CONST": self._constant,
            "PARAM": lambda node, _: INTEGERS.get(node["paramtype"]),
            "OPEXPR": self._operator,
            "FUNCEXPR": self._function,
            "AGGREF": self._aggregate,
            "WINDOWFUNC": self._aggregate,
            "COALESCEEXPR": lambda node, queries: self._all(node["args"], queries),
            "MINMAXEXPR": lambda node, queries: self._all(node["args"], queries),
            "NULLIFEXPR": lambda node, queries: self.of(node["args"][0], queries),
            "CASEEXPR": self._case,
            "RELABELTYPE": lambda node, queries: self.of(node["arg"], queries),
            "SUBLINK": self._subquery,
            "TARGETENTRY": lambda node, queries: self.of(node["expr"], queries),
        }

    def of(self, node: Node, queries: Queries) -> Size:
        """The size of an expression."""
        read = self._readers.get(node["kind"])
        return read(node, queries) if read else None

    def _all(self, expressions: Sequence[Node], queries: Queries) -> Size:
        given = [each for each in expressions if each["kind"] != "CONST" or each["constisnull"] == "false"]
        sizes = [self.of(each, queries) for each in given]
        return reduce(combined, sizes) if sizes else None

    def _variable(self, node: Node, queries: Queries) -> Size:
        if node["vartype"] in INTEGERS:
            return INTEGERS[node["vartype"]]
        if node["vartypmod"] != "-1":
            return _declared(int(node["vartypmod"]))
        around = queries[: len(queries) - int(node["varlevelsup"])]
        source = around[-1]["rtable"][int(node["varno"]) - 1]
        return self._from(source, int(node["varattno"]) - 1, around)

    def _from(self, source: Node, place: int, around: Queries) -> Size:
        """The size of a source's column; a table's or view's own says itself what it is."""
        if source["rtekind"] == SUBQUERY:
            return self._column(source["subquery"], place, around)
        if source["rtekind"] in {JOIN, GROUPED}:
            columns = source["joinaliasvars" if source["rtekind"] == JOIN else "groupexprs"]
            return self.of(columns[place], around)
        if source["rtekind"] == COMMON_TABLE and source["self_reference"] == "false":
            home = around[: len(around) - int(source["ctelevelsup"])]
            query = next(each["ctequery"] for each in home[-1]["cteList"] if each["ctename"] == source["ctename"])
            return self._column(query, place, home)
        return None

    def _column(self, query: Node, place: int, around: Queries) -> Size:
        inside = [*around, query]
        if not query["setOperations"]:
            return self.of(query["targetList"][place]["expr"], inside)
        leaves = [each for each in parse_tree.walk(query["setOperations"]) if each["kind"] == "RANGETBLREF"]
        parts = [query["rtable"][int(leaf["rtindex"]) - 1]["subquery"] for leaf in leaves]
        return reduce(combined, [self._column(part, place, inside) for part in parts])

    def _constant(self, node: Node, _: Queries) -> Size:
        if node["consttype"] in INTEGERS:
            return INTEGERS[node["consttype"]]
        if node["consttypmod"] != "-1":
            return _declared(int(node["consttypmod"]))
        whole, decimals = self._digits(node)
        return (max(len(whole), 1) + len(decimals), len(decimals)) if whole or decimals else None

    def _digits(self, node: Node) -> tuple[bytes, bytes]:
        """A literal's digits before and after its point, without leading zeros."""
        found = re.match(rb"(\d*)(?:\.(\d*))?(?![\d.eE])", self._text[int(node["location"]) :])
        return (found.group(1).lstrip(b"0"), found.group(2) or b"") if found else (b"", b"")

    def _operator(self, node: Node, queries: Queries) -> Size:
        if node["opresulttype"] in INTEGERS:
            return INTEGERS[node["opresulttype"]]
        sizes = [self.of(argument, queries) for argument in node["args"]]
        if node["opno"] == NEGATIVE:
            return sizes[0]
        if node["opno"] in PLUS_MINUS:
            return _of_sum(*sizes)
        if node["opno"] == TIMES:
            return _of_product(*sizes)
        if node["opno"] == DIVISION:
            return None if self._is_fraction(node["args"][1]) else quotient(*sizes)
        return combined(*sizes) if node["opno"] == MODULO else None

    def _is_fraction(self, node: Node) -> bool:
        """Whether it is a literal like 0.5: whether its zero counts as a digit is not documented."""
        return node["kind"] == "CONST" and node["consttype"] == NUMERIC and not self._digits(node)[0]

    def _function(self, node: Node, queries: Queries) -> Size:
        if node["funcresulttype"] in INTEGERS:
            return INTEGERS[node["funcresulttype"]]
        arguments = node["args"]
        if node["funcformat"] != "0" and len(arguments) == 3:  # a cast, with the size it is to have
            wanted = parse_tree.constant(arguments[1])
            return _declared(wanted) if wanted >= 0 else self.of(arguments[0], queries)
        if node["funcid"] in KEEPS_SIZE or self._own.get(node["funcid"]) in {"trunc", "sum"}:
            return self.of(arguments[0], queries)
        return None

    def _aggregate(self, node: Node, queries: Queries) -> Size:
        function, result = (node.get("aggfnoid") or node["winfnoid"]), (node.get("aggtype") or node["wintype"])
        if result in INTEGERS:
            return INTEGERS[result]
        inside = queries[: len(queries) - int(node.get("agglevelsup", 0))]
        size = self.of(node["args"][0], inside) if node["args"] else None
        if function in {SUM_OF_NUMERIC, SUM_OF_BIGINT}:
            return (MOST, size[1]) if size else None
        return size if function in KEEPS_AGGREGATED else None

    def _case(self, node: Node, queries: Queries) -> Size:
        return self._all([*(branch["result"] for branch in node["args"]), node["defresult"]], queries)

    def _subquery(self, node: Node, queries: Queries) -> Size:
        return self._column(node["subselect"], 0, queries)


def _declared(typmod: int) -> Size:
    return (typmod - 4) >> 16, (typmod - 4) & 2047
