"""A real API server takes the chart in a restricted namespace, and each account may do what is written here only."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.cluster import chart
from tests.cluster.place import command

NAMESPACE = f"movalytics-chart-test-{uuid4().hex[:8]}"  # the last one may still be on its way out
# Kubernetes lets every account ask about itself.
ITSELF = {
    "selfsubjectaccessreviews.authorization.k8s.io": "create",
    "selfsubjectreviews.authentication.k8s.io": "create",
    "selfsubjectrulesreviews.authorization.k8s.io": "create",
}
STEP = {"workflowtaskresults.argoproj.io": "create patch"}
RIGHTS = {
    "default": {},
    "movalytics-extract": STEP,
    "movalytics-warehouse": STEP,
    "movalytics-retention": STEP,
    "movalytics-backfill": STEP | {"workflows.argoproj.io": "create get patch"},
    "movalytics-spark-submit": STEP | {"sparkapplications.sparkoperator.k8s.io": "create get patch"},
    "movalytics-spark": {
        "pods": "create delete deletecollection get list watch",
        "configmaps": "create deletecollection",
        "services": "deletecollection",
        "persistentvolumeclaims": "deletecollection list",
    },
    "movalytics-finish": STEP
    | {
        "sparkapplications.sparkoperator.k8s.io": "delete get list",
        "events": "list",
        "pods": "get list",
        "pods/log": "get",
        "workflows.argoproj.io": "get patch",
    },
}


def template(environment: str) -> str:
    """The chart without what needs CRDs that a cluster may lack."""
    switches = "--set=alerts.enabled=false,sparkMetrics.podMonitor.enabled=false,networkPolicy.enabled=true"
    words = ("movalytics", str(chart.CHART), f"--namespace={NAMESPACE}")
    return chart.helm("template", *words, chart.environment(environment), switches).stdout


@pytest.fixture(scope="module")
def namespace(cluster: None) -> Iterator[str]:
    made = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {NAMESPACE}\n"
    command("kubectl", "apply", "--filename=-", text=made)
    try:
        command(
            "kubectl", "label", "namespace", NAMESPACE, "--overwrite", "pod-security.kubernetes.io/enforce=restricted"
        )
        yield NAMESPACE
    finally:
        command("kubectl", "delete", "namespace", NAMESPACE, "--wait=false")


@pytest.fixture(scope="module")
def installed(namespace: str) -> str:
    words = ("helm", "upgrade", "--install", "movalytics", str(chart.CHART), f"--namespace={namespace}")
    command(*words, chart.environment("dev"))
    return namespace


@pytest.mark.parametrize("environment", chart.ENVIRONMENTS)
def test_the_api_server_takes_everything(namespace, environment):
    said = command(
        "kubectl", "apply", "--dry-run=server", f"--namespace={namespace}", "--filename=-", text=template(environment)
    )
    assert "workflowtemplate.argoproj.io/movalytics-daily created (server dry run)" in said
    assert "networkpolicy.networking.k8s.io/movalytics-default-deny created (server dry run)" in said


@pytest.mark.parametrize("environment", chart.ENVIRONMENTS)
def test_argo_finds_nothing_to_lint(cluster, environment, tmp_path):
    path = tmp_path / "rendered.yaml"
    path.write_text(template(environment))
    assert "no linting errors found" in command("argo", "lint", "--offline", "--strict", str(path))


@pytest.mark.parametrize("account", RIGHTS)
def test_an_account_may_do_what_is_written_here_and_no_more(installed, account):
    who = f"--as=system:serviceaccount:{installed}:{account}"
    table = command("kubectl", "auth", "can-i", "--list", who, f"--namespace={installed}")
    row = re.compile(r"^(\S+) +\[] +\[] +\[(.*)]$", re.MULTILINE)
    found: dict[str, set[str]] = {}
    for resource, verbs in row.findall(table):
        found.setdefault(resource, set()).update(verbs.split())
    assert found == {resource: set(verbs.split()) for resource, verbs in (ITSELF | RIGHTS[account]).items()}


def test_every_account_of_the_namespace_is_in_the_list(installed):
    names = command("kubectl", "get", "serviceaccounts", f"--namespace={installed}", "--output=name").split()
    assert {name.removeprefix("serviceaccount/") for name in names} == set(RIGHTS)
