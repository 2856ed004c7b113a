"""What the months of the CPI series must be together: monthly, each of one value, on the series' own scale.

Which months may be missing is a ceiling, declared with the table and validated in the warehouse; what is here is
another series, whatever its header says.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from movalytics_common.errors import InvalidData
from pyspark.sql import Row

from movalytics_spark.cpi import SERIES
from movalytics_spark.raw import RawFile
from movalytics_spark.validation import MERGED_DUPLICATE

FIRST: Final = date(1999, 1, 1)
FIRST_INDEX: Final = 102.7  # December 1997 is 100; revisions of the seasonal factors move it by less than a point
CADENCES: Final = {3: "quarterly", 6: "half-yearly", 12: "annual"}
SPREADSHEET: Final = re.compile(r'"date":"(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})')


def require_series(file: RawFile, validated: Sequence[Row]) -> None:
    """Raise InvalidData unless these are the series' months. `validated`: what cpi.months returns, collected."""
    months = {row.date: row.consumer_price_index for row in validated if row.reason is None}
    fault = _spreadsheet(validated) or _contradiction(validated, months) or _cadence(sorted(months)) or _scale(months)
    if fault:
        raise InvalidData(f"{file} is not {SERIES} as FRED publishes it, month by month: {fault}; download it again")


def _spreadsheet(validated: Sequence[Row]) -> str:
    dates = [found[1] for row in validated if row.reason and (found := SPREADSHEET.search(row.record))]
    return f"{len(dates)} dates are written as a spreadsheet does, such as {dates[0]!r}" if dates else ""


def _contradiction(validated: Sequence[Row], months: dict[date, float | None]) -> str:
    for row in validated:
        if row.reason == MERGED_DUPLICATE and row.consumer_price_index != months[row.date]:
            return f"{row.date:%Y-%m} has two values, {months[row.date]} and {row.consumer_price_index}"
    return ""


def _cadence(months: Sequence[date]) -> str:
    steps = [(later.year - month.year) * 12 + later.month - month.month for month, later in pairwise(months)]
    ((usual, _),) = Counter(steps).most_common(1) or [(1, 0)]
    kind = CADENCES.get(usual, f"one value in {usual} months")
    return "" if usual == 1 else f"it is {kind}, from {months[0]:%Y-%m} to {months[-1]:%Y-%m}"


def _scale(months: dict[date, float | None]) -> str:
    first = months.get(FIRST) or FIRST_INDEX
    return "" if 0.8 < first / FIRST_INDEX < 1.25 else f"{FIRST:%Y-%m} has the index {first} and not {FIRST_INDEX}"
