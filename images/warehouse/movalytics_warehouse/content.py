"""The SQL of moving a table by partitions: which rows these are, what differs in them, what their cells add up to."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise

from movalytics_common.declaration import TOTAL_DIGITS, Column, Table

from movalytics_warehouse.derived import EVERY_ROW, NO_ROW, cast_to_target, staging, target

EPOCH = "cast('1970-01-01' as date)"


def within(table: Table, partitions: Collection[str] | None, alias: str = "") -> str:
    """The condition of rows in these partitions (None: any), as ranges: what is sorted by time is found by range."""
    if partitions is None or not table.partition:
        return EVERY_ROW if partitions is None or partitions else NO_ROW
    cell = f'{alias}"{table.partition}"'
    spans = [f"({cell} >= '{first}' and {cell} < '{after}')" for first, after in _spans(partitions)]
    return f"({' or '.join(spans)})" if spans else NO_ROW


def _spans(months: Iterable[str]) -> list[tuple[str, str]]:
    """First day and the day after the last, of each unbroken row of months."""
    starts = [date.fromisoformat(f"{month}-01") for month in sorted(months)]
    breaks = [(_next(one), other) for one, other in pairwise(starts) if _next(one) != other]
    firsts = [*starts[:1], *(other for _, other in breaks)]
    afters = [*(end for end, _ in breaks), *(_next(one) for one in starts[-1:])]
    return [(str(first), str(after)) for first, after in zip(firsts, afters, strict=True)]


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def totals(table: Table, by_partition: bool) -> str:
    """partition_month, row_count and each column's control total, of the table or of each of its partitions.

    They are the manifests'; those of the partitions take more than twice as long.
    """
    sums = [
        f'sum({number}) as "total_{column.name}"'
        for column in table.columns
        if (number := _countable(column)) is not None
    ]
    month = f"date_trunc('month', \"{table.partition}\")" if by_partition else "cast(null as timestamp)"
    columns = [f"{month} as partition_month", "count(*) as row_count", *sums]
    return f"select {', '.join(columns)} from {target(table)}{' group by 1' * by_partition}"


def _countable(column: Column) -> str | None:
    """A cell as a number, of which `scales` makes whole ones; None for one that two programs may sum differently."""
    cell, kind = f'"{column.name}"', column.kind
    if kind.name == "numeric" and kind.size > TOTAL_DIGITS:
        return f"case when abs({cell}) < {10 ** (TOTAL_DIGITS - kind.scale)} then {cell} end"
    return {
        "numeric": cell,
        "integer": cell,
        "bigint": cell,
        "boolean": f"case when {cell} then 1 else 0 end",
        "date": f"{cell} - {EPOCH}",
        "timestamp": f"cast(extract(epoch from {cell}) as bigint)",
        "varchar": f"octet_length({cell})",
    }.get(kind.name)


def scales(table: Table) -> Mapping[str, int]:
    """By what each control total that the warehouse sums is multiplied to be the manifest's."""
    return {column.name: 10**column.kind.scale for column in table.columns}


def changes(table: Table, partitions: Collection[str] | None) -> str:
    """rows_added, rows_changed, rows_removed, by primary key, when these partitions are replaced from staging."""
    key = list(table.primary_key)
    new = f"(select * from {staging(table)} where {within(table, partitions)}) as new_rows"
    old = f"(select * from {target(table)} where {within(table, partitions)}) as old_rows"
    same_key = " and ".join(f'new_rows."{name}" = old_rows."{name}"' for name in key)
    equal = " and ".join(_equal(column) for column in table.columns)
    added, removed = f'old_rows."{key[0]}" is null', f'new_rows."{key[0]}" is null'
    counts = {
        "rows_added": f"{added}",
        "rows_changed": f"not ({added}) and not ({removed}) and not ({equal})",
        "rows_removed": f"{removed}",
    }
    columns = [f"coalesce(sum(case when {which} then 1 else 0 end), 0) as {name}" for name, which in counts.items()]
    return f"select {', '.join(columns)} from {new} full outer join {old} on {same_key}"


def _equal(column: Column) -> str:
    new, old = cast_to_target(column, "new_rows."), f'old_rows."{column.name}"'
    return f"({new} = {old} or ({new} is null and {old} is null))"
