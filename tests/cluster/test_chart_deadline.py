"""A run as a whole has a deadline: what is at work when Argo sees that it is over is ended, and finish clears up."""

import pytest

from tests.cluster.place import Json, Place, eventually

pytestmark = pytest.mark.timeout(1500)


def test_a_run_that_takes_too_long_is_ended_and_finish_clears_up_after_it(
    place: Place, published: dict[str, str]
) -> None:
    place.install("deadlines.run=20")
    try:
        run = place.submit(force="true")
        over = eventually(lambda: looked_at(place, run), f"{run} ends", every=5)
    finally:
        place.install()
    said = place.argo_get(run)
    assert over["status"]["phase"] == "Failed", said
    nodes = [node for node in over["status"]["nodes"].values() if ".onExit" not in node["name"]]
    assert "Step exceeded its deadline" in {node.get("message") for node in nodes}, said
    # Argo takes finish for ended, too, as soon as its pod is made; the pod goes on all the same.
    outcome = f"select outcome, message from movies_ops.load_run where run_id = '{run}'"
    told = eventually(lambda: [row for row in place.rows(outcome) if row[1]], f"finish records how {run} ended")
    assert told[0][0] == "Failed"
    assert "its deadline" in told[0][1]
    eventually(lambda: not place.spark_pods(run, "transform-ratings", "driver"), f"nothing of {run} is at work", 60)
    assert place.digests() == published


def looked_at(place: Place, run: str) -> Json | None:
    """The Workflow if it is over; Argo looks at one when something of it changes, else every twenty minutes."""
    found = place.workflow(run)
    if found.get("status", {}).get("finishedAt"):
        return found
    place.kubectl(
        "annotate", "workflow", run, "--overwrite", f"example.org/looked={found['metadata']['resourceVersion']}"
    )
    return None
