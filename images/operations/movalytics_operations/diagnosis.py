"""Asking the cluster why a run failed; what it does not answer makes the sentence poorer, never `finish` fail."""

from collections.abc import Callable
from typing import TypeVar

from movalytics_common.errors import PipelineError
from movalytics_common.log import get_logger

from movalytics_operations import labels, reasons, symptoms
from movalytics_operations.cluster import Cluster
from movalytics_operations.reasons import Document

T = TypeVar("T")
NOTHING: Document = {}
NONE: list[Document] = []


def why(cluster: Cluster, workflow: Document) -> str:
    """The reason of the earliest failure that has one to tell, as a sentence."""
    run = workflow["metadata"]["name"]
    stopped = reasons.is_stopped(workflow)
    for node in reasons.failed_nodes(workflow):
        # After a stop only what had failed by itself counts: the rest was ended with it.
        found = _said(cluster, run, node) if stopped else _found(cluster, run, node)
        if found:
            return reasons.sentence(node["templateName"], found, reasons.suffix(workflow, node))
    return reasons.STOPPED if stopped else reasons.last_words(workflow)


def _said(cluster: Cluster, run: str, node: Document) -> str:
    if not reasons.is_transform(node):
        return reasons.said_by_step(node)
    name = reasons.application_name(run, node)
    application = ask(lambda: cluster.application(name), NOTHING)
    return symptoms.said_by_driver(ask(lambda: cluster.pod(symptoms.driver_name(application, name)), NOTHING))


def _found(cluster: Cluster, run: str, node: Document) -> str:
    # A transform's own container is Argo's: it knows why no SparkApplication could be made, else only that one failed.
    found = (_of_transform(cluster, run, node) if reasons.is_transform(node) else "") or reasons.said_by_step(node)
    return found or (_of_own_pod(cluster, run, node) if reasons.is_timed_out(node) else "")


def _of_transform(cluster: Cluster, run: str, node: Document) -> str:
    name = reasons.application_name(run, node)
    application = ask(lambda: cluster.application(name), NOTHING)
    driver = symptoms.driver_name(application, name)
    return symptoms.of_application(
        application,
        ask(lambda: cluster.pod(driver), NOTHING),
        ask(lambda: cluster.warnings(driver), NONE),
        ask(lambda: cluster.warnings(name), NONE),
        _of_executors(cluster, name) if reasons.is_timed_out(node) else "",
    )


def _of_executors(cluster: Cluster, name: str) -> str:
    """Why a driver waited for executors until its deadline: what keeps the first of them from starting."""
    waiting = symptoms.waiting_executors(ask(lambda: cluster.pods(f"{labels.APPLICATION}={name}"), NONE))
    if not waiting:
        return ""
    first = waiting[0]["metadata"]["name"]
    why = symptoms.of_pod(waiting[0], ask(lambda: cluster.warnings(first), NONE))
    return f"no executor of it starts: {why}" if why else ""


def _of_own_pod(cluster: Cluster, run: str, node: Document) -> str:
    pods = ask(lambda: cluster.pods(f"{labels.RUN}={run}"), NONE)
    own = [pod for pod in pods if (pod["metadata"].get("annotations") or {}).get(labels.NODE_ID) == node["id"]]
    pod = own[0] if own else NOTHING
    name = pod["metadata"]["name"] if own else reasons.pod_name(run, node)
    return symptoms.of_pod(pod, ask(lambda: cluster.warnings(name), NONE), symptoms.NOT_STARTING)


def ask(question: Callable[[], T], otherwise: T) -> T:
    """The answer, or `otherwise` and a warning in the log."""
    try:
        return question()
    except PipelineError as error:
        get_logger().warning("not_answered", error=str(error))
    return otherwise
