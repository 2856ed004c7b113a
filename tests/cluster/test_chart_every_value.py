"""Every value by which pods are placed and dressed is seen in the pods of a run that succeeds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from tests.cluster.place import REGISTRY, Json, Place, command, load_as

pytestmark = pytest.mark.timeout(1500)
FILE = Path(__file__).with_name("every_value.yaml")
EVERY: Json = yaml.safe_load(FILE.read_text())
PRIORITY = "movalytics-every-value"
PODS = {"steps": "stage", "spark.driver": "driver", "spark.executors": "executor"}
See: TypeAlias = Callable[[Json], Any]


def leaves(part: Json, path: str = "") -> dict[str, Any]:
    """Each dotted name in a file of values, and what it is."""
    found = {}
    for name, inner in part.items():
        found |= leaves(inner, f"{path}{name}.") if isinstance(inner, dict) else {f"{path}{name}": inner}
    return found


def label(name: str) -> See:
    return lambda pod: pod["metadata"]["labels"][name]


def annotation(name: str) -> See:
    return lambda pod: pod["metadata"]["annotations"][name]


def spec(*names: str) -> See:
    """A field of a pod, or one within it."""

    def seen(pod: Json) -> Any:
        found = pod["spec"]
        for name in names:
            found = found[name]
        return found

    return seen


def container(pod: Json, name: str = "") -> Json:
    """The container of that name, or the one that does the work."""
    every = [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]
    (found,) = [one for one in every if one["name"] in ({name} if name else {"main", *SPARKS})]
    return dict(found)


SPARKS = ("spark-kubernetes-driver", "spark-kubernetes-executor")


def of_container(field: str, name: str = "") -> See:
    return lambda pod: container(pod, name).get(field)


def resource(part: str, quantity: str, name: str = "") -> See:
    return lambda pod: container(pod, name)["resources"][part].get(quantity, "")


def variable(name: str) -> See:
    """A variable of the environment, as text."""
    return lambda pod: {one["name"]: one.get("value") for one in container(pod)["env"]}[name]


def has(field: See, *wanted: Any) -> See:
    """`wanted` when a list holds all of it, as far as it goes."""
    return lambda pod: [one for one in wanted if any(one.items() <= found.items() for found in field(pod))]


def local_directories(pod: Json) -> Any:
    """The volumes that Spark uses as local directories, without their names; it deals them out in any order."""
    names = sorted(variable("SPARK_LOCAL_DIRS")(pod).split(","))
    mounts = {mount["mountPath"]: mount["name"] for mount in container(pod)["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
    used = [volumes[mounts[name]] for name in names]
    return [{key: source for key, source in volume.items() if key != "name"} for volume in used]


def of_pods(section: str, values: Json) -> Iterator[tuple[str, str, See]]:
    """What steps, drivers and executors have alike."""
    pod = PODS[section]
    yield from ((f"{section}.nodeSelector.{name}", pod, spec("nodeSelector", name)) for name in values["nodeSelector"])
    yield f"{section}.tolerations", pod, has(spec("tolerations"), *values["tolerations"])
    for kind in values["affinity"]:
        inner = "preferredDuringSchedulingIgnoredDuringExecution"
        yield f"{section}.affinity.{kind}.{inner}", pod, spec("affinity", kind, inner)
    yield f"{section}.topologySpreadConstraints", pod, spec("topologySpreadConstraints")
    yield f"{section}.priorityClassName", pod, spec("priorityClassName")
    yield from ((f"{section}.podLabels.{name}", pod, label(name)) for name in values["podLabels"])
    yield from ((f"{section}.podAnnotations.{name}", pod, annotation(name)) for name in values["podAnnotations"])
    yield f"{section}.extraEnv", pod, has(of_container("env"), *values["extraEnv"])
    yield f"{section}.extraEnvFrom", pod, has(of_container("envFrom"), *values["extraEnvFrom"])
    yield (
        f"{section}.extraVolumes",
        pod,
        lambda found: [one for one in spec("volumes")(found) if one["name"] == "extra"],
    )
    yield f"{section}.extraVolumeMounts", pod, has(of_container("volumeMounts"), *values["extraVolumeMounts"])


def of_resources(path: str, values: Json, pod: str, name: str = "") -> Iterator[tuple[str, str, See]]:
    for part, quantities in values.items():
        yield from ((f"{path}.{part}.{quantity}", pod, resource(part, quantity, name)) for quantity in quantities)


def of_sizes() -> Iterator[tuple[str, str, See]]:
    """Both applications have the same, and are made in the same way: one is looked at."""
    for who, pod, part in (("driver", "driver", "driver"), ("executors", "executor", "executor")):
        for application in EVERY["applications"]:
            place = f"applications.{application}.{who}"
            seen = "driver" if part == "driver" else "executor"
            yield f"{place}.memoryOverhead", f"{application}.conf", conf(f"spark.{seen}.memoryOverhead")
            yield f"{place}.cpuLimit", pod, resource("limits", "cpu")
            yield f"{place}.ephemeralStorage", pod, resource("limits", "ephemeral-storage")


def conf(name: str) -> See:
    """A setting of Spark, from the properties that its driver is started with."""
    return lambda properties: properties[name]


# Each value, where it was seen, and how one looks there: a pod's spec, its environment, Spark's properties.
TABLE: list[tuple[str, str, See]] = [
    ("commonLabels.team", "executor", label("team")),
    ("s3.region", "stage", variable("AWS_DEFAULT_REGION")),
    ("s3.region", "ratings.conf", conf("spark.hadoop.fs.s3a.endpoint.region")),
    ("images.extract.repository", "extract-movies", lambda pod: image(pod)[0]),
    ("images.extract.tag", "extract-movies", lambda pod: image(pod)[1]),
    *of_sizes(),
    *of_pods("steps", EVERY["steps"]),
    *of_resources("steps.resources", EVERY["steps"]["resources"], "extract-movies"),
    *of_resources("steps.resourcesByStep.stage", EVERY["steps"]["resourcesByStep"]["stage"], "stage"),
    *of_resources("steps.argoexecResources", EVERY["steps"]["argoexecResources"], "stage", "wait"),
    *of_resources("steps.argoexecResources", EVERY["steps"]["argoexecResources"], "stage", "init"),
    *of_resources("steps.argoexecResources", EVERY["steps"]["argoexecResources"], "transform-ratings", "main"),
    *of_pods("spark.driver", EVERY["spark"]["driver"]),
    *of_pods("spark.executors", EVERY["spark"]["executors"]),
    ("spark.driver.localDirectories", "driver", local_directories),
    ("spark.executors.localDirectories", "executor", local_directories),
    *((f"spark.sparkConf.{name}", "ratings.conf", conf(name)) for name in EVERY["spark"]["sparkConf"]),
    *(
        (f"spark.hadoopConf.{name}", "ratings.conf", conf(f"spark.hadoop.{name}"))
        for name in EVERY["spark"]["hadoopConf"]
    ),
    ("spark.decommission.enabled", "ratings.conf", lambda found: conf("spark.decommission.enabled")(found) == "true"),
    ("spark.decommission.graceSeconds", "executor", spec("terminationGracePeriodSeconds")),
    ("spark.batchScheduler.name", "driver", spec("schedulerName")),
    ("spark.batchScheduler.queue", "application", lambda found: found["spec"]["batchSchedulerOptions"]["queue"]),
    (
        "spark.batchScheduler.priorityClassName",
        "application",
        lambda found: found["spec"]["batchSchedulerOptions"]["priorityClassName"],
    ),
    ("serviceAccounts.extract.name", "extract-movies", spec("serviceAccountName")),
    ("serviceAccounts.spark.name", "driver", spec("serviceAccountName")),
    ("serviceAccounts.spark-submit.name", "transform-ratings", spec("serviceAccountName")),
    ("serviceAccounts.warehouse.name", "stage", spec("serviceAccountName")),
    ("serviceAccounts.finish.name", "finish", spec("serviceAccountName")),
    ("deadlines.run", "workflow", lambda found: found["status"]["storedWorkflowTemplateSpec"]["activeDeadlineSeconds"]),
]
# Of what no pod of this run has anything: said by test_chart_pods.py.
ELSEWHERE = {
    "serviceAccounts.extract.create",
    "serviceAccounts.spark.create",
    "serviceAccounts.backfill.name",
    "serviceAccounts.retention.name",
}


def image(pod: Json) -> tuple[str, str]:
    """The repository and the tag below the registry."""
    repository, _, tag = container(pod)["image"].removeprefix(f"{REGISTRY}/").partition(":")
    return repository, tag


def test_every_value_of_the_file_is_looked_for() -> None:
    assert {path for path, _, _ in TABLE} | ELSEWHERE == leaves(EVERY).keys()


@pytest.fixture(scope="module")
def named(place: Place) -> Iterator[Place]:
    """A place with what the values name: accounts, a ConfigMap, a PriorityClass, an image."""
    load_as("extract", "{repository}:{tag}".format(**EVERY["images"]["extract"]))
    for account in ("films-extract", "films-spark"):
        place.kubectl("create", "serviceaccount", account)
    place.kubectl("create", "configmap", "every-value", "--from-literal=FROM_CONFIG_MAP=yes")
    command("kubectl", "delete", "priorityclass", PRIORITY, "--ignore-not-found")
    command("kubectl", "create", "priorityclass", PRIORITY, "--value=7")
    yield place
    command("kubectl", "delete", "priorityclass", PRIORITY)


@pytest.fixture(scope="module")
def wanted(named: Place) -> dict[str, Any]:
    """The values; a node whose kubelet does not reckon with ephemeral storage can be asked for none."""
    nodes = named.read("nodes")["items"]
    reckons = all(node["status"]["allocatable"].get("ephemeral-storage", "0") != "0" for node in nodes)
    return {path: "" if "phemeral" in path and not reckons else value for path, value in leaves(EVERY).items()}


@pytest.fixture(scope="module")
def seen(named: Place, wanted: dict[str, Any], published: dict[str, str]) -> Iterator[dict[str, Json]]:
    """What a run with all these values left that can be looked at, once it has succeeded."""
    named.install(*(f"{path}=" for path, value in wanted.items() if value == ""), values=[FILE])
    try:
        workflow = named.run(force="true")
        assert named.digests() == published
        yield found_after(named, workflow)
    finally:
        named.install()


def found_after(place: Place, workflow: Json) -> dict[str, Json]:
    """The run's pods by step or by role, Spark's properties by application, the SparkApplication, the Workflow."""
    run = workflow["metadata"]["name"]
    pods = place.read("pods", f"--selector=workflows.argoproj.io/workflow={run}")["items"]
    found = {step_or_role(pod): pod for pod in pods}
    maps = {one["metadata"]["name"]: one["data"] for one in place.read("configmaps")["items"]}
    for application in EVERY["applications"]:
        driver = next(pod for pod in pods if pod["metadata"]["name"] == f"{run}-transform-{application}-driver")
        (name,) = [
            one["configMap"]["name"] for one in driver["spec"]["volumes"] if one["name"] == "spark-conf-volume-driver"
        ]
        found[f"{application}.conf"] = properties(maps[name]["spark.properties"])
    return found | {"workflow": workflow, "application": place.applications(run)["transform-ratings"]}


def step_or_role(pod: Json) -> str:
    metadata = pod["metadata"]
    node = metadata["annotations"].get("workflows.argoproj.io/node-name", "")
    if ".onExit" in node:
        return "finish"
    return str(metadata["labels"].get("spark-role") or node.rpartition(".")[2].partition("(")[0])


def properties(text: str) -> dict[str, str]:
    """A Java properties file, as Spark writes it."""
    lines = [line.partition("=") for line in text.splitlines() if not line.startswith("#")]
    return {name: value.replace("\\", "") for name, _, value in lines}


def test_a_run_with_every_value_succeeds_and_each_is_seen_where_it_is_for(
    seen: dict[str, Json], wanted: dict[str, Any]
) -> None:
    missed = []
    for path, where, look in TABLE:
        try:
            found = look(seen[where])
        except (KeyError, IndexError) as error:
            found = error
        if found != wanted[path]:
            missed.append(f"{path} is {found!r} in {where} and should be {wanted[path]!r}")
    assert missed == []
