"""Parquet files as PostgreSQL's BINARY COPY stream: checked as strictly as Redshift does, assembled by numpy.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from redshift_local.refusal import LoadFailure

BATCH_ROWS = 131_072
READ_BUFFER = 1 << 20
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
DAYS_1970_TO_2000 = 10_957
MICROSECONDS_1970_TO_2000 = DAYS_1970_TO_2000 * 86_400_000_000

compute: Any = pyarrow.compute  # its functions are made at run time
Bytes = npt.NDArray[np.uint8]
Column = Any  # a pyarrow array: its stubs know one class per type, and the type is known at run time only


@dataclass(frozen=True)
class Kind:
    """What a column's type needs in Parquet, and how it looks on the wire."""

    physical: str
    logical: tuple[str, ...]
    arrow: pa.DataType
    wire: str  # numpy's big-endian type, empty for strings


KINDS = {
    "int2": Kind("INT32", ("int16",), pa.int16(), ">i2"),
    "int4": Kind("INT32", ("none", "int32"), pa.int32(), ">i4"),
    "int8": Kind("INT64", ("none", "int64"), pa.int64(), ">i8"),
    "float4": Kind("FLOAT", ("none",), pa.float32(), ">f4"),
    "float8": Kind("DOUBLE", ("none",), pa.float64(), ">f8"),
    "bool": Kind("BOOLEAN", ("none",), pa.bool_(), "u1"),
    "date": Kind("INT32", ("date",), pa.date32(), ">i4"),
    "timestamp": Kind("INT64", ("timestamp microseconds",), pa.timestamp("us"), ">i8"),
    "varchar": Kind("BYTE_ARRAY", ("string",), pa.string(), ""),
    "bpchar": Kind("BYTE_ARRAY", ("string",), pa.string(), ""),
}


@dataclass(frozen=True)
class Target:
    """A column of the table: its type by PostgreSQL's short name, a string's length in bytes, whether it takes NULL."""

    name: str
    type: str
    length: int | None
    not_null: bool


def encoded(path: Path, url: str, targets: Sequence[Target]) -> Iterator[tuple[bytes, int]]:
    """The file's rows, a batch at a time, and how many they are. Raises LoadFailure."""
    try:
        file = pq.ParquetFile(path, buffer_size=READ_BUFFER, pre_buffer=False)
    except (pa.ArrowInvalid, OSError) as error:
        raise LoadFailure(f"{url} is not a valid Parquet File: {error}", url) from error
    with file:
        check_schema(file, url, targets)
        try:
            for batch in file.iter_batches(BATCH_ROWS):
                yield encode(batch, url, targets), batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise LoadFailure(f"{url} cannot be read: {error}", url) from error


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
    kind = KINDS.get(target.type)
    if kind and column.max_repetition_level == 0 and (column.physical_type, logical) in _accepted(kind):
        return
    raise LoadFailure(
        f"File '{url}' has an incompatible Parquet schema for column '{column.name}'."
        f" Column type: {target.type.upper()} ({target.name}),"
        f" Parquet schema: {column.physical_type.lower()} {logical}",
        url,
        target.name,
    )


def _accepted(kind: Kind) -> set[tuple[str, str]]:
    return {(kind.physical, logical) for logical in kind.logical}


def _logical(column: pq.ColumnSchema) -> str:
    """`none`, `string`, `int32`, `date`, `timestamp microseconds`, …"""
    described = json.loads(column.logical_type.to_json())
    name = str(described["Type"]).lower()
    if name == "int":
        return f"{'' if described['isSigned'] else 'u'}int{described['bitWidth']}"
    if name == "timestamp":
        return f"timestamp {described['timeUnit']}"
    return name


def encode(batch: pa.RecordBatch, url: str, targets: Sequence[Target]) -> bytes:
    """The batch's rows as BINARY COPY's tuples. Raises LoadFailure for a value the column does not take."""
    arrays = [_plain(array, target) for array, target in zip(batch.columns, targets, strict=True)]
    for array, target in zip(arrays, targets, strict=True):
        _check_values(array, url, target)
    if all(KINDS[target.type].wire and not array.null_count for array, target in zip(arrays, targets, strict=True)):
        return _fixed_rows(arrays, targets)
    return _ragged_rows(arrays, targets)


def _plain(array: Column, target: Target) -> Column:
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    return array.cast(KINDS[target.type].arrow)


def _check_values(array: Column, url: str, target: Target) -> None:
    if target.not_null and array.null_count:
        raise LoadFailure(f"Missing data for not-null field: column {target.name}", url, target.name, 1213)
    if target.length is None or len(array) == 0:
        return
    longest = compute.max(compute.binary_length(array)).as_py() or 0
    if longest > target.length:
        raise LoadFailure(
            f"The length of the data column {target.name} is longer than the length defined in the table."
            f" Table: {target.length}, Data: {longest}, File name: {url}",
            url,
            target.name,
        )
    if target.type == "bpchar" and not compute.all(compute.string_is_ascii(array)).as_py():
        raise LoadFailure(f"CHAR column {target.name} takes single-byte characters only", url, target.name, 1220)


def _wire_values(array: Column, target: Target) -> npt.NDArray[np.generic]:
    """A fixed-width column's values in wire order, anything where it is NULL."""
    if target.type == "bool":
        array = array.cast(pa.uint8())
    elif target.type == "date":
        array = array.cast(pa.int32())
    elif target.type == "timestamp":
        array = array.cast(pa.int64())
    if array.null_count:
        array = array.fill_null(0)
    values = array.to_numpy(zero_copy_only=False)
    if target.type == "date":
        values = values - np.int32(DAYS_1970_TO_2000)
    elif target.type == "timestamp":
        values = values - np.int64(MICROSECONDS_1970_TO_2000)
    wire: npt.NDArray[np.generic] = values.astype(KINDS[target.type].wire)
    return wire


def _fixed_rows(arrays: Sequence[Column], targets: Sequence[Target]) -> bytes:
    fields: list[tuple[str, str]] = [("columns", ">i2")]
    for position, target in enumerate(targets):
        fields += [(f"length{position}", ">i4"), (f"value{position}", KINDS[target.type].wire)]
    rows = np.empty(len(arrays[0]), dtype=fields)
    rows["columns"] = len(targets)
    for position, (array, target) in enumerate(zip(arrays, targets, strict=True)):
        rows[f"length{position}"] = np.dtype(KINDS[target.type].wire).itemsize
        rows[f"value{position}"] = _wire_values(array, target)
    return rows.tobytes()


def _ragged_rows(arrays: Sequence[Column], targets: Sequence[Target]) -> bytes:
    """Rows of different lengths: first every field's place, then each column written to its places at once."""
    lengths = [_lengths(array, target) for array, target in zip(arrays, targets, strict=True)]
    row_bytes = np.full(len(arrays[0]), 2 + 4 * len(targets), dtype=np.int64)
    for length in lengths:
        row_bytes += np.maximum(length, 0)
    ends = np.cumsum(row_bytes)
    places = ends - row_bytes
    output = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    _scatter(output, places, np.full(len(places), len(targets), dtype=">i2"))
    places = places + 2
    for array, target, length in zip(arrays, targets, lengths, strict=True):
        _scatter(output, places, length.astype(">i4"))
        places = places + 4
        _write_values(output, places, array, target)
        places = places + np.maximum(length, 0)
    return output.tobytes()


def _lengths(array: Column, target: Target) -> npt.NDArray[np.int64]:
    """Each value's bytes on the wire, -1 for NULL."""
    wire = KINDS[target.type].wire
    if wire:
        lengths = np.full(len(array), np.dtype(wire).itemsize, dtype=np.int64)
    else:
        lengths = compute.binary_length(array).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    if array.null_count:
        lengths[array.is_null().to_numpy(zero_copy_only=False)] = -1
    return lengths


def _write_values(output: Bytes, places: npt.NDArray[np.int64], array: Column, target: Target) -> None:
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    if KINDS[target.type].wire:
        _scatter(output, places[valid], _wire_values(array, target)[valid])
        return
    present = array.drop_null()
    offsets = np.frombuffer(present.buffers()[1], dtype=np.int32)[present.offset : present.offset + len(present) + 1]
    starts, lengths = offsets[:-1].astype(np.int64), np.diff(offsets).astype(np.int64)
    total = int(lengths.sum())
    if not total:
        return
    data = np.frombuffer(present.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    shift = np.repeat(places[valid] - (starts - starts[0]), lengths)
    output[shift + np.arange(total)] = data


def _scatter(output: Bytes, places: npt.NDArray[np.int64], values: npt.NDArray[np.generic]) -> None:
    """Write each fixed-width value at its place."""
    raw = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), values.dtype.itemsize)
    for byte in range(values.dtype.itemsize):
        output[places + byte] = raw[:, byte]
