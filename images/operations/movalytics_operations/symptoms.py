"""What pods, their events and SparkApplications show of a failure: plain dicts in, the words of a reason out."""

from collections.abc import Collection, Iterable

from movalytics_operations.reasons import SIGNALS, Document, ending

DRIVER = "spark-kubernetes-driver"
# Reasons of events that say why a pod does not start.
NOT_STARTING = (
    *("FailedScheduling", "FailedAttachVolume", "FailedMount", "FailedCreatePodSandBox"),
    *("Failed", "BackOff", "InspectFailed", "ErrImageNeverPull"),
)
NOT_TAKEN_UP = (
    "no Spark Operator took up its SparkApplication: does it run, with this namespace among its spark.jobNamespaces?"
)
_PASSING = {"ContainerCreating", "PodInitializing"}
_LOST = "ContainerStatusUnknown"  # the kubelet's word for a container that never was, after a deadline
_SUBMISSION = ("exceeded quota", "forbidden", "Message:", "Caused by")


def driver_name(application: Document, name: str) -> str:
    """The application's driver pod."""
    driver = (application.get("status") or {}).get("driverInfo") or {}
    return str(driver.get("podName") or f"{name}-driver")


def said_by_driver(pod: Document) -> str:
    """The sentence that the Spark application ended with, if it had one."""
    ends = [state.get("terminated") or {} for state in _states(pod)]
    return _first(str(end.get("message") or "").strip() for end in ends if end.get("reason") != _LOST)


def of_application(
    application: Document,
    pod: Document,
    pod_events: list[Document],
    events: list[Document],
    executors: str = "",
) -> str:
    """Why a SparkApplication did not complete; empty when nothing says. `executors` is why none of them starts."""
    return _first(
        [
            said_by_driver(pod),
            _killed(pod),
            of_pod(pod, pod_events),
            executors,
            _submission(application),
            newest_warning(events),
            _state(application),
        ]
    )


def waiting_executors(pods: list[Document]) -> list[Document]:
    """The application's executors, when none of them has started."""
    executors = [pod for pod in pods if (pod["metadata"].get("labels") or {}).get("spark-role") == "executor"]
    return [] if any(map(_has_started, executors)) else executors


def of_pod(pod: Document, events: list[Document], kinds: Collection[str] = ()) -> str:
    """Why a pod does not start; empty when it did, whatever was warned of before, or when nothing says."""
    waiting = [state.get("waiting") or {} for state in _states(pod)]
    stuck = [wait for wait in waiting if wait.get("reason") not in _PASSING or wait.get("message")]
    return _first(
        [
            *map(_reason_and_message, stuck),
            *map(_reason_and_message, _unscheduled(pod)),
            "" if _has_started(pod) else newest_warning(events, kinds),
        ]
    )


def newest_warning(events: list[Document], kinds: Collection[str] = ()) -> str:
    """What the newest of the events says, of these kinds if any are named."""
    fitting = [event for event in events if not kinds or event.get("reason") in kinds]
    # `Error: ImagePullBackOff` comes beside `Failed to pull image "x": …`, which says more.
    telling = [event for event in fitting if not str(event.get("message")).startswith("Error: ")] or fitting
    newest = max(telling, key=_moment, default={})
    return str(newest.get("message") or "") if newest.get("reason") == "Failed" else _reason_and_message(newest)


def _statuses(pod: Document, *kinds: str) -> list[Document]:
    status = pod.get("status") or {}
    return [container for kind in kinds for container in status.get(kind) or []]


def _states(pod: Document) -> list[Document]:
    containers = _statuses(pod, "initContainerStatuses", "containerStatuses")
    # a driver's sidecars come after it
    return [item.get("state") or {} for item in sorted(containers, key=lambda item: item.get("name") != DRIVER)]


def _has_started(pod: Document) -> bool:
    states = [container.get("state") or {} for container in _statuses(pod, "containerStatuses")]
    ended = [state.get("terminated") or {} for state in states]
    started = [
        bool(state.get("running")) or bool(end and end.get("reason") != _LOST)
        for state, end in zip(states, ended, strict=True)
    ]
    return bool(started) and all(started)


def _killed(pod: Document) -> str:
    """What Kubernetes did to it: evicted, out of memory, a signal. `Error` alone says nothing."""
    status = pod.get("status") or {}
    if status.get("reason") not in {None, "DeadlineExceeded"}:
        return _reason_and_message(status)
    for state in _states(pod):
        end = state.get("terminated") or {}
        reason, code = end.get("reason"), int(end.get("exitCode") or 0)
        if reason not in {None, "Error", "Completed", _LOST} or (reason == "Error" and code in SIGNALS):
            return f"its driver {ending(str(reason), code)}"
    return ""


def _unscheduled(pod: Document) -> list[Document]:
    conditions = (pod.get("status") or {}).get("conditions") or []
    return [item for item in conditions if item.get("type") == "PodScheduled" and item.get("status") == "False"]


def _state(application: Document) -> str:
    state = ((application.get("status") or {}).get("applicationState") or {}).get("state")
    if application and not state:
        return NOT_TAKEN_UP
    return f"its SparkApplication was {state}" if state else ""


def _submission(application: Document) -> str:
    """The line that counts of what spark-submit said, which may be pages of a Java stack trace."""
    state = (application.get("status") or {}).get("applicationState") or {}
    lines = [line.strip() for line in str(state.get("errorMessage") or "").splitlines() if line.strip()]
    chosen = _first([line for words in _SUBMISSION for line in lines if words in line] + lines[:1])
    # fabric8: Failure executing: POST at: https://…. Message: pods "x" is forbidden: …. Received status: Status(…
    return chosen.partition(". Received status")[0].rpartition("Message: ")[2].strip()


def _reason_and_message(item: Document) -> str:
    return ": ".join(str(item[name]).strip() for name in ("reason", "message") if item.get(name))


def _moment(event: Document) -> str:
    series = event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return _first(str(time or "") for time in (*times, (event.get("metadata") or {}).get("creationTimestamp")))


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
