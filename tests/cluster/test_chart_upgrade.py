"""A run keeps the values with which it began: an upgrade beside it is for the next one."""

import pytest

from tests.cluster.place import REGISTRY, TAG, Json, Place, command, eventually, load_as, pod_nodes

pytestmark = pytest.mark.timeout(1500)
NEXT = f"{TAG}-next"


def tags(place: Place, run: str) -> set[str]:
    """The tags of the image warehouse that the run has used so far."""
    pods = place.read("pods", f"--selector=workflows.argoproj.io/workflow={run},!spark-role")["items"]
    mains = [one["image"] for pod in pods for one in pod["spec"]["containers"] if one["name"] == "main"]
    return {image.rpartition(":")[2] for image in mains if image.startswith(f"{REGISTRY}/warehouse:")}


def longest(place: Place, run: str) -> int:
    """The longest deadline of the steps that the run has begun."""
    pods = place.read("pods", f"--selector=workflows.argoproj.io/workflow={run},!spark-role")["items"]
    return max(int(pod["spec"]["activeDeadlineSeconds"]) for pod in pods)


def most_executors(place: Place, run: str) -> int:
    (application,) = eventually(
        lambda: [found for step, found in place.applications(run).items() if step == "transform-ratings"],
        f"{run} applies transform-ratings",
    )
    return int(application["spec"]["dynamicAllocation"]["maxExecutors"])


def test_an_upgrade_leaves_the_run_at_work_as_it_was_and_the_next_has_all_of_it(
    place: Place, published: dict[str, str]
) -> None:
    load_as("warehouse", f"warehouse:{NEXT}")
    place.install()
    run = place.submit(force="true")
    eventually(lambda: pod_nodes(place.workflow(run), "plan"), f"{run} plans")
    try:
        deadlines = ",".join(f"deadlines.{step}=5000" for step in ("discover", "plan", "stage", "finish"))
        sizes = "applications.ratings.executors.max=3"
        place.install(f"images.warehouse.tag={NEXT}", deadlines, sizes)
        following = place.submit(force="true")
        over = place.ended(run)
        assert over["status"]["phase"] == "Succeeded", place.argo_get(run)
        assert steps_begun(over) >= {"discover", "plan", "transform-ratings", "stage", "report", "finish"}
        assert (tags(place, run), most_executors(place, run)) == ({TAG}, 2)
        assert longest(place, run) <= 900
        assert (most_executors(place, following), tags(place, following)) == (3, {NEXT})
        assert longest(place, following) > 900
    finally:
        command("argo", "stop", "-n", place.namespace, following)
        place.ended(following)
        place.install()
    assert place.digests() == published


def steps_begun(workflow: Json) -> set[str]:
    return {str(node.get("templateName")) for node in workflow["status"]["nodes"].values() if node["type"] == "Pod"}
