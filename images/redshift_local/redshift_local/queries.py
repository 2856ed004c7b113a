"""Turns the expressions and queries of a Redshift statement into PostgreSQL's, and refuses what Redshift would."""

from collections.abc import Sequence

from redshift_local import calls, constructs, functions
from redshift_local.refusal import Refusal, beyond, syntax_error
from redshift_local.tokens import Token
from redshift_local.types import KNOWN, read_type

SYSTEM_SCHEMAS = {"pg_catalog", "information_schema"}
SYSTEM_PREFIXES = ("pg_", "svv_", "stl_", "stv_", "svl_", "sys_")
FROM_TAKERS = {"trim", "substring", "overlay", "position", "extract"}
TYPED_LITERALS = {"date", "timestamp", "timestamptz", "time", "timetz", "interval"}

Range = tuple[int, int]


def rewrite(text: str, tokens: Sequence[Token], values_allowed: bool = False) -> str:
    """The statement's tokens as PostgreSQL takes them. Raises Refusal."""
    query = Query(text, tokens, values_allowed)
    rendered = query.render(0, len(tokens))
    query.check_leader_functions()
    return rendered


class Query:
    """One statement on its way to PostgreSQL."""

    def __init__(self, text: str, tokens: Sequence[Token], values_allowed: bool) -> None:
        self.text, self.tokens, self.values_allowed = text, tokens, values_allowed
        self.opener, self.closer = _parentheses(tokens)
        self._leader_functions: list[str] = []
        self._reads_tables = False

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

    def check_leader_functions(self) -> None:
        """Redshift's leader node cannot compute over users' tables."""
        if self._leader_functions and self._reads_tables:
            names = ", ".join(sorted(set(self._leader_functions)))
            raise Refusal(
                "0A000",
                "Specified types or functions (one per INFO message) not supported on Redshift tables.",
                f"Leader-node only: {names}.",
            )

    def _blank_before(self, at: int) -> str:
        return self.text[self.tokens[at - 1].end : self.tokens[at].start]

    def _step(self, at: int) -> tuple[str, int]:
        token = self.tokens[at]
        if token.name:
            return self._name(at)
        if token.kind == "op" and token.value not in functions.OPERATORS:
            raise Refusal("42883", f"operator does not exist: {token.value}", "Redshift has no such operator.")
        if token.value == "::":
            type_name, end = read_type(self.tokens, at + 1, in_table=False)
            return f"::{type_name}", end
        if token.value in {"[", "{", ":"}:
            raise syntax_error(token.value, "Redshift has no arrays; SUPER navigation is beyond the local stand-in.")
        if token.kind == "string" and self.source(at)[0] in "bBxXuU":
            raise beyond("bit, hexadecimal and Unicode-escape literals")
        return self.source(at), at + 1

    def _name(self, at: int) -> tuple[str, int]:
        token = self.tokens[at]
        if token.kind == "word" and self.value(at - 1) != ".":
            constructs.check(self, at)
            self._note_tables(at)
            if replaced := self._special_word(at):
                return replaced
        if token.name == "pg_catalog" and self.value(at + 2) in functions.COMPAT and self.value(at + 3) == "(":
            return self._call(at + 2)
        if self.value(at + 1) == "(" and self._is_call(at):
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
        if self.value(at) not in {"from", "join", "into", "update"} or at + 1 >= len(self.tokens):
            return
        opening = self.opener[at]
        if opening > 0 and self.value(opening - 1) in FROM_TAKERS:
            return
        relation = self.tokens[at + 1].name
        is_system = relation in SYSTEM_SCHEMAS or relation.startswith(SYSTEM_PREFIXES)
        is_function = self.value(at + 2) == "("
        self._reads_tables |= bool(relation) and not is_system and not is_function

    def _is_call(self, at: int) -> bool:
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
        if self.value(at - 1) == "." and self.value(at - 2) != "pg_catalog":
            raise self._missing(name)
        constructs.check_window(self, name, end)
        if name == "listagg":
            return calls.listagg(self, opening)
        if special := calls.SPECIAL.get(name):
            return special(self, opening), end
        if name in KNOWN:
            type_name, after = read_type(self.tokens, at, in_table=False)
            return type_name, after
        if name in functions.COMPAT:
            return f"rs_compat.{name}({self.render(opening + 1, end - 1)})", end
        if name in functions.LEADER_ONLY:
            self._leader_functions.append(name)
        elif name not in functions.SAME:
            raise self._missing(name)
        return f"{name}({self.render(opening + 1, end - 1)})", end

    def _missing(self, name: str) -> Refusal:
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
