"""Rows on the wire: what numpy assembles is what PostgreSQL's BINARY format asks for."""

import struct

import pyarrow as pa
import pytest
from redshift_local.copying.parquet import encode
from redshift_local.copying.parquet_schema import Target
from redshift_local.refusal import LoadFailure


def row(*fields: bytes | None) -> bytes:
    """One tuple as the PostgreSQL manual describes it, built slowly."""
    parts = [struct.pack("!i", -1) if field is None else struct.pack("!i", len(field)) + field for field in fields]
    return struct.pack("!h", len(fields)) + b"".join(parts)


def test_numbers_are_big_endian() -> None:
    batch = pa.record_batch({"a": pa.array([1, -2], pa.int32()), "b": pa.array([0.5, 2.0])})
    targets = [Target("a", "int4", None, True), Target("b", "float8", None, True)]
    expected = row(struct.pack("!i", 1), struct.pack("!d", 0.5)) + row(struct.pack("!i", -2), struct.pack("!d", 2.0))
    assert encode(batch, "file:///x", targets) == expected


def test_dates_and_timestamps_count_from_2000() -> None:
    batch = pa.record_batch(
        {"d": pa.array([10_957 + 1], pa.date32()), "t": pa.array([946_684_800_000_005], pa.timestamp("us"))}
    )
    targets = [Target("d", "date", None, False), Target("t", "timestamp", None, False)]
    assert encode(batch, "file:///x", targets) == row(struct.pack("!i", 1), struct.pack("!q", 5))


def test_strings_and_nulls_make_rows_of_different_lengths() -> None:
    batch = pa.record_batch(
        {
            "s": pa.array(["é", None, "", "abc"]),
            "b": pa.array([True, None, False, None]),
            "n": pa.array([None] * 4, pa.int64()),
        }
    )
    targets = [Target("s", "varchar", 3, False), Target("b", "bool", None, False), Target("n", "int8", None, False)]
    expected = row("é".encode(), b"\1", None) + row(None, None, None) + row(b"", b"\0", None) + row(b"abc", None, None)
    assert encode(batch, "file:///x", targets) == expected
    assert encode(batch.slice(3), "file:///x", targets) == row(b"abc", None, None)
    assert encode(batch.slice(0, 0), "file:///x", targets) == b""


def test_a_string_too_long_in_bytes_is_refused_with_both_lengths() -> None:
    batch = pa.record_batch({"s": pa.array(["ok", "ééé"])})
    with pytest.raises(LoadFailure, match="Table: 5, Data: 6"):
        encode(batch, "file:///x", [Target("s", "varchar", 5, False)])
