"""The deadline's alarm: a workflow of one step that fails, and tells, when no run of the day has succeeded yet."""

from hera.workflows import WorkflowTemplate
from hera.workflows.models import TTLStrategy

from movalytics_workflows.containers import POD_SECURITY, WAREHOUSE, container
from movalytics_workflows.parameters import alarm_parameters, value

NAME = "movalytics-alarm"
_WEEK = 7 * 24 * 3600


def alarm() -> WorkflowTemplate:
    """The WorkflowTemplate that the second CronWorkflow starts."""
    question = [f"--warehouse={value('warehouse')}", f"--run-date={value('run-date')}", f"--notify={value('notify')}"]
    return WorkflowTemplate(
        name=NAME,
        entrypoint="alarm",
        annotations={
            "workflows.argoproj.io/title": "Is the day's run there?",
            "workflows.argoproj.io/description": "Fails, and tells, when no run of the day has succeeded yet.",
        },
        arguments=alarm_parameters(),
        security_context=POD_SECURITY,
        ttl_strategy=TTLStrategy(seconds_after_completion=_WEEK),
        templates=[container("alarm", WAREHOUSE, ["alarm", *question])],
    )
