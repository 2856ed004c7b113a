"""Which hours of which time zone a clock change skips or doubles: what the chart refuses schedules by."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import pairwise
from textwrap import fill
from zoneinfo import ZoneInfo

import tzdata

# Of the release's year and those that follow; no rule that is known now begins later.
_YEARS = 10
# Two changes are never nearer to each other: the shortest time between them is a month (Morocco's Ramadan).
_STEP = timedelta(days=14)
_MINUTE = timedelta(minutes=1)
_DAY = 24 * 60
Window = tuple[int, int]
"""From which minute of the day to which (excluded), by the clocks of the zone."""

_HEADER = """\
# Generated from tzdata {version} by `make render`: hours that a clock change skips or doubles, and the zones of it.
"""


def clock_changes() -> str:
    """The chart's file, a YAML map: `02:00-03:00` (several joined by a blank, or none) → zones joined by a blank."""
    zones: dict[str, list[str]] = {}
    for name in _names():
        hours = " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in changed_hours(name))
        zones.setdefault(hours, []).append(name)
    parts = [f'"{hours}": >-\n{_indented(zones[hours])}\n' for hours in sorted(zones)]
    return _HEADER.format(version=tzdata.IANA_VERSION) + "".join(parts)


def changed_hours(name: str) -> list[Window]:
    """The windows of a zone, in order, those that touch made one. Raises FileNotFoundError for what is no zone."""
    zone = _zone(name)
    found = sorted({window for moment in _changes(zone) for window in _windows(zone, moment)})
    merged: list[Window] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _names() -> list[str]:
    names = set(resources.files(tzdata).joinpath("zones").read_text().split())
    return sorted(names - {"Factory"})  # which stands for a zone that nobody has set


def _indented(names: list[str]) -> str:
    indent = "  "
    return fill(" ".join(names), 120, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _zone(name: str) -> ZoneInfo:
    """The package's own data, whatever the machine has: the file must not depend on who renders it."""
    with resources.files(tzdata).joinpath("zoneinfo", name).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The first minutes, in UTC, after each clock change."""
    first = int(tzdata.IANA_VERSION[:4])
    end = datetime(first + _YEARS, 1, 1, tzinfo=UTC)
    steps = [datetime(first, 1, 1, tzinfo=UTC)]
    while steps[-1] < end:
        steps.append(steps[-1] + _STEP)
    for (before, earlier), (after, later) in pairwise((step, _offset(zone, step)) for step in steps):
        if earlier != later:
            yield _first_minute(zone, before, after)


def _first_minute(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        before, after = (middle, after) if _offset(zone, middle) == _offset(zone, before) else (before, middle)
    return after


def _windows(zone: ZoneInfo, moment: datetime) -> Iterator[Window]:
    """What the clocks skip or show twice at this change; past midnight it is two windows."""
    clocks = sorted(moment.replace(tzinfo=None) + _offset(zone, at) for at in (moment - _MINUTE, moment))
    start, end = (clock.hour * 60 + clock.minute for clock in clocks)
    if start < end:
        yield start, end
    else:
        yield start, _DAY
        if end:
            yield 0, end


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    return offset or timedelta()


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
