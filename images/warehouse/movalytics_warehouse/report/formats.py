"""Numbers, money, dates and durations as a reader expects them; a number and its unit stay on one line."""

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

Number = int | float | Decimal
NONE = "\u2013"
_SPACE = "\u00a0"
_QUARTERS = ("first", "second", "third", "fourth")


def number(value: Number | None) -> str:
    """1234567 → 1,234,567."""
    return NONE if value is None else f"{value:,.0f}"


def stars(value: Number | None) -> str:
    """A mean of ratings with two decimals: 4.42."""
    return NONE if value is None else f"{value:.2f}"


def money(dollars: Number | None) -> str:
    """Dollars, in the unit that leaves few digits: $1.2 bn, $34.5 m, $640,000."""
    if dollars is None:
        return NONE
    for size, unit in ((1_000_000_000, "bn"), (1_000_000, "m")):
        if dollars >= Decimal("0.99995") * size:
            return f"${Decimal(dollars) / size:,.1f}{_SPACE}{unit}"
    return f"${dollars:,.0f}"


def percent(share: float | None) -> str:
    """A share of 1: 28 %, 2.4 %, under 0.1 %; never rounded to all or nothing."""
    if share is None:
        return NONE
    value = share * 100
    if 0 < value < 0.1:
        return f"under 0.1{_SPACE}%"
    if 99.5 <= value < 100:
        return f"{min(value, 99.9):.1f}{_SPACE}%"
    digits = 1 if 0 < value < 9.95 else 0
    return f"{value:.{digits}f}{_SPACE}%"


def month(value: int) -> str:
    """6 → June."""
    return calendar.month_name[value]


def short_month(value: int) -> str:
    """6 → Jun."""
    return calendar.month_abbr[value]


def quarter(value: int) -> str:
    """2 → second quarter (April to June)."""
    return f"{_QUARTERS[value - 1]} quarter ({months_of(value)})"


def months_of(value: int) -> str:
    """2, a quarter → April to June."""
    return f"{month(3 * value - 2)} to {month(3 * value)}"


def month_of_year(value: date | None) -> str:
    """April 2022."""
    return NONE if value is None else f"{month(value.month)}{_SPACE}{value.year}"


def day(value: date | datetime | None) -> str:
    """24 November 2026."""
    return NONE if value is None else f"{value.day}{_SPACE}{month(value.month)}{_SPACE}{value.year}"


def moment(value: datetime | None) -> str:
    """24 November 2026, 04:15 UTC; a time without zone is taken as UTC."""
    if value is None:
        return NONE
    in_utc = value.astimezone(UTC) if value.tzinfo else value
    return f"{day(in_utc)}, {in_utc:%H:%M}{_SPACE}UTC"


def clock(value: datetime) -> str:
    """04:15:09, in UTC."""
    return f"{value.astimezone(UTC):%H:%M:%S}"


def age(then: date, now: date) -> str:
    """How long ago: 12 days, 3 months, 4 years and 7 months, 10 years."""
    months = 12 * (now.year - then.year) + now.month - then.month - (now.day < then.day)
    if months < 2:
        return plural(max(0, (now - then).days), "day")
    years, rest = divmod(months, 12)
    if years < 1:
        return plural(rest, "month")
    return listed([plural(years, "year"), *([plural(rest, "month")] if rest and years < 10 else [])])


def duration(seconds: float | None) -> str:
    """0.4 s, 12 s, 3 min 20 s, 1 h 05 min; never rounded to nothing."""
    if seconds is None:
        return NONE
    if 0 < seconds < 0.05:
        return f"under 0.1{_SPACE}s"
    if seconds < 9.95:
        return f"{seconds:.1f}{_SPACE}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{_SPACE}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}{_SPACE}min{_SPACE}{rest:02d}{_SPACE}s"
    return f"{minutes // 60}{_SPACE}h{_SPACE}{minutes % 60:02d}{_SPACE}min"


def plural(count: int, one: str, many: str = "") -> str:
    """1 film, 2 films; with the number's separators."""
    return f"{number(count)}{_SPACE}{one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def sentence_case(text: str) -> str:
    """The first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]
