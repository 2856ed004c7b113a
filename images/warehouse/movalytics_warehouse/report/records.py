"""The times of a run's steps, from the records that the steps left in the lake."""

import json
from datetime import datetime

from movalytics_common import lake
from movalytics_common.errors import InvalidData

from movalytics_warehouse.report.facts import StepTime

# A record of these can only be left from an earlier try: the report runs before they end.
LATER = frozenset({"report", "finish"})


def read_steps(records: str) -> list[StepTime]:
    """The steps below this place in the order they started. Raises InvalidData when a record is not one."""
    uris = [file.uri for file in lake.list_files(records) if file.uri.endswith(".json")]
    steps = [step for step in (_read(uri) for uri in uris if _name(uri) not in LATER) if step]
    return sorted(steps, key=lambda step: step.started_at)


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
