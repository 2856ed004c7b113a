"""The day a run is for and the day the alarm asks for are the schedule's, in every zone, on every day of a year."""

import argparse
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import requires
from zoneinfo import ZoneInfo

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.plan.day import add_day, add_schedule, due_day, run_day

DAILY, ALARM = "0 3 * * *", "0 6 * * *"
ZONES = ["Etc/UTC", "Asia/Dubai", "Asia/Kolkata", "America/Los_Angeles", "Europe/Berlin", "Pacific/Kiritimati"]
NOW = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
A_YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]


def asked(**options: str) -> argparse.Namespace:
    """What the command line makes of these options."""
    parser = argparse.ArgumentParser()
    add_day(parser)
    add_schedule(parser)
    return parser.parse_args([f"--{name.replace('_', '-')}={text}" for name, text in options.items()])


def clock(day: date, hour: int, zone: str, minute: int = 0) -> str:
    """What Argo says when the clocks of a zone show this hour."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("zone", ZONES)
def test_the_alarm_asks_for_the_day_that_the_mornings_run_had_all_the_year(zone: str) -> None:
    for day in A_YEAR:
        run = asked(scheduled_time=clock(day, 3, zone), time_zone=zone)
        alarm = asked(scheduled_time=clock(day, 6, zone), time_zone=zone, schedule=DAILY)
        assert (run_day(run, NOW), due_day(alarm, NOW)) == (day, day)


@pytest.mark.parametrize("zone", ZONES)
def test_an_alarm_after_midnight_asks_for_the_run_of_the_evening_before(zone: str) -> None:
    for day in A_YEAR:
        run = asked(scheduled_time=clock(day, 23, zone, minute=30), time_zone=zone)
        next_morning = clock(day + timedelta(days=1), 6, zone)
        alarm = asked(scheduled_time=next_morning, time_zone=zone, schedule="30 23 * * *")
        assert (run_day(run, NOW), due_day(alarm, NOW)) == (day, day)


@pytest.mark.parametrize(
    ("schedule", "morning", "due"),
    [
        ("0 3 * * 1-5", date(2026, 11, 28), date(2026, 11, 27)),  # a Saturday asks for Friday
        ("0 3 * * MON-FRI", date(2026, 11, 30), date(2026, 11, 30)),
        ("0 3 1 * ?", date(2026, 11, 25), date(2026, 11, 1)),
        ("0 0,12 * * *", date(2026, 11, 25), date(2026, 11, 25)),
        ("0 6 * * *", date(2026, 11, 25), date(2026, 11, 24)),  # the one that starts with the alarm cannot be over
        ("", date(2026, 11, 25), date(2026, 11, 25)),
    ],
)
def test_the_alarm_asks_for_the_last_day_on_which_a_run_was_due(schedule: str, morning: date, due: date) -> None:
    for zone in ZONES:
        alarm = asked(scheduled_time=clock(morning, 6, zone), time_zone=zone, schedule=schedule)
        assert due_day(alarm, NOW) == due


def test_a_run_that_comes_to_work_after_midnight_is_for_the_day_it_was_scheduled_on() -> None:
    late = asked(scheduled_time="2026-11-25T23:30:00+01:00", time_zone="Europe/Berlin")
    assert run_day(late, datetime(2026, 11, 26, 2, tzinfo=UTC)) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("zone", "day"), [("Etc/UTC", "2026-11-25"), ("Asia/Dubai", "2026-11-26"), ("America/Los_Angeles", "2026-11-25")]
)
def test_a_run_by_hand_is_for_the_day_that_it_is_in_the_zone_now(zone: str, day: str) -> None:
    assert str(run_day(asked(time_zone=zone), NOW)) == day


def test_a_machine_without_zones_of_its_own_knows_them_all_the_same() -> None:
    """As a slim image is; zoneinfo then reads the package tzdata."""
    words = "from zoneinfo import TZPATH, ZoneInfo; print(len(TZPATH), ZoneInfo('Asia/Dubai'))"
    bare = {**os.environ, "PYTHONTZPATH": ""}
    done = subprocess.run([sys.executable, "-c", words], env=bare, capture_output=True, text=True, check=True)
    assert done.stdout == "0 Asia/Dubai\n"
    assert any(requirement.startswith("tzdata") for requirement in requires("movalytics-warehouse") or [])


def test_a_named_day_is_that_day_whatever_the_clock_says() -> None:
    named = asked(run_date="2026-01-31", scheduled_time="2026-11-25T03:00:00Z", time_zone="Asia/Dubai", schedule=DAILY)
    assert run_day(named, NOW) == due_day(named, NOW) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlim", "", "Europe", "/etc/localtime", "../zone", "Local", "Europe/Berlin "]
)
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidSettings, match=f"--time-zone={zone} is no time zone: write an IANA name"):
        run_day(asked(time_zone=zone), NOW)


@pytest.mark.parametrize("time", ["{{workflow.scheduledTime}}", "03:00", "2026-11-25T03:00:00", "tomorrow"])
def test_what_is_no_time_is_refused(time: str) -> None:
    with pytest.raises(InvalidSettings, match="is no time: write it as 2026-11-25T20:30:00Z, or leave it empty"):
        run_day(asked(scheduled_time=time), NOW)


@pytest.mark.parametrize("schedule", ["tomorrow", "0 25 * * *", "0 3 31 2 *", "CRON_TZ=UTC 0 3 * * *"])
def test_a_schedule_that_never_starts_is_refused(schedule: str) -> None:
    with pytest.raises(InvalidSettings, match=r"--schedule=.* never starts: write five cron fields"):
        due_day(asked(schedule=schedule), NOW)
