"""What passes costs a run time and nothing else: it succeeds without a hand, with an undisturbed run's tables."""

import json
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.cluster.place import Json, Place, command, eventually, pod_nodes

pytestmark = [pytest.mark.timeout(1500), pytest.mark.slow]
OUTAGE_SECONDS = 180
WEBHOOK = "--selector=app.kubernetes.io/name=spark-operator,app.kubernetes.io/component=webhook"


@pytest.fixture(scope="module")
def disturbed(cluster: None) -> Iterator[Place]:
    """A namespace of its own: what is taken away here is the session's no longer."""
    place = Place(f"movalytics-e2e-{uuid4().hex[:6]}")
    place.make()
    try:
        place.install()
        yield place
    finally:
        place.remove()


@pytest.fixture
def webhook() -> Iterator[tuple[str, str]]:
    """Namespace and name of the Spark Operator's webhook, which answers again when the test is over."""
    found = json.loads(command("kubectl", "get", "deployments", "--all-namespaces", WEBHOOK, "--output=json"))
    (metadata,) = [item["metadata"] for item in found["items"]]
    yield metadata["namespace"], metadata["name"]
    scale(metadata["namespace"], metadata["name"], 1)


def scale(namespace: str, deployment: str, replicas: int) -> None:
    """Take a service away at once, or give it back and wait until it answers."""
    words = ("kubectl", f"--namespace={namespace}")
    command(*words, "scale", f"deployment/{deployment}", f"--replicas={replicas}")
    if not replicas:  # a pod that is to end serves on for its grace period
        found = json.loads(command(*words, "get", "deployment", deployment, "--output=json"))
        labels = ",".join(f"{key}={text}" for key, text in found["spec"]["selector"]["matchLabels"].items())
        command(*words, "delete", "pods", f"--selector={labels}", "--grace-period=0", "--force")
    command(*words, "rollout", "status", f"deployment/{deployment}", "--timeout=120s")


def attempts(place: Place, run: str, step: str) -> list[Json]:
    """The step's attempts that have ended."""
    return [node for node in pod_nodes(place.workflow(run), step) if node["phase"] in {"Failed", "Error", "Succeeded"}]


def pod_at_work(place: Place, run: str, step: str) -> str:
    """The pod of a step's attempt once Argo knows that it runs: one that is lost before is made again unnoticed."""

    def running() -> list[Json]:
        return [node for node in pod_nodes(place.workflow(run), step) if node["phase"] == "Running"]

    (node,) = eventually(running, f"{step} of {run} runs", every=0.2)
    return f"{run}-{step}-{node['id'].rpartition('-')[2]}"


def evict(place: Place, pod: str) -> None:
    """As the drain of a node does it: a POST to the pod's eviction."""
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": place.namespace}}
    path = f"/api/v1/namespaces/{place.namespace}/pods/{pod}/eviction"
    place.kubectl("create", "--raw", path, "--filename=-", text=json.dumps(eviction))


def test_a_warehouse_that_is_down_for_three_minutes_at_the_start(
    disturbed: Place, local_digests: dict[str, str]
) -> None:
    scale(disturbed.namespace, "warehouse", 0)
    run = disturbed.submit()
    time.sleep(OUTAGE_SECONDS)
    scale(disturbed.namespace, "warehouse", 1)
    over = disturbed.ended(run)
    assert over["status"]["phase"] == "Succeeded", disturbed.argo_get(run)
    *failed, last = attempts(disturbed, run, "plan")
    assert len(failed) > 4
    assert {node["outputs"]["exitCode"] for node in failed} == {"75"}
    assert last["phase"] == "Succeeded"
    assert disturbed.digests() == local_digests


def test_an_evicted_step_and_a_webhook_that_is_down_for_a_moment(
    disturbed: Place, local_digests: dict[str, str], webhook: tuple[str, str]
) -> None:
    scale(*webhook, 0)
    run = disturbed.submit(force="true")
    eventually(lambda: attempts(disturbed, run, "discover"), "discover ends", every=0.2)
    scale(disturbed.namespace, "sources", 0)  # so that the step waits, and is there to be evicted
    evict(disturbed, pod_at_work(disturbed, run, "extract-movies"))
    scale(disturbed.namespace, "sources", 1)
    eventually(lambda: attempts(disturbed, run, "transform-ratings"), "transform-ratings finds no webhook")
    scale(*webhook, 1)
    evict(disturbed, pod_at_work(disturbed, run, "transform-catalogue"))
    over = disturbed.ended(run)
    assert over["status"]["phase"] == "Succeeded", disturbed.argo_get(run)
    for step in ("extract-movies", "transform-ratings", "transform-catalogue"):
        *failed, last = attempts(disturbed, run, step)
        assert failed, f"{step} was not disturbed"
        assert last["phase"] == "Succeeded"
    assert [found["status"]["executionAttempts"] for found in disturbed.applications(run).values()] == [1, 1]
    assert disturbed.digests() == local_digests
