"""Parquet files as PostgreSQL's BINARY COPY stream, assembled by numpy."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from redshift_local.copying import decimals
from redshift_local.copying.parquet_schema import KINDS, Target, check_schema
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


def encoded(path: Path, url: str, targets: Sequence[Target]) -> Iterator[tuple[bytes, int]]:
    """The file's rows, a batch at a time, and how many they are. Raises LoadFailure."""
    try:
        file = pq.ParquetFile(path, buffer_size=READ_BUFFER, pre_buffer=False, coerce_int96_timestamp_unit="us")
    except (pa.ArrowInvalid, OSError) as error:
        raise LoadFailure(f"{url} is not a valid Parquet File: {error}", url) from error
    with file:
        check_schema(file, url, targets)
        try:
            for batch in file.iter_batches(BATCH_ROWS):
                yield encode(batch, url, targets), batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise LoadFailure(f"{url} cannot be read: {error}", url) from error


def encode(batch: pa.RecordBatch, url: str, targets: Sequence[Target]) -> bytes:
    """The batch's rows as BINARY COPY's tuples. Raises LoadFailure for a value the column does not take."""
    arrays = [_plain(array, target) for array, target in zip(batch.columns, targets, strict=True)]
    for array, target in zip(arrays, targets, strict=True):
        _check_values(array, url, target)
    if all(target.wire and not array.null_count for array, target in zip(arrays, targets, strict=True)):
        return _fixed_rows(arrays, targets)
    return _ragged_rows(arrays, targets)


def _plain(array: Column, target: Target) -> Column:
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    return array if target.type == "numeric" else array.cast(KINDS[target.type].arrow)


def _check_values(array: Column, url: str, target: Target) -> None:
    if target.not_null and array.null_count:
        raise LoadFailure(f"Missing data for not-null field: column {target.name}", url, target.name, 1213)
    if target.length is None or target.type == "numeric" or len(array) == 0:
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
    if target.type == "numeric":
        return decimals.encoded(array, target.length or 0)
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
    fields: list[tuple[str, Any]] = [("columns", ">i2")]
    for position, target in enumerate(targets):
        fields += [(f"length{position}", ">i4"), (f"value{position}", target.wire)]
    rows = np.empty(len(arrays[0]), dtype=fields)
    rows["columns"] = len(targets)
    for position, (array, target) in enumerate(zip(arrays, targets, strict=True)):
        rows[f"length{position}"] = rows[f"value{position}"].dtype.itemsize
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
    wire = target.wire
    if wire:
        lengths = np.full(len(array), wire.itemsize, dtype=np.int64)
    else:
        lengths = compute.binary_length(array).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    if array.null_count:
        lengths[array.is_null().to_numpy(zero_copy_only=False)] = -1
    return lengths


def _write_values(output: Bytes, places: npt.NDArray[np.int64], array: Column, target: Target) -> None:
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    if target.wire:
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
