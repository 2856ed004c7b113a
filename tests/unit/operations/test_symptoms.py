"""What pods, events and SparkApplications show of a failure, as Kubernetes 1.3x and Spark's operator 2.x say it."""

from typing import Any

import pytest
from movalytics_operations import symptoms
from movalytics_operations.reasons import ending

PULL = 'Back-off pulling image "x/spark:nope"'
QUOTA = (
    "failed to run spark-submit: 26/11/25 03:00:00 WARN NativeCodeLoader: Unable to load native-hadoop library\n"
    'Exception in thread "main" io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: '
    'https://10.96.0.1:443/api/v1/namespaces/films/pods. Message: pods "x-driver" is forbidden: exceeded quota: small, '
    "requested: pods=1, used: pods=4, limited: pods=4. Received status: Status(apiVersion=v1, code=403, details=null)\n"
    "\tat io.fabric8.kubernetes.client.dsl.internal.OperationSupport.requestFailure(OperationSupport.java:642)\n"
    "Caused by: io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST\n"
)


def pod(**state: dict[str, Any]) -> dict[str, Any]:
    """A driver pod in this state."""
    return {"status": {"containerStatuses": [{"name": "spark-kubernetes-driver", "state": state}]}}


def application(error: str = "") -> dict[str, Any]:
    return {"status": {"applicationState": {"state": "FAILED", "errorMessage": error}}}


def event(reason: str, message: str, second: int = 0) -> dict[str, Any]:
    return {"reason": reason, "message": message, "lastTimestamp": f"2026-11-25T03:00:{second:02}Z"}


WAITING = pod(waiting={"reason": "ImagePullBackOff", "message": PULL})
CREATING = pod(waiting={"reason": "ContainerCreating"})
MOUNT = event("FailedMount", 'MountVolume.SetUp failed for volume "conf": configmap not found')
UNSCHEDULABLE = {
    "status": {
        "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes: no memory"}
        ]
    }
}

EVICTED = pod(terminated={"reason": "Error", "exitCode": 143})
EVICTED["status"] |= {"reason": "Evicted", "message": "low on memory"}


@pytest.mark.parametrize(
    ("driver", "reason"),
    [
        (
            pod(terminated={"reason": "Error", "exitCode": 65, "message": "ratings.csv is empty\n"}),
            "ratings.csv is empty",
        ),
        (
            pod(terminated={"reason": "OOMKilled", "exitCode": 137}),
            "its driver ran out of memory (OOMKilled, exit code 137): give it more",
        ),
        (
            pod(terminated={"reason": "Error", "exitCode": 143}),
            f"its driver {ending('Error', 143)}",
        ),
        (EVICTED, "Evicted: low on memory"),
        (WAITING, f"ImagePullBackOff: {PULL}"),
        (UNSCHEDULABLE, "Unschedulable: 0/1 nodes: no memory"),
        ({"status": {"reason": "Evicted", "message": "low on memory"}}, "Evicted: low on memory"),
        (CREATING, f"FailedMount: {MOUNT['message']}"),
        # it started: what was warned of before has passed
        (pod(terminated={"reason": "Error", "exitCode": 1}), "driver container failed"),
        (pod(running={"startedAt": "2026-11-25T03:00:00Z"}), "driver container failed"),
    ],
)
def test_the_driver_tells_why_before_the_operator_does(driver: dict[str, Any], reason: str) -> None:
    found = symptoms.of_application(application("driver container failed"), driver, [MOUNT], [])
    assert found == reason


def test_of_pages_of_spark_submit_the_quota_is_told() -> None:
    assert symptoms.of_application(application(QUOTA), {}, [], []) == (
        'pods "x-driver" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4'
    )


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("first\nat x\nCaused by: java.net.ConnectException: refused", "Caused by: java.net.ConnectException: refused"),
        ("\nfirst\nat x\n", "first"),
    ],
)
def test_else_the_cause_or_the_first_line(error: str, line: str) -> None:
    assert symptoms.of_application(application(error), {}, [], []) == line


def test_the_applications_own_events_come_last() -> None:
    events = [event("SparkApplicationFailed", "old"), event("SparkApplicationFailed", "new", 1)]
    assert symptoms.of_application(application(), {}, [], events) == "SparkApplicationFailed: new"
    assert symptoms.of_application({}, {}, [], []) == ""


def test_executors_that_do_not_start_are_told_of_a_driver_that_runs_and_not_of_one_that_said_why_it_ended() -> None:
    running, ended = pod(running={}), pod(terminated={"reason": "Error", "exitCode": 65, "message": "empty"})
    asked = {"status": {"applicationState": {"state": "RUNNING"}}}
    assert symptoms.of_application(asked, running, [], [], "no executor") == "no executor"
    assert symptoms.of_application(asked, ended, [], [], "no executor") == "empty"


def test_executors_wait_when_none_of_them_has_started() -> None:
    labels = {"metadata": {"labels": {"spark-role": "executor"}}}
    running = pod(running={"startedAt": "2026-11-25T03:00:00Z"})
    driver = {"metadata": {"labels": {"spark-role": "driver"}}} | running
    pending, started = labels | UNSCHEDULABLE, labels | running
    assert symptoms.waiting_executors([driver, pending, pending]) == [pending, pending]
    assert symptoms.waiting_executors([driver, pending, started]) == []
    assert symptoms.waiting_executors([driver]) == []


def test_an_application_without_a_state_was_taken_up_by_nobody() -> None:
    created = {"metadata": {"name": "x"}}
    assert symptoms.of_application(created, {}, [], []) == symptoms.NOT_TAKEN_UP
    assert "spark.jobNamespaces" in symptoms.NOT_TAKEN_UP


def test_a_pod_killed_at_its_deadline_before_it_started_is_explained_by_its_events() -> None:
    never = pod(terminated={"reason": "ContainerStatusUnknown", "exitCode": 137, "message": "could not be located"})
    pull = event("Failed", 'Failed to pull image "x": not found')
    back_off = event("Failed", "Error: ImagePullBackOff", 9)
    other = event("Unhealthy", "probe failed", 10)
    assert symptoms.said_by_driver(never) == ""
    assert symptoms.of_pod(never, [pull, back_off, other], symptoms.NOT_STARTING) == pull["message"]


@pytest.mark.parametrize(
    "kind",
    ["FailedScheduling", "FailedAttachVolume", "FailedMount", "FailedCreatePodSandBox", "InspectFailed", "BackOff"],
)
def test_whatever_keeps_a_pod_from_starting_is_told(kind: str) -> None:
    events = [event(kind, "why not"), event("Unhealthy", "probe failed", 10)]
    assert symptoms.of_pod(CREATING, events, symptoms.NOT_STARTING) == f"{kind}: why not"


def test_a_pod_that_runs_shows_nothing() -> None:
    assert symptoms.of_pod(pod(running={}), [], symptoms.NOT_STARTING) == ""


def test_an_init_container_can_be_what_is_stuck() -> None:
    waiting = {"reason": "ErrImagePull", "message": "no such image"}
    states = {"initContainerStatuses": [{"name": "init", "state": {"waiting": waiting}}]}
    passing = [{"name": "main", "state": {"waiting": {"reason": "PodInitializing"}}}]
    assert symptoms.of_pod({"status": {**states, "containerStatuses": passing}}, []) == "ErrImagePull: no such image"


def test_the_driver_pod_has_the_name_that_the_operator_says() -> None:
    assert symptoms.driver_name({"status": {"driverInfo": {"podName": "x-1-driver"}}}, "x") == "x-1-driver"
    assert symptoms.driver_name({}, "x") == "x-driver"


def test_when_nothing_else_says_why_the_applications_state_is_told() -> None:
    application = {"status": {"applicationState": {"state": "RUNNING"}}}
    assert symptoms.of_application(application, {}, [], []) == "its SparkApplication was RUNNING"
