"""The chart's values, their schema, the workflows and the documents name the same."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from movalytics_workflows.chart import VALUES, values
from movalytics_workflows.render import manifests

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(VALUES.with_name("values.schema.json").read_text())
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("*/README.md"))]
QUOTED = re.compile(r"`([A-Za-z]+(?:\.[A-Za-z-]+)*): ([^`]+)`")


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    """Every manifest by its name."""
    found = [yaml.load(text, Loader=yaml.CSafeLoader) for text in manifests().values()]
    return {f"{manifest['kind']} {manifest['metadata']['name']}": manifest for manifest in found}


def steps(template: dict[str, Any]) -> set[str]:
    """The templates that work, of a WorkflowTemplate."""
    return {step["name"] for step in template["spec"]["templates"] if "dag" not in step}


def named_by_schema(part: dict[str, Any], path: str = "") -> Iterator[tuple[str, bool]]:
    """Each dotted name that a schema knows, and whether it must be there."""
    part = SCHEMA["definitions"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    for name, inner in part.get("properties", {}).items():
        yield f"{path}{name}", name in part["required"]
        yield from named_by_schema(inner, f"{path}{name}.")


def named_by_values(part: dict[str, Any], path: str = "") -> Iterator[str]:
    """Each dotted name in values."""
    for name, inner in part.items():
        yield f"{path}{name}"
        if isinstance(inner, dict):
            yield from named_by_values(inner, f"{path}{name}.")


def value(path: str) -> object:
    """What stands under a dotted name."""
    found: Any = values()
    for name in path.split("."):
        found = found[name]
    return found


def test_the_schema_knows_every_value_requires_it_and_knows_no_other() -> None:
    assert dict(named_by_schema(SCHEMA)) == dict.fromkeys(named_by_values(values()), True)


def test_every_step_has_a_deadline_and_every_deadline_its_step_but_that_of_a_run(rendered: dict[str, Any]) -> None:
    templates = [content for name, content in rendered.items() if name.startswith("WorkflowTemplate ")]
    assert values()["deadlines"].keys() == set().union(*map(steps, templates)) | {"run"}
    publishing = [content["spec"] for content in templates if "finish" in steps(content)]
    assert {spec["activeDeadlineSeconds"] for spec in publishing} == {values()["deadlines"]["run"]}


def test_every_transform_has_sizes_and_every_size_its_transform(rendered: dict[str, Any]) -> None:
    transforms = {f"transform-{application}" for application in values()["applications"]}
    assert transforms == {step for step in steps(rendered["WorkflowTemplate movalytics-daily"]) if "transform" in step}


def test_every_cron_workflow_has_a_schedule_and_every_schedule_its_cron_workflow(rendered: dict[str, Any]) -> None:
    crons = {name for name in rendered if name.startswith("CronWorkflow ")}
    own = {name for name, section in values().items() if isinstance(section, dict) and "schedule" in section}
    assert crons == {f"CronWorkflow movalytics-{name}" for name in {*values()["schedules"], *own}}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_value_that_a_document_quotes_is_the_charts(document: Path) -> None:
    quoted = [(path, text) for path, text in QUOTED.findall(document.read_text()) if path.split(".")[0] in values()]
    assert [(path, yaml.safe_load(text)) for path, text in quoted] == [(path, value(path)) for path, _ in quoted]


def test_the_documents_of_chart_and_workflows_quote_what_they_reckon_with() -> None:
    quoted = {
        path
        for folder in ("helm", "workflows")
        for path, _ in QUOTED.findall((ROOT / folder / "README.md").read_text())
    }
    assert {"schedules.daily", "schedules.alarm", "retries.patienceSeconds"} <= quoted
