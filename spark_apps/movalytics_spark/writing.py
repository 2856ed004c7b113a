"""A table into the lake: Parquet parts, rows set aside and repaired ones with their reasons, and last the manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from movalytics_common.declaration import Column, Table, tables
from movalytics_common.errors import InvalidData
from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import storage
from movalytics_spark.columns import CURATED, REJECTED
from movalytics_spark.manifest import Manifest, Written, encoded, joined, manifest
from movalytics_spark.partitions import MONTH, facts, month
from movalytics_spark.validation import MERGES, accepted, repaired, set_aside

Reasons = Mapping[str, int]


class Account(TypedDict):
    """What became of the rows that went in: rows_in = rows_out + rejected + merged; repaired counts cells."""

    rows_in: int
    rows_out: int
    rejected: dict[str, int]
    merged: dict[str, int]
    repaired: dict[str, int]


@dataclass(frozen=True)
class Target:
    """A table (or file that feeds a join), the directory of what its application makes, and the key of that.

    `run` is the run that makes it; others may use it. `made_of` is what decides what the table holds (none: nobody
    knows, and a later run takes nothing over), `raw` the directory of the files.
    """

    run: str
    made: str
    output: str
    table: str
    made_of: str = ""
    raw: str = ""

    @property
    def about(self) -> dict[str, str]:
        """What its manifest says of where it comes from."""
        origin = {"made_of": self.made_of, "raw": self.raw} if self.made_of else {}
        return {"made": self.made, "run": self.run, "table": self.table, **origin}

    @property
    def manifest(self) -> str:
        return f"{self.output}/{self.table}.manifest"

    @property
    def rows(self) -> str:
        return f"{self.output}/{self.table}"

    @property
    def rejected(self) -> str:
        return f"{self.output}/rejected/{self.table}"

    @property
    def repaired(self) -> str:
        return f"{self.output}/repaired/{self.table}"


def write_validated(target: Target, validated: DataFrame, rows_in: int) -> Account:
    """Write a small table, one file each, in the order of its key; returns its account."""
    written = write_rows(target, accepted(validated))
    aside = write_reasons(target.rejected, set_aside(validated).coalesce(1))
    repairs = write_reasons(target.repaired, repaired(validated).coalesce(1)) if "repairs" in validated.columns else {}
    counted = account(target.table, rows_in, written.rows, aside, repairs)
    return complete(target, written, counted)


def write_rows(target: Target, rows: DataFrame) -> Written:
    """Write the accepted rows, in place of what an earlier try left, and read back what the files hold.

    The table is incomplete from here on.
    """
    table, schema = tables()[target.table], CURATED[target.table]
    storage.delete(target.manifest)
    curated = exact(rows, table)
    if table.partition:
        divided = curated.withColumn(MONTH, month(table)).repartition(MONTH)
        divided.write.mode("overwrite").partitionBy(MONTH).parquet(target.rows)
    else:
        curated.coalesce(1).sortWithinPartitions(*schema.names).write.mode("overwrite").parquet(target.rows)
    written = SparkSession.active().read.schema(schema).parquet(storage.literally(target.rows))
    return Written(storage.parts(target.rows), facts(written, table))


def exact(rows: DataFrame, table: Table) -> DataFrame:
    """The table's columns. A NUMERIC's cell is at its scale, so that every program that sums it finds the same."""
    return rows.select(*[_exact(column) for column in table.columns])


def _exact(column: Column) -> SparkColumn:
    cell = F.col(column.name)
    return F.round(cell, column.kind.scale).alias(column.name) if column.kind.name == "numeric" else cell


def write_reasons(directory: str, rows: DataFrame) -> dict[str, int]:
    """Write reason and record of rows set aside or repaired; returns their number by reason, as read back."""
    rows.write.mode("overwrite").parquet(directory)
    return reasons(directory)


def reasons(directory: str) -> dict[str, int]:
    """How many rows lie there by reason."""
    written = SparkSession.active().read.schema(REJECTED).parquet(storage.literally(directory))
    counts = written.groupBy("reason").count().collect()
    return {row["reason"]: row["count"] for row in sorted(counts)}


def account(name: str, rows_in: int, rows_out: int, aside: Reasons, repairs: Reasons) -> Account:
    """The account of a table or a file. Raises InvalidData when rows were lost or multiplied."""
    merged = {reason: count for reason, count in aside.items() if reason in MERGES}
    rejected = {reason: count for reason, count in aside.items() if reason not in MERGES}
    if rows_in != rows_out + sum(rejected.values()) + sum(merged.values()):
        raise InvalidData(
            f"{name}: {rows_in} rows went in, but {rows_out} came out, {sum(rejected.values())} were rejected and "
            f"{sum(merged.values())} merged; look for a stray quote in the source file"
        )
    return Account(rows_in=rows_in, rows_out=rows_out, rejected=rejected, merged=merged, repaired=dict(repairs))


def complete(
    target: Target,
    written: Written,
    counted: Account,
    inputs: Mapping[str, Account] | None = None,
    kept: Manifest | None = None,
) -> Account:
    """Write the manifest. Raises InvalidData when no row is left.

    `inputs`: the accounts of files that fed a join; `kept`: the manifest of what is there beside what was written.
    """
    if not counted["rows_out"] and not tables()[target.table].may_be_empty:
        raise InvalidData(f"{target.table}: none of {counted['rows_in']} rows can be used ({_most_frequent(counted)})")
    about = {**target.about, **counted, "inputs": dict(inputs or {})}
    made = manifest(written, CURATED[target.table], about)
    storage.write_bytes(target.manifest, encoded(joined(kept, made) if kept else made))
    return counted


def _most_frequent(counted: Account) -> str:
    aside = counted["rejected"] | counted["merged"]
    reason = max(aside, key=lambda name: aside[name])
    return f"{aside[reason]} of them: {reason}; see {reason} in the README of spark_apps"
