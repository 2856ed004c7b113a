"""The first line of a CSV file: each column that we know, once, in any order, and no other."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from movalytics_common.errors import InvalidData

from movalytics_spark.csv_text import Record, shown
from movalytics_spark.literals import BLANKS
from movalytics_spark.raw import RawFile

Columns = Mapping[str, str]  # the name in the file -> our name
LISTED: Final = 5
VINTAGE: Final = re.compile(r"_\d{8}$")  # FRED ends the name of a vintage's column so
SIGNS: Final = {
    "<": "is a web page or XML",
    "{": "is JSON",
    "version https://git-lfs": "is a pointer of Git LFS and not the file itself",
}


def columns(file: RawFile, header: Record, known: Columns) -> list[str]:
    """Our names of the file's columns, in its order. Raises InvalidData unless each is there once, and no other is."""
    names = [VINTAGE.sub("", name.strip(BLANKS)) for name in header.cells]
    if not set(names) & set(known):
        raise InvalidData(
            f"{file} {_looks_like(header, known)}: expected a CSV file whose first line names {_listed(known)}"
        )
    ours = [known.get(name, "") for name in names]
    missing = [name for name, our in known.items() if our not in ours and _is_first_name(known, name)]
    extra = [name for name in names if name not in known]
    repeated = sorted({name for name in names if names.count(name) > 1 and name in known})
    faults = {"has no column": missing, "has an unknown column": extra, "repeats the column": repeated}
    said = " and ".join(f"{fault} {_listed(found)}" for fault, found in faults.items() if found)
    if said:
        raise InvalidData(f"{file}: the header {said}; use the file as its source publishes it")
    return ours


def _is_first_name(known: Columns, name: str) -> bool:
    """This is the first of the names under which a file may have the column."""
    return next(other for other, our in known.items() if our == known[name]) == name


def _listed(names: Iterable[str]) -> str:
    quoted = [repr(name[:40]) for name in names]
    more = f" and {len(quoted) - LISTED} more" if len(quoted) > LISTED else ""
    return ", ".join(quoted[:LISTED]) + more


def _looks_like(header: Record, known: Columns) -> str:
    start = header.text.strip(BLANKS)
    for sign, what in SIGNS.items():
        if start.startswith(sign):
            return what
    for separator, name in {";": "semicolons", "\t": "tabs", "|": "bars"}.items():
        if _names(start.split(separator)) & set(known):
            return f"has {name} between its columns, and not commas"
    return f"is not what it should be, it begins with {shown(start[:40])}"


def _names(cells: Sequence[str]) -> set[str]:
    return {cell.strip(BLANKS + '"') for cell in cells}
