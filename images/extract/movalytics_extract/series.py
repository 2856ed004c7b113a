"""The CPI series as CSV: does it look like the series, and which version is it?"""

import csv
import hashlib
import re
from datetime import date

from movalytics_common.errors import InvalidData

from movalytics_extract.members import refuse_what_is_no_csv

SERIES = "CUSR0000SS62031"
FILE = f"{SERIES}.csv"
DATE_HEADERS = {"DATE", "observation_date"}  # FRED renamed the column in December 2024
MISSING = {"", ".", "NA"}


def version(content: bytes, origin: str) -> str:
    """`<last observation>-<first 8 hex of the sha256>` of a CSV file (date, value). Raises InvalidData.

    Rows are otherwise not judged here: a missing value (`.`, empty, NA) or an odd line is the transform's to reject.
    """
    dates = [row[0] for row in _rows(content, origin) if len(row) == 2 and row[1] not in MISSING and _is_date(row[0])]
    if not dates:
        raise InvalidData(f"{origin} has no observation of {SERIES} in it: get the series again")
    return f"{max(dates)}-{hashlib.sha256(content).hexdigest()[:8]}"


def with_plain_header(content: bytes) -> bytes:
    """The CSV with `SERIES_20230115`, as FRED may head the column of a vintage, turned back into `SERIES`."""
    return re.sub(rb"\A([^\n]*" + SERIES.encode() + rb")_\d{8}", rb"\1", content, count=1)


def _rows(content: bytes, origin: str) -> list[list[str]]:
    refuse_what_is_no_csv(content, origin)
    try:
        header, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        raise InvalidData(f"{origin} is not CSV text: get {FILE} from FRED again") from error
    if len(header) != 2 or header[0] not in DATE_HEADERS or header[1] != SERIES:
        raise InvalidData(
            f"{origin} is not the series {SERIES}: its header must be observation_date,{SERIES} (or DATE,{SERIES})"
            f" and is {','.join(header)[:80]!r}"
        )
    return rows


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
