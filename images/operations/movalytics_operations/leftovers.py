"""What runs left on the cluster: SparkApplications that nobody waits for any more, and their pods."""

import time
from functools import cache, partial

from movalytics_common.errors import MissingInput, PipelineError
from movalytics_common.log import get_logger

from movalytics_operations import labels
from movalytics_operations.cluster import Cluster
from movalytics_operations.diagnosis import NONE, ask
from movalytics_operations.reasons import Document
from movalytics_operations.symptoms import DRIVER, driver_name

OVER = {"Succeeded", "Failed", "Error"}
LOG_LINES = 50
PATIENCE_SECONDS = 40.0
POLL_SECONDS = 2.0


def unfinished(cluster: Cluster) -> list[Document]:
    """All SparkApplications of Workflows that did not complete; completed ones hold nothing that runs."""
    return [application for application in ask(cluster.applications, NONE) if _state(application) != "COMPLETED"]


def log_drivers(cluster: Cluster, run: str, applications: list[Document]) -> None:
    """The end of each driver's log of this run as one event: the pod will be gone, finish's log is kept."""
    for application in applications:
        if _owner(application) == run:
            name = application["metadata"]["name"]
            pod = driver_name(application, name)
            if text := ask(partial(cluster.log, pod, DRIVER, LOG_LINES), ""):
                get_logger().info("driver_log", application=name, text=text)


def remove(cluster: Cluster, run: str, applications: list[Document]) -> tuple[list[str], list[str]]:
    """Delete this run's, and those of Workflows that are over; what was removed, and the pods that are still there.

    A run that was terminated has no finish of its own. One whose Workflow still runs, or may, is never touched.
    """

    @cache
    def is_over(owner: str) -> bool:
        return owner == run or _is_over(cluster, owner)

    doomed = [application for application in applications if is_over(_owner(application))]
    removed = [application["metadata"]["name"] for application in doomed if _delete(cluster, application)]
    left = _await_pods(cluster, removed) if removed else []
    if left:
        get_logger().warning("left_behind", pods=left)
    return removed, left


def _is_over(cluster: Cluster, owner: str) -> bool:
    try:
        return (cluster.workflow(owner).get("status") or {}).get("phase") in OVER
    except MissingInput:
        return True
    except PipelineError as error:
        get_logger().warning("not_removed", workflow=owner, error=str(error))
        return False


def _delete(cluster: Cluster, application: Document) -> bool:
    name = application["metadata"]["name"]
    try:
        cluster.delete_application(application)
    except MissingInput:
        return False  # somebody was faster
    except PipelineError as error:
        get_logger().warning("not_removed", application=name, error=str(error))
        return False
    get_logger().info("removed", application=name, state=_state(application))
    return True


def _await_pods(cluster: Cluster, names: list[str]) -> list[str]:
    """The names of the pods that are still there when patience ends."""
    selector = f"{labels.APPLICATION} in ({','.join(names)})"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while pods := ask(lambda: cluster.pods(selector), NONE):
        if time.monotonic() > deadline:
            break
        time.sleep(POLL_SECONDS)
    return [pod["metadata"]["name"] for pod in pods]


def _owner(application: Document) -> str:
    return str((application["metadata"].get("labels") or {}).get(labels.RUN, ""))


def _state(application: Document) -> str:
    return str(((application.get("status") or {}).get("applicationState") or {}).get("state") or "")
