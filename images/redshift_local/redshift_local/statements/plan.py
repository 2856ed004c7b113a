"""What becomes of one statement: the text PostgreSQL gets, and what the session must do beside relaying it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from redshift_local.statements.copy_statement import CopyStatement

Action = Literal["relay", "copy", "truncate", "create_as", "begin", "finish"]


@dataclass(frozen=True)
class Plan:
    """`begin` opens a transaction block, `finish` ends one; the other actions need the session's help.

    `query` is the part of the texts that PostgreSQL is to parse before it runs (empty: nothing is), `without_alias` the
    plan in which an alias used as a column is spelled out.
    `afterwards` is what the session itself says to PostgreSQL once the statement has succeeded.
    `create_as` makes its table empty; then `keys` (names or numbers of columns) are looked for, and `fill` fills it.
    """

    text: str
    action: Action = "relay"
    copy: CopyStatement | None = None
    table: str = ""
    fill: str = ""
    keys: tuple[str, ...] = ()
    stand_alone: bool = False
    query: str = ""
    afterwards: str = ""
    without_alias: "Callable[[str], Plan] | None" = None

    @property
    def is_special(self) -> bool:
        """Whether relaying the text alone would not be Redshift's meaning."""
        return bool(self.afterwards) or self.action in {"copy", "truncate", "create_as"}


@dataclass(frozen=True)
class Bound:
    """A statement of the extended protocol; its parameters' types and values are as the client's messages have them."""

    plan: Plan
    types: bytes
    values: bytes
