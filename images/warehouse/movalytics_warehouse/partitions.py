"""What tables hold, partition by partition, as a run says it, and what must move from one content to another."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.redshift.statements import execute, execute_rows

WAY_OUT = "run with force, which makes everything anew from the raw files"


@dataclass(frozen=True)
class Content:
    """A partition's rows, a digest that other rows do not have, and control totals: column → sum of its cells."""

    rows: int
    digest: str
    totals: Mapping[str, int]


Contents = Mapping[str, Content]  # by partition; a table that is not divided has one named ''


@dataclass(frozen=True)
class Moves:
    """The partitions that go and those that come; `whole`: whatever the table holds goes, and all come."""

    going: frozenset[str]
    coming: frozenset[str]
    whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.going or self.coming or self.whole)

    @property
    def names(self) -> frozenset[str] | None:
        """The partitions in which a row may go or come; None: in any."""
        return None if self.whole else self.going | self.coming


def moves(new: Contents, old: Contents | None) -> Moves:
    """From the old content, None when nobody knows it, to the new one; all moves when it is divided otherwise."""
    if new and old and ("" in new) != ("" in old):
        return Moves(frozenset(old), frozenset(new), whole=True)
    if old is None:
        return Moves(frozenset(), frozenset(new), whole=True)
    differing = frozenset(name for name in new.keys() | old.keys() if not _same(new.get(name), old.get(name)))
    return Moves(differing & old.keys(), differing & new.keys())


def _same(new: Content | None, old: Content | None) -> bool:
    return new is not None and old is not None and (new.rows, new.digest) == (old.rows, old.digest)


@dataclass(frozen=True)
class Difference:
    """A partition that holds other rows in one run than in the one before; None: it is not there at all."""

    table_name: str
    partition_name: str
    rows_before: int | None
    rows_after: int | None


def differences(before: Mapping[str, Contents], after: Mapping[str, Contents]) -> list[Difference] | None:
    """The partitions that differ, by table and name; None when one of the runs says nothing of any."""
    if not before or not after:
        return None
    tables = sorted(before.keys() | after.keys())
    return [one for name in tables for one in _of_table(name, before.get(name, {}), after.get(name, {}))]


def _of_table(table: str, before: Contents, after: Contents) -> list[Difference]:
    moving = moves(after, before)
    names = sorted(moving.going | moving.coming)
    return [Difference(table, name, _rows(before.get(name)), _rows(after.get(name))) for name in names]


def _rows(content: Content | None) -> int | None:
    return content.rows if content else None


def told(connection: Connection, run_id: str | None) -> dict[str, Contents]:
    """Table → what the run says of it; none for tables of which it says nothing."""
    found: dict[str, dict[str, Content]] = {}
    for row in execute(connection, "movies_ops/partitions", run_id=run_id):
        totals = dict(one.split("=") for one in row["control_totals"].split())
        content = Content(row["row_count"], row["content_digest"], {name: int(sum_) for name, sum_ in totals.items()})
        found.setdefault(row["table_name"], {})[row["partition_name"]] = content
    return dict(found)


def note(connection: Connection, run_id: str, table: str, contents: Contents) -> None:
    """Let the run say this of the table, in place of what it said."""
    key = {"run_id": run_id, "table_name": table}
    execute(connection, "movies_ops/clear_partitions", **key)
    rows = [
        {
            **key,
            "partition_name": name,
            "row_count": one.rows,
            "content_digest": one.digest,
            "control_totals": " ".join(f"{column}={total}" for column, total in one.totals.items()),
        }
        for name, one in contents.items()
    ]
    execute_rows(connection, "movies_ops/insert_partition", rows)


def table_digest(contents: Contents) -> str:
    """One digest of the whole table, beside its number of rows."""
    lines = "".join(f"{name} {one.rows} {one.digest}\n" for name, one in sorted(contents.items()))
    rows = sum(one.rows for one in contents.values())
    return f"{rows}-{hashlib.sha256(lines.encode()).hexdigest()[:32]}"
