"""Ways to damage a good source file, line by line: what copies, tools and downloads do to people's files."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

Lines = list[bytes]  # a file's lines, each with its line end; the first is the header
Change = Callable[[Lines], Lines]


@dataclass(frozen=True)
class Damage:
    """What was done to which lines of a file (`first` included, `last` not), in words; `harm` does it."""

    words: str
    first: float
    last: float
    harm: Change

    def __repr__(self) -> str:
        return f"{self.words} from {self.first:.0%} to {self.last:.0%}"

    def of(self, content: bytes) -> bytes:
        """The damaged file. A block is never smaller than a hundredth of the file: history cannot tell less."""
        header, *rows = content.splitlines(keepends=True)
        first = int(self.first * (len(rows) - 1))
        last = min(len(rows), max(first + 1 + len(rows) // 100, int(self.last * len(rows))))
        damaged = self.harm([header, *rows[first:last]])
        return b"".join([damaged[0], *rows[:first], *damaged[1:], *rows[last:]])


def damages(columns: Sequence[str]) -> st.SearchStrategy[Damage]:
    """A random damage to a part of a file with these columns, or to all of it."""
    block = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)
    part = st.one_of(st.just([0.0, 1.0]), block)
    harms = st.sampled_from([*BLOCKS.items(), *_to_cells(columns).items()])
    return st.builds(lambda where, harm: Damage(harm[0], where[0], where[1], harm[1]), part, harms)


def truncations() -> st.SearchStrategy[float]:
    """Where a download broke off, as a share of the file's bytes."""
    return st.floats(0.02, 0.999)


def _each(change: Callable[[bytes], bytes]) -> Change:
    return lambda lines: [lines[0], *map(change, lines[1:])]


def _end(with_what: bytes) -> Change:
    return _each(lambda line: line.rstrip(b"\r\n") + with_what)


def _halves_swapped(lines: Lines) -> Lines:
    middle = len(lines) // 2 + 1
    return [lines[0], *lines[middle:], *lines[1:middle]]


def _misread(line: bytes) -> bytes:
    """UTF-8 taken for Latin-1 and written as UTF-8 again."""
    return line.decode("utf-8", "replace").encode("utf-8").decode("latin-1").encode("utf-8")


BLOCKS: dict[str, Change] = {
    "lines dropped": lambda lines: lines[:1],
    "lines repeated": lambda lines: [*lines, *lines[1:]],
    "lines in reverse": lambda lines: [lines[0], *reversed(lines[1:])],
    "halves swapped": _halves_swapped,
    "every other line dropped": lambda lines: [lines[0], *lines[1::2]],
    "lines cut in the middle": _each(lambda line: line[: len(line) // 2] + b"\n"),
    "line ends lost": _end(b""),
    "line ends of Windows": _end(b"\r\n"),
    "line ends of Unix": _end(b"\n"),
    "line ends of old Macs": _end(b"\r"),
    "doubled carriage returns": _end(b"\r\r\n"),
    "blank lines between": _end(b"\n\n"),
    "a lone quote at a line's start": lambda lines: [lines[0], *(b'"' + line for line in lines[1:2]), *lines[2:]],
    "a quote before each line's end": _each(lambda line: line.rstrip(b"\r\n") + b'"\n'),
    "quotes taken away": _each(lambda line: line.replace(b'"', b"")),
    "apostrophes for quotes": _each(lambda line: line.replace(b'"', b"'")),
    "semicolons for commas": _each(lambda line: line.replace(b",", b";")),
    "tabs for commas": _each(lambda line: line.replace(b",", b"\t")),
    "UTF-8 read as Latin-1": _each(_misread),
    "written in Latin-1": _each(lambda line: line.decode("utf-8", "replace").encode("latin-1", "replace")),
    "written in UTF-16": _each(lambda line: line.decode("utf-8", "replace").encode("utf-16-le")),
    "bytes zeroed": _each(lambda line: b"\0" * len(line)),
}


def _to_cells(columns: Sequence[str]) -> dict[str, Change]:
    """Damages that a tool which knows columns does."""
    changes: dict[str, Change] = {
        "all cells in quotes": _each(lambda line: _written(_cells(line), line, quoting=csv.QUOTE_ALL)),
        "first two columns swapped in the rows": _each(_swapped),
        "first two columns swapped": lambda lines: [_swapped(line) for line in lines],
    }
    for place, name in enumerate(columns):
        changes |= {f"{name} {words}": _cell(place, change) for words, change in CELLS.items()}
    return changes


def _cells(line: bytes) -> list[str]:
    return next(csv.reader([line.decode().rstrip("\r\n")]))


def _written(cells: Sequence[str], line: bytes, quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    """The cells as a line that ends as `line` does."""
    text = io.StringIO()
    csv.writer(text, lineterminator="", quoting=quoting).writerow(cells)
    return text.getvalue().encode() + line[len(line.rstrip(b"\r\n")) :]


def _cell(place: int, change: Callable[[str], str]) -> Change:
    def on_line(line: bytes) -> bytes:
        cells = _cells(line)
        return _written([*cells[:place], change(cells[place]), *cells[place + 1 :]], line)

    return _each(on_line)


def _swapped(line: bytes) -> bytes:
    first, second, *rest = _cells(line)
    return _written([second, first, *rest], line)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _times(factor: float) -> Callable[[str], str]:
    return lambda cell: cell if (number := _number(cell)) is None else f"{number * factor:.10g}"


def _american(cell: str) -> str:
    year, *rest = cell.split("-")
    return "/".join([*rest, year]) if len(rest) == 2 else cell


CELLS: dict[str, Callable[[str], str]] = {
    "doubled": _times(2),
    "in thousands": _times(0.001),
    "times a thousand": _times(1000),
    "with thousands groups": lambda cell: f"{int(cell):,}" if cell.isdigit() else cell,
    "as a float": lambda cell: f"{cell}.0" if cell.isdigit() else cell,
    "with an exponent": lambda cell: cell if (number := _number(cell)) is None else f"{number:.12e}",
    "with a decimal comma": lambda cell: cell if _number(cell) is None else cell.replace(".", ","),
    "in blanks": lambda cell: f" {cell} ",
    "emptied": lambda cell: "",  # noqa: ARG005
    "as NULL": lambda cell: "NULL",  # noqa: ARG005
    "as month/day/year": _american,
}
