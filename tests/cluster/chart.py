"""The chart as `helm template` makes it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

NEEDS_HELM = pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on PATH: these tests need Helm 3")
ROOT = Path(__file__).parents[2]
CHART = ROOT / "helm" / "movalytics"
MANIFESTS = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "manifests").glob("*.yaml"))]
ENVIRONMENTS = ["dev", "prod"]
NEEDED = ["--set=lake=s3://movalytics/lake", "--set=warehouse.host=redshift.example.org"]


def helm(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without a cluster Helm takes the Kubernetes that it was built with for it, which may be an old one."""
    version = ["--kube-version=1.33"] if command in {"lint", "template"} else []
    return subprocess.run(["helm", command, *version, *arguments], capture_output=True, text=True, check=False)


def environment(name: str) -> str:
    return f"--values={ROOT / 'helm' / f'values-{name}.yaml'}"


def rendered(*arguments: str, chart: Path = CHART) -> dict[tuple[str, str], Any]:
    """Everything the chart makes, by kind and name."""
    things = [thing for thing in yaml.load_all(_template(chart, *arguments), Loader=yaml.CSafeLoader) if thing]
    found = {(thing["kind"], thing["metadata"]["name"]): thing for thing in things}
    assert len(found) == len(things), "two things have one name"
    return found


@cache
def _template(chart: Path, *arguments: str) -> str:
    done = helm("template", "movalytics", str(chart), "--namespace=cinema", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def workflow_templates(*arguments: str) -> dict[str, dict[str, Any]]:
    """The spec of each WorkflowTemplate, by its name without `movalytics-`."""
    found = {name: thing for (kind, name), thing in rendered(*arguments).items() if kind == "WorkflowTemplate"}
    return {name.removeprefix("movalytics-"): thing["spec"] for name, thing in found.items()}


def settings(*arguments: str) -> dict[str, str]:
    """The parameters of the WorkflowTemplates with their values, which are the same in all."""
    found: dict[str, str] = {}
    for spec in workflow_templates(*arguments).values():
        for parameter in spec["arguments"]["parameters"]:
            assert found.setdefault(parameter["name"], parameter["value"]) == parameter["value"]
    return found


def as_object(manifest: str) -> dict[str, Any]:
    """What a step applies, read before Argo has put digits in the place of names that stand plain."""
    found: dict[str, Any] = yaml.safe_load(re.sub(r"(?m): (\{\{[^{}]+\}\})$", r': "\1"', manifest))
    return found


def cron_workflows(*arguments: str) -> list[dict[str, Any]]:
    return [thing for (kind, _), thing in rendered(*arguments).items() if kind == "CronWorkflow"]


def leaves(node: yaml.Node, path: str = "") -> Iterator[tuple[str, int]]:
    """Each value's dotted name and the line of its key, counted from 0."""
    for key, value in node.value:
        name = f"{path}{key.value}"
        if isinstance(value, yaml.MappingNode) and value.value:
            yield from leaves(value, f"{name}.")
        else:
            yield name, key.start_mark.line
