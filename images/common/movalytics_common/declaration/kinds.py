"""Redshift's column types as a declaration writes them, and what each is in staging and in Parquet."""

import re
from dataclasses import dataclass

# COPY takes these from Parquet without surprises; a NUMERIC is made from a double by the INSERT into the table.
PARQUET = {
    "integer": "integer",
    "bigint": "long",
    "double precision": "double",
    "numeric": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "varchar": "string",
}
NUMBERS = {"integer", "bigint", "double precision", "numeric"}
WRITTEN = re.compile(r"([a-z]+(?: [a-z]+)?)(?:\((\d{1,5})(?:, ?(\d{1,5}))?\))?", re.ASCII)
WIDE_BYTES = 4096
# Of a number that a control total counts, in Spark as in the warehouse: longer ones cannot be summed in a BIGINT.
TOTAL_DIGITS = 18
KNOWN = "integer, bigint, double precision, numeric(12, 6), boolean, date, timestamp or varchar(100)"


@dataclass(frozen=True)
class Kind:
    """A type: `size` is a VARCHAR's length in bytes or a NUMERIC's precision, and 0 for the others."""

    name: str
    size: int = 0
    scale: int = 0

    @property
    def text(self) -> str:
        """As SQL writes it."""
        sizes = {"varchar": f"({self.size})", "numeric": f"({self.size}, {self.scale})"}
        return self.name + sizes.get(self.name, "")

    @property
    def staging(self) -> "Kind":
        """Wide and exact enough for what Parquet holds: bad data becomes a finding there, not an aborted COPY."""
        if self.name == "numeric":
            return Kind("double precision")
        return Kind("varchar", max(WIDE_BYTES, self.size)) if self.name == "varchar" else self

    @property
    def parquet(self) -> str:
        """Spark's name of the curated column's type."""
        return PARQUET[self.name]

    @property
    def is_number(self) -> bool:
        """Whether a range of numbers makes sense."""
        return self.name in NUMBERS


def parse_kind(text: str) -> Kind | None:
    """`varchar(100)` → Kind; None for what is no type of ours."""
    match = WRITTEN.fullmatch(text)
    if not match or match[1] not in PARQUET:
        return None
    kind = Kind(match[1], int(match[2] or 0), int(match[3] or 0))
    fits = {"varchar": 1 <= kind.size <= 65_535, "numeric": kind.scale <= kind.size and 1 <= kind.size <= 38}
    return kind if fits.get(kind.name, kind.size == 0) else None
