"""Which Parquet columns a table's columns take: as strict as Redshift, which coerces nothing.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from redshift_local.copying import decimals
from redshift_local.refusal import LoadFailure, beyond


@dataclass(frozen=True)
class Kind:
    """What a column's type needs in Parquet, and how it looks on the wire."""

    physical: str
    logical: tuple[str, ...]
    arrow: pa.DataType
    wire: str  # numpy's big-endian type, empty for strings and for NUMERIC, whose size is the column's
    also: tuple[tuple[str, str], ...] = ()  # other physical and logical types it takes


KINDS = {
    "int2": Kind("INT32", ("int16",), pa.int16(), ">i2"),
    "int4": Kind("INT32", ("none", "int32"), pa.int32(), ">i4"),
    "int8": Kind("INT64", ("none", "int64"), pa.int64(), ">i8"),
    "float4": Kind("FLOAT", ("none",), pa.float32(), ">f4"),
    "float8": Kind("DOUBLE", ("none",), pa.float64(), ">f8"),
    "bool": Kind("BOOLEAN", ("none",), pa.bool_(), "u1"),
    "date": Kind("INT32", ("date",), pa.date32(), ">i4"),
    "timestamp": Kind(
        "INT64",
        ("timestamp microseconds", "timestamp milliseconds"),
        pa.timestamp("us"),
        ">i8",
        (("INT96", "none"),),  # https://github.com/dask/fastparquet/issues/432
    ),
    "numeric": Kind(
        "FIXED_LEN_BYTE_ARRAY", ("decimal",), pa.decimal128(38), "", (("INT32", "decimal"), ("INT64", "decimal"))
    ),
    "varchar": Kind("BYTE_ARRAY", ("string",), pa.string(), ""),
    "bpchar": Kind("BYTE_ARRAY", ("string",), pa.string(), ""),
}


@dataclass(frozen=True)
class Target:
    """A column of the table: its type by PostgreSQL's short name, a string's length in bytes or a NUMERIC's size (as
    PostgreSQL's typmod has it), whether it takes NULL.
    """

    name: str
    type: str
    length: int | None
    not_null: bool

    @property
    def wire(self) -> np.dtype[Any] | None:
        """How a value looks on the wire, None for strings."""
        if self.type == "numeric":
            return decimals.wire(self.length or 0)
        return np.dtype(KINDS[self.type].wire) if KINDS[self.type].wire else None


def check_schema(file: pq.ParquetFile, url: str, targets: Sequence[Target]) -> None:
    """Columns match by position: as many, and each of exactly the type its column needs. Raises LoadFailure."""
    found = len(file.schema_arrow)
    if found != len(targets):
        raise LoadFailure(
            f"Unmatched number of columns between table and file. Table columns: {len(targets)},"
            f" Data columns: {found}, File name: {url}",
            url,
        )
    if len(file.schema) != found:
        raise LoadFailure(f"File {url} has nested columns, which need SUPER", url)
    for position, target in enumerate(targets):
        _check_column(file.schema.column(position), url, target)


def _check_column(column: pq.ColumnSchema, url: str, target: Target) -> None:
    logical = _logical(column)
    if logical == "timestamp nanoseconds":
        raise beyond("COPY of timestamps in nanoseconds (Redshift loads them as other times)", "Write microseconds.")
    kind = KINDS.get(target.type)
    fits = kind and column.max_repetition_level == 0 and (column.physical_type, logical) in _accepted(kind)
    if fits and (
        target.type != "numeric" or decimals.matches(target.length or 0, column.precision or 0, column.scale or 0)
    ):
        return
    raise LoadFailure(
        f"File '{url}' has an incompatible Parquet schema for column '{column.name}'."
        f" Column type: {target.type.upper()} ({target.name}),"
        f" Parquet schema: {column.physical_type.lower()} {logical}",
        url,
        target.name,
    )


def _accepted(kind: Kind) -> set[tuple[str, str]]:
    return {*((kind.physical, logical) for logical in kind.logical), *kind.also}


def _logical(column: pq.ColumnSchema) -> str:
    """`none`, `string`, `int32`, `date`, `timestamp microseconds`, …"""
    described = json.loads(column.logical_type.to_json())
    name = str(described["Type"]).lower()
    if name == "int":
        return f"{'' if described['isSigned'] else 'u'}int{described['bitWidth']}"
    if name == "timestamp":
        return f"timestamp {described['timeUnit']}"
    return name
