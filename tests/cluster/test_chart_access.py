"""Who may do what, who may talk to whom, who is alerted, and that nothing secret is rendered."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from movalytics_workflows.chart import VALUES

from tests.cluster.chart import ENVIRONMENTS, NEEDED, NEEDS_HELM, ROOT, environment, leaves, rendered, settings

pytestmark = NEEDS_HELM


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_nothing_secret_is_rendered(name):
    things = rendered(environment(name))
    assert [key for key in things if key[0] == "Secret"] == []
    url = urlsplit(settings(environment(name))["warehouse"])
    assert url.password is None
    assert "password" not in dict(parse_qsl(url.query))


def test_no_value_could_hold_a_secret():
    words = re.compile("password|secret|token|key", re.IGNORECASE)
    names = {path for path, _ in leaves(yaml.compose(VALUES.read_text()))}
    assert {path for path in names if words.search(path)} == {
        "images.pullSecrets",
        "secrets.sources",
        "secrets.warehouse",
        "secrets.lake",
        "secrets.notify",
    }  # names of Secrets


def test_every_service_account_that_the_manifests_name_exists_and_no_other():
    text = "\n".join(path.read_text() for path in (ROOT / "manifests").glob("*.yaml"))
    named = set(re.findall(r"\bserviceAccount(?:Name)?: (\S+)", text))
    things = rendered(*NEEDED)
    assert named == {name for kind, name in things if kind == "ServiceAccount"}


def test_every_account_has_rights_and_every_role_is_given_to_an_account():
    things = rendered(*NEEDED)
    bindings = [thing for (kind, _), thing in things.items() if kind == "RoleBinding"]
    accounts = {subject["name"] for binding in bindings for subject in binding["subjects"]}
    assert accounts == {name for kind, name in things if kind == "ServiceAccount"}
    assert {binding["roleRef"]["name"] for binding in bindings} == {name for kind, name in things if kind == "Role"}
    assert {subject["namespace"] for binding in bindings for subject in binding["subjects"]} == {"cinema"}


def test_no_role_has_a_wildcard_or_reads_secrets_and_none_holds_for_the_whole_cluster():
    things = rendered(*NEEDED)
    rules = [rule for (kind, _), thing in things.items() if kind == "Role" for rule in thing["rules"]]
    words = {word for rule in rules for part in ("apiGroups", "resources", "verbs") for word in rule[part]}
    assert words.isdisjoint({"*", "secrets", "pods/exec", "roles", "rolebindings", "serviceaccounts"})
    assert [kind for kind, _ in things if kind.startswith("Cluster")] == []


def test_an_account_carries_its_annotations_and_the_names_of_pull_secrets():
    role = "arn:aws:iam::123456789012:role/films"
    annotation = f"--set=serviceAccounts.spark.annotations.eks\\.amazonaws\\.com/role-arn={role}"
    things = rendered(*NEEDED, annotation, "--set=images.pullSecrets={registry}")
    account = things["ServiceAccount", "movalytics-spark"]
    assert account["metadata"]["annotations"] == {"eks.amazonaws.com/role-arn": role}
    assert account["imagePullSecrets"] == [{"name": "registry"}]


# The shape of the network policies; whether a network plugin enforces them, a cluster without one cannot tell.
def test_all_traffic_of_the_namespace_is_denied_first():
    policy = rendered(*NEEDED)["NetworkPolicy", "movalytics-default-deny"]["spec"]
    assert policy == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_only_spark_is_talked_to_and_only_by_spark():
    policies = {name: thing["spec"] for (kind, name), thing in rendered(*NEEDED).items() if kind == "NetworkPolicy"}
    spark = {"matchExpressions": [{"key": "spark-role", "operator": "In", "values": ["driver", "executor"]}]}
    assert {name for name, policy in policies.items() if "ingress" in policy} == {"movalytics-spark"}
    assert policies["movalytics-spark"]["ingress"] == [{"from": [{"podSelector": spark}]}]
    assert policies["movalytics-spark"]["egress"] == [{"to": [{"podSelector": spark}]}]


def test_steps_reach_the_warehouse_at_its_port_and_spark_does_not():
    things = rendered(*NEEDED, "--set=warehouse.port=5440,networkPolicy.warehouseCidrs={10.1.0.0/16}")
    policy = things["NetworkPolicy", "movalytics-warehouse"]["spec"]
    assert {"key": "spark-role", "operator": "DoesNotExist"} in policy["podSelector"]["matchExpressions"]
    assert policy["egress"] == [
        {"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}], "ports": [{"port": 5440, "protocol": "TCP"}]}
    ]


def test_more_may_be_allowed_and_all_may_be_left_to_others():
    more = "--set=networkPolicy.extraEgress[0].cidr=10.2.0.9/32,networkPolicy.extraEgress[0].ports={9000}"
    extra = rendered(*NEEDED, more)["NetworkPolicy", "movalytics-extra"]["spec"]["egress"]
    assert [rule["to"] for rule in extra] == [[{"ipBlock": {"cidr": "10.2.0.9/32"}}]]
    assert [port["port"] for rule in extra for port in rule["ports"]] == [9000, 9000]
    assert [kind for kind, _ in rendered(*NEEDED, "--set=networkPolicy.enabled=false") if kind == "NetworkPolicy"] == []


def test_alerts_are_off_until_asked_for():
    assert [kind for kind, _ in rendered(*NEEDED) if kind == "PrometheusRule"] == []
    rule = rendered(environment("prod"))["PrometheusRule", "movalytics"]
    rules = [found for group in rule["spec"]["groups"] for found in group["rules"]]
    alerts = {found["alert"]: found["expr"] for found in rules if "alert" in found}
    assert set(alerts) == {
        "MovalyticsRunFailed",
        "MovalyticsAlarmFailed",
        "MovalyticsNoRunSucceeded",
        "MovalyticsAlarmMissing",
        "MovalyticsUnwatched",
    }
    assert all('namespace="cinema"' in expression for expression in alerts.values())
    assert 'workflow="movalytics-daily"' in alerts["MovalyticsRunFailed"]
    assert "[26h]" in alerts["MovalyticsNoRunSucceeded"]
