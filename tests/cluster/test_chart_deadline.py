"""A run as a whole has a deadline: what is at work then is ended, and finish still clears up and says so."""

import pytest

from tests.cluster.place import Place

pytestmark = pytest.mark.timeout(1500)


def test_a_run_that_takes_too_long_is_ended_and_finish_clears_up_after_it(
    place: Place, published: dict[str, str]
) -> None:
    place.install("deadlines.run=40")
    try:
        over = place.ended(place.submit(force="true"))
    finally:
        place.install()
    run = over["metadata"]["name"]
    said = place.argo_get(run)
    assert over["status"]["phase"] == "Failed", said
    nodes = list(over["status"]["nodes"].values())
    assert {"Step exceeded its deadline"} <= {node.get("message") for node in nodes}, said
    assert [node["phase"] for node in nodes if node["name"].endswith(".onExit")] == ["Succeeded"], said
    states = [
        one.get("status", {}).get("applicationState", {}).get("state") for one in place.applications(run).values()
    ]
    assert set(states) <= {"COMPLETED"}
    ((outcome,),) = place.rows(f"select outcome from movies_ops.load_run where run_id = '{run}'")
    assert outcome == "Failed"
    assert place.digests() == published
