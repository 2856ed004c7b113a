"""A query's tokens as rules look at them: what stands where, in which parentheses, and what a name is there."""

from collections.abc import Sequence

from redshift_local.language import catalog, functions
from redshift_local.language.tokens import Token
from redshift_local.refusal import syntax_error

FROM_TAKERS = {"trim", "substring", "overlay", "position", "extract"}

Range = tuple[int, int]


class Query:
    """A statement's text and tokens; `opener` and `closer` are its parentheses. Raises Refusal when they do not match.

    `touches_tables` says whether it reads or writes any, `reads_catalog` whether it reads the catalog and nothing else.
    """

    def __init__(self, text: str, tokens: Sequence[Token], values_allowed: bool) -> None:
        self.text, self.tokens, self.values_allowed = text, tokens, values_allowed
        self.opener, self.closer = _parentheses(tokens)
        self.touches_tables = any(self.names_a_table(at) for at in range(len(tokens)))
        self.reads_catalog = catalog.only(tokens)

    def value(self, at: int) -> str:
        """The token's value, empty beyond the ends."""
        return self.tokens[at].value if 0 <= at < len(self.tokens) else ""

    def source(self, at: int) -> str:
        """The token as it was written."""
        return self.text[self.tokens[at].start : self.tokens[at].end]

    def blank_before(self, at: int) -> str:
        """What stands between the token and the one before it."""
        blank = self.text[self.tokens[at - 1].end : self.tokens[at].start]
        is_glued = not blank and self.tokens[at - 1].kind == "number" and self.tokens[at].name
        return " " if is_glued else blank  # PostgreSQL 8.0 takes "THEN 4WHEN" apart

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

    def places(self, opening: int, *values: str) -> list[int]:
        """Where these stand in the parentheses that open here, but in none within them."""
        close = self.closer[opening]
        return [at for at in range(opening + 1, close) if self.opener[at] == opening and self.value(at) in values]

    def names_a_table(self, at: int) -> bool:
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
