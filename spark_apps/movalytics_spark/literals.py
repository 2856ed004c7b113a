"""Text to numbers and dates, strictly: what does not read as one is null, never an error and never a guess.

Spark's own casts also take 'NaN', 'Infinity', '1d' and '2017'; a source that sends those is wrong.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 the name everybody knows


def whole(text: Column) -> Column:
    """A whole number as BIGINT; '862.0' (a file that went through pandas) is 862."""
    return F.regexp_extract(text, r"^(-?\d{1,18})(\.0*)?$", 1).try_cast("bigint")


def decimal(text: Column) -> Column:
    """A number as DOUBLE; exponents are taken ('8.2e-05' is a popularity)."""
    return F.when(text.rlike(r"^-?\d+(\.\d*)?([eE][-+]?\d+)?$"), text.try_cast("double"))


def day(text: Column) -> Column:
    """A date written YYYY-MM-DD."""
    return F.when(text.rlike(r"^\d{4}-\d\d-\d\d$"), text.try_cast("date"))


def unreadable(text: Column, value: Column) -> Column:
    """There is a text, but it does not say a value."""
    return text.isNotNull() & value.isNull()
