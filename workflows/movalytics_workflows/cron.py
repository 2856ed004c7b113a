"""The CronWorkflows: they start a WorkflowTemplate and say for when; hours and time zone are the chart's."""

from hera.workflows import CronWorkflow
from hera.workflows.models import WorkflowTemplateRef

from movalytics_workflows import alarm, chart, retention
from movalytics_workflows.house import DAILY

_THREE_HOURS = 3 * 3600
# Only a workflow that a schedule started has this name, so the template cannot use it itself.
_SCHEDULED = {"scheduled-time": "{{workflow.scheduledTime}}"}


def cron_daily() -> CronWorkflow:
    """Starts the day's run; a start missed while the controller was down is made up for."""
    return _cron(DAILY, _SCHEDULED)


def cron_alarm() -> CronWorkflow:
    """Asks for the day's run while somebody can still act before its tables are due."""
    return _cron(alarm.NAME, _SCHEDULED)


def cron_retention() -> CronWorkflow:
    """Clears up what no run needs any more."""
    return _cron(retention.NAME, {"apply": "true"})


def _cron(name: str, arguments: dict[str, str]) -> CronWorkflow:
    return CronWorkflow(
        name=name,
        schedules=[chart.schedule(name)],
        timezone=chart.values()["timeZone"],
        concurrency_policy="Forbid",  # never Replace: it would leave the old run's SparkApplications running
        starting_deadline_seconds=_THREE_HOURS,
        successful_jobs_history_limit=7,
        failed_jobs_history_limit=7,
        workflow_template_ref=WorkflowTemplateRef(name=name),
        arguments=arguments,
    )
