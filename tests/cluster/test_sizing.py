"""Executor counts are Helm values: they reach the next run, and executors come and go within them."""

import json
from collections.abc import Iterator

import pytest

from tests.cluster.place import Place, command, eventually

pytestmark = pytest.mark.timeout(1500)
# The sample's ratings forty times over: other users, the same films.
MANY_RATINGS = """
import pathlib, zipfile
sample = zipfile.ZipFile("sample/the-movies-dataset.zip")
for name in ("movies_metadata.csv", "links.csv"):
    pathlib.Path("/many", name).write_bytes(sample.read(name))
pathlib.Path("/many/CUSR0000SS62031.csv").write_bytes(pathlib.Path("sample/CUSR0000SS62031.csv").read_bytes())
header, *rows = sample.read("ratings.csv").decode().splitlines()
with open("/many/ratings.csv", "w", newline="\\r\\n") as many:
    print(header, file=many)
    for copy in range(40):
        for row in rows:
            user, rest = row.split(",", 1)
            print(int(user) + 1000 * copy, rest, sep=",", file=many)
"""


@pytest.fixture
def many_ratings(place: Place) -> Iterator[str]:
    """Four million ratings at a source of their own; its host's name."""
    manifest = place.read("deployment", "sources")
    pod = manifest["spec"]["template"]
    labels = {"stand-in": "many-sources"}
    manifest |= {"metadata": {"name": "many-sources"}, "status": {}}
    manifest["spec"] |= {"selector": {"matchLabels": labels}}
    pod["metadata"]["labels"] = labels
    (main,) = pod["spec"]["containers"]
    main["command"] = ["python", "sources_server.py", "--directory=/many"]
    main["volumeMounts"] = [{"name": "many", "mountPath": "/many"}]
    pod["spec"]["volumes"] = [{"name": "many", "emptyDir": {}}]
    pod["spec"]["initContainers"] = [main | {"name": "make", "command": ["python", "-c", MANY_RATINGS], "ports": []}]
    del pod["spec"]["initContainers"][0]["readinessProbe"]
    place.kubectl("apply", "--filename=-", text=json.dumps(manifest))
    place.kubectl("expose", "deployment", "many-sources", "--name=many-sources")
    place.kubectl("rollout", "status", "deployment/many-sources", "--timeout=180s")
    yield "many-sources"
    place.kubectl("delete", "deployment,service", "many-sources")


def test_a_higher_maximum_reaches_the_next_run_and_executors_come_when_there_is_work_and_go_when_there_is_none(
    place: Place, published: dict[str, str], many_ratings: str
) -> None:
    place.install(
        "applications.ratings.executors.max=3,applications.ratings.executors.idleSeconds=5",
        f"sources.movies=kaggle+http://{many_ratings}:8080/rounakbanik/the-movies-dataset",
        "lake=s3://movalytics/many",
    )
    run = place.submit(force="true")
    place.at_work(run, "transform-ratings")
    allocation = place.applications(run)["transform-ratings"]["spec"]["dynamicAllocation"]
    assert (allocation["minExecutors"], allocation["maxExecutors"]) == (1, 3)
    counts = [0]

    def an_executor_went() -> bool:
        counts.append(len(place.spark_pods(run, "transform-ratings", "executor")))
        return 0 < counts[-1] < max(counts)

    eventually(an_executor_went, "executors come, and one that has nothing to do goes", 900)
    assert place.spark_pods(run, "transform-ratings", "driver"), f"the application was over: {counts}"
    command("argo", "stop", "-n", place.namespace, run)
    place.ended(run)
    place.install()
    assert max(counts) <= 3
    assert place.digests() == published
