"""The hours that a clock change skips or doubles are found in every zone, against zoneinfo's own arithmetic."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
import tzdata
import yaml
from movalytics_workflows.zones import changed_hours, clock_changes

KNOWN = {
    "Etc/UTC": [],
    "Asia/Dubai": [],
    "Europe/Berlin": [(120, 180)],
    "Europe/London": [(60, 120)],
    "America/Los_Angeles": [(60, 180)],  # skips 2:00, doubles 1:00
    "Australia/Lord_Howe": [(90, 150)],  # half an hour
    "Antarctica/Troll": [(60, 180)],  # two hours
    "Pacific/Chatham": [(165, 225)],  # from a quarter to three
    "Africa/Cairo": [(0, 60), (1380, 1440)],  # midnight itself
}


@pytest.mark.parametrize("zone", KNOWN)
def test_the_hours_of_zones_that_we_know(zone: str) -> None:
    assert changed_hours(zone) == KNOWN[zone]


@pytest.mark.parametrize("zone", KNOWN)
def test_a_minute_is_in_them_when_on_some_day_it_is_not_there_once(zone: str) -> None:
    year = int(tzdata.IANA_VERSION[:4])
    clock = ZoneInfo(zone)
    found = set()
    for minute in range(0, 366 * 24 * 60, 15):
        local = datetime(year, 1, 1, tzinfo=clock) + timedelta(minutes=minute)
        if local.utcoffset() != local.replace(fold=1).utcoffset():  # what is skipped or doubled (PEP 495)
            found.add(local.hour * 60 + local.minute)
    assert found == {minute for start, end in changed_hours(zone) for minute in range(start, end, 15)}


def test_the_chart_knows_every_zone_once() -> None:
    names = [name for zones in yaml.safe_load(clock_changes()).values() for name in zones.split()]
    assert len(names) == len(set(names))
    assert set(names) >= available_timezones() - {"Factory", "localtime", "posixrules"}
