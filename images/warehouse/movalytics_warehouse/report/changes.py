"""What a run changed since the one published before it: sources, rows, partitions, marts, answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from movalytics_warehouse.partitions import Difference

FEW = 10


@dataclass(frozen=True)
class Replaced:
    """Something by name that was one thing in the run before and is another now."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Moved:
    """Rows of a table that publishing the run added, changed and removed, by primary key."""

    table_name: str
    rows_added: int
    rows_changed: int
    rows_removed: int

    @property
    def rows(self) -> int:
        """All of them."""
        return self.rows_added + self.rows_changed + self.rows_removed


@dataclass(frozen=True)
class Changes:
    """All of it; `before` is the run published before (empty: there was none).

    None where the ledger has no record of it: one of the runs is of before it had. `partitions` are those of tables,
    `marts` the names of those that were computed anew.
    """

    before: str = ""
    sources: Sequence[Replaced] = ()
    moved: Sequence[Moved] | None = None
    partitions: Sequence[Difference] | None = None
    marts: Sequence[str] | None = None
    answers: Sequence[Replaced] | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether everything is known to be as it was."""
        found = (self.sources, self.moved, self.partitions, self.marts, self.answers)
        return None not in found and not any(found)

    @property
    def first_partitions(self) -> Sequence[Difference]:
        """As many as a reader cares to see."""
        return (self.partitions or ())[:FEW]


def replaced(before: Mapping[str, str], after: Mapping[str, str]) -> list[Replaced]:
    """What both name and differs."""
    return [Replaced(name, before[name], after[name]) for name in after if before.get(name, after[name]) != after[name]]
