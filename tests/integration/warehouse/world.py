"""A small curated run, written as the transforms write it: Parquet files and one manifest per table."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from movalytics_common.declaration import Column, Table, tables

ARROW = {
    "integer": pa.int32(),
    "long": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "string": pa.string(),
}
SCHEMAS = {
    table.name: pa.schema([(column.name, ARROW[column.kind.parquet]) for column in table.columns])
    for table in tables().values()
}
RATED_AT = datetime(2015, 6, 1, 12, 30, 15)  # noqa: DTZ001 Parquet's timestamps here have no zone
PLAIN = {
    **dict.fromkeys(("integer", "long"), 1),
    "double": 1.0,
    "boolean": False,
    "date": RATED_AT.date(),
    "timestamp": RATED_AT,
    "string": "plain",
}


def calendar(day: date) -> tuple[date, int, int, int, int, int]:
    """A row of table date."""
    return day, day.day, day.isocalendar().week, day.month, (day.month + 2) // 3, day.year


def rating(user: int, movie: int, stars: float) -> tuple[int, int, int, float, datetime]:
    """A row of table ratings."""
    return user * 2**32 + movie, user, movie, stars, RATED_AT


def prices(first: date = date(1999, 1, 1), last: date = date(2022, 4, 1)) -> list[tuple[date, float | None]]:
    """Rows of table cpi, without a gap: 150 until 2010, of which January has no value, and 180 in the last month."""
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    values = {date(2010, 1, 1): None, date(2010, 2, 1): 156.25, last: 180.0}
    usual = ((month, 150.0 if month.year < 2010 else 165.0) for month in months if first <= month <= last)
    return [(month, values.get(month, value)) for month, value in usual]


def plain_row(table: Table, world: Mapping[str, Sequence[tuple[Any, ...]]]) -> tuple[Any, ...]:
    """A row in which nothing is wrong, by the declaration alone: so a new table has one without being told here."""
    return tuple(_plain(column, world) for column in table.columns)


def _plain(column: Column, world: Mapping[str, Sequence[tuple[Any, ...]]]) -> Any:
    asked = {rule.test: rule.argument for rule in column.rules}
    if "relationships" in asked:
        parent, _, key = asked["relationships"].partition(".")
        return world[parent][0][[one.name for one in tables()[parent].columns].index(key)]
    if "accepted_values" in asked:
        return asked["accepted_values"][0]
    if "accepted_range" in asked:
        limits = asked["accepted_range"]
        return limits.get("min_value", limits.get("max_value"))
    assert "matches" not in asked or not column.is_required, f"{column.name} has a pattern: write a row of it here"
    return None if "matches" in asked else PLAIN[column.kind.parquet]


Reasons = dict[str, dict[str, int]]


@dataclass
class World:
    """Rows by table; by account (a table, or an input of `inputs`) and reason what became of other rows."""

    tables: dict[str, list[tuple[Any, ...]]]
    rejected: Reasons = field(default_factory=dict)
    merged: Reasons = field(default_factory=dict)
    repaired: Reasons = field(default_factory=dict)
    # table → input → its usable rows
    inputs: dict[str, dict[str, int]] = field(default_factory=lambda: {"ratings": {"links": 3}})

    def __post_init__(self) -> None:
        for table in tables().values():
            self.tables.setdefault(table.name, [plain_row(table, self.tables)])

    @property
    def row_count(self) -> int:
        """All rows that must be loaded."""
        return sum(len(rows) for rows in self.tables.values())

    def account(self, name: str, rows_out: int) -> dict[str, Any]:
        """As a manifest tells it."""
        rejected, merged = self.rejected.get(name, {}), self.merged.get(name, {})
        return {
            "rows_in": rows_out + sum(rejected.values()) + sum(merged.values()),
            "rows_out": rows_out,
            "rejected": rejected,
            "merged": merged,
            "repaired": self.repaired.get(name, {}),
        }


def small_world() -> World:
    """Three films, one of them older than the CPI series and one without revenue; nothing in it is wrong."""
    old, new, unknown = date(1997, 12, 19), date(2009, 12, 15), date(2010, 7, 15)
    return World(
        {
            "movies": [
                (597, False, 200_000_000, "en", "Titanic", 26.88907, old, 1_845_034_188, 7770, 7.5),
                (19995, False, 237_000_000, "en", "Avatar", 185.070892, new, 2_787_965_087, 12114, 7.2),
                (27205, False, None, "en", "Inception, 'é' \\ \"quoted\"", 8.2e-05, unknown, None, 14075, 8.1),
            ],
            "genre": [(18, "Drama"), (28, "Action"), (878, "Science Fiction")],
            "movie_genre": [(597, 18), (19995, 28), (19995, 878), (27205, 28)],
            "date": [calendar(old), calendar(new), calendar(unknown)],
            "ratings": [
                rating(1, 597, 3.5),
                rating(2, 597, 4.5),
                rating(1, 19995, 5.0),
                rating(3, 27205, 0.5),
                rating(270_896, 19995, 4.0),
            ],
            "cpi": prices(),
        },
        merged={"movies": {"duplicate_film": 1}, "ratings": {"superseded_rating": 2}},
    )


def many_ratings(world: World, count: int) -> World:
    """The world with so many ratings and no others, so that a share of them can be small."""
    del world.merged["ratings"]
    films = [row[0] for row in world.tables["movies"]]
    world.tables["ratings"] = [
        rating(1 + number // 3, films[number % 3], 0.5 + number % 10 / 2) for number in range(count)
    ]
    return world


def write_world(world: World, folder: Path, run_id: str, made: str = "") -> str:
    """Write what the applications made for a run, all into one folder; its URI."""
    for table, rows in world.tables.items():
        inputs = {name: world.account(name, rows_out) for name, rows_out in world.inputs.get(table, {}).items()}
        about = {"made": made or run_id, "run": run_id}
        write_table(folder, table, rows, {**about, **world.account(table, len(rows)), "inputs": inputs})
    return f"file://{folder}"


def write_table(folder: Path, table: str, rows: Sequence[tuple[Any, ...]], account: Mapping[str, Any]) -> None:
    """One Parquet file for each partition, and the table's manifest."""
    entries, partitions = [], {}
    for name, found in by_partition(table, rows).items():
        entry = write_part(folder / table / (f"month={name}" if name else "") / "part-00000.parquet", table, found)
        entries.append(entry)
        content = {"rows": len(found), "digest": content_digest(found), "totals": control_totals(table, found)}
        partitions[name] = {**content, "files": [entry["url"]]}
    manifest = {
        "entries": entries,
        "schema": {"elements": []},
        "meta": {key: sum(entry["meta"][key] for entry in entries) for key in ("content_length", "record_count")},
        "movalytics": {"table": table, **account, "partitions": partitions},
    }
    (folder / f"{table}.manifest").write_text(json.dumps(manifest))


def write_part(path: Path, table: str, rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """A Parquet file; its entry in a manifest."""
    schema = SCHEMAS[table]
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [pa.array([row[number] for row in rows], type=column.type) for number, column in enumerate(schema)]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path, coerce_timestamps="us")
    meta = {"content_length": path.stat().st_size, "record_count": len(rows)}
    return {"url": f"file://{path}", "mandatory": True, "meta": meta}


def by_partition(table: str, rows: Sequence[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows by month of the column that divides the table; a table that is not divided has one part without name."""
    declared = tables()[table]
    if not declared.partition:
        return {"": list(rows)}
    place = [column.name for column in declared.columns].index(declared.partition)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(f"{row[place]:%Y-%m}", []).append(row)
    return found


def content_digest(rows: Sequence[tuple[Any, ...]]) -> str:
    """Of the rows in any order; Spark has another, which nobody else needs to compute."""
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()[:16]


def control_totals(table: str, rows: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    """Column → the sum of its cells as whole numbers."""
    columns = tables()[table].columns
    return {
        column.name: sum(_units(column, row[number]) for row in rows if row[number] is not None)
        for number, column in enumerate(columns)
        if column.kind.name != "double precision"
    }


def _units(column: Column, cell: Any) -> int:
    if column.kind.name == "numeric":
        return round(Decimal(str(cell)) * 10**column.kind.scale)
    if column.kind.name == "date":
        return int((cell - date(1970, 1, 1)).days)
    if column.kind.name == "timestamp":
        return int(cell.replace(tzinfo=UTC).timestamp())
    return len(cell.encode()) if isinstance(cell, str) else int(cell)
