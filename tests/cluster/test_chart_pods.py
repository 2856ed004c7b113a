"""Where each value lands by which pods are placed and dressed: in all WorkflowTemplates, in both SparkApplications."""

import json
from typing import Any

import pytest
import yaml
from movalytics_workflows.chart import values

from tests.cluster.chart import NEEDED, NEEDS_HELM, ROOT, as_object, rendered, settings, workflow_templates

pytestmark = NEEDS_HELM
EVERY = yaml.safe_load((ROOT / "tests/cluster/every_value.yaml").read_text())
DRESSED = [*NEEDED, f"--values={ROOT / 'tests/cluster/every_value.yaml'}"]
DIGEST = "sha256:" + "0123456789abcdef" * 4
STEPS = EVERY["steps"]
POD_TEMPLATE = ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "priorityClassName")


def steps(kind: str, *arguments: str) -> dict[str, dict[str, Any]]:
    """The templates of this kind, `container` or `resource`, of all WorkflowTemplates by their names."""
    specs = workflow_templates(*arguments).values()
    return {step["name"]: step for spec in specs for step in spec["templates"] if kind in step}


def applied(step: str, *arguments: str) -> dict[str, Any]:
    """The object that a step applies, with Argo's names in it as texts."""
    return as_object(steps("resource", *arguments)[step]["resource"]["manifest"])


def applications(*arguments: str) -> dict[str, dict[str, Any]]:
    """The spec of each SparkApplication."""
    return {name: applied(f"transform-{name}", *arguments)["spec"] for name in values()["applications"]}


def named(path: str, part: dict[str, Any]) -> dict[str, Any]:
    """Each dotted name and what it is, down to lists and empty maps."""
    found = {}
    for name, inner in part.items():
        where = f"{path}{name}"
        found |= named(f"{where}.", inner) if isinstance(inner, dict) and inner else {where: inner}
    return found


def test_the_file_of_every_value_sets_each_and_none_to_what_it_is_anyway():
    for section in ("steps", "spark"):
        defaults, given = named("", values()[section]), named("", EVERY[section])
        assert [name for name in defaults if not any(f"{one}.".startswith(f"{name}.") for one in given)] == []
        assert [name for name in given if defaults.get(name) == given[name]] == []


def test_without_values_argo_and_spark_place_and_dress_pods_themselves():
    for spec in workflow_templates(*NEEDED).values():
        assert spec.keys().isdisjoint({"nodeSelector", "tolerations", "affinity", "podMetadata", "podSpecPatch"})
    assert [step for step in steps("container", *NEEDED).values() if "podSpecPatch" in step] == []
    for spec in applications(*NEEDED).values():
        assert "batchScheduler" not in spec
        for part in (spec["driver"], spec["executor"]):
            assert part.keys().isdisjoint({"template", "memoryOverhead", "coreLimit"})
        assert "fs.s3a.endpoint.region" not in spec["hadoopConf"]


def test_every_step_is_placed_and_labelled():
    for spec in workflow_templates(*DRESSED).values():
        assert spec["nodeSelector"] == STEPS["nodeSelector"]
        assert spec["tolerations"] == STEPS["tolerations"]
        assert spec["affinity"] == STEPS["affinity"]
        assert spec["podPriorityClassName"] == STEPS["priorityClassName"]
        assert json.loads(spec["podSpecPatch"]) == {"topologySpreadConstraints": STEPS["topologySpreadConstraints"]}
        assert spec["podMetadata"] == {
            "labels": EVERY["commonLabels"] | STEPS["podLabels"],
            "annotations": STEPS["podAnnotations"],
        }


def test_every_container_of_ours_has_more_environment_and_volumes_beside_its_own():
    before = steps("container", *NEEDED)
    region = [{"name": "AWS_DEFAULT_REGION", "value": EVERY["s3"]["region"]}]
    for name, step in steps("container", *DRESSED).items():
        container, own = step["container"], before[name]["container"]
        assert container["env"] == own["env"] + region + STEPS["extraEnv"]
        assert container["envFrom"] == own["envFrom"] + STEPS["extraEnvFrom"]
        assert container["volumeMounts"] == own["volumeMounts"] + STEPS["extraVolumeMounts"]
        assert step["volumes"] == before[name]["volumes"] + STEPS["extraVolumes"]


def test_a_step_has_the_resources_of_all_but_for_what_is_said_of_it_alone():
    found = {name: step["container"]["resources"] for name, step in steps("container", *DRESSED).items()}
    assert found.pop("stage") == {
        "requests": STEPS["resources"]["requests"] | {"cpu": "60m"},
        "limits": {"memory": "950Mi", "ephemeral-storage": "1Gi"},
    }
    assert {name for name, resources in found.items() if resources != STEPS["resources"]} == set()


@pytest.mark.parametrize(("kind", "beside"), [("container", "wait"), ("resource", "main")])
def test_what_argo_adds_to_a_step_has_resources_too(kind, beside):
    resources = STEPS["argoexecResources"]
    for step in steps(kind, *DRESSED).values():
        assert json.loads(step["podSpecPatch"]) == {
            "initContainers": [{"name": "init", "resources": resources}],
            "containers": [{"name": beside, "resources": resources}],
        }


@pytest.mark.parametrize("part", ["driver", "executors"])
def test_drivers_and_executors_are_placed_and_dressed_apart(part):
    given = EVERY["spark"][part]
    for name, spec in applications(*DRESSED).items():
        pod, sizes = spec[part.removesuffix("s")], EVERY["applications"][name][part]
        template = pod["template"]
        assert template["metadata"] == {
            "labels": EVERY["commonLabels"] | given["podLabels"],
            "annotations": given["podAnnotations"],
        }
        assert {key: template["spec"][key] for key in POD_TEMPLATE} == {key: given[key] for key in POD_TEMPLATE}
        (container,) = template["spec"]["containers"]
        assert container["name"] == f"spark-kubernetes-{part.removesuffix('s')}"
        assert (container["env"], container["envFrom"]) == (given["extraEnv"], given["extraEnvFrom"])
        storage = {"ephemeral-storage": sizes["ephemeralStorage"]}
        assert container["resources"] == {"requests": storage, "limits": storage}
        assert (pod["memoryOverhead"], pod["coreLimit"]) == (sizes["memoryOverhead"], sizes["cpuLimit"])


@pytest.mark.parametrize("part", ["driver", "executors"])
def test_local_directories_are_volumes_whose_names_spark_knows(part):
    given = EVERY["spark"][part]
    directories = {f"spark-local-dir-{number}": one for number, one in enumerate(given["localDirectories"], start=1)}
    for spec in applications(*DRESSED).values():
        template = spec[part.removesuffix("s")]["template"]["spec"]
        volumes = [{"name": name, **source} for name, source in directories.items()]
        assert template["volumes"] == given["extraVolumes"] + volumes
        mounts = [{"name": name, "mountPath": f"/var/data/{name}"} for name in directories]
        assert template["containers"][0]["volumeMounts"] == given["extraVolumeMounts"] + mounts


def test_a_claim_for_each_executor_can_hold_its_local_directory():
    claim = {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "50Gi"}}}}
    source = {"ephemeral": {"volumeClaimTemplate": claim}}
    for spec in applications(*NEEDED, f"--set-json=spark.executors.localDirectories={json.dumps([source])}").values():
        assert spec["executor"]["template"]["spec"]["volumes"] == [{"name": "spark-local-dir-1"} | source]
        assert "template" not in spec["driver"]


def test_settings_of_spark_and_hadoop_come_on_top_of_ours():
    before = applications(*NEEDED)
    for name, spec in applications(*DRESSED).items():
        conf = spec["sparkConf"]
        assert EVERY["spark"]["sparkConf"].items() <= conf.items()
        assert before[name]["sparkConf"].keys() <= conf.keys()
        assert spec["hadoopConf"] == before[name]["hadoopConf"] | EVERY["spark"]["hadoopConf"] | {
            "fs.s3a.endpoint.region": EVERY["s3"]["region"]
        }


def test_an_executor_that_is_told_to_go_has_time_to_hand_over_what_it_holds():
    for spec in applications(*DRESSED).values():
        assert (
            spec["sparkConf"].items()
            >= {
                "spark.decommission.enabled": "true",
                "spark.storage.decommission.enabled": "true",
                "spark.storage.decommission.shuffleBlocks.enabled": "true",
                "spark.executor.decommission.forceKillTimeout": "45s",
                "spark.kubernetes.executor.terminationGracePeriodSeconds": "45s",
            }.items()
        )
    assert [key for spec in applications(*NEEDED).values() for key in spec["sparkConf"] if "decommission" in key] == []


def test_a_batch_scheduler_places_the_pods_of_an_application_together():
    for spec in applications(*DRESSED).values():
        assert spec["batchScheduler"] == EVERY["spark"]["batchScheduler"]["name"]
        assert spec["batchSchedulerOptions"] == {
            name: text for name, text in EVERY["spark"]["batchScheduler"].items() if name != "name"
        }


def test_counts_stay_plain_in_the_text_that_argo_reads():
    for step in ("transform-catalogue", "transform-ratings"):
        text = steps("resource", *DRESSED)[step]["resource"]["manifest"]
        name = step.removeprefix("transform-")
        assert f"\n    maxExecutors: {{{{workflow.parameters.{name}-executors-max}}}}\n" in text
        assert f"\n    cores: {{{{workflow.parameters.{name}-executor-cores}}}}\n" in text


def test_common_labels_are_on_all_that_the_chart_and_its_runs_make():
    things = rendered(
        *DRESSED,
        "--set=alerts.enabled=true,dashboard.enabled=true,sparkMetrics.enabled=true,sparkMetrics.podMonitor.enabled=true",
        "--set=images.pullSecrets={registry}",
    )
    assert {key for key, thing in things.items() if thing["metadata"].get("labels", {}).get("team") != "films"} == set()
    for spec in workflow_templates(*DRESSED).values():
        assert spec["workflowMetadata"]["labels"] == EVERY["commonLabels"]
    for step in steps("resource", *DRESSED):
        assert applied(step, *DRESSED)["metadata"]["labels"].items() >= EVERY["commonLabels"].items()


def test_labels_by_which_others_know_us_come_before_common_ones():
    labels = "--set=commonLabels.app\\.kubernetes\\.io/name=films"
    assert rendered(*NEEDED, labels)["Role", "movalytics-step"]["metadata"]["labels"]["app.kubernetes.io/name"] == (
        "movalytics"
    )


@pytest.mark.parametrize(
    ("values", "image"),
    [
        ("images.tag=7", "movalytics/extract:7"),
        ("images.registry=example.org/films,images.tag=7", "example.org/films/extract:7"),
        ("images.tag=7,images.extract.tag=8", "movalytics/extract:8"),
        ("images.extract.repository=movalytics-extract,images.tag=7", "movalytics/movalytics-extract:7"),
        (f"images.tag=7,images.extract.tag=8,images.extract.digest={DIGEST}", f"movalytics/extract@{DIGEST}"),
    ],
)
def test_an_image_has_a_name_and_a_tag_or_a_digest_of_its_own(values, image):
    found = settings(*NEEDED, f"--set-string={values}")
    assert found["extract-image"] == image
    assert found["spark-image"].rpartition("/")[2].partition(":")[0] == "spark"
    named = {step["container"]["image"] for step in steps("container", *NEEDED).values()}
    assert named == {f"{{{{workflow.parameters.{name}-image}}}}" for name in ("extract", "warehouse", "operations")}


def test_accounts_that_are_there_already_work_and_are_given_the_rights():
    things = rendered(*DRESSED)
    accounts = {name for kind, name in things if kind == "ServiceAccount"}
    given = EVERY["serviceAccounts"]
    assert accounts == {one["name"] for one in given.values() if one.get("create", True)}
    bindings = [thing for (kind, _), thing in things.items() if kind == "RoleBinding"]
    bound = {subject["name"] for binding in bindings for subject in binding["subjects"]}
    assert bound == {one["name"] for one in given.values()}
    found = {
        step["serviceAccountName"] for kind in ("container", "resource") for step in steps(kind, *DRESSED).values()
    }
    spark = {
        spec[part]["serviceAccount"] for spec in applications(*DRESSED).values() for part in ("driver", "executor")
    }
    assert spark == {given["spark"]["name"]}
    assert found | spark == bound


def test_an_umbrella_chart_may_give_global_values():
    rendered(*NEEDED, "--set=global.imageRegistry=example.org")
