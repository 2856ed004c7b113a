"""Parquet's DECIMALs as the binary NUMERICs of a COPY stream: numpy takes the digits of whole columns apart at once."""

from typing import Any

import numpy as np
import numpy.typing as npt

NEGATIVE = 0x4000
DIGITS = 4  # decimal digits in one of PostgreSQL's
CHUNK = 4 * DIGITS  # as many fit into 64 bits
HALF = 1 << 64
LONGEST_SHORT = 18  # decimal digits that surely fit into 64 bits


def wire(typmod: int) -> np.dtype[np.void]:
    """A NUMERIC of this size (PostgreSQL's typmod without its header) with all its digits, leading zeros too."""
    groups = sum(_groups(typmod))
    return np.dtype(
        [("length", ">i2"), ("weight", ">i2"), ("sign", ">u2"), ("scale", ">i2"), ("digits", ">i2", (groups,))]
    )


def matches(typmod: int, precision: int, scale: int) -> bool:
    """Whether a column of the file has the very size of the table's."""
    return (typmod >> 16, typmod & 2047) == (precision, scale)


def encoded(array: Any, typmod: int) -> npt.NDArray[np.void]:
    """An arrow array of 128-bit decimals in that form; anything where it is NULL."""
    whole, fraction = _groups(typmod)
    rows = np.zeros(len(array), dtype=wire(typmod))
    rows["length"], rows["weight"], rows["scale"] = whole + fraction, whole - 1, typmod & 2047
    values = _integers(array, is_short=(typmod >> 16) + DIGITS - 1 <= LONGEST_SHORT)
    rows["sign"][values < 0] = NEGATIVE
    rest = abs(values) * 10 ** (fraction * DIGITS - (typmod & 2047))
    for last in range(whole + fraction, 0, -4):
        rest, chunk = rest // 10**CHUNK, (rest % 10**CHUNK).astype(np.int64)
        for group in range(last - 1, max(last - 5, -1), -1):
            rows["digits"][:, group] = chunk % 10**DIGITS
            chunk = chunk // 10**DIGITS
    return rows


def _groups(typmod: int) -> tuple[int, int]:
    """How many of PostgreSQL's digits stand before and after the point."""
    precision, scale = typmod >> 16, typmod & 2047
    return -(-(precision - scale) // DIGITS), -(-scale // DIGITS)


def _integers(array: Any, is_short: bool) -> npt.NDArray[Any]:
    """The decimals without their point, in 64 bits when they are short, else as Python's integers."""
    halves = np.frombuffer(array.buffers()[1], dtype="<i8").reshape(-1, 2)[array.offset : array.offset + len(array)]
    short: npt.NDArray[Any] = halves[:, 0]
    if is_short:
        return short
    low, high = short.astype(object) % HALF, halves[:, 1].astype(object)
    long: npt.NDArray[Any] = high * HALF + low
    return long
