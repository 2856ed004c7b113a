"""Workflows of one step, which people or a schedule start beside the runs."""

from collections.abc import Sequence

from hera.workflows import Container, Parameter, WorkflowTemplate
from hera.workflows.models import TTLStrategy

from movalytics_workflows.containers import POD_SECURITY
from movalytics_workflows.parameters import parameters

WEEK = 7 * 24 * 3600


def single(name: str, title: str, description: str, step: Container, own: Sequence[Parameter] = ()) -> WorkflowTemplate:
    """A WorkflowTemplate of this step alone; the Argo UI shows title and description.

    It has no metrics of a run: alerts would take its success for one.
    """
    workflow = WorkflowTemplate(
        name=name,
        entrypoint=str(step.name),
        annotations={
            "workflows.argoproj.io/title": title,
            "workflows.argoproj.io/description": description,
        },
        security_context=POD_SECURITY,
        ttl_strategy=TTLStrategy(seconds_after_completion=WEEK),
        templates=[step],
    )
    workflow.arguments = parameters(workflow, own)
    return workflow
