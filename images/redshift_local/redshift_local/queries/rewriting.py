"""Turns the expressions and queries of a Redshift statement into PostgreSQL's, and refuses what Redshift would."""

from collections.abc import Sequence

from redshift_local.language import aliases, catalog, functions
from redshift_local.language.tokens import Token
from redshift_local.language.types import KNOWN, read_type
from redshift_local.queries import aggregates, calls, casts, catalog_queries, constructs, reserved
from redshift_local.queries.call import Call
from redshift_local.queries.query import Query
from redshift_local.refusal import Refusal, beyond, syntax_error

TYPED_LITERALS = {"date", "timestamp", "timestamptz", "time", "timetz", "interval"}


def rewrite(text: str, tokens: Sequence[Token], values_allowed: bool = False, fills_table: bool = False) -> str:
    """The statement's tokens as PostgreSQL takes them. Raises Refusal."""
    rewriter = Rewriter(Query(text, tokens, values_allowed))
    rendered = rewriter.render(0, len(tokens))
    rewriter.check_leader_functions(fills_table)
    return rendered


def to_examine(rendered: str, tokens: Sequence[Token]) -> str:
    """The rewritten query if its parse tree has something to tell: of divisions, subqueries, aliases; else nothing."""
    divides = any(token.kind == "op" and token.value == "/" for token in tokens)
    nests = any(
        token.value == "select" and tokens[at - 1].value == "(" and tokens[at - 2].value not in {"from", "join", "as"}
        for at, token in enumerate(tokens)
        if at > 1
    )
    return rendered if (divides or nests or aliases.are_used(tokens)) and not catalog.only(tokens) else ""


class Rewriter:
    """Writes a query down for PostgreSQL, part by part; notes what only Redshift's leader node computes."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._leader_functions: list[str] = []
        self._reads_tables = False
        self._constants = casts.operands(query)

    def render(self, low: int, high: int) -> str:
        """Tokens `low` to `high`, rewritten, with the blanks between them."""
        parts: list[str] = []
        at = low
        while at < high:
            if at > low:
                parts.append(self._query.blank_before(at))
            part, at = self._step(at)
            parts.append(part)
        return "".join(parts)

    def check_leader_functions(self, fills_table: bool) -> None:
        """Redshift's leader node cannot compute over users' tables, nor for them."""
        if self._leader_functions and ((self._reads_tables and not self._query.reads_catalog) or fills_table):
            names = ", ".join(sorted(set(self._leader_functions)))
            raise Refusal(
                "0A000",
                "Specified types or functions (one per INFO message) not supported on Redshift tables.",
                f"Leader-node only: {names}.",
            )

    def _step(self, at: int) -> tuple[str, int]:
        query, token = self._query, self._query.tokens[at]
        if at in self._constants:
            return self._constant(at)
        if token.name:
            return self._name(at)
        if token.kind == "op" and token.value not in functions.OPERATORS:
            raise Refusal("42883", f"operator does not exist: {token.value}", "Redshift has no such operator.")
        if token.value == "::":
            type_name, end = read_type(query.tokens, at + 1, in_table=False)
            return f"::{type_name}", end
        if token.value in {"[", "{", ":"} and not query.reads_catalog:
            raise syntax_error(token.value, "Redshift has no arrays; SUPER navigation is beyond the local stand-in.")
        if token.kind == "string" and query.source(at)[0] in "bBxXuU":
            raise beyond("bit, hexadecimal and Unicode-escape literals")
        return query.source(at), at + 1

    def _constant(self, start: int) -> tuple[str, int]:
        """A constant and its casts by `::`."""
        places = self._constants.pop(start)
        rendered = self.render(start, places[0])
        self._constants[start] = places
        end = places[0]
        for colons in places:
            type_name, end = read_type(self._query.tokens, colons + 1, in_table=False)
            rendered = f"{casts.rounded(self._query, start, colons, rendered, type_name)}::{type_name}"
        return rendered, end

    def _name(self, at: int) -> tuple[str, int]:
        query, token = self._query, self._query.tokens[at]
        if token.kind == "word" and query.value(at - 1) != ".":
            constructs.check(query, at)
            reserved.check(query, at)
            self._note_tables(at)
            if replaced := self._special_word(at):
                return replaced
        if replaced := catalog_queries.replaced(query, at):
            return replaced
        is_ours = query.value(at + 2) in {*functions.COMPAT, *calls.SPECIAL, *aggregates.WITH_WINDOW}
        if token.name == "pg_catalog" and is_ours and query.value(at + 3) == "(":
            return self._call(at + 2)
        if query.value(at + 1) == "(" and query.is_call(at):
            return self._call(at)
        return (query.source(at).lower() if token.kind == "quoted" else query.source(at)), at + 1

    def _special_word(self, at: int) -> tuple[str, int] | None:
        query, word = self._query, self._query.value(at)
        if word == "minus" and query.value(at + 1) in {"select", "(", "all"}:
            return "except", at + 1
        if word == "sysdate":
            return "rs_compat.sysdate()", at + 1
        if word in functions.LEADER_ONLY_WORDS:
            self._leader_functions.append(word)
        is_literal = at + 1 < len(query.tokens) and query.tokens[at + 1].kind == "string"
        if is_literal and word in {*KNOWN, "json", "jsonb", "uuid"} and word not in TYPED_LITERALS:
            raise syntax_error(query.source(at + 1))
        return None

    def _note_tables(self, at: int) -> None:
        if not self._query.names_a_table(at):
            return
        relation = self._query.tokens[at + 1].name
        self._reads_tables |= bool(relation) and not catalog.is_system(relation)

    def _call(self, at: int) -> tuple[str, int]:
        query, call = self._query, Call(self._query, at + 1, self.render)
        name = call.name
        if query.value(at - 1) == "." and query.value(at - 2) not in catalog.SCHEMAS:
            raise _missing(name)
        constructs.check_window(query, name, call.end)
        if with_end := aggregates.WITH_WINDOW.get(name):
            return with_end(call)
        if special := calls.SPECIAL.get(name):
            return special(call), call.end
        if name in KNOWN:
            type_name, after = read_type(query.tokens, at, in_table=False)
            return type_name, after
        if name in functions.COMPAT:
            return f"rs_compat.{name}({call.inside()})", call.end
        if name in functions.LEADER_ONLY:
            self._leader_functions.append(name)
        elif name not in functions.SAME and not (query.reads_catalog and catalog.is_function(name)):
            raise _missing(name)
        return f"{name}({call.inside()})", call.end


def _missing(name: str) -> Refusal:
    if name in functions.DOCUMENTED or name.startswith("st_"):
        return beyond(f"the function {name.upper()}()")
    hint = functions.MISSING_HINTS.get(name, "Redshift has no such function, or the local stand-in does not know it.")
    return Refusal("42883", f"function {name}() does not exist", hint)
