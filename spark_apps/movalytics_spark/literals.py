"""The one reading of what a cell says: blanks, missing values, numbers, dates, moments. All files are read by it.

What does not read as a value is null, never an error and never a guess: `1,5`, `30.000` and `04/05/2017` each mean two
things. Spark's own casts also take 'NaN', 'Infinity', '5d' and '2017'; a source that sends those is wrong.
"""

from collections.abc import Sequence
from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 the name everybody knows

# What may surround a value: control characters (tab, line ends, DOS' end of file), blanks, the byte-order mark.
BLANKS: Final = "".join(map(chr, [*range(1, 33), 0x7F, 0x85, 0xA0, 0xFEFF]))
# How databases, spreadsheets, pandas, R and FRED write that there is no value. A title may be one of these words.
MISSING: Final = (
    *("", ".", "-", "\\N", "NA", "N/A", "n/a", "#N/A", "NULL", "Null", "null"),
    *("NaN", "NAN", "nan", "None", "NONE", "none"),
)

# 862, 862.0 (a file that went through pandas); not 30.000, which is thirty thousand in half of Europe.
WHOLE: Final = r"^(?![+-]?\d{1,3}\.000$)([+-]?\d{1,18})(\.0*)?$"
GROUPED_WHOLE: Final = r"^[+-]?\d{1,3}(,\d{3})+(\.0*)?$"
EXPONENT: Final = r"^[+-]?\d{1,15}(\.\d{0,15})?[eE][+-]?\d{1,3}$"
DECIMAL: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
GROUPED_DECIMAL: Final = r"^[+-]?\d{1,3}((,\d{3}){2,}|(,\d{3})+\.\d+)$"  # 1,234 may be one and a bit
DAY: Final = r"^\d{4}-\d\d-\d\d([ T]00:00:00(\.0*)?)?$"
MOMENT: Final = r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.0*)?(Z|\+00:?00)?$"
EXACT_DOUBLE: Final = 2**53


def trimmed(text: Column) -> Column:
    """The text without the blanks around it."""
    return F.btrim(text, F.lit(BLANKS))


def known(text: Column) -> Column:
    """The trimmed text, null when it says that there is no value: what all functions below take."""
    return F.when(~trimmed(text).isin(*MISSING), trimmed(text))


def said(source: DataFrame, names: Sequence[str]) -> DataFrame:
    """`source` with what each of these cells says, known(), as `said_<name>`.

    A step of its own: an expression that stands in many others would be computed, and planned, in each of them.
    """
    return source.select("*", *[known(F.col(name)).alias(f"said_{name}") for name in names])


def unreadable(name: str, value: Column) -> Column:
    """The cell says something, but not a value."""
    return F.col(f"said_{name}").isNotNull() & value.isNull()


def whole(text: Column) -> Column:
    """A whole number as BIGINT, also written 862.0, 1,234 or 1e+08."""
    plain = F.regexp_extract(_without_groups(text, GROUPED_WHOLE), WHOLE, 1).try_cast("bigint")
    double = F.when(text.rlike(EXPONENT), text.try_cast("double"))
    exact = F.when((double == F.floor(double)) & (F.abs(double) <= EXACT_DOUBLE), double)
    return F.coalesce(plain, exact.try_cast("bigint"))


def decimal(text: Column) -> Column:
    """A number as DOUBLE, also written .35, 8.2e-05 or 1,234.5."""
    plain = _without_groups(text, GROUPED_DECIMAL)
    return F.when(plain.rlike(DECIMAL), plain.try_cast("double"))


def day(text: Column) -> Column:
    """A date written YYYY-MM-DD, alone or as that day's midnight."""
    return F.when(text.rlike(DAY), F.substring(text, 1, 10).try_cast("date"))


def seconds(text: Column) -> Column:
    """A moment as seconds since 1970: a whole number of them, or UTC's date and time (YYYY-MM-DD HH:MM:SS)."""
    moment = F.when(text.rlike(MOMENT), text.try_cast("timestamp"))
    return F.coalesce(whole(text), F.unix_seconds(moment))


def _without_groups(text: Column, grouped: str) -> Column:
    return F.when(text.rlike(grouped), F.replace(text, F.lit(","), F.lit(""))).otherwise(text)
