"""Faults that only a cluster has: after each the run succeeded, or failed with its reason; no table is another's.

The run after one that failed is the next fault's: when it succeeds, nothing of the failure was in its way. A run takes
minutes here, and one between two faults would say no more.
"""

import os
import re
import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tests.cluster.place import Place, command, eventually, moment, pod_nodes

pytestmark = [pytest.mark.timeout(1500), pytest.mark.slow]
AWAY_SECONDS = {"NODE": 60, "API": 30}
# All that is not DNS.
NO_DNS = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-dns}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ports: [{protocol: TCP, port: 1, endPort: 52}, {protocol: TCP, port: 54, endPort: 65535}]}]
"""
LIMITS = """
apiVersion: v1
kind: LimitRange
metadata: {name: small}
spec: {limits: [{type: Container, max: {memory: 1200Mi}, default: {memory: 256Mi}, defaultRequest: {memory: 64Mi}}]}
"""


def nothing(*_: object) -> None:
    """Strikes nobody."""


@dataclass(frozen=True)
class Fault:
    """One fault. `before` a run is submitted, or `during` it (its name is given); `after` makes the place whole again.

    values: of the chart, meanwhile; says: the reason of a run that fails, a pattern; none: it succeeds.
    """

    what: str
    before: Callable[[Place], object] = nothing
    during: Callable[[Place, str], object] = nothing
    after: Callable[[Place], object] = nothing
    values: list[str] = field(default_factory=list)
    says: str = ""


def pause(what: str) -> None:
    """Stop the node's kubelet, or the API server, for a while, by commands that the environment has."""
    stop, go = (os.environ.get(f"{word}_{what}") for word in ("PAUSE", "RESUME"))
    if not stop or not go:
        pytest.skip(f"PAUSE_{what} and RESUME_{what} say by which commands it is stopped and goes on")
    subprocess.run(shlex.split(stop), check=True)
    try:
        time.sleep(AWAY_SECONDS[what])
    finally:
        subprocess.run(shlex.split(go), check=True)


def node_is_not_ready(place: Place, run: str) -> None:
    place.at_work(run, "transform-ratings")
    pause("NODE")


def api_server_is_away(place: Place, run: str) -> None:
    place.at_work(run, "transform-ratings")
    pause("API")


def dns_is_away(place: Place, run: str) -> None:
    eventually(lambda: pod_nodes(place.workflow(run), "extract-movies"), f"{run} extracts")
    place.kubectl("apply", "--filename=-", text=NO_DNS)
    time.sleep(60)
    place.kubectl("delete", "networkpolicy", "no-dns")


def webhook_is_deleted(place: Place) -> None:
    labels = "app.kubernetes.io/name=spark-operator,app.kubernetes.io/component=webhook"
    command("kubectl", "delete", "pods", "--all-namespaces", f"--selector={labels}", "--grace-period=0", "--force")


def quota_of_one_pod(place: Place) -> None:
    running = place.read_names("pods", "--field-selector=status.phase=Running")
    place.kubectl("create", "quota", "one", f"--hard=pods={len(running) + 1}")


def empty_the_bucket(place: Place, run: str) -> None:
    eventually(lambda: place.applications(run), f"{run} has applications")
    with place.bucket() as bucket:
        bucket.objects.filter(Prefix="lake/").delete()


def delete_the_workflow(place: Place, run: str) -> None:
    place.at_work(run, "transform-ratings")
    place.kubectl("delete", "workflow", run)
    eventually(lambda: not place.applications(run), f"nothing of {run} is left")
    eventually(lambda: not [one for one in place.read_names("pods") if one.startswith(run)], f"no pod of {run} is left")


# Half of a run on two cores are Java's beginnings: one process fewer, and none that is optimised.
QUICK = [
    "applications.ratings.executors.max=1",
    *[
        rf"spark.sparkConf.spark\.{process}\.extraJavaOptions=-XX:TieredStopAtLevel=1"
        for process in ("driver", "executor")
    ],
]
# As long as a transform may wait that no driver is given.
IMPATIENT = [f"deadlines.transform-{name}=40" for name in ("catalogue", "ratings")]
# What fails stands before what succeeds.
FAULTS = [
    Fault(
        "there is room for one pod",
        before=quota_of_one_pod,
        after=lambda place: place.kubectl("delete", "quota", "one"),
        values=IMPATIENT,
        says="exceeded quota",
    ),
    Fault(
        "a LimitRange allows less than a driver needs",
        before=lambda place: place.kubectl("apply", "--filename=-", text=LIMITS),
        after=lambda place: place.kubectl("delete", "limitrange", "small"),
        values=IMPATIENT,
        says="maximum memory usage per Container is 1200Mi",
    ),
    Fault("the node is not ready for a minute", during=node_is_not_ready),
    Fault(
        "a driver takes more memory than its container may",
        values=["applications.ratings.driver.memory=512m", "applications.ratings.driver.memoryOverhead=16m"],
        says="OOMKilled",
    ),
    Fault("the API server is away for half a minute", during=api_server_is_away),
    Fault(
        "executors take more memory than their containers may",
        values=["applications.ratings.executors.memory=512m", "applications.ratings.executors.memoryOverhead=16m"],
        says="executors were killed .*OOMKilled",
    ),
    Fault("DNS is away for a minute", during=dns_is_away),
    Fault("the bucket is emptied", during=empty_the_bucket, says="is not there"),
    Fault("the operator's webhook is deleted just before", before=webhook_is_deleted),
]


def test_a_workflow_that_is_deleted_in_its_middle_leaves_nothing_at_work(
    place: Place, published: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    record_property("fault", "on a cluster: the workflow is deleted in its middle")
    record_property("outcome", "nothing of it is left")
    run = place.submit(force="true")
    delete_the_workflow(place, run)
    assert place.digests() == published


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_loses_doubles_and_half_publishes_nothing(
    place: Place, published: dict[str, str], fault: Fault, record_property: Callable[[str, object], None]
) -> None:
    place.install(*QUICK, *fault.values)
    fault.before(place)
    try:
        run = place.submit(force="true")
        fault.during(place, run)
        over = place.ended(run, 900)
    finally:
        fault.after(place)
        place.install()
    said = place.argo_get(run)
    (message,) = [line for line in said.splitlines() if line.startswith("Message:")] or [""]
    record_property("fault", f"on a cluster: {fault.what}")
    record_property("outcome", message or over["status"]["phase"])
    # Error is Argo's word for a step whose pod never began.
    failed = {"Failed", "Error"} if fault.values is IMPATIENT else {"Failed"}
    assert over["status"]["phase"] in (failed if fault.says else {"Succeeded"}), said
    assert re.search(fault.says, message), said
    assert place.digests() == published
    record_property("digests", "an undisturbed run's")


def test_a_controller_that_is_away_over_the_schedule_makes_up_for_the_start_when_it_is_back(
    place: Place, published: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    record_property("fault", "on a cluster: the controller is away over the schedule")
    scale, since = ("kubectl", "--namespace=argo", "scale", "deployment/workflow-controller"), datetime.now(UTC)
    place.install("suspend=false", "schedules.daily=* * * * *")
    try:
        # Argo makes up for no start of a schedule by which nothing has started yet.
        last = max(eventually(lambda: starts(place, since), "the schedule starts a run", 240))
        command(*scale, "--replicas=0")
        missed = last + timedelta(minutes=1)
        time.sleep((missed - datetime.now(UTC)).total_seconds() + 10)
        assert missed not in starts(place, missed), "a run started while the controller was to be away"
        command(*scale, "--replicas=1")
        made_up_for = eventually(lambda: starts(place, missed).get(missed), "the missed start is made up for", 90)
    finally:
        command(*scale, "--replicas=1")
        place.install()
    over = place.ended(made_up_for)
    record_property("outcome", over["status"]["phase"])
    assert over["status"]["phase"] == "Succeeded"
    assert place.digests() == published


def starts(place: Place, since: datetime) -> dict[datetime, str]:
    """When runs were to start by the schedule, from this moment on, and the runs that did."""
    found = place.read("workflows", "--selector=workflows.argoproj.io/cron-workflow=movalytics-daily")["items"]
    times = {
        moment(one["metadata"]["annotations"]["workflows.argoproj.io/scheduled-time"]): one["metadata"]["name"]
        for one in found
    }
    return {at: name for at, name in times.items() if at >= since}
