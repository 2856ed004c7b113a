"""The history server: there when asked for, reads what the applications write, held to the same standard as they."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from movalytics_workflows import lake
from movalytics_workflows.house import SPARK_APPS

from tests.cluster.chart import NEEDED, NEEDS_HELM, ROOT, as_object, environment, rendered, workflow_templates

pytestmark = NEEDS_HELM
ASKED = [*NEEDED, "--set=historyServer.enabled=true"]
NAME = "movalytics-history"
EVERY = yaml.safe_load((ROOT / "tests/cluster/every_value.yaml").read_text())["steps"]
PLACEMENT = ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "priorityClassName")


def pod(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = rendered(*ASKED, *arguments)["Deployment", NAME]["spec"]["template"]
    return found


def container(*arguments: str) -> dict[str, Any]:
    (found,) = pod(*arguments)["spec"]["containers"]
    return dict(found)


def hadoop(*arguments: str) -> dict[str, str]:
    """Hadoop's settings as the server reads them."""
    text = rendered(*ASKED, *arguments)["ConfigMap", NAME]["data"]["core-site.xml"]
    properties = ET.fromstring(text).iter("property")
    return {one.findtext("name", ""): one.findtext("value", "") for one in properties}


def application(*arguments: str) -> dict[str, Any]:
    """The SparkApplication of transform-ratings."""
    steps = workflow_templates(*arguments)["daily"]["templates"]
    (manifest,) = (step["resource"]["manifest"] for step in steps if step["name"] == "transform-ratings")
    found: dict[str, Any] = as_object(manifest)["spec"]
    return found


def test_it_is_not_there_until_it_is_asked_for():
    before, after = rendered(*NEEDED), rendered(*ASKED)
    kinds = {"ConfigMap", "Deployment", "NetworkPolicy", "Service", "ServiceAccount"}
    assert after.keys() - before.keys() == {(kind, NAME) for kind in kinds}
    assert {key: thing for key, thing in after.items() if key in before} == before


def test_it_reads_the_directory_in_which_all_applications_write_their_event_logs():
    conf = rendered(*ASKED)["ConfigMap", NAME]["data"]["history.conf"]
    directory = application(*NEEDED)["sparkConf"]["spark.eventLog.dir"]
    assert directory == lake.event_logs()
    read = directory.replace("{{workflow.parameters.lake}}", "s3://movalytics/lake")
    assert f"spark.history.fs.logDirectory {read}\n" in conf
    (first,) = pod()["spec"]["initContainers"]
    assert first["args"][-3:] == ["-mkdir", "-p", read]


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_it_reads_the_lake_as_the_applications_do(name):
    spec = application(environment(name))
    own = yaml.safe_load((SPARK_APPS / "application.yaml").read_text())["spec"]
    theirs = spec["hadoopConf"] | {"fs.s3.impl": own["sparkConf"]["spark.hadoop.fs.s3.impl"]}
    values = yaml.safe_load((ROOT / f"helm/values-{name}.yaml").read_text())["s3"]
    filled = {"s3-endpoint": values.get("endpoint", ""), "s3-path-style": str(values.get("pathStyle", False)).lower()}
    for setting, text in filled.items():
        theirs = {key: one.replace(f"{{{{workflow.parameters.{setting}}}}}", text) for key, one in theirs.items()}
    read = {key: text for key, text in theirs.items() if text and "committer" not in key}
    assert hadoop(environment(name)) == read | {"fs.s3a.performance.flags": "mkdir"}


def test_settings_of_hadoop_come_on_top_and_may_hold_any_character():
    given = {"fs.s3a.endpoint": "http://s3?a&b<c>", "fs.s3a.connection.maximum": "77"}
    assert hadoop(f"--set-json=spark.hadoopConf={json.dumps(given)}").items() >= given.items()


def test_its_pod_satisfies_the_restricted_standard_and_has_no_token_of_kubernetes():
    spec = pod()["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for one in spec["initContainers"] + spec["containers"]:
        assert one["securityContext"]["allowPrivilegeEscalation"] is False
        assert one["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert spec["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] == NAME
    bindings = [thing for (kind, _), thing in rendered(*ASKED).items() if kind == "RoleBinding"]
    assert NAME not in {subject["name"] for binding in bindings for subject in binding["subjects"]}


def test_its_service_and_its_policy_find_its_pod():
    things, labels = rendered(*ASKED), pod("--set=historyServer.podLabels.team=films")["metadata"]["labels"]
    assert labels["team"] == "films"
    deployment, service = (things[kind, NAME]["spec"]["selector"] for kind in ("Deployment", "Service"))
    policy = things["NetworkPolicy", NAME]["spec"]["podSelector"]
    assert deployment["matchLabels"] == service == policy["matchLabels"]
    assert service.items() <= labels.items()
    (port,) = container()["ports"]
    assert things["Service", NAME]["spec"]["ports"][0]["targetPort"] == port["name"]
    assert f"spark.history.ui.port {port['containerPort']}\n" in things["ConfigMap", NAME]["data"]["history.conf"]


def test_it_is_asked_whether_it_starts_is_ready_and_lives():
    probes = [container()[probe]["httpGet"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert probes == [{"path": "/api/v1/version", "port": "http"}] * 3


def test_it_is_placed_and_dressed_as_others_are(tmp_path):
    names = (*PLACEMENT, "podLabels", "podAnnotations", "extraEnv", "extraEnvFrom", "extraVolumes", "extraVolumeMounts")
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump({"historyServer": {name: EVERY[name] for name in names}}))
    found, one = pod(f"--values={values}"), container(f"--values={values}")
    assert {name: found["spec"][name] for name in PLACEMENT} == {name: EVERY[name] for name in PLACEMENT}
    assert found["metadata"]["labels"].items() >= EVERY["podLabels"].items()
    assert found["metadata"]["annotations"].items() >= EVERY["podAnnotations"].items()
    assert one["env"][-len(EVERY["extraEnv"]) :] == EVERY["extraEnv"]
    assert one["envFrom"][1:] == EVERY["extraEnvFrom"]
    assert found["spec"]["volumes"][-len(EVERY["extraVolumes"]) :] == EVERY["extraVolumes"]
    assert one["volumeMounts"][-len(EVERY["extraVolumeMounts"]) :] == EVERY["extraVolumeMounts"]


def test_it_has_the_image_of_spark_and_the_memory_that_it_is_given():
    given = ["--set=images.tag=dev,historyServer.memory=3g,historyServer.resources.limits.memory=4Gi"]
    one = container(*given)
    assert one["image"] == "movalytics/spark:dev"
    assert {"name": "SPARK_DAEMON_MEMORY", "value": "3g"} in one["env"]
    assert one["resources"] == {"requests": {"cpu": "100m", "memory": "1536Mi"}, "limits": {"memory": "4Gi"}}


def test_other_settings_start_it_anew():
    name = "movalytics/settings"
    before, same = pod(), pod("--set=historyServer.memory=3g")
    other = pod("--set=s3.endpoint=http://s3:9000")
    assert before["metadata"]["annotations"] == same["metadata"]["annotations"]
    assert before["metadata"]["annotations"][name] != other["metadata"]["annotations"][name]


def test_nobody_but_those_it_is_told_reaches_it_and_it_reaches_the_lake_alone():
    policy = rendered(*ASKED, "--set=networkPolicy.httpsCidrs={10.1.0.0/16}")["NetworkPolicy", NAME]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in policy
    dns, https = policy["egress"]
    assert dns == rendered(*ASKED)["NetworkPolicy", "movalytics-dns"]["spec"]["egress"][0]
    assert https == {"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}], "ports": [{"port": 443, "protocol": "TCP"}]}
    peers = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}]
    told = rendered(*ASKED, f"--set-json=historyServer.ingressFrom={json.dumps(peers)}")["NetworkPolicy", NAME]["spec"]
    assert told["ingress"] == [{"from": peers, "ports": [{"port": 18080, "protocol": "TCP"}]}]


def test_it_reaches_what_all_pods_of_a_run_may_reach_besides():
    more = "--set=networkPolicy.extraEgress[0].cidr=169.254.170.23/32,networkPolicy.extraEgress[0].ports={80}"
    things = rendered(*ASKED, more)
    extra = things["NetworkPolicy", "movalytics-extra"]["spec"]["egress"]
    assert things["NetworkPolicy", NAME]["spec"]["egress"][2:] == extra


def test_its_account_may_be_there_already_with_a_role_of_its_own():
    role = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/movalytics-history"}
    account = rendered(environment("prod"), "--set=historyServer.enabled=true")["ServiceAccount", NAME]
    assert account["metadata"]["annotations"] == role
    given = ["--set=serviceAccounts.history.create=false,serviceAccounts.history.name=films-history"]
    assert ("ServiceAccount", "films-history") not in rendered(*ASKED, *given)
    assert pod(*given)["spec"]["serviceAccountName"] == "films-history"
