"""The schedule: it starts the DAG every day and holds nothing else; hour and time zone are the chart's."""

from hera.workflows import CronWorkflow
from hera.workflows.models import WorkflowTemplateRef

from movalytics_workflows.daily import NAME

_THREE_HOURS = 3 * 3600


def cron() -> CronWorkflow:
    """Daily at 3:00 UTC, ready before 7:00; a start missed while the controller was down is made up for."""
    return CronWorkflow(
        name=NAME,
        schedules=["0 3 * * *"],
        timezone="Etc/UTC",
        concurrency_policy="Forbid",  # never Replace: it would leave the old run's SparkApplications running
        starting_deadline_seconds=_THREE_HOURS,
        successful_jobs_history_limit=7,
        failed_jobs_history_limit=7,
        workflow_template_ref=WorkflowTemplateRef(name=NAME),
    )
