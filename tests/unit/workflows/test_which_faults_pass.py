"""Which ends of an attempt are followed by another one, asked of the very expression that Argo gets.

The messages are Argo 4.0's, of Kubernetes 1.33 and of its kubectl.
"""

import pytest
from movalytics_workflows.local.expressions import parse
from movalytics_workflows.retries import PASSES

WEBHOOK = (
    'main: Error (exit code 64): no more retries Error from server (InternalError): error when creating "m.yaml": '
    'Internal error occurred: failed calling webhook "mutate-sparkapplication.sparkoperator.k8s.io": failed to call '
    'webhook: Post "https://spark-operator-webhook-svc.spark-operator.svc:443/mutate?timeout=10s": '
)
GONE = "main: Error (exit code 64): The resource has been deleted while its status was still being checked."
FAILED = "main: Error (exit code 64): failure condition '{status.applicationState.state == [FAILED]}' evaluated true"


def passes(message: str, status: str = "Failed", code: str = "-1", retries: int = 0) -> bool:
    """What the expression says after so many retries."""
    names = {"status": status, "exitCode": code, "message": message}
    return parse(PASSES)({f"lastRetry.{name}": text for name, text in names.items()} | {"retries": str(retries)})


@pytest.mark.parametrize(
    "message",
    [
        "main: Error (exit code 75): the warehouse redshift:5439/dev does not answer: Connection refused",
        "main: Error (exit code 75)",
        "main: Error (exit code 143)",
        "init: Error (exit code 143)",
        "wait: Error (exit code 143)",
        "main: ContainerStatusUnknown (exit code 137): The container could not be located when the pod was terminated",
        "main: Unknown (exit code 255)",
        "Pod was terminated in response to imminent node shutdown.",
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. ",
        "The node had condition: [DiskPressure]. ",
        "Pod was rejected: The node had condition: [MemoryPressure]. ",
        "Pod was rejected: Node didn't have enough resource: cpu, requested: 100, used: 3950, capacity: 4000",
        "Preempted in order to admit critical pod",
        "pod failed: neither main nor wait container completed successfully",
        WEBHOOK + "dial tcp 10.96.3.4:443: connect: connection refused",
        WEBHOOK + "context deadline exceeded",
        WEBHOOK + 'no endpoints available for service "spark-operator-webhook-svc"',
        "main: Error (exit code 64): no more retries The connection to the server 10.96.0.1:443 was refused - did you",
        "main: Error (exit code 64): no more retries Unable to connect to the server: dial tcp: i/o timeout",
        "main: Error (exit code 64): no more retries Error from server (ServiceUnavailable): the server is starting",
        "main: Error (exit code 64): etcdserver: leader changed",
    ],
)
def test_a_fault_that_passes_is_tried_again_for_as_long_as_patience_lasts(message: str) -> None:
    assert passes(message)
    assert passes(message, retries=50)


def test_a_pod_that_was_deleted_is_tried_again_for_as_long_as_patience_lasts() -> None:
    assert passes("pod deleted", "Error")
    assert passes("pod deleted", "Error", retries=50)


def test_a_webhook_that_kept_the_controller_from_making_a_pod_passes_too() -> None:
    assert passes('Internal error occurred: failed calling webhook "pods.policy.example": EOF', "Error", retries=50)


@pytest.mark.parametrize("code", [1, 2, 65, 66, 70, 74, 77, 78, 80, 81, 82, 83, 127, 134, 139])
def test_a_step_that_says_why_it_failed_would_fail_again(code: int) -> None:
    sentence = "the warehouse refused: connection refused, forbidden, timeout, pod deleted, (exit code 75)"
    assert not passes(f"main: Error (exit code {code}): {sentence}", code=str(code))
    assert not passes(f"main: Error (exit code {code})", code=str(code))


@pytest.mark.parametrize(
    "message",
    [
        "main: OOMKilled (exit code 137)",
        "main: Error (exit code 137)",
        "Pod was active on the node longer than the specified deadline",
        "Step exceeded its deadline",
        'Usage of EmptyDir volume "tmp" exceeds the limit "1Gi". ',
        "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
        'Container main exceeded its local ephemeral storage limit "1Gi". ',
        FAILED,
        GONE,
        'main: Error (exit code 64): no more retries Error from server (Forbidden): sparkapplications "x" is forbidden',
        "main: Error (exit code 64): no more retries Error from server (BadRequest): a webhook denied the request",
        'main: Error (exit code 64): no more retries no matches for kind "SparkApplication" in version "v1beta2"',
    ],
)
def test_what_is_wrong_for_good_fails_at_once(message: str) -> None:
    assert not passes(message)


@pytest.mark.parametrize(
    "message",
    [
        "timeout",
        "wait: OOMKilled (exit code 137)",
        'pods "x" is forbidden: violates PodSecurity "restricted:latest"',
        'Pod "x" is invalid: spec.containers[0].image: Required value',
    ],
)
def test_an_error_of_the_controller_that_would_come_again_fails_at_once(message: str) -> None:
    assert not passes(message, "Error")


def test_an_error_that_nobody_foresaw_is_tried_three_times_more() -> None:
    said = [passes("wait: Error (exit code 64): failed to save outputs", "Error", retries=count) for count in range(5)]
    assert said == [True, True, True, False, False]
