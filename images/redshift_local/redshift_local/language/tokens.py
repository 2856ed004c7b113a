"""Splits Redshift SQL into tokens and statements; long lists of literal rows stay one token: big INSERTs are cheap."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from redshift_local.refusal import Refusal, syntax_error


class Token(NamedTuple):
    """A token; `start` and `end` point into the text.

    `value` is the text itself, in lower case, of words, numbers, marks and operators, and the kind of what could be
    mistaken for them (so that a quoted "select" is never a keyword); `name` is what a word or quoted name names.
    """

    kind: str  # word, quoted, string, number, op, mark, parameter, rows
    value: str
    start: int
    end: int
    name: str = ""


_LITERAL = (
    r"(?:E?'(?:[^'\\]|''|\\.)*+'(?:::(?:date|time|timestamp|timestamptz|timetz|float|float8|boolean)\b)?+"
    r"|[-+]?+\d++(?:\.\d*+)?+(?:e[-+]?+\d++)?+|null|true|false|default)"
)
_ROW = rf"\(\s*+{_LITERAL}\s*+(?:,\s*+{_LITERAL}\s*+)*+\)"
_ROWS = re.compile(rf"\s*+{_ROW}(?:\s*+,\s*+{_ROW})*+(?=\s*+(?:;|\Z))", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(
    r"""
      (?P<space> (?: \s+ | --[^\n]* )+ )
    | (?P<comment> /\* )
    | (?P<string> (?:[eEbBxXnN]|[uU]&)? ' (?: [^'\\] | '' | \\. )*+ ' )
    | (?P<dollar> \$ (?:[A-Za-z_\x80-\U0010ffff][\w]*)? \$ )
    | (?P<parameter> \$\d+ )
    | (?P<quoted> " (?: [^"] | "" )++ " )
    | (?P<number> (?: \d+ (?:\.\d*)? | \.\d+ ) (?:[eE][+-]?\d+)? )
    | (?P<word> \#?[A-Za-z_\x80-\U0010ffff] [\w$]* )
    | (?P<mark> :: | [()\[\],;.:{}] )
    | (?P<op> (?: (?!--|/\*) [-+*/<>=~!@\#%^&|`?] )+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
MOST_DIGITS = 19  # of a BIGINT
_SIGN_ENDS = re.compile(r"[~!@#%^&|`?]")


def tokenize(text: str) -> list[Token]:
    """All tokens of the text, without blanks and comments. Raises Refusal for what is no token."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if tokens and tokens[-1].value == "values" and (rows := _ROWS.match(text, position)):
            tokens.append(Token("rows", "", rows.start(), rows.end()))
            position = rows.end()
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise syntax_error(text[position : position + 20].split("\n", 1)[0])
        kind = str(match.lastgroup)
        if kind == "comment":
            position = _end_of_comment(text, position)
        elif kind == "space":
            position = match.end()
        else:
            tokens.append(_token(text, kind, match))
            position = tokens[-1].end
    return tokens


def words(text: str) -> frozenset[str]:
    """The words of a text, for tables of keywords and names."""
    return frozenset(text.split())


def statements(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The statements between semicolons, empty ones left out."""
    current: list[Token] = []
    for token in tokens:
        if token.value != ";" or token.kind != "mark":
            current.append(token)
        elif current:
            yield current
            current = []
    if current:
        yield current


def _token(text: str, kind: str, match: re.Match[str]) -> Token:
    start, end, source = match.start(), match.end(), match.group()
    if kind == "dollar":
        close = text.find(source, end)
        if close < 0:
            raise syntax_error(source)
        return Token("string", "string", start, close + len(source))
    if kind == "quoted":
        return Token(kind, kind, start, end, source[1:-1].replace('""', '"').lower())
    if kind == "word":
        return Token(kind, source.lower(), start, end, source.lower())
    if kind == "op":
        source = _operator(source)
        return Token(kind, source, start, start + len(source))
    return Token(kind, kind if kind == "string" else source, start, end)


def _operator(run: str) -> str:
    """PostgreSQL's rule: a run like `=-` is `=` and then a sign, unless it holds an unusual character."""
    if _SIGN_ENDS.search(run):
        return run
    while len(run) > 1 and run[-1] in "+-":
        run = run[:-1]
    return run


def _end_of_comment(text: str, start: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    raise Refusal("42601", "unterminated /* comment")


def whole(digits: str) -> int:
    """A whole number in a statement. Raises Refusal for one that nothing takes."""
    if len(digits) > MOST_DIGITS:
        raise Refusal("22003", f'value "{digits}" is out of range')
    return int(digits)


def string_value(text: str, token: Token) -> str:
    """What a string literal means, with Redshift's backslash rules."""
    source = text[token.start : token.end]
    if source.startswith("$"):
        return source.split("$", 2)[2].rsplit("$", 2)[0]
    inner = source[source.index("'") + 1 : -1].replace("''", "'")
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)
