"""What becomes of one statement: the text PostgreSQL gets, and what the session must do beside relaying it."""

from dataclasses import dataclass
from typing import Literal

from redshift_local.copy_statement import CopyStatement

Action = Literal["relay", "copy", "truncate", "create_as", "begin", "finish"]


@dataclass(frozen=True)
class Plan:
    """`begin` opens a transaction block, `finish` ends one; `copy`, `truncate`, `create_as` need the session's help."""

    text: str
    action: Action = "relay"
    copy: CopyStatement | None = None
    table: str = ""
    stand_alone: bool = False

    @property
    def is_special(self) -> bool:
        """Whether relaying the text alone would not be Redshift's meaning."""
        return self.action in {"copy", "truncate", "create_as"}
