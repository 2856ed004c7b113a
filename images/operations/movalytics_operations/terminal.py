"""Tables, sizes and spans of time as a person reads them in a terminal."""

from collections.abc import Sequence
from datetime import datetime, timedelta

UNITS = ("B", "kB", "MB", "GB", "TB")


def table(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, each column as wide as its widest text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def size(bytes_: float) -> str:
    """1234567 → 1.2 MB, by thousands."""
    for unit in UNITS[:-1]:
        if bytes_ < 1000:
            return f"{bytes_:.1f} {unit}" if unit != "B" else f"{bytes_:.0f} B"
        bytes_ /= 1000
    return f"{bytes_:.1f} {UNITS[-1]}"


def plural(number: int, noun: str) -> str:
    """1 folder, 2 folders."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def section(title: str, rows: Sequence[Sequence[str]]) -> str:
    """A table under its title; nothing without rows."""
    return f"{title}\n{table([('', *row) for row in rows])}" if rows else ""


def count(number: int | None) -> str:
    """1234 → 1,234; empty for what is not known."""
    return "" if number is None else f"{number:,}"


def moment(when: datetime | None) -> str:
    """As the ledger has it, in UTC."""
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else ""


def duration(span: timedelta) -> str:
    """42 s, 3 min 20 s, 1 h 5 min."""
    seconds = round(span.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
