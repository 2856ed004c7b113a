"""What the local runner would not honour it refuses when it reads the workflow, with the place."""

from typing import Any

import pytest
from hera.workflows import Task
from movalytics_workflows.daily import daily
from movalytics_workflows.local.errors import Unsupported
from movalytics_workflows.local.graph import read_graph
from movalytics_workflows.local.scopes import resolve_parameters, verify

from tests.unit.workflows.conftest import output, step, workflow

BACKOFF = {"duration": "1", "factor": 2, "cap": "5", "maxDuration": "60"}
OURS = {"limit": 2, "retryPolicy": "Always", "expression": 'retries == "0"', "backoff": BACKOFF}


def small() -> dict[str, Any]:
    """One task that runs one step."""
    found: dict[str, Any] = workflow([Task(name="a", template="a")], [step("a")]).to_dict()
    return found


def test_our_own_workflow_is_understood_whole() -> None:
    graph = read_graph(daily().to_dict())
    verify(graph)
    assert graph.on_exit == "finish"
    assert len(graph.tasks) == 11


@pytest.mark.parametrize(
    ("place", "addition", "words"),
    [
        ("spec", {"hooks": {}}, "hooks in the workflow small"),
        ("spec", {"volumeClaimTemplates": []}, "volumeClaimTemplates in the workflow small"),
        (
            "spec",
            {"arguments": {"parameters": [{"name": "x", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "k"}}}]}},
            "valueFrom in the parameter x",
        ),
        ("task", {"withItems": [1, 2]}, "withItems in the task a"),
        ("task", {"continueOn": {"failed": True}}, "continueOn in the task a"),
        ("task", {"depends": "b || c"}, "does not know depends"),
        ("task", {"depends": "b"}, "nothing here is called b"),
        ("task", {"depends": "a"}, "the task a waits for itself"),
        ("task", {"template": "z"}, "nothing here is called z"),
        ("task", {"when": "{{workflow.name}} =~ x"}, "does not know when"),
        ("task", {"when": "{{tasks.b.outputs.result}} == x"}, "nothing here is called tasks.b.outputs.result"),
        ("template", {"inputs": {"artifacts": [{"name": "x"}]}}, "artifacts in the inputs"),
        ("template", {"inputs": {"parameters": [{"name": "x"}]}}, "arguments of the task a: nothing here is called x"),
        ("template", {"retryStrategy": {"limit": 2}}, "retryPolicy Always with an expression"),
        ("template", {"retryStrategy": OURS | {"retryPolicy": "OnError"}}, "retryPolicy Always with an expression"),
        ("template", {"retryStrategy": OURS | {"expression": ""}}, "retryPolicy Always with an expression"),
        ("template", {"retryStrategy": OURS | {"expression": "true"}}, "does not know true in the expression"),
        ("template", {"retryStrategy": OURS | {"affinity": {}}}, "affinity in the retryStrategy of a"),
        ("template", {"retryStrategy": OURS | {"backoff": {"duration": "1"}}}, "a backoff whose duration, cap"),
        ("template", {"retryStrategy": OURS | {"backoff": BACKOFF | {"cap": "1m"}}}, "a backoff whose duration, cap"),
        ("template", {"retryStrategy": OURS | {"backoff": BACKOFF | {"factor": "2"}}}, "a backoff whose duration, cap"),
        ("template", {"retryStrategy": OURS | {"limit": "{{workflow.parameters.x}}"}}, "nothing here is called"),
        ("template", {"sidecars": []}, "sidecars in the template a"),
        ("template", {"container": {"args": ["x"]}}, "container a has no command"),
        ("template", {"container": {"command": ["x"], "envFrom": [], "tty": True}}, "tty in the container a"),
        (
            "template",
            {"container": {"command": ["x"], "env": [{"name": "X", "valueFrom": {}}]}},
            "valueFrom in the env of the container a",
        ),
        ("template", {"container": {"command": ["{{pod.name}}"]}}, "nothing here is called pod.name"),
        ("template", {"container": {"command": ["{{workflow.status}}"]}}, "nothing here is called workflow.status"),
        (
            "template",
            {"timeout": "{{workflow.parameters.x}}s"},
            "nothing here is called workflow.parameters.x",
        ),
        ("template", {"timeout": "1h"}, "a timeout in seconds, as 600s; a has '1h'"),
        ("template", {"activeDeadlineSeconds": 5}, "activeDeadlineSeconds in the template a"),
        ("template", {"container": {"command": ["{{lastRetry.exitCode}}"]}}, "is called lastRetry.exitCode"),
    ],
)
def test_refuses(place: str, addition: dict[str, Any], words: str) -> None:
    found = small()
    spec = found["spec"]
    target = {"spec": spec, "task": spec["templates"][0]["dag"]["tasks"][0], "template": spec["templates"][1]}[place]
    target |= addition
    with pytest.raises(Unsupported, match=words):
        verify(read_graph(found))


def test_refuses_outputs_of_a_task_that_is_not_waited_for() -> None:
    tasks = [Task(name="a", template="a"), Task(name="b", template="b", when="{{tasks.a.outputs.parameters.x}} == 1")]
    found = workflow(tasks, [step("a", outputs=[output("x")]), step("b")]).to_dict()
    with pytest.raises(Unsupported, match=r"the task b: nothing here is called tasks\.a\.outputs\.parameters\.x"):
        verify(read_graph(found))


def test_refuses_an_entrypoint_that_is_not_a_dag() -> None:
    found = small()
    found["spec"]["entrypoint"] = "a"
    with pytest.raises(Unsupported, match="container in the entrypoint a"):
        read_graph(found)


def test_refuses_a_parameter_that_has_no_value_here() -> None:
    with pytest.raises(Unsupported, match="no value for the parameter lake"):
        resolve_parameters(read_graph(daily().to_dict()), {}, {})


def test_a_value_for_this_run_comes_before_all_others() -> None:
    found = small()
    found["spec"]["arguments"] = {"parameters": [{"name": name, "value": "own"} for name in "pq"]}
    graph = read_graph(found)
    assert resolve_parameters(graph, {}, {}) == {"p": "own", "q": "own"}
    assert resolve_parameters(graph, {"p": "set", "q": "set"}, {"p": "now"}) == {"p": "now", "q": "set"}
    with pytest.raises(Unsupported, match="no parameter z"):
        resolve_parameters(graph, {}, {"z": "1"})
