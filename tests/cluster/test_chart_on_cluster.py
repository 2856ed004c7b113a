"""A real API server takes the chart in a restricted namespace, and each account may do what is written here only."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).parents[2]
CHART = ROOT / "helm" / "movalytics"
NAMESPACE = f"movalytics-chart-test-{uuid4().hex[:8]}"  # the last one may still be on its way out
ENVIRONMENTS = ["dev", "prod"]
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
        "events": "get list",
        "pods": "get list",
        "pods/log": "get",
        "workflows.argoproj.io": "get list patch",
    },
}


def run(*command: str, text: str | None = None) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def template(environment: str) -> str:
    """The chart without what needs CRDs that a cluster may lack."""
    values = f"--values={ROOT / 'helm' / f'values-{environment}.yaml'}"
    switches = "--set=alerts.enabled=false,networkPolicy.enabled=true"
    return run("helm", "template", "movalytics", str(CHART), f"--namespace={NAMESPACE}", values, switches)


@pytest.fixture(scope="module")
def namespace(cluster: None) -> Iterator[str]:
    made = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {NAMESPACE}\n"
    run("kubectl", "apply", "--filename=-", text=made)
    try:
        run("kubectl", "label", "namespace", NAMESPACE, "--overwrite", "pod-security.kubernetes.io/enforce=restricted")
        yield NAMESPACE
    finally:
        run("kubectl", "delete", "namespace", NAMESPACE, "--wait=false")


@pytest.fixture(scope="module")
def installed(namespace: str) -> str:
    values = f"--values={ROOT / 'helm' / 'values-dev.yaml'}"
    run("helm", "upgrade", "--install", "movalytics", str(CHART), f"--namespace={namespace}", values)
    return namespace


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_api_server_takes_everything(namespace, environment):
    said = run(
        "kubectl", "apply", "--dry-run=server", f"--namespace={namespace}", "--filename=-", text=template(environment)
    )
    assert "workflowtemplate.argoproj.io/movalytics-daily created (server dry run)" in said
    assert "networkpolicy.networking.k8s.io/movalytics-default-deny created (server dry run)" in said


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_argo_finds_nothing_to_lint(cluster, environment, tmp_path):
    path = tmp_path / "rendered.yaml"
    path.write_text(template(environment))
    assert "no linting errors found" in run("argo", "lint", "--offline", "--strict", str(path))


@pytest.mark.parametrize("account", RIGHTS)
def test_an_account_may_do_what_is_written_here_and_no_more(installed, account):
    who = f"--as=system:serviceaccount:{installed}:{account}"
    table = run("kubectl", "auth", "can-i", "--list", who, f"--namespace={installed}")
    row = re.compile(r"^(\S+) +\[] +\[] +\[(.*)]$", re.MULTILINE)
    found: dict[str, set[str]] = {}
    for resource, verbs in row.findall(table):
        found.setdefault(resource, set()).update(verbs.split())
    assert found == {resource: set(verbs.split()) for resource, verbs in (ITSELF | RIGHTS[account]).items()}


def test_every_account_of_the_namespace_is_in_the_list(installed):
    names = run("kubectl", "get", "serviceaccounts", f"--namespace={installed}", "--output=name").split()
    assert {name.removeprefix("serviceaccount/") for name in names} == set(RIGHTS)
