"""A run that a person ends leaves nothing running and the last good tables as they are."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cluster.place import Json, Place, command, eventually, moment

pytestmark = pytest.mark.timeout(1500)


def running(place: Place, run: str) -> list[str]:
    """What of the run still runs: its pods, and SparkApplications that are not over."""
    selector = f"--selector=workflows.argoproj.io/workflow={run}"
    pods = place.read_names("pods", selector, "--field-selector=status.phase=Running")
    return pods + [
        step
        for step, found in place.applications(run).items()
        if found.get("status", {}).get("applicationState", {}).get("state") not in {"COMPLETED", "FAILED"}
    ]


def finish(workflow: Json) -> datetime:
    """When the exit handler was done."""
    nodes = workflow["status"]["nodes"].values()
    return max(moment(node["finishedAt"]) for node in nodes if ".onExit" in node["name"])


def test_terminate_leaves_its_application_running_and_stop_of_the_next_run_clears_up_after_both(
    place: Place, published: dict[str, str]
) -> None:
    terminated = place.submit(force="true")
    place.at_work(terminated, "transform-ratings")
    command("argo", "terminate", "-n", place.namespace, terminated)
    over = place.ended(terminated)
    assert over["status"]["phase"] == "Failed"
    # Argo runs no exit handler then: what Kubernetes allows is that the next run's finish clears up.
    assert [node for node in over["status"]["nodes"].values() if ".onExit" in node["name"]] == []
    assert "transform-ratings" in place.applications(terminated)

    stopped = place.submit(force="true")
    place.at_work(stopped, "transform-ratings")
    command("argo", "stop", "-n", place.namespace, stopped)
    over = place.ended(stopped)
    assert over["status"]["phase"] == "Failed"
    eventually(lambda: not running(place, stopped) + running(place, terminated), "all has ended", 60)
    assert datetime.now(UTC) - finish(over) < timedelta(seconds=60)
    assert place.digests() == published
    ((outcome, message),) = place.rows(f"select outcome, message from movies_ops.load_run where run_id = '{stopped}'")
    assert (outcome, message) == ("Failed", "stopped by argo stop")
