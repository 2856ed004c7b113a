"""Whatever is killed while a run is at work, the run succeeds and the tables are those of an undisturbed run."""

import pytest

from tests.cluster.place import Json, Place, command, eventually, pod_nodes

pytestmark = pytest.mark.timeout(1500)


def test_a_killed_driver_is_started_again_by_the_operator_and_a_killed_executor_by_its_driver(
    place: Place, published: dict[str, str]
) -> None:
    run = place.submit(force="true")
    place.kubectl("delete", "pod", place.at_work(run, "transform-catalogue", "executor"), "--wait=false")
    place.kubectl("delete", "pod", place.at_work(run, "transform-ratings"), "--wait=false")
    over = place.ended(run)
    assert over["status"]["phase"] == "Succeeded", place.argo_get(run)
    attempts = {step: found["status"]["executionAttempts"] for step, found in place.applications(run).items()}
    assert attempts == {"transform-catalogue": 1, "transform-ratings": 2}
    assert [len(pod_nodes(over, step)) for step in attempts] == [1, 1]
    assert place.digests() == published


def test_a_lost_step_pod_is_started_again_and_follows_the_same_application_and_a_new_controller_goes_on(
    place: Place, published: dict[str, str]
) -> None:
    run = place.submit(force="true")
    place.at_work(run, "transform-ratings")
    (node,) = pod_nodes(place.workflow(run), "transform-ratings")
    application = place.applications(run)["transform-ratings"]["metadata"]["uid"]
    pods = place.read_names("pods", f"--selector=workflows.argoproj.io/workflow={run}")
    (pod,) = [name for name in pods if name.startswith(f"{run}-transform-ratings") and name.endswith(node["id"][-9:])]
    place.kubectl("delete", "pod", pod, "--wait=false")
    eventually(lambda: len(pod_nodes(place.workflow(run), "transform-ratings")) > 1, "the lost step is started again")
    command("kubectl", "--namespace=argo", "delete", "pod", "--selector=app=workflow-controller", "--wait=false")
    over = place.ended(run)
    assert over["status"]["phase"] == "Succeeded", place.argo_get(run)
    lost, followed = (attempt["phase"] for attempt in pod_nodes(over, "transform-ratings"))
    assert lost in {"Error", "Failed"}  # as the controller sees the pod gone, or its container ended before
    assert followed == "Succeeded"
    same = place.applications(run)["transform-ratings"]
    assert (same["metadata"]["uid"], same["status"]["executionAttempts"]) == (application, 1)
    assert place.digests() == published


def test_a_restore_whose_publication_is_lost_publishes_once_more_and_holds(
    place: Place, first_starts: list[Json], published: dict[str, str]
) -> None:
    earlier = first_starts[0]["metadata"]["name"]
    restoring = place.submit("movalytics-restore", restores=earlier)

    def publications() -> list[Json]:
        return pod_nodes(place.workflow(restoring), "publish")

    with place.warehouse() as somebody, somebody.cursor() as cursor:
        eventually(publications, "the publication is about to start", every=0.2)
        cursor.execute("lock table movies_ops.load_lock")  # so that it cannot end before it is lost
        eventually(lambda: publications()[0]["phase"] == "Running", "the publication runs")
        (pod,) = [
            name
            for name in place.read_names("pods", f"--selector=workflows.argoproj.io/workflow={restoring}")
            if name.endswith(publications()[0]["id"][-9:])
        ]
        place.kubectl("delete", "pod", pod, "--grace-period=0", "--force")
        eventually(lambda: len(publications()) > 1, "the lost publication is started again")
        somebody.rollback()
    assert place.ended(restoring)["status"]["phase"] == "Succeeded", place.argo_get(restoring)
    assert place.digests() == published
    held = "select run_id, restores from movies_ops.load_hold where released_at is null"
    assert place.rows(held) == [(restoring, earlier)]
    assert place.ended(place.submit("movalytics-release"))["status"]["phase"] == "Succeeded"
