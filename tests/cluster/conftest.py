"""The cluster, when there is one; one place where a run of the sample went well, and the same sample by `make run`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.cluster.place import ROOT, Json, Place, eventually
from tests.digests import EVERY_DIGEST

EVERY_MINUTE = "suspend=false,schedules.daily=* * * * *"


@pytest.fixture(scope="session")
def cluster() -> None:
    """Skips where there is no cluster to be reached."""
    missing = [tool for tool in ("argo", "helm", "kubectl") if shutil.which(tool) is None]
    if missing or not os.environ.get("KUBECONFIG"):
        lacking = f"no {missing[0]} on PATH" if missing else "KUBECONFIG is not set"
        pytest.skip(f"{lacking}: these tests need a cluster with Argo and the Spark Operator")


@pytest.fixture(scope="session")
def place(cluster: None) -> Iterator[Place]:
    """A namespace of our own with S3, Redshift and the sources as stand-ins, and the chart."""
    place = Place(f"movalytics-e2e-{uuid4().hex[:6]}")
    place.make()
    try:
        place.install()
        yield place
    finally:
        place.remove()


@pytest.fixture(scope="session")
def first_starts(place: Place) -> list[Json]:
    """Two `argo submit` at once into an empty warehouse while a CronWorkflow starts one a minute; all when over."""
    submitted = [place.submit(), place.submit()]
    place.install(EVERY_MINUTE)
    over = [place.ended(run) for run in submitted]
    cron = "--selector=workflows.argoproj.io/cron-workflow=movalytics-daily"
    scheduled = eventually(lambda: place.read_names("workflows", cron), "the CronWorkflow starts a run", 90)
    place.install()
    return over + [place.ended(run) for run in scheduled]


@pytest.fixture(scope="session")
def published(place: Place, first_starts: list[Json]) -> dict[str, str]:
    """The digests that an undisturbed run left."""
    assert first_starts[0]["status"]["phase"] == "Succeeded", place.argo_get(first_starts[0]["metadata"]["name"])
    return place.digests()


@pytest.fixture(scope="session")
def local_digests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digests that `make run` of the same sample leaves."""
    home = tmp_path_factory.mktemp("local")
    movalytics = [sys.executable, "-m", "movalytics_workflows"]
    subprocess.run([*movalytics, "run", f"--home={home}"], cwd=ROOT, check=True, capture_output=True)
    words = [*movalytics, "query", f"--home={home}", f"--sql={EVERY_DIGEST}"]
    answer = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(line.split(",") for line in answer.stdout.splitlines()[1:])
