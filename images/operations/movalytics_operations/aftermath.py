"""What is known of a run that is over on a cluster, and how its Workflow is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from movalytics_common.errors import PipelineError
from movalytics_common.log import get_logger

from movalytics_operations import labels
from movalytics_operations.reasons import Document

if TYPE_CHECKING:  # it brings Kubernetes' client, see finish
    from movalytics_operations.cluster import Cluster


@dataclass(frozen=True)
class Aftermath:
    """What is known and done once a run is over; without a cluster there is nothing.

    `started_at` is when this attempt of the run began (UTC): Argo says another moment after `argo retry`.
    """

    reason: str = ""
    started_at: datetime | None = None
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    has_root: bool = False
    cluster: "Cluster | None" = None


def tell_workflow(aftermath: Aftermath, run: str, status: str, places: Mapping[str, str]) -> None:
    """Put reason and places where `argo get` and the UI show them; an API that refuses is a warning."""
    if aftermath.cluster is None:
        return
    try:
        aftermath.cluster.patch_workflow(run, patch(aftermath, run, status, places))
    except PipelineError as error:
        get_logger().warning("workflow_not_told", error=str(error))


def patch(aftermath: Aftermath, run: str, status: str, places: Mapping[str, str]) -> Document:
    """The merge patch. Argo copies the message of the root node, which has the run's name, into the Workflow's own."""
    description = {"metadata": {"annotations": {labels.DESCRIPTION: _markdown(aftermath.reason, status, places)}}}
    if not aftermath.has_root:
        return description  # a node without a type and a phase would be none of Argo's
    return {**description, "status": {"nodes": {run: {"message": aftermath.reason}}}}


def _markdown(reason: str, status: str, places: Mapping[str, str]) -> str:
    outcome = f"**{status}**: {reason}" if reason else f"**{status}**"
    return "\n".join([outcome, "", *(f"- {name}: `{uri}`" for name, uri in places.items())]).strip()
