"""Keys that a table declares and Redshift does not enforce: kept as CHECK constraints that are never enforced either.

So PostgreSQL keeps them with the table, through renaming, dropping and rolling back; system_catalog.sql shows them.
https://docs.aws.amazon.com/redshift/latest/dg/t_Defining_constraints.html
"""

from collections.abc import Iterable
from dataclasses import dataclass

from redshift_local.quoting import literal, quoted, unquoted
from redshift_local.statements.reader import Reader

SUFFIXES = {"p": "pkey", "u": "key", "f": "fkey"}


@dataclass(frozen=True)
class Key:
    """A primary (p), unique (u) or foreign (f) key over columns; names are quoted as PostgreSQL takes them.

    `name` is empty when the statement gives none; `target` is what a foreign key refers to, with or without columns.
    """

    kind: str
    columns: tuple[str, ...]
    name: str = ""
    target: str = ""
    target_columns: tuple[str, ...] = ()

    def named(self, table: str, taken: Iterable[str] = ()) -> str:
        """Its name, or the one PostgreSQL would give it in a table where these are taken."""
        if self.name:
            return self.name
        parts = [table.rpartition(".")[2], *(() if self.kind == "p" else self.columns)]
        plain = "_".join([*(unquoted(part) for part in parts), SUFFIXES[self.kind]])
        names = [quoted(plain), *(quoted(f"{plain}{number}") for number in range(1, 1000))]
        return next(name for name in names if name not in set(taken))

    def definition(self, table: str, taken: Iterable[str] = ()) -> str:
        """As an item of the table's definition."""
        parts = [f"'{self.kind}'"]
        if self.kind == "f":
            parts.append(literal(",".join(unquoted(column) for column in self.target_columns)))
            if not self._refers_to(table):  # which is not there yet
                parts.append(f"{literal(self.target)}::regclass")
        marks = ", ".join([*parts, *self.columns])
        return f"CONSTRAINT {self.named(table, taken)} CHECK (ROW({marks}) IS NOT NULL) NOT ENFORCED"

    def _refers_to(self, table: str) -> bool:
        """Whether the target is the key's own table, with or without a schema."""
        plain = (
            {self.target, table}
            if self.target.count(".") == table.count(".")
            else {name.rpartition(".")[2] for name in (self.target, table)}
        )
        return len(plain) == 1


def definitions(table: str, keys: Iterable[Key]) -> list[str]:
    """Items of a table's definition, no two of one name."""
    taken: list[str] = []
    items = []
    for key in keys:
        items.append(key.definition(table, taken))
        taken.append(key.named(table, taken))
    return items


def read_reference(reader: Reader) -> tuple[str, tuple[str, ...]]:
    """`table [(column, …)]` after REFERENCES. Raises Refusal."""
    target = reader.qualified()
    return target, tuple(reader.names()) if reader.looks("(") else ()
