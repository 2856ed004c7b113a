"""How much of what came in does not count in the answers, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from movalytics_warehouse.report.facts import TableCount
from movalytics_warehouse.report.words import TIDYING

LARGE = 0.05


@dataclass(frozen=True)
class Loss:
    """A reason that took a large share of a table's rows."""

    table_name: str
    reason: str
    row_count: int
    rows_in: int

    @property
    def share(self) -> float:
        """Rows lost of rows in, 0 to 1."""
        return self.row_count / self.rows_in


def large_losses(tables: Sequence[TableCount]) -> list[Loss]:
    """The reasons that took at least one row in twenty of a table, largest first; mere tidying is none."""
    losses = [
        Loss(table.table_name, rejection.reason, rejection.row_count, table.rows_in)
        for table in tables
        for rejection in table.rejections
        if table.rows_in and rejection.reason not in TIDYING and rejection.row_count >= LARGE * table.rows_in
    ]
    return sorted(losses, key=lambda loss: -loss.share)
