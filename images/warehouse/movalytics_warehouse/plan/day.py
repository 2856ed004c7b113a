"""Days in the schedule's time zone: the one that a run is for, and the one that the alarm asks for."""

import argparse
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from movalytics_common.errors import InvalidSettings

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def add_day(parser: argparse.ArgumentParser) -> None:
    """`--run-date`, `--scheduled-time` and `--time-zone`, which say together what day it is about."""
    parser.add_argument(
        "--run-date", default="", metavar="YYYY-MM-DD", help="the day it is for; empty: that of --scheduled-time"
    )
    parser.add_argument(
        "--scheduled-time", default="", metavar="RFC3339", help="when the schedule started it; empty: now"
    )
    parser.add_argument("--time-zone", default="Etc/UTC", metavar="ZONE", help="where a day begins, an IANA name")


def add_schedule(parser: argparse.ArgumentParser) -> None:
    """`--schedule`, when runs start."""
    parser.add_argument(
        "--schedule", default="", metavar="CRON", help="when a run starts in --time-zone; empty: once in a day"
    )


def run_day(arguments: argparse.Namespace, now: datetime) -> date:
    """The day a run is for: that of its scheduled time, however late it came to work. `now` has a zone.

    Raises InvalidSettings for what is no day, no time or no zone.
    """
    return _given(arguments.run_date) or _begin(arguments, now).date()


def due_day(arguments: argparse.Namespace, now: datetime) -> date:
    """The day that must have a run by now: that of the schedule's last start. `now` has a zone.

    So an alarm at 6:00 asks for yesterday's run where runs start at 23:30, for Friday's where none starts at weekends.
    Raises InvalidSettings for what is no day, no time, no zone or no schedule.
    """
    return _given(arguments.run_date) or _last_start(arguments.schedule, _begin(arguments, now)).date()


def _given(text: str) -> date | None:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    if not text:
        return None
    raise InvalidSettings(f"--run-date={text} is no day: write it as YYYY-MM-DD, or leave it empty for today")


def _begin(arguments: argparse.Namespace, now: datetime) -> datetime:
    text = arguments.scheduled_time
    try:
        moment = datetime.fromisoformat(text) if text else now
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidSettings(
            f"--scheduled-time={text} is no time: write it as {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}, "
            "or leave it empty for now"
        )
    return moment.astimezone(_zone(arguments.time_zone))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidSettings(f"--time-zone={name} is no time zone: write an IANA name, as Europe/Berlin") from error


def _last_start(schedule: str, moment: datetime) -> datetime:
    if not schedule:
        return moment
    try:
        # Argo's cron reads ? as *.
        return next(CronSim(schedule.replace("?", "*"), moment, reverse=True))
    except (CronSimError, StopIteration) as error:
        raise InvalidSettings(f"--schedule={schedule} never starts: write five cron fields, as 0 3 * * *") from error
