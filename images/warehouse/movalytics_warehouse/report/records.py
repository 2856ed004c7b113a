"""The times of a run's steps, from the records that the steps left in the lake."""

import json
from collections.abc import Sequence
from datetime import datetime

from movalytics_common import lake
from movalytics_common.errors import InvalidData
from movalytics_common.log import get_logger

from movalytics_warehouse.report.facts import StepTime
from movalytics_warehouse.report.timeline import usual_seconds

# A record of these can only be left from an earlier try: the report runs before they end.
LATER = frozenset({"report", "finish"})


def read_steps(records: str) -> list[StepTime]:
    """The steps below this place in the order they started. Raises InvalidData when a record is not one."""
    uris = [file.uri for file in lake.list_files(records) if file.uri.endswith(".json")]
    steps = [step for step in (_read(uri) for uri in uris if _name(uri) not in LATER) if step]
    return sorted(steps, key=lambda step: step.started_at)


def read_usual(records: str, run_id: str, earlier: Sequence[str]) -> dict[str, float]:
    """Each step's median seconds over earlier runs, whose records lie beside this run's under their own names.

    A record that cannot be read is left out: this page is not about that run.
    """
    place = records.rstrip("/").removesuffix(run_id)
    if place == records.rstrip("/"):
        return {}
    return usual_seconds(_read_if_good(place + run) for run in earlier)


def _read_if_good(records: str) -> list[StepTime]:
    try:
        return read_steps(records)
    except InvalidData as error:
        get_logger().warning("record_unreadable", error=str(error))
        return []


def _name(uri: str) -> str:
    """A step is named as its record's file: `check-staged` and `check-published` are one command."""
    return uri.rpartition("/")[2].removesuffix(".json")


def _read(uri: str) -> StepTime | None:
    try:
        record = json.loads(lake.read_bytes(uri))
        if "step" not in record or "seconds" not in record:  # outcome.json is no step's
            return None
        rows = record.get("rows")
        return StepTime(
            _name(uri),
            datetime.fromisoformat(record["started_at"]),
            float(record["seconds"]),
            rows if isinstance(rows, int) else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidData(f"{uri} is not a step's record ({error}): remove it and run the report again") from error
