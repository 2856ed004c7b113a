"""What the runbook names exists: workflows, parameters, values, verbs, make's targets and parameters, alerts, codes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from movalytics_operations import __main__ as operations
from movalytics_warehouse import __main__ as warehouse
from movalytics_workflows.chart import values
from movalytics_workflows.render import manifests
from movalytics_workflows.sizing.words import text as sizes

from tests.runbook import RUNBOOK, commands, quoted

ROOT = Path(__file__).parents[2]
# Values of the charts of others, which the runbook names too.
OTHERS = {"hook.upgradeCrd", "spark.jobNamespaces"}


def parameters() -> dict[str, set[str]]:
    """Of each WorkflowTemplate the names of its parameters."""
    found = [yaml.load(text, Loader=yaml.CSafeLoader) for text in manifests().values()]
    return {
        f"workflowtemplate/{one['metadata']['name']}": {
            parameter["name"] for parameter in one["spec"]["arguments"]["parameters"]
        }
        for one in found
        if one["kind"] == "WorkflowTemplate"
    }


def after(words: list[str], *options: str) -> list[str]:
    """What follows each of these options."""
    return [words[at + 1] for at, word in enumerate(words) if word in options]


def names(part: dict[str, Any], path: str = "") -> Iterator[str]:
    """Each dotted name in values, of a part too."""
    for name, inner in part.items():
        yield f"{path}{name}"
        if isinstance(inner, dict):
            yield from names(inner, f"{path}{name}.")


def test_workflows_that_are_submitted_exist_and_take_what_they_are_given() -> None:
    known = parameters()
    submitted = [words for words in commands("argo") if words[0] == "submit"]
    assert len(submitted) > 8
    for words in submitted:
        (template,) = after(words, "--from")
        given = {pair.partition("=")[0] for pair in after(words, "-p")}
        assert given <= known[template], words


def test_values_that_are_set_or_named_exist() -> None:
    known = {*names(values()), *OTHERS}
    ours = [words for words in commands("helm") if "helm/movalytics" in words]
    set_in_commands = {pair.partition("=")[0] for words in ours for pair in after(words, "--set", "--set-string")}
    set_alone = {text.split()[1].partition("=")[0] for text in quoted() if text.startswith("--set ")}
    tops = "|".join(values())
    named = {text for text in quoted() if re.fullmatch(rf"({tops})(\.[A-Za-z-]+)+", text)}
    assert len(set_in_commands) > 5
    assert len(named) > 15
    assert (set_in_commands | set_alone | named) - known == set()


def test_what_operators_are_told_is_known_to_their_charts() -> None:
    theirs = [words for words in commands("helm") if "helm/movalytics" not in words]
    assert {pair.partition("=")[0] for words in theirs for pair in after(words, "--set")} <= OTHERS


@pytest.mark.parametrize(
    ("module", "component"), [("movalytics_operations", operations), ("movalytics_warehouse", warehouse)]
)
def test_verbs_take_their_options(module: str, component: Any) -> None:
    found = [words for words in commands(f".venv/bin/python -m {module}") if len(words) > 1]
    for words in found:
        component.build_parser().parse_args(words)
    assert found or module != "movalytics_operations"


def test_targets_of_make_exist_and_so_do_parameters_of_the_stack() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE))
    words = [word for words in commands("make") for word in words if "=" not in word and word != "…"]
    assert words
    assert set(words) <= targets
    template = (ROOT / "manifests" / "aws" / "movalytics.yaml").read_text()
    given = set(re.findall(r'PARAMETERS="(\w+)=', RUNBOOK))
    assert len(given) == 3
    assert all(f"\n  {name}:\n    Type:" in template for name in given)


def test_alerts_and_exit_codes_are_those_that_there_are() -> None:
    rules = (ROOT / "helm" / "movalytics" / "templates" / "prometheusrule.yaml").read_text()
    alerts = set(re.findall(r"`(Movalytics[A-Z]\w+)`", RUNBOOK))
    assert alerts == set(re.findall(r"alert: (\w+)", rules))
    codes = {code for row in re.findall(r"^\| ([\d, ]+) \|", RUNBOOK, re.MULTILINE) for code in row.split(", ")}
    assert codes
    assert codes <= set(re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(), re.MULTILINE))


def test_the_sizes_shown_are_those_that_are_printed() -> None:
    assert f"```text\n{sizes()}```" in RUNBOOK, "put what movalytics sizing prints into helm/RUNBOOK.md"


def test_the_documents_lead_to_it() -> None:
    for document in ("README.md", "helm/README.md"):
        assert "RUNBOOK.md)" in (ROOT / document).read_text()
