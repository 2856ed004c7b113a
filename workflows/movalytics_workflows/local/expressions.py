"""The small part of Argo's expressions (expr-lang) that a retry strategy uses, read and asked."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

from movalytics_workflows.local.errors import Unsupported

Values = Mapping[str, str]
Condition = Callable[[Values], bool]
_NAMES = {"retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.message"}
_TOKEN = re.compile(r'\s*("[^"\\]*"|[A-Za-z][A-Za-z0-9_.]*|\d+|==|!=|[<()]|\S)')
_OPERATORS: Mapping[str, Callable[[str | int, str | int], bool]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: int(left) < int(right),
    "startsWith": lambda left, right: str(left).startswith(str(right)),
    "matches": lambda left, right: re.search(str(right), str(left)) is not None,
}


def parse(text: str) -> Condition:
    """The expression as a function of its names' values. Raises Unsupported for anything but

    `and`, `or`, `not (…)`, parentheses, and comparisons by `==`, `!=`, `<`, `startsWith` and `matches` between texts
    without escapes, whole numbers, the names of a retry, and `asInt(NAME)`.
    """
    return _Parser(text).whole()


class _Parser:
    """Reads one expression from left to right; `not` binds before `and`, `and` before `or`, as in expr-lang."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [match[1] for match in _TOKEN.finditer(text)]

    def whole(self) -> Condition:
        condition = self._alternatives()
        return condition if not self._tokens else self._refuse(self._tokens[0])

    def _alternatives(self) -> Condition:
        parts = list(self._joined("or", self._conjunction))
        return lambda values: any(part(values) for part in parts)

    def _conjunction(self) -> Condition:
        parts = list(self._joined("and", self._term))
        return lambda values: all(part(values) for part in parts)

    def _joined(self, word: str, part: Callable[[], Condition]) -> Iterator[Condition]:
        yield part()
        while self._took(word):
            yield part()

    def _term(self) -> Condition:
        if self._took("not"):
            self._expect("(")
            inner = self._alternatives()
            self._expect(")")
            return lambda values: not inner(values)
        if self._took("("):
            inner = self._alternatives()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        left, word = self._side(), self._next()
        if word not in _OPERATORS:
            self._refuse(word)
        right, compare = self._side(), _OPERATORS[word]
        return lambda values: compare(left(values), right(values))

    def _side(self) -> Callable[[Values], str | int]:
        token = self._next()
        if token == "asInt":  # noqa: S105 a word of the grammar
            self._expect("(")
            name = self._name(self._next())
            self._expect(")")
            return lambda values: int(values[name])
        if len(token) > 1 and token.startswith('"'):
            return lambda _: token[1:-1]
        if token.isdigit():
            return lambda _: int(token)
        name = self._name(token)
        return lambda values: values[name]

    def _name(self, token: str) -> str:
        return token if token in _NAMES else self._refuse(token)

    def _next(self) -> str:
        return self._tokens.pop(0) if self._tokens else self._refuse("its end")

    def _took(self, word: str) -> bool:
        if self._tokens[:1] != [word]:
            return False
        self._tokens.pop(0)
        return True

    def _expect(self, word: str) -> None:
        if not self._took(word):
            self._refuse(self._tokens[0] if self._tokens else "its end")

    def _refuse(self, token: str) -> NoReturn:
        raise Unsupported(f"the local runner does not know {token} in the expression {' '.join(self._text.split())}")
