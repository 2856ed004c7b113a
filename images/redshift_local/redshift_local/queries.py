"""Turns the expressions and queries of a Redshift statement into PostgreSQL's, and refuses what Redshift would."""

from collections.abc import Sequence

from redshift_local import aliases, calls, casts, catalog, constructs, functions, reserved
from redshift_local.refusal import Refusal, beyond, syntax_error
from redshift_local.tokens import Token
from redshift_local.types import KNOWN, read_type

FROM_TAKERS = {"trim", "substring", "overlay", "position", "extract"}
TYPED_LITERALS = {"date", "timestamp", "timestamptz", "time", "timetz", "interval"}

Range = tuple[int, int]


def rewrite(text: str, tokens: Sequence[Token], values_allowed: bool = False, fills_table: bool = False) -> str:
    """The statement's tokens as PostgreSQL takes them. Raises Refusal."""
    query = Query(text, tokens, values_allowed)
    rendered = query.render(0, len(tokens))
    query.check_leader_functions(fills_table)
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


class Query:
    """One statement on its way to PostgreSQL."""

    def __init__(self, text: str, tokens: Sequence[Token], values_allowed: bool) -> None:
        self.text, self.tokens, self.values_allowed = text, tokens, values_allowed
        self.opener, self.closer = _parentheses(tokens)
        self.touches_tables = any(self._names_a_table(at) for at in range(len(tokens)))
        self.catalog = catalog.only(tokens)
        self._leader_functions: list[str] = []
        self._reads_tables = False
        self._constants = casts.operands(self)

    def render(self, low: int, high: int) -> str:
        """Tokens `low` to `high`, rewritten, with the blanks between them."""
        parts: list[str] = []
        at = low
        while at < high:
            if at > low:
                parts.append(self._blank_before(at))
            part, at = self._step(at)
            parts.append(part)
        return "".join(parts)

    def value(self, at: int) -> str:
        """The token's value, empty beyond the ends."""
        return self.tokens[at].value if 0 <= at < len(self.tokens) else ""

    def source(self, at: int) -> str:
        """The token as it was written."""
        return self.text[self.tokens[at].start : self.tokens[at].end]

    def arguments(self, opening: int) -> list[Range]:
        """The ranges between the commas of the parentheses that open here."""
        close, start = self.closer[opening], opening + 1
        if close == start:
            return []
        ranges = []
        for at in range(start, close):
            if self.value(at) == "," and self.opener[at] == opening:
                ranges.append((start, at))
                start = at + 1
        return [*ranges, (start, close)]

    def check_leader_functions(self, fills_table: bool) -> None:
        """Redshift's leader node cannot compute over users' tables, nor for them."""
        if self._leader_functions and ((self._reads_tables and not self.catalog) or fills_table):
            names = ", ".join(sorted(set(self._leader_functions)))
            raise Refusal(
                "0A000",
                "Specified types or functions (one per INFO message) not supported on Redshift tables.",
                f"Leader-node only: {names}.",
            )

    def _blank_before(self, at: int) -> str:
        blank = self.text[self.tokens[at - 1].end : self.tokens[at].start]
        is_glued = not blank and self.tokens[at - 1].kind == "number" and self.tokens[at].name
        return " " if is_glued else blank  # PostgreSQL 8.0 takes "THEN 4WHEN" apart

    def _step(self, at: int) -> tuple[str, int]:
        token = self.tokens[at]
        if at in self._constants:
            return self._constant(at)
        if token.name:
            return self._name(at)
        if token.kind == "op" and token.value not in functions.OPERATORS:
            raise Refusal("42883", f"operator does not exist: {token.value}", "Redshift has no such operator.")
        if token.value == "::":
            type_name, end = read_type(self.tokens, at + 1, in_table=False)
            return f"::{type_name}", end
        if token.value in {"[", "{", ":"} and not self.catalog:
            raise syntax_error(token.value, "Redshift has no arrays; SUPER navigation is beyond the local stand-in.")
        if token.kind == "string" and self.source(at)[0] in "bBxXuU":
            raise beyond("bit, hexadecimal and Unicode-escape literals")
        return self.source(at), at + 1

    def _constant(self, start: int) -> tuple[str, int]:
        """A constant and its casts by `::`."""
        places = self._constants.pop(start)
        rendered = self.render(start, places[0])
        self._constants[start] = places
        end = places[0]
        for colons in places:
            type_name, end = read_type(self.tokens, colons + 1, in_table=False)
            rendered = f"{casts.rounded(self, start, colons, rendered, type_name)}::{type_name}"
        return rendered, end

    def _name(self, at: int) -> tuple[str, int]:
        token = self.tokens[at]
        if token.kind == "word" and self.value(at - 1) != ".":
            constructs.check(self, at)
            reserved.check(self, at)
            self._note_tables(at)
            if replaced := self._special_word(at):
                return replaced
        if replaced := catalog.replaced(self, at):
            return replaced
        is_ours = self.value(at + 2) in {*functions.COMPAT, *calls.SPECIAL, *calls.WITH_WINDOW}
        if token.name == "pg_catalog" and is_ours and self.value(at + 3) == "(":
            return self._call(at + 2)
        if self.value(at + 1) == "(" and self.is_call(at):
            return self._call(at)
        return self._plain_name(token), at + 1

    def _plain_name(self, token: Token) -> str:
        source = self.text[token.start : token.end]
        return source.lower() if token.kind == "quoted" else source

    def _special_word(self, at: int) -> tuple[str, int] | None:
        word = self.value(at)
        if word == "minus" and self.value(at + 1) in {"select", "(", "all"}:
            return "except", at + 1
        if word == "sysdate":
            return "rs_compat.sysdate()", at + 1
        if word in functions.LEADER_ONLY_WORDS:
            self._leader_functions.append(word)
        is_literal = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "string"
        if is_literal and word in {*KNOWN, "json", "jsonb", "uuid"} and word not in TYPED_LITERALS:
            raise syntax_error(self.source(at + 1))
        return None

    def _note_tables(self, at: int) -> None:
        if not self._names_a_table(at):
            return
        relation = self.tokens[at + 1].name
        self._reads_tables |= bool(relation) and not catalog.is_system(relation)

    def _names_a_table(self, at: int) -> bool:
        """Whether a table comes next (or a query in its place, but no function)."""
        word, opening = self.value(at), self.opener[at]
        if word not in {"from", "join", "into", "update"} or at + 1 >= len(self.tokens):
            return False
        if opening > 0 and self.value(opening - 1) in FROM_TAKERS:
            return False
        return word == "into" or not (self.tokens[at + 1].name and self.value(at + 2) == "(")

    def is_call(self, at: int) -> bool:
        """Whether the name before a parenthesis is a function's."""
        token, before = self.tokens[at], self.value(at - 1)
        if token.kind == "word" and token.value in functions.NOT_FUNCTIONS:
            return False
        if before == ".":
            head = self.value(at - 3)
            return head not in {"into", "table", "view", "references", "copy"}
        is_target = before in {"into", "table", "view", "as", "with", "recursive", "references", "copy"}
        is_expression_list = before == "," and self._names_common_table(at)
        return not is_target and not is_expression_list and before != ")"

    def _names_common_table(self, at: int) -> bool:
        after = self.closer[at + 1] + 1
        return self.value(after) == "as" and self.value(after + 1) == "("

    def _call(self, at: int) -> tuple[str, int]:
        name, opening = self.tokens[at].name, at + 1
        end = self.closer[opening] + 1
        if self.value(at - 1) == "." and self.value(at - 2) not in catalog.SCHEMAS:
            raise self._missing(name)
        constructs.check_window(self, name, end)
        if with_end := calls.WITH_WINDOW.get(name):
            return with_end(self, opening)
        if special := calls.SPECIAL.get(name):
            return special(self, opening), end
        if name in KNOWN:
            type_name, after = read_type(self.tokens, at, in_table=False)
            return type_name, after
        if name in functions.COMPAT:
            return f"rs_compat.{name}({self.render(opening + 1, end - 1)})", end
        if name in functions.LEADER_ONLY:
            self._leader_functions.append(name)
        elif name not in functions.SAME and not (self.catalog and catalog.is_function(name)):
            raise self._missing(name)
        return f"{name}({self.render(opening + 1, end - 1)})", end

    def _missing(self, name: str) -> Refusal:
        if name in functions.DOCUMENTED or name.startswith("st_"):
            return beyond(f"the function {name.upper()}()")
        hint = functions.MISSING_HINTS.get(
            name, "Redshift has no such function, or the local stand-in does not know it."
        )
        return Refusal("42883", f"function {name}() does not exist", hint)


def _parentheses(tokens: Sequence[Token]) -> tuple[list[int], dict[int, int]]:
    """For each token the parenthesis it stands in (-1: none), and for each opening parenthesis the closing one."""
    stack, opener, closer = [-1], [], {}
    for at, token in enumerate(tokens):
        if token.value == ")" and len(stack) > 1:
            closer[stack.pop()] = at
        elif token.value == ")":
            raise syntax_error(")")
        opener.append(stack[-1])
        if token.value == "(":
            stack.append(at)
    if len(stack) > 1:
        raise syntax_error("end of input")
    return opener, closer
