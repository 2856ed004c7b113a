"""The CPI series as CSV: does it look like the series, what of it lands, and which version is it?"""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from math import isfinite

from movalytics_common.errors import InvalidData

from movalytics_extract.members import refuse_what_is_no_csv

SERIES = "CUSR0000SS62031"
FILE = f"{SERIES}.csv"
# FRED renamed the first column in December 2024; a vintage's second column may bear its day.
_HEADER = re.compile(rf'[\ufeff\s]*"?(DATE|observation_date)"?\s*,\s*"?{SERIES}(_\d{{8}})?"?\s*', re.IGNORECASE)
_DATES = {"date": "DATE", "observation_date": "observation_date"}
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_PREAMBLE = 100  # lines that may stand before the header
_CADENCES = {3: "quarterly", 6: "semi-annual", 12: "annual"}
_CTRL_Z = "\x1a"  # the end of a text file in DOS


class NoObservations(InvalidData):
    """The series is there and has no observation in it."""


def landed(content: bytes, origin: str) -> bytes:
    """The CSV as it lands: from its header on, which is written plainly (`DATE,SERIES`); else byte for byte.

    What is taken off are a byte-order mark, lines before the header and the day of a vintage in it. Raises InvalidData.
    """
    refuse_what_is_no_csv(content, origin)
    start = 0
    for _ in range(_PREAMBLE):
        line = _LINE.match(content, start)
        if not line or not line[0]:
            break
        if header := _HEADER.fullmatch(line[0].decode(errors="replace")):
            end = line[0][len(line[0].rstrip(b"\r\n")) :]
            return f"{_DATES[header[1].lower()]},{SERIES}".encode() + end + content[line.end() :]
        start = line.end()
    raise InvalidData(
        f"{origin} is not the series {SERIES}: its header must be observation_date,{SERIES} (or DATE,{SERIES})"
        f" and is {_first_words(content)!r}"
    )


def version(content: bytes, origin: str) -> str:
    """`<last observation>-<first 8 hex of the sha256>` of what lands. Raises InvalidData.

    Rows are otherwise not judged here: a missing value or an odd line is the transform's to reject. But what cannot
    be the monthly series at all, or says it is of the future, must not become a version.
    """
    content = landed(content, origin)
    dates = observations(content, origin)
    _refuse_other_cadence(dates, origin)
    last = max(dates)
    if last > datetime.now(UTC).date():
        raise InvalidData(f"{origin} has an observation of {last}, which is in the future: get the series again")
    return f"{last}-{hashlib.sha256(content).hexdigest()[:8]}"


def observations(content: bytes, origin: str) -> Sequence[date]:
    """The dates of the lines, in their order, that are a date (YYYY-MM-DD) and a number. Raises NoObservations."""
    lines = [line.decode(errors="replace").strip(f" \t\r\n{_CTRL_Z}") for line in _LINE.findall(content)[1:]]
    dates = [found for line in lines if (found := _observation(line))]
    if not dates:
        first = next((line for line in lines if line), "nothing")[:40]
        raise NoObservations(
            f"{origin} has no observation of {SERIES} in it: its lines must be a date as 2022-04-01 and a number,"
            f" and the first is {first!r}; get the series again"
        )
    return dates


def _observation(line: str) -> date | None:
    try:
        day, value = (cell.strip() for cell in next(csv.reader([line])))
        found = date.fromisoformat(day)
        return found if found.isoformat() == day and isfinite(float(value)) else None
    except (ValueError, StopIteration, csv.Error):
        return None


def _refuse_other_cadence(dates: Sequence[date], origin: str) -> None:
    months = sorted({found.year * 12 + found.month for found in dates})
    gaps = Counter(later - earlier for earlier, later in pairwise(months))
    usual = gaps.most_common(1)[0][0] if gaps else 1
    if usual != 1:
        raise InvalidData(
            f"{origin} is not monthly but {_CADENCES.get(usual, f'one value in {usual} months')}: get it with"
            " FRED's frequency Monthly"
        )
    if sum(found.day == 1 for found in dates) * 2 < len(dates):
        raise InvalidData(f"{origin} is not monthly: most of its dates are no first of a month")


def _first_words(content: bytes) -> str:
    return next((line for line in content.decode(errors="replace").splitlines() if line.strip()), "")[:80]
