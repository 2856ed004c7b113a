"""The workflow as the local runner sees it, read from the Hera object; what it would not honour it refuses here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from movalytics_workflows.local.errors import Unsupported
from movalytics_workflows.local.expressions import Condition, parse
from movalytics_workflows.local.grammar import Requirement, parse_depends, parse_when, unknown

Json = dict[str, Any]
_NUMBER = r"(\d+|\{\{[^{}]+\}\})"  # or a name that stands for one
# What speaks to Kubernetes alone. The lock stands for the mutex, the caller's environment for the Secrets, and somebody
# sits before a run that takes too long.
_CLUSTER_ONLY = {
    "workflow": {
        "activeDeadlineSeconds",
        "securityContext",
        "serviceAccountName",
        "synchronization",
        "ttlStrategy",
        "podGC",
        "workflowMetadata",
        "metrics",
    },
    "template": {"serviceAccountName", "volumes", "metadata", "metrics", "securityContext"},
    "container": {"image", "imagePullPolicy", "resources", "securityContext", "volumeMounts", "envFrom"},
    "resource": {"action", "setOwnerReference", "successCondition", "failureCondition"},
    "parameter": {"description", "enum"},
}


@dataclass(frozen=True)
class Retries:
    """Which ends of an attempt are followed by another, how often, after how many seconds; texts may hold names."""

    passes: Condition
    limit: str
    pause: str
    factor: int
    longest_pause: str
    patience: str


@dataclass(frozen=True)
class Step:
    """A template that works: a container's command or a SparkApplication's manifest."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    manifest: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    deadline: str
    retries: Retries | None


@dataclass(frozen=True)
class Task:
    """A place in the DAG: a step, what it gets, what it waits for, and whether it is wanted."""

    name: str
    step: str
    arguments: Mapping[str, str]
    depends: tuple[Requirement, ...]
    when: str


@dataclass(frozen=True)
class Parameter:
    """An argument of the workflow; without a value of its own it takes one of the settings."""

    name: str
    value: str | None


@dataclass(frozen=True)
class Graph:
    """The whole workflow."""

    name: str
    parameters: tuple[Parameter, ...]
    tasks: tuple[Task, ...]
    steps: Mapping[str, Step]
    on_exit: str


def read_graph(workflow: Json) -> Graph:
    """The graph of a WorkflowTemplate's `to_dict()`. Raises Unsupported for what the runner would not honour."""
    name, spec = workflow["metadata"]["name"], workflow["spec"]
    _only(spec, {"arguments", "entrypoint", "onExit", "templates"}, "workflow", name)
    templates = {template["name"]: template for template in spec["templates"]}
    entry = templates.pop(spec["entrypoint"])
    _only(entry, {"name", "dag"}, "entrypoint", entry["name"])
    _only(entry.get("dag", {}), {"tasks"}, "entrypoint", entry["name"])
    if "dag" not in entry:
        raise Unsupported(f"the entrypoint {entry['name']} is not a DAG: the local runner runs a DAG")
    return Graph(
        name=name,
        parameters=tuple(_parameter(item) for item in _parameters(spec.get("arguments", {}), name)),
        tasks=tuple(_task(item) for item in entry["dag"]["tasks"]),
        steps={key: _step(template) for key, template in templates.items()},
        on_exit=spec.get("onExit", ""),
    )


def _only(found: Json, known: set[str], kind: str, name: str) -> None:
    strange = unknown(found, known | _CLUSTER_ONLY.get(kind, set()))
    if strange:
        raise Unsupported(f"the local runner does not know {', '.join(strange)} in the {kind} {name}")


def _parameters(holder: Json, name: str) -> list[Json]:
    _only(holder, {"parameters"}, "inputs, outputs or arguments of", name)
    return list(holder.get("parameters", []))


def _parameter(item: Json) -> Parameter:
    name = item["name"]
    _only(item, {"name", "value"}, "parameter", name)
    return Parameter(name, item.get("value"))


def _task(item: Json) -> Task:
    name = item["name"]
    _only(item, {"name", "template", "arguments", "depends", "when"}, "task", name)
    when = item.get("when", "")
    if when:
        parse_when(when)
    arguments = _parameters(item.get("arguments", {}), name)
    for argument in arguments:
        _only(argument, {"name", "value"}, "argument of", name)
    values = {argument["name"]: argument["value"] for argument in arguments}
    return Task(name, item["template"], values, parse_depends(item.get("depends", "")), when)


def _step(item: Json) -> Step:
    name = item["name"]
    common = {"name", "inputs", "outputs", "timeout", "retryStrategy", "container", "resource"}
    _only(item, common, "template", name)
    container, resource = item.get("container", {}), item.get("resource", {})
    _only(container, {"command", "args", "env"}, "container", name)
    _only(resource, {"manifest"}, "resource", name)
    if bool(container) == bool(resource):
        raise Unsupported(f"the template {name} is neither a container nor a resource: the runner knows these two")
    if container and not container.get("command"):
        raise Unsupported(f"the container {name} has no command: the local runner does not open images to find one")
    return Step(
        name=name,
        command=(*container.get("command", ()), *container.get("args", ())),
        environment={variable["name"]: _variable(variable, name) for variable in container.get("env", ())},
        manifest=resource.get("manifest", ""),
        inputs=tuple(_input(given, name) for given in _parameters(item.get("inputs", {}), name)),
        outputs=tuple(_output(given, name) for given in _parameters(item.get("outputs", {}), name)),
        deadline=_deadline(str(item.get("timeout", "")), name),
        retries=_retries(item.get("retryStrategy", {}), name),
    )


def _input(item: Json, name: str) -> str:
    _only(item, {"name"}, "input of", name)
    return str(item["name"])


def _output(item: Json, name: str) -> str:
    _only(item, {"name", "valueFrom"}, "output of", name)
    _only(item["valueFrom"], {"path"}, "output of", name)
    return str(item["name"])


def _variable(variable: Json, name: str) -> str:
    _only(variable, {"name", "value"}, "env of the container", name)
    return str(variable.get("value", ""))


def _deadline(timeout: str, name: str) -> str:
    """The text before the `s`: a number of seconds, or a name that stands for one."""
    if timeout and not re.fullmatch(f"{_NUMBER}s", timeout):
        raise Unsupported(f"the local runner knows a timeout in seconds, as 600s; {name} has {timeout!r}")
    return timeout.removesuffix("s")


def _retries(strategy: Json, name: str) -> Retries | None:
    if not strategy:
        return None
    place = "retryStrategy of"
    _only(strategy, {"limit", "retryPolicy", "expression", "backoff"}, place, name)
    backoff = strategy.get("backoff", {})
    _only(backoff, {"duration", "factor", "cap", "maxDuration"}, place, name)
    texts = [str(strategy.get("limit")), *(str(backoff.get(key)) for key in ("duration", "cap", "maxDuration"))]
    factor = backoff.get("factor")
    is_ours = all(re.fullmatch(_NUMBER, text) for text in texts) and isinstance(factor, int)
    if strategy.get("retryPolicy") != "Always" or not strategy.get("expression") or not is_ours:
        raise Unsupported(
            "the local runner knows retryPolicy Always with an expression, a limit and a backoff whose duration, cap "
            f"and maxDuration are seconds and whose factor is a whole number; {name} asks for something else"
        )
    limit, pause, longest_pause, patience = texts
    return Retries(parse(strategy["expression"]), limit, pause, factor, longest_pause, patience)
