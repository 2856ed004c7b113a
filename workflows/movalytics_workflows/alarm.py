"""The deadline's alarm: a workflow of one step that fails, and tells, when no run of the day has succeeded yet."""

from hera.workflows import WorkflowTemplate

from movalytics_workflows.containers import ALARM, LAST_EXIT, container
from movalytics_workflows.metrics import run_metrics
from movalytics_workflows.parameters import day_arguments, schedule, value
from movalytics_workflows.single import single

NAME = "movalytics-alarm"


def alarm() -> WorkflowTemplate:
    """The WorkflowTemplate that the second CronWorkflow starts."""
    question = [f"--warehouse={value('warehouse')}", *day_arguments(), f"--schedule={value('schedule')}"]
    step = container("alarm", ALARM, ["alarm", *question, LAST_EXIT])
    words = "Fails, and tells, when no run of the day has succeeded yet."
    workflow = single(NAME, "Is the day's run there?", words, step, [schedule()])
    workflow.metrics = run_metrics(NAME)  # that it succeeded says that the day has a run
    return workflow
