"""The schedules: they start a WorkflowTemplate every day and say for when; hours and time zone are the chart's."""

from hera.workflows import CronWorkflow
from hera.workflows.models import WorkflowTemplateRef

from movalytics_workflows import alarm, daily

_THREE_HOURS = 3 * 3600


def cron_daily() -> CronWorkflow:
    """Daily at 3:00, ready before 7:00; a start missed while the controller was down is made up for."""
    return _cron(daily.NAME, "0 3 * * *")


def cron_alarm() -> CronWorkflow:
    """At 6:00, so that somebody can still act before 7:00."""
    return _cron(alarm.NAME, "0 6 * * *")


def _cron(name: str, schedule: str) -> CronWorkflow:
    return CronWorkflow(
        name=name,
        schedules=[schedule],
        timezone="Etc/UTC",
        concurrency_policy="Forbid",  # never Replace: it would leave the old run's SparkApplications running
        starting_deadline_seconds=_THREE_HOURS,
        successful_jobs_history_limit=7,
        failed_jobs_history_limit=7,
        workflow_template_ref=WorkflowTemplateRef(name=name),
        # Only a workflow that a schedule started has this name, so the template cannot use it itself.
        arguments={"scheduled-time": "{{workflow.scheduledTime}}"},
    )
