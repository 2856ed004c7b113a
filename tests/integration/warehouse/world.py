"""A small curated run, written as the transforms write it: Parquet files and one manifest per table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMAS = {
    "movies": pa.schema(
        [
            ("movie_id", pa.int32()),
            ("is_adult", pa.bool_()),
            ("budget", pa.int64()),
            ("original_language", pa.string()),
            ("title", pa.string()),
            ("popularity", pa.float64()),
            ("release_date", pa.date32()),
            ("revenue", pa.int64()),
            ("vote_count", pa.int32()),
            ("vote_average", pa.float64()),
        ]
    ),
    "genre": pa.schema([("genre_id", pa.int32()), ("genre_name", pa.string())]),
    "movie_genre": pa.schema([("movie_id", pa.int32()), ("genre_id", pa.int32())]),
    "date": pa.schema(
        [("release_date", pa.date32()), *((part, pa.int32()) for part in ("day", "week", "month", "quarter", "year"))]
    ),
    "ratings": pa.schema(
        [
            ("user_movie_id", pa.int64()),
            ("user_id", pa.int32()),
            ("movie_id", pa.int32()),
            ("rating", pa.float64()),
            ("rated_at", pa.timestamp("us")),
        ]
    ),
    "cpi": pa.schema([("date", pa.date32()), ("consumer_price_index", pa.float64())]),
}
RATED_AT = datetime(2015, 6, 1, 12, 30, 15)  # noqa: DTZ001 Parquet's timestamps here have no zone


def calendar(day: date) -> tuple[date, int, int, int, int, int]:
    """A row of table date."""
    return day, day.day, day.isocalendar().week, day.month, (day.month + 2) // 3, day.year


def rating(user: int, movie: int, stars: float) -> tuple[int, int, int, float, datetime]:
    """A row of table ratings."""
    return user * 2**32 + movie, user, movie, stars, RATED_AT


@dataclass
class World:
    """Rows by table, and how many rows were rejected for which reason."""

    tables: dict[str, list[tuple[Any, ...]]]
    rejected: dict[str, dict[str, int]] = field(default_factory=dict)


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
            "cpi": [
                (date(2009, 12, 1), 150.0),
                (date(2010, 1, 1), None),
                (date(2010, 2, 1), 156.25),
                (date(2010, 3, 1), 180.0),
            ],
        },
        {"movies": {"duplicate_film": 1}, "ratings": {"not_in_links": 2}},
    )


def write_world(world: World, folder: Path, run_id: str) -> str:
    """Write the curated folder of a run; its URI."""
    for table, rows in world.tables.items():
        write_table(folder, run_id, table, rows, world.rejected.get(table, {}))
    return f"file://{folder}"


def write_table(
    folder: Path, run_id: str, table: str, rows: Sequence[tuple[Any, ...]], rejected: Mapping[str, int]
) -> None:
    """One Parquet file and the table's manifest."""
    schema = SCHEMAS[table]
    path = folder / table / "part-00000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = (
        [pa.array(list(cells), type=column.type) for cells, column in zip(zip(*rows, strict=True), schema, strict=True)]
        if rows
        else None
    )
    content = pa.Table.from_arrays(columns, schema=schema) if columns else schema.empty_table()
    pq.write_table(content, path, coerce_timestamps="us")
    meta = {"content_length": path.stat().st_size, "record_count": len(rows)}
    manifest = {
        "entries": [{"url": f"file://{path}", "mandatory": True, "meta": meta}],
        "schema": {"elements": []},
        "meta": meta,
        "movalytics": {
            "run": run_id,
            "table": table,
            "rows_in": len(rows) + sum(rejected.values()),
            "rows_out": len(rows),
            "rejected": dict(rejected),
        },
    }
    (folder / f"{table}.manifest").write_text(json.dumps(manifest))
