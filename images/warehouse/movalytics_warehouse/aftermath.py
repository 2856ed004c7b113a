"""What a run leaves on its cluster: the reason why it failed, what still runs, and what its Workflow says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from movalytics_common.errors import PipelineError
from movalytics_common.log import get_logger

from movalytics_warehouse import leftovers
from movalytics_warehouse.diagnosis import why
from movalytics_warehouse.reasons import CHARACTERS, Document

if TYPE_CHECKING:
    from movalytics_warehouse.cluster import Cluster

DESCRIPTION = "workflows.argoproj.io/description"
# What dictionaries of an unforeseen form raise: a poorer sentence is better than a finish that fails.
UNFORESEEN = (PipelineError, KeyError, TypeError, AttributeError, ValueError, IndexError)


@dataclass(frozen=True)
class Aftermath:
    """What is known and done once a run is over; without a cluster there is nothing."""

    reason: str = ""
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    has_root: bool = False
    cluster: "Cluster | None" = None


def settle(namespace: str, run: str, failed: bool) -> Aftermath:
    """Find the reason, keep the drivers' last words in the log, clear up. Never raises."""
    # Kubernetes' client takes a second to import: only those who are on a cluster pay for it.
    from movalytics_warehouse.cluster import connect  # noqa: PLC0415

    try:
        cluster = connect(namespace)
    except PipelineError as error:
        return Aftermath(_unknown(error) if failed else "")
    reason, has_root = _reason(cluster, run) if failed else ("", False)
    applications = leftovers.unfinished(cluster)
    leftovers.log_drivers(cluster, run, applications)
    removed, left = leftovers.remove(cluster, run, applications)
    return Aftermath(reason, removed, left, has_root, cluster)


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
    description = {"metadata": {"annotations": {DESCRIPTION: _markdown(aftermath.reason, status, places)}}}
    if not aftermath.has_root:
        return description  # a node without a type and a phase would be none of Argo's
    return {**description, "status": {"nodes": {run: {"message": aftermath.reason}}}}


def _markdown(reason: str, status: str, places: Mapping[str, str]) -> str:
    outcome = f"**{status}**: {reason}" if reason else f"**{status}**"
    return "\n".join([outcome, "", *(f"- {name}: `{uri}`" for name, uri in places.items())]).strip()


def _reason(cluster: "Cluster", run: str) -> tuple[str, bool]:
    """The reason, and whether the Workflow has a root node to bear it."""
    try:
        workflow = cluster.workflow(run)
        return why(cluster, workflow), run in ((workflow.get("status") or {}).get("nodes") or {})
    except UNFORESEEN as error:
        return _unknown(error), False


def _unknown(error: Exception) -> str:
    get_logger().warning("reason_not_found", error=str(error) or type(error).__name__)
    return f"nobody knows why the run failed: {error}"[:CHARACTERS]
