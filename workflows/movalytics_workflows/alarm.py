"""The deadline's alarm: a workflow of one step that fails, and tells, when no run of the day has succeeded yet."""

from hera.workflows import WorkflowTemplate
from hera.workflows.models import TTLStrategy

from movalytics_workflows.containers import LAST_EXIT, OPERATIONS, POD_SECURITY, container
from movalytics_workflows.metrics import run_metrics
from movalytics_workflows.parameters import alarm_parameters, day_arguments, value

NAME = "movalytics-alarm"
_WEEK = 7 * 24 * 3600


def alarm() -> WorkflowTemplate:
    """The WorkflowTemplate that the second CronWorkflow starts."""
    question = [f"--warehouse={value('warehouse')}", *day_arguments(), f"--schedule={value('schedule')}"]
    return WorkflowTemplate(
        name=NAME,
        entrypoint="alarm",
        annotations={
            "workflows.argoproj.io/title": "Is the day's run there?",
            "workflows.argoproj.io/description": "Fails, and tells, when no run of the day has succeeded yet.",
        },
        arguments=alarm_parameters(),
        metrics=run_metrics(NAME),
        security_context=POD_SECURITY,
        ttl_strategy=TTLStrategy(seconds_after_completion=_WEEK),
        templates=[container("alarm", OPERATIONS, ["alarm", *question, f"--notify={value('notify')}", LAST_EXIT])],
    )
