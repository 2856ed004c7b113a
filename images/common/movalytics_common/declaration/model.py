"""A declared table: its columns, the rules on their cells, how it is laid out and what it is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from movalytics_common.declaration.kinds import Kind

Severity = Literal["error", "warn"]


@dataclass(frozen=True)
class Rule:
    """One of dbt's tests of a column: not_null, unique, accepted_values, accepted_range, relationships, or its kin.

    `argument` is what the declaration gives the test; `fits` is derived from the column's type.
    """

    column: str
    test: str
    argument: Any
    severity: Severity = "error"

    @property
    def name(self) -> str:
        """As reports name it: title_fits_its_column."""
        return f"{self.column}_{_ENDINGS[self.test](self.argument)}"


def _range(limits: Mapping[str, Any]) -> str:
    low, high = limits.get("min_value"), limits.get("max_value")
    if low is not None and high is not None:
        return f"is_between_{low}_and_{high}"
    word = {True: ("at_least", "at_most"), False: ("above", "below")}[limits.get("inclusive", True)]
    return f"is_{word[0]}_{low}" if high is None else f"is_{word[1]}_{high}"


_ENDINGS: Mapping[str, Callable[[Any], str]] = {
    "not_null": lambda _: "is_not_null",
    "unique": lambda _: "is_unique",
    "not_empty": lambda _: "is_not_empty",
    "accepted_values": lambda _: "is_an_accepted_value",
    "accepted_range": _range,
    "relationships": lambda parent: f"is_in_{parent.partition('.')[0]}",
    "matches": lambda _: "matches_its_pattern",
    "fits": lambda _: "fits_its_column",
}
TESTS = _ENDINGS.keys() - {"fits"}


@dataclass(frozen=True)
class Column:
    """A column, a sentence for people, and the rules on it."""

    name: str
    kind: Kind
    description: str
    rules: tuple[Rule, ...]

    @property
    def is_required(self) -> bool:
        """Whether the published column is NOT NULL."""
        return any(rule.test == "not_null" and rule.severity == "error" for rule in self.rules)


@dataclass(frozen=True)
class Input:
    """A file that feeds a join on the way to a table and is no table itself."""

    label: str
    source: str


@dataclass(frozen=True)
class Table:
    """A table of schema `movies`; a mart reads others and has no staging, a table comes from a file by an application.

    `distkey` is empty for DISTSTYLE ALL. `partition` is the column by whose months a table is moved in parts; a table
    without one moves whole. `source` is the raw file, `application` the step that makes the table;
    `inputs` are other files that it needs. An `incremental` mart (dbt's word) is computed anew from a year on, as its
    publish.sql says by event_time_start.
    """

    name: str
    label: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    distkey: str
    sortkey: tuple[str, ...]
    source: str = ""
    application: str = ""
    partition: str = ""
    may_be_empty: bool = False
    reads: tuple[str, ...] = ()
    incremental: bool = False
    inputs: Mapping[str, Input] = field(default_factory=dict)

    @property
    def is_mart(self) -> bool:
        """Whether it is computed from other tables."""
        return bool(self.reads)

    @property
    def folder(self) -> str:
        """Where its SQL lies below sql/."""
        return f"marts/{self.name}" if self.is_mart else self.name

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all its columns that one row alone can break."""
        return tuple(rule for column in self.columns for rule in column.rules if rule.test != "unique")

    @property
    def unique(self) -> tuple[tuple[str, ...], ...]:
        """Column lists of which no two rows may hold the same values."""
        single = [(rule.column,) for column in self.columns for rule in column.rules if rule.test == "unique"]
        return tuple(dict.fromkeys([*([self.primary_key] if self.primary_key else []), *single]))
