"""A step that the chart's values.yaml does not know is refused by name, with the place where it is to be named."""

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_workflows.chart import schedule
from movalytics_workflows.parameters import workflow_parameters

PLACE = "give it one in helm/movalytics/values.yaml and its values.schema.json"


def test_a_step_without_a_deadline_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=rf"^the step upload has no deadlines\.upload: {PLACE}$"):
        workflow_parameters(["discover", "upload"])


def test_a_transform_without_sizes_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=rf"^the step transform-actors has no applications\.actors: {PLACE}$"):
        workflow_parameters(["transform-actors"])


def test_a_cron_workflow_without_a_schedule_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=rf"CronWorkflow movalytics-weekly has no schedules\.weekly: {PLACE}$"):
        schedule("movalytics-weekly")
