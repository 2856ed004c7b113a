"""A step that the chart's values.yaml does not know is refused by name, with the place where it is to be named."""

import pytest
from hera.workflows import Container, WorkflowTemplate
from movalytics_common.errors import InvalidSettings
from movalytics_workflows.chart import schedule
from movalytics_workflows.parameters import parameters

PLACE = "give it one in helm/movalytics/values.yaml and its values.schema.json"


def of_step(name: str) -> WorkflowTemplate:
    return WorkflowTemplate(name="movalytics-other", entrypoint=name, templates=[Container(name=name, image="x")])


def test_a_step_without_a_deadline_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=rf"^the step upload has no deadlines\.upload: {PLACE}$"):
        parameters(of_step("upload"), [])


def test_a_transform_without_sizes_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=rf"^the step transform-actors has no applications\.actors: {PLACE}$"):
        parameters(of_step("transform-actors"), [])


def test_a_cron_workflow_without_a_schedule_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=rf"CronWorkflow movalytics-weekly has no schedules\.weekly: {PLACE}$"):
        schedule("movalytics-weekly")


def test_a_workflow_has_the_parameters_that_its_steps_name_and_no_others() -> None:
    step = Container(name="stage", image="{{workflow.parameters.spark-image}}", args=["{{workflow.parameters.lake}}"])
    workflow = WorkflowTemplate(name="movalytics-other", entrypoint="stage", templates=[step])
    assert [one.name for one in parameters(workflow, [])] == ["lake", "spark-image"]
