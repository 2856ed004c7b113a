"""What a run leaves on its cluster: the reason why it failed, and what still runs."""

from movalytics_common.errors import PipelineError
from movalytics_common.log import get_logger

from movalytics_operations import leftovers
from movalytics_operations.aftermath import Aftermath
from movalytics_operations.cluster import Cluster, connect
from movalytics_operations.diagnosis import why
from movalytics_operations.reasons import CHARACTERS

# What dictionaries of an unforeseen form raise: a poorer sentence is better than a finish that fails.
UNFORESEEN = (PipelineError, KeyError, TypeError, AttributeError, ValueError, IndexError)


def settle(namespace: str, run: str, failed: bool) -> Aftermath:
    """Find the reason, keep the drivers' last words in the log, clear up. Never raises."""
    try:
        cluster = connect(namespace)
    except PipelineError as error:
        return Aftermath(_unknown(error) if failed else "")
    reason, has_root = _reason(cluster, run) if failed else ("", False)
    applications = leftovers.unfinished(cluster)
    leftovers.log_drivers(cluster, run, applications)
    removed, left = leftovers.remove(cluster, run, applications)
    return Aftermath(reason, removed, left, has_root, cluster)


def _reason(cluster: Cluster, run: str) -> tuple[str, bool]:
    """The reason, and whether the Workflow has a root node to bear it."""
    try:
        workflow = cluster.workflow(run)
        return why(cluster, workflow), run in ((workflow.get("status") or {}).get("nodes") or {})
    except UNFORESEEN as error:
        return _unknown(error), False


def _unknown(error: Exception) -> str:
    get_logger().warning("reason_not_found", error=str(error) or type(error).__name__)
    return f"nobody knows why the run failed: {error}"[:CHARACTERS]
