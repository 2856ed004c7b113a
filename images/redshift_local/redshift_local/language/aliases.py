"""Names that a SELECT list gives, used in the same SELECT: Amazon's drivers do so in their queries of the catalog.

https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html
"""

from collections.abc import Collection, Sequence

from redshift_local.language.tokens import Token

ENDS = {"group", "having", "order", "limit", "union", "intersect", "except", ";"}


def spelled_out(text: str, tokens: Sequence[Token], names: Collection[str] | None = None) -> str:
    """The statement with what such a name (one of `names`) stands for in its place, in later items and in WHERE."""
    depths = _depths(tokens)
    pieces = [text[token.start : token.end] for token in tokens]
    for at in reversed(range(len(tokens))):  # inner queries first
        if tokens[at].value == "select":
            _spell_out(tokens, depths, pieces, at, names)
    starts = [tokens[0].start, *(token.end for token in tokens)]
    blanks = [text[start : token.start] for start, token in zip(starts, tokens, strict=False)]
    return "".join(blank + piece for blank, piece in zip(blanks, pieces, strict=True))


def are_used(tokens: Sequence[Token]) -> bool:
    """Whether a name that AS gives stands somewhere later like a column's."""
    given: set[str] = set()
    for at, token in enumerate(tokens):
        follower = tokens[at + 1].value if at + 1 < len(tokens) else ""
        if at and tokens[at - 1].value == "as" and token.name and follower != "(":
            given.add(token.name)
        elif (
            token.name in given and token.kind == "word" and tokens[at - 1].value != "." and follower not in {".", "("}
        ):
            return True
    return False


def _depths(tokens: Sequence[Token]) -> list[int]:
    depths, depth = [], 0
    for token in tokens:
        depth -= token.value == ")"
        depths.append(depth)
        depth += token.value == "("
    return depths


def _spell_out(
    tokens: Sequence[Token], depths: Sequence[int], pieces: list[str], select: int, names: Collection[str] | None
) -> None:
    """Change the pieces of one SELECT."""
    known: dict[str, str] = {}
    first, in_from = select + 1, False
    for at in range(select + 1, len(tokens)):
        token, is_here = tokens[at], depths[at] == depths[select]
        if depths[at] < depths[select] or (is_here and token.value in ENDS):
            return
        if not in_from and _is_use(tokens, at, known):
            pieces[at] = known[token.name]
        if is_here and token.value in {"from", "where"}:
            in_from = token.value == "from"
        if is_here and token.value == "as" and not in_from:
            known[_given(tokens, range(select, at), names)] = f"({' '.join(pieces[first:at])})"
        if is_here and token.value == ",":
            first = at + 1


def _given(tokens: Sequence[Token], before: range, names: Collection[str] | None) -> str:
    """The name after AS; empty if it is none of `names`, or a column's too: that was used before it was given."""
    name = tokens[before.stop + 1].name if before.stop + 1 < len(tokens) else ""
    is_column = name in (tokens[at].name for at in before)
    return "" if is_column or (names is not None and name not in names) else name


def _is_use(tokens: Sequence[Token], at: int, known: dict[str, str]) -> bool:
    follower = tokens[at + 1].value if at + 1 < len(tokens) else ""
    is_bare = tokens[at - 1].value not in {".", "as"} and follower not in {".", "("}
    return tokens[at].kind == "word" and tokens[at].name in known and is_bare
