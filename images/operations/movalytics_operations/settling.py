"""What a run leaves on its cluster: the reason why it failed, and what still runs."""

from dataclasses import replace
from datetime import UTC, datetime

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
    found = _known(cluster, run, failed)
    applications = leftovers.unfinished(cluster)
    leftovers.log_drivers(cluster, run, applications)
    removed, left = leftovers.remove(cluster, run, applications)
    return replace(found, removed=removed, left=left, cluster=cluster)


def _known(cluster: Cluster, run: str, failed: bool) -> Aftermath:
    """When the attempt began; of one that failed the reason too, and whether a root node can bear it."""
    started_at = None
    try:
        workflow = cluster.workflow(run)
        status = workflow.get("status") or {}
        started_at = _moment(status.get("startedAt"))
        reason, has_root = (why(cluster, workflow), run in (status.get("nodes") or {})) if failed else ("", False)
        return Aftermath(reason, started_at, has_root=has_root)
    except UNFORESEEN as error:
        return Aftermath(_unknown(error) if failed else "", started_at)


def _moment(text: str | None) -> datetime | None:
    """In UTC and without a zone, as the ledger has moments."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None


def _unknown(error: Exception) -> str:
    get_logger().warning("reason_not_found", error=str(error) or type(error).__name__)
    return f"nobody knows why the run failed: {error}"[:CHARACTERS]
