"""A run as a whole has a deadline: what is at work when Argo sees that it is over is ended, and finish clears up."""

import pytest

from tests.cluster.place import Place, eventually

pytestmark = pytest.mark.timeout(1500)


def test_a_run_that_takes_too_long_is_ended_and_finish_clears_up_after_it(
    place: Place, published: dict[str, str]
) -> None:
    place.install("deadlines.run=20")
    try:
        run = place.submit(force="true")
        place.at_work(run, "transform-ratings")
        # Argo looks at a run when something of it changes, else every twenty minutes.
        place.kubectl("annotate", "workflow", run, "example.org/looked=at")
        over = place.ended(run)
    finally:
        place.install()
    said = place.argo_get(run)
    assert over["status"]["phase"] == "Failed", said
    ended = {node["displayName"] for node in over["status"]["nodes"].values() if is_past_its_deadline(node)}
    assert {"transform-catalogue(0)", "transform-ratings(0)"} <= ended, said
    # Argo takes finish for ended, too, as soon as its pod is made; the pod goes on all the same.
    outcome = f"select outcome, message from movies_ops.load_run where run_id = '{run}'"
    told = eventually(lambda: [row for row in place.rows(outcome) if row[1]], f"finish records how {run} ended")
    assert told[0][0] == "Failed"
    assert "ended at its deadline" in told[0][1]
    eventually(lambda: not place.spark_pods(run, "transform-ratings", "driver"), f"nothing of {run} is at work", 60)
    assert place.digests() == published


def is_past_its_deadline(node: dict[str, str]) -> bool:
    return node.get("message") == "Step exceeded its deadline"
