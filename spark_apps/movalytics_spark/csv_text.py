"""CSV as text: which bytes are a text, what ends a line, what a quote may do, where a record is cut off.

One idea of a line for all files: it ends with LF, CRLF or CR, these may change within a file, and a line of nothing
but blanks (DOS' end of file among them) is none. Spark's line reader, which reads ratings, holds the same.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from movalytics_common.errors import InvalidData

from movalytics_spark.raw import RawFile

LINE_END: Final = re.compile(r"\r\n|\r|\n")
LINE_BLANKS: Final = "".join(map(chr, range(1, 33)))  # Spark's CSV reader drops lines of nothing else
QUOTED: Final = re.compile(r'(?<![^,\r\n]) *"[^"]*(?:""[^"]*)*"')
UNICODE_MARKS: Final = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
PACKED: Final = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "compressed with gzip", b"%PDF": "a PDF document"}
csv.field_size_limit(2**31 - 1)  # a long value is validated like any other


class Record(NamedTuple):
    """One record: the number of its first line, its cells, and its text as it stands in the file."""

    line: int
    cells: list[str]
    text: str


def decoded(file: RawFile, content: bytes) -> str:
    """The text of a file in UTF-8, without its byte-order mark. Raises InvalidData that names another encoding."""
    for mark, name in UNICODE_MARKS.items():
        if content.startswith(mark):
            raise InvalidData(f"{file} is in {name}: save it in UTF-8")
    for mark, name in PACKED.items():
        if content.startswith(mark):
            raise InvalidData(f"{file} is {name}: put the CSV file in its place")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidData(f"{file} is not a text in UTF-8: {_odd_byte(content, error.start)}") from error
    if "\0" in text:
        raise InvalidData(f"{file} is not a text in UTF-8: {_odd_byte(content, content.index(0))}")
    return text


def _odd_byte(content: bytes, place: int) -> str:
    if content.count(0, 0, 4096) > len(content[:4096]) // 3:
        return "every other byte is 0, as in UTF-16; save it in UTF-8"
    line = len(re.findall(rb"\r\n|\r|\n", content[:place])) + 1
    if content[place] < 0x80 or not content[:4].isascii():
        return f"line {line} has the byte 0x{content[place]:02x}; it may be an archive or damaged: download it again"
    return f"line {line} has the byte 0x{content[place]:02x}, as in Latin-1 or Windows-1252; save it in UTF-8"


def records(file: RawFile, text: str) -> list[Record]:
    """All records, the header first; lines of blanks are left out.

    Raises InvalidData when a quote is never closed or closes within a value (RFC 4180), or when a second way of
    counting, which shares nothing with this reader, finds another number.
    """
    found = list(_read(file, text))
    counted = _count_records(text)
    if len(found) != counted:
        raise InvalidData(f"{file} reads as {len(found)} records and counts as {counted}: look for a stray quote")
    return found


def _read(file: RawFile, text: str) -> Iterator[Record]:
    taken: list[str] = []
    reader = csv.reader(_taking(text, taken), strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            record = Record(line, cells, "".join(taken))
            if record.text.strip(LINE_BLANKS):
                yield record
            taken.clear()
            line = reader.line_num + 1
    except csv.Error as error:
        raise _misquoted(file, line, str(error)) from error


def _taking(text: str, taken: list[str]) -> Iterator[str]:
    """The lines with their ends, each remembered until its record is whole."""
    for line in io.StringIO(text, newline=""):
        taken.append(line)
        yield line


def _misquoted(file: RawFile, line: int, error: str) -> InvalidData:
    if "unexpected end" in error:
        return InvalidData(
            f"{file}: the quote that opens in line {line} is never closed; "
            "if the file is cut off there, download it again, else repair the quote"
        )
    return InvalidData(f"{file}: a quote in the record of line {line} closes within a value; repair the quote")


def _count_records(text: str) -> int:
    """The lines that are not blank, once every value between quotes is one character."""
    return sum(1 for line in LINE_END.split(QUOTED.sub("x", text)) if line.strip(LINE_BLANKS))


def first_line(file: RawFile, text: str) -> Record:
    """The header. Raises InvalidData when there is none."""
    line = next((line for line in LINE_END.split(text) if line.strip(LINE_BLANKS)), "")
    if not line:
        raise InvalidData(f"{file} is empty: download it again")
    return Record(1, split_line(line), line)


def split_line(line: str) -> list[str]:
    """The cells of a record that is one line, as `records` reads them; a quote may be left open."""
    return next(csv.reader([line], skipinitialspace=True), [])


def joined(found: Sequence[Record], width: int) -> list[Record]:
    """The records of a file whose texts may hold a lone carriage return without quotes, as Kaggle's has three.

    Where CR alone ends a record that is too short, and the next lines make it exactly `width` cells, it is one record.
    """
    whole: list[Record] = []
    pending: list[Record] = []
    for record in found:
        pending.append(record)
        cells = sum(len(piece.cells) - 1 for piece in pending) + 1
        if cells < width and record.text.endswith("\r"):
            continue
        whole += [_one(pending)] if cells == width else pending
        pending = []
    return whole + pending


def _one(pieces: Sequence[Record]) -> Record:
    cells = pieces[0].cells
    for piece in pieces[1:]:
        cells = [*cells[:-1], f"{cells[-1]}\r{piece.cells[0]}", *piece.cells[1:]]
    return Record(pieces[0].line, cells, "".join(piece.text for piece in pieces))


def require_single_lines(file: RawFile, found: Sequence[Record]) -> None:
    """Raise InvalidData when a value between quotes holds a line end: in numbers and dates it is a stray quote."""
    for record in found:
        if LINE_END.search(record.text.rstrip("\r\n")):
            last = record.line + len(LINE_END.findall(record.text.rstrip("\r\n")))
            raise InvalidData(
                f"{file}: a quote opens in line {record.line} and closes in line {last}, and no value has several lines"
                " here; repair the quote"
            )


def require_whole(file: RawFile, last: Record, width: int) -> None:
    """Raise InvalidData when the last record has too few cells: the file was cut off in it."""
    if len(last.cells) < width:
        raise cut_off(file, f"line {last.line}, {shown(last.text)}, has {len(last.cells)} of {width} values")


def cut_off(file: RawFile, why: str) -> InvalidData:
    """The error of a file that ends in the middle of a record."""
    return InvalidData(f"{file} is cut off in its last record: {why}; download it again")


def shown(text: str) -> str:
    """A line as a sentence quotes it: short, on one line."""
    line = text.strip(LINE_BLANKS)
    return repr(line if len(line) <= 80 else f"{line[:77]}...")
