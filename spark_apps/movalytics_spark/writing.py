"""A table into the lake: Parquet parts, the rejected rows with their reasons, and last the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from movalytics_common.errors import InvalidData
from pyspark.sql import DataFrame, SparkSession

from movalytics_spark import storage
from movalytics_spark.columns import CURATED, REJECTED
from movalytics_spark.judging import rejected, standing
from movalytics_spark.manifest import manifest

MAY_BE_EMPTY: Final = {"genre", "movie_genre", "date"}  # films need not have a genre or a date


class Counts(TypedDict):
    """What went into a table, came out of it, and was rejected by reason."""

    rows_in: int
    rows_out: int
    rejected: dict[str, int]


@dataclass(frozen=True)
class Target:
    """The table of one run, and the directory of that run."""

    run: str
    output: str
    table: str

    @property
    def manifest(self) -> str:
        return f"{self.output}/{self.table}.manifest"

    @property
    def rows(self) -> str:
        return f"{self.output}/{self.table}"

    @property
    def rejected(self) -> str:
        return f"{self.output}/rejected/{self.table}"


def write_judged(target: Target, judged: DataFrame, rows_in: int) -> Counts:
    """Write a small table, one file each, in the order of its key; returns rows_in, rows_out, rejected by reason."""
    parts = write_rows(target, standing(judged).coalesce(1).sortWithinPartitions(*CURATED[target.table].names))
    reasons = write_rejected(target, rejected(judged).coalesce(1))
    return complete(target, parts, rows_in, reasons)


def write_rows(target: Target, rows: DataFrame) -> list[storage.Part]:
    """Write the rows that stand, in place of what an earlier try left; the table is incomplete from here on."""
    storage.delete(target.manifest)
    rows.select(*CURATED[target.table].names).write.mode("overwrite").parquet(target.rows)
    return storage.parts(target.rows)


def write_rejected(target: Target, rows: DataFrame) -> dict[str, int]:
    """Write the rows that do not; returns their number by reason, as read back."""
    rows.write.mode("overwrite").parquet(target.rejected)
    written = SparkSession.active().read.schema(REJECTED).parquet(storage.literally(target.rejected))
    counts = written.groupBy("reason").count().collect()
    return {row["reason"]: row["count"] for row in sorted(counts)}


def complete(target: Target, parts: Sequence[storage.Part], rows_in: int, rejected: Mapping[str, int]) -> Counts:
    """Write the manifest. Raises InvalidData when rows were lost or multiplied, or when nothing is left to load."""
    rows_out, rows_rejected = sum(part.rows for part in parts), sum(rejected.values())
    if rows_in != rows_out + rows_rejected:
        raise InvalidData(
            f"{target.table}: {rows_in} rows went in, but {rows_out} came out and {rows_rejected} were rejected; "
            "look for a stray quote in the source file"
        )
    if not rows_out and target.table not in MAY_BE_EMPTY:
        raise InvalidData(f"{target.table}: none of {rows_in} rows can be used ({_most_frequent(rejected)})")
    counts = Counts(rows_in=rows_in, rows_out=rows_out, rejected=dict(rejected))
    about = {"run": target.run, "table": target.table, **counts}
    storage.write_bytes(target.manifest, manifest(parts, CURATED[target.table], about))
    return counts


def _most_frequent(rejected: Mapping[str, int]) -> str:
    reason = max(rejected, key=lambda name: rejected[name])
    return f"{rejected[reason]} of them: {reason}; see {reason} in the README of spark_apps"
