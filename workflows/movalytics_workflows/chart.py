"""What helm/movalytics/values.yaml says: the one home of schedules, deadlines, patience, sizes and sources."""

from functools import cache
from typing import Any

import yaml
from movalytics_common.errors import InvalidSettings

from movalytics_workflows.house import CLOCK_CHANGES, ROOT

VALUES = CLOCK_CHANGES.with_name("values.yaml")


@cache
def values() -> dict[str, Any]:
    """The chart's defaults; an environment's own values are filled in when it is installed."""
    found: dict[str, Any] = yaml.safe_load(VALUES.read_text())
    return found


def deadline_seconds(step: str) -> int:
    """Seconds until an attempt of the step is ended. Raises InvalidSettings for a step that the chart does not know."""
    return int(_value("deadlines", step, f"the step {step}"))


def run_deadline_seconds() -> int:
    """Seconds until a run that publishes is ended, whatever its steps are doing; it then has `finish` left."""
    return int(values()["deadlines"]["run"])


def schedule(workflow: str) -> str:
    """When the workflow `movalytics-<name>` starts, as five cron fields. Raises InvalidSettings.

    A workflow with a section of its own has its schedule there: alerts wait for those in `schedules` only.
    """
    name = workflow.removeprefix("movalytics-")
    own = values().get(name, {})
    return str(own["schedule"] if "schedule" in own else _value("schedules", name, f"the CronWorkflow {workflow}"))


def require_sizes(application: str) -> None:
    """Raises InvalidSettings for a Spark application that the chart has no sizes for."""
    _value("applications", application, f"the step transform-{application}")


def _value(section: str, name: str, who: str) -> Any:
    if name not in values()[section]:
        place = VALUES.relative_to(ROOT)
        raise InvalidSettings(f"{who} has no {section}.{name}: give it one in {place} and its values.schema.json")
    return values()[section][name]
