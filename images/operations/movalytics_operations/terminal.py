"""Tables, sizes and spans of time as a person reads them in a terminal."""

from collections.abc import Sequence

UNITS = ("B", "kB", "MB", "GB", "TB")


def table(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, each column as wide as its widest text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def size(count: float) -> str:
    """1234567 → 1.2 MB, by thousands."""
    for unit in UNITS[:-1]:
        if count < 1000:
            return f"{count:.1f} {unit}" if unit != "B" else f"{count:.0f} B"
        count /= 1000
    return f"{count:.1f} {UNITS[-1]}"


def plural(count: int, noun: str) -> str:
    """1 folder, 2 folders."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
