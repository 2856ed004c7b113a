"""Reads a statement's tokens one after the other; what DDL and COPY are taken apart with."""

from collections.abc import Sequence

from redshift_local.language.tokens import Token, string_value, whole
from redshift_local.language.types import read_type
from redshift_local.queries.reserved import RESERVED
from redshift_local.quoting import quoted
from redshift_local.refusal import Refusal, beyond, syntax_error

END = Token("end", "", 0, 0)


class Reader:
    """A position in a statement."""

    def __init__(self, text: str, tokens: Sequence[Token], at: int = 0) -> None:
        self.text, self.tokens, self.at = text, tokens, at

    @property
    def next(self) -> Token:
        """The next token, END after the last."""
        return self.tokens[self.at] if self.at < len(self.tokens) else END

    def looks(self, *values: str) -> bool:
        """Whether these come next."""
        ahead = self.tokens[self.at : self.at + len(values)]
        return tuple(token.value for token in ahead) == values

    def accept(self, *values: str) -> bool:
        """Step over these if they come next."""
        found = self.looks(*values)
        self.at += len(values) if found else 0
        return found

    def accept_any(self, *values: str) -> str:
        """Step over one of these words if it comes next; which one, or an empty string."""
        found = self.next.value if self.next.value in values else ""
        self.at += 1 if found else 0
        return found

    def expect(self, *values: str) -> None:
        """Step over these. Raises Refusal, a syntax error, when something else comes."""
        for value in values:
            if not self.accept(value):
                raise self.unexpected()

    def unexpected(self, hint: str = "") -> Refusal:
        """The syntax error at this place."""
        near = self.text[self.next.start : self.next.end] if self.next is not END else "end of input"
        return syntax_error(near, hint)

    def end(self) -> None:
        """Nothing may come any more."""
        if self.next is not END:
            raise self.unexpected()

    def name(self) -> str:
        """A name, quoted for PostgreSQL; a reserved word is none."""
        if self.next.value in RESERVED:
            raise self.unexpected(f"{self.next.value.upper()} is a reserved word of Redshift's: quote it.")
        return self.label()

    def label(self) -> str:
        """A name where any word may stand."""
        token = self.next
        if not token.name:
            raise self.unexpected()
        if token.name.startswith("#"):
            raise beyond("temporary tables named #…", "Use CREATE TEMP TABLE.")
        self.at += 1
        return quoted(token.name)

    def qualified(self) -> str:
        """A name with or without its schema (and the database before it); after a dot no word is reserved."""
        parts = [self.name()]
        while self.accept("."):
            parts.append(self.label())
        return ".".join(parts)

    def names(self) -> list[str]:
        """Names in parentheses."""
        self.expect("(")
        found = [self.name()]
        while self.accept(","):
            found.append(self.name())
        self.expect(")")
        return found

    def string(self) -> str:
        """A string literal's value."""
        if self.next.kind != "string":
            raise self.unexpected()
        self.at += 1
        return string_value(self.text, self.tokens[self.at - 1])

    def number(self) -> int:
        """A whole number, with or without a minus."""
        sign = -1 if self.accept("-") else 1
        if not self.next.value.isdigit():
            raise self.unexpected()
        self.at += 1
        return sign * whole(self.tokens[self.at - 1].value)

    def type(self) -> str:
        """A column's type, in PostgreSQL's words."""
        if not self.next.name:
            raise self.unexpected()
        result, self.at = read_type(self.tokens, self.at, in_table=True)
        return result

    def source(self, end: int | None = None) -> str:
        """The whole statement (or its first tokens) as written, quoted names in lower case as everywhere."""
        parts, last = [], self.tokens[0].start
        for token in self.tokens[:end]:
            parts.append(self.text[last : token.start])
            source = self.text[token.start : token.end]
            parts.append(source.lower() if token.kind == "quoted" else source)
            last = token.end
        return "".join(parts)

    def rest(self) -> Sequence[Token]:
        """What has not been read."""
        return self.tokens[self.at :]

    def skip_parentheses(self) -> None:
        """Step over one balanced pair."""
        self.expect("(")
        depth = 1
        while depth:
            if self.next is END:
                raise self.unexpected()
            depth += {"(": 1, ")": -1}.get(self.next.value, 0)
            self.at += 1
