"""A call in a query, as the functions that put it in other words take it."""

from collections.abc import Callable
from dataclasses import dataclass

from redshift_local.queries.query import Query, Range
from redshift_local.refusal import Refusal


@dataclass(frozen=True)
class Call:
    """A call whose parenthesis opens at the token `opening`; `render` rewrites the tokens from one place to another."""

    query: Query
    opening: int
    render: Callable[[int, int], str]

    @property
    def name(self) -> str:
        """What is called."""
        return self.query.tokens[self.opening - 1].name

    @property
    def close(self) -> int:
        """The token of the closing parenthesis."""
        return self.query.closer[self.opening]

    @property
    def end(self) -> int:
        """The token after the closing parenthesis."""
        return self.close + 1

    def inside(self) -> str:
        """All between the parentheses, rewritten."""
        return self.render(self.opening + 1, self.close)

    def arguments(self, fewest: int, most: int) -> list[Range]:
        """Where the arguments stand. Raises Refusal when there are fewer or more."""
        ranges = self.query.arguments(self.opening)
        if not fewest <= len(ranges) <= most:
            raise Refusal("42883", f"function {self.name}() does not exist with {len(ranges)} arguments")
        return ranges
