"""What must hold of a CSV file before its rows are read: its columns, its quotes, its characters, its number of rows.

Everything here works on bytes and shares nothing with Spark's CSV reader, so that its counts check that reader's.
"""

import csv
from collections.abc import Mapping

from movalytics_common.errors import InvalidData

Columns = Mapping[str, str]  # the name in the file -> our name


def columns(uri: str, head: bytes, known: Columns) -> list[str]:
    """Our names of the file's columns, in its order. Raises InvalidData unless each is there once, and no other is."""
    if not head.strip():
        raise InvalidData(f"{uri} is empty: extract the source again")
    line = head.split(b"\n", 1)[0]
    names = next(csv.reader([_decoded(uri, line).removeprefix("\ufeff").strip("\r\n")]))
    if not set(names) & set(known):
        raise InvalidData(f"{uri} {_looks_like(line)}: expected a CSV file whose first line names {_listed(known)}")
    ours = [known.get(name, "") for name in names]
    missing = [name for name, our in known.items() if our not in ours and our in _first_names(known, name)]
    extra = [name for name in names if name not in known]
    repeated = sorted({name for name in names if names.count(name) > 1 and name in known})
    faults = {"has no column": missing, "has an unknown column": extra, "repeats the column": repeated}
    said = " and ".join(f"{fault} {_listed(dict.fromkeys(found, ''))}" for fault, found in faults.items() if found)
    if said:
        raise InvalidData(f"{uri}: the header {said}; use the file as its source publishes it")
    return ours


def _first_names(known: Columns, name: str) -> list[str]:
    """Our name, if this is the first of the names under which a file may have it."""
    first = next(other for other, our in known.items() if our == known[name])
    return [known[name]] if first == name else []


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(repr(name) for name in names)


def _looks_like(line: bytes) -> str:
    if line.lstrip().startswith(b"<"):
        return "is a web page or XML"
    return f"is not what it should be, it begins with {line[:40]!r}"


def _decoded(uri: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_text(uri, content, error.start) from error
    if "\0" in text:
        raise _not_text(uri, content, content.index(b"\0"))
    return text


def _not_text(uri: str, content: bytes, place: int) -> InvalidData:
    line = content.count(b"\n", 0, place) + 1
    return InvalidData(
        f"{uri} is not a text file in UTF-8: line {line} has the byte 0x{content[place]:02x}; extract the source again"
    )


def count_rows(uri: str, content: bytes) -> int:
    """The rows after the header: lines that are not blank, a line break between quotes not counted.

    Raises InvalidData when the file is not text, has no rows, or a quote is never closed.
    """
    _decoded(uri, content)
    sections = content.split(b'"')
    if len(sections) % 2 == 0:
        line = _line_of_unclosed_quote(sections)
        raise InvalidData(f"{uri}: the quote that opens in line {line} is never closed; repair or re-extract the file")
    outside = b'"'.join(sections[::2])
    rows = sum(1 for line in outside.split(b"\n") if line.strip()) - 1
    if rows < 1:
        raise InvalidData(f"{uri} has a header and no rows: extract the source again")
    return rows


def _line_of_unclosed_quote(sections: list[bytes]) -> int:
    """The line of the first opening quote whose closing one is not followed by a comma or the line's end.

    Sections alternate between outside and inside of quotes; an empty one between two quotes is a doubled quote.
    """
    line = opened = 1
    for number, section in enumerate(sections):
        inside, doubled = number % 2 == 1, section == b"" and number > 0
        if not inside and not doubled and number and section[:1] not in (b",", b"\n", b"\r"):
            break
        line += section.count(b"\n")
        if not inside and not doubled:
            opened = line
    return opened
