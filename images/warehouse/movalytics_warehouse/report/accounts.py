"""What became of the rows that came in: accepted, merged into a row that is there already, rejected, or repaired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

REJECTED, MERGED, REPAIRED = KINDS = ("rejected", "merged", "repaired")
LARGE = 0.05


@dataclass(frozen=True)
class Outcome:
    """How many rows one reason rejected or merged, or in how many it emptied a cell (`kind` is one of KINDS)."""

    table_name: str
    kind: str
    reason: str
    row_count: int


@dataclass(frozen=True)
class Account:
    """One table, mart or mere input of a run; a mart has no rows in, an input like links no rows staged."""

    table_name: str
    rows_in: int | None
    rows_out: int | None
    staged_rows: int | None
    published_rows: int | None
    table_digest: str | None
    outcomes: Sequence[Outcome] = ()

    @property
    def is_mart(self) -> bool:
        """Whether the table was computed in the warehouse and not loaded from the lake."""
        return self.rows_in is None

    @property
    def is_table(self) -> bool:
        """Whether it is loaded: what only feeds a join has an account and no table."""
        return not self.is_mart and self.staged_rows is not None

    @property
    def adds_up(self) -> bool:
        """Rows in = accepted + merged + rejected, the latter two summed over the reasons."""
        return self.rows_in == (self.rows_out or 0) + self.rows(MERGED) + self.rows(REJECTED)

    def rows(self, kind: str) -> int:
        """The rows of this kind, all reasons together; a row with two repaired cells counts twice."""
        return sum(self.reasons(kind).values())

    def reasons(self, kind: str) -> dict[str, int]:
        """Rows by reason, largest first."""
        return {one.reason: one.row_count for one in self.outcomes if one.kind == kind}

    def share(self, rows: int) -> float | None:
        """Rows as a share of the rows that came in, 0 to 1; None where none came."""
        return rows / self.rows_in if self.rows_in else None

    def share_of(self, reason: str) -> float | None:
        """The share of rows rejected or repaired for this reason, or for all (`total`); None where there is none."""
        lost = {**self.reasons(REPAIRED), **self.reasons(REJECTED), "total": self.rows(REJECTED)}
        return self.share(lost[reason]) if reason in lost else None


@dataclass(frozen=True)
class Loss:
    """A reason that rejected a large share of a table's rows (`share`, 0 to 1)."""

    table_name: str
    reason: str
    row_count: int
    rows_in: int
    share: float


def with_outcomes(accounts: Sequence[Account], outcomes: Sequence[Outcome]) -> list[Account]:
    """The accounts, each with its own reasons."""
    ordered = sorted(outcomes, key=lambda one: (one.table_name, -one.row_count, one.reason))
    by_table = {name: list(group) for name, group in groupby(ordered, key=lambda one: one.table_name)}
    return [_with(account, by_table) for account in accounts]


def _with(account: Account, by_table: Mapping[str, Sequence[Outcome]]) -> Account:
    return Account(**{**vars(account), "outcomes": by_table.get(account.table_name, ())})


def large_losses(accounts: Sequence[Account]) -> list[Loss]:
    """The reasons that rejected at least one row in twenty, largest share first; what is merged is not lost."""
    losses = [
        Loss(account.table_name, reason, rows, account.rows_in, rows / account.rows_in)
        for account in accounts
        if account.rows_in
        for reason, rows in account.reasons(REJECTED).items()
        if rows >= LARGE * account.rows_in
    ]
    return sorted(losses, key=lambda loss: -loss.share)
