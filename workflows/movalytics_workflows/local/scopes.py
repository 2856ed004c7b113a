"""Which names a text may use and what they mean: arguments, settings, inputs and what earlier tasks put out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from movalytics_workflows.local.errors import Unsupported
from movalytics_workflows.local.grammar import substitute, tags, unknown
from movalytics_workflows.local.graph import Graph, Step, Task

LAST_EXIT = "lastRetry.exitCode"


@dataclass
class Scope:
    """The values known so far in one run; steps write their output parameters below `directory`."""

    run: str
    directory: Path
    parameters: Mapping[str, str]
    outputs: dict[str, str] = field(default_factory=dict)

    def of_workflow(self) -> dict[str, str]:
        """`workflow.name`, `workflow.namespace` (empty: no cluster) and `workflow.parameters.*`."""
        return {"workflow.name": self.run, "workflow.namespace": ""} | {
            f"workflow.parameters.{key}": text for key, text in self.parameters.items()
        }

    def of_task(self) -> dict[str, str]:
        """What a task's arguments and `when` may name: the workflow's values and `tasks.*.outputs.parameters.*`."""
        return self.of_workflow() | self.outputs

    def of_step(self, step: Step, arguments: Mapping[str, str]) -> dict[str, str]:
        """What a step's texts may name: the workflow's values, its inputs and the paths of its outputs."""
        inputs = {f"inputs.parameters.{name}": substitute(text, self.of_task()) for name, text in arguments.items()}
        paths = {f"outputs.parameters.{name}.path": str(self.output_path(step, name)) for name in step.outputs}
        return self.of_workflow() | inputs | paths

    def output_path(self, step: Step, name: str) -> Path:
        """Where the step writes this output parameter."""
        return self.directory / f"{step.name}.{name}"

    def take_outputs(self, task: Task, step: Step) -> list[str]:
        """Read what the task put out; the names of outputs that it did not write."""
        missing = []
        for name in step.outputs:
            path = self.output_path(step, name)
            if path.is_file():
                self.outputs[f"tasks.{task.name}.outputs.parameters.{name}"] = path.read_text()
            else:
                missing.append(name)
        return missing


def resolve_parameters(graph: Graph, settings: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """A value for every argument of the workflow: given for this run, else the setting, else its own.

    Raises Unsupported when none is there or `given` names an argument that the workflow has not.
    """
    strange = unknown(given, [parameter.name for parameter in graph.parameters])
    if strange:
        raise Unsupported(f"the workflow {graph.name} has no parameter {', '.join(strange)}")
    values = {}
    for parameter in graph.parameters:
        choices = (given.get(parameter.name), settings.get(parameter.name), parameter.value)
        value = next((choice for choice in choices if choice is not None), None)
        if value is None:
            raise Unsupported(f"the local settings have no value for the parameter {parameter.name}")
        values[parameter.name] = value
    return values


def verify(graph: Graph) -> None:
    """Every name in every text means something where it stands, and no task waits for itself.

    Raises Unsupported with the place.
    """
    workflow = {"workflow.name", "workflow.namespace"} | {
        f"workflow.parameters.{parameter.name}" for parameter in graph.parameters
    }
    for task in graph.tasks:
        _verify_task(task, graph, workflow)
    if graph.on_exit:
        _known([graph.on_exit], graph.steps, "onExit")
        _verify_step(graph.steps[graph.on_exit], workflow | {"workflow.status"})


def _verify_task(task: Task, graph: Graph, workflow: set[str]) -> None:
    where = f"the task {task.name}"
    earlier = _ancestors(task, {other.name: other for other in graph.tasks})
    _known([task.step], graph.steps, where)
    step = graph.steps[task.step]
    _known(step.inputs, task.arguments, f"the arguments of {where}")
    outputs = {
        f"tasks.{other.name}.outputs.parameters.{name}" for other in earlier for name in graph.steps[other.step].outputs
    }
    _known([tag for text in (task.when, *task.arguments.values()) for tag in tags(text)], workflow | outputs, where)
    _verify_step(step, workflow)


def _ancestors(task: Task, tasks: Mapping[str, Task]) -> list[Task]:
    found: dict[str, Task] = {}
    ahead = [requirement.task for requirement in task.depends]
    while ahead:
        _known(ahead, tasks, f"depends of the task {task.name}")
        name = ahead.pop()
        if name == task.name:
            raise Unsupported(f"the task {task.name} waits for itself")
        if name not in found:
            found[name] = tasks[name]
            ahead += [requirement.task for requirement in tasks[name].depends]
    return list(found.values())


def _verify_step(step: Step, workflow: set[str]) -> None:
    inputs = {f"inputs.parameters.{name}" for name in step.inputs}
    paths = {f"outputs.parameters.{name}.path" for name in step.outputs}
    texts = [*step.command, *step.environment.values(), step.manifest, step.deadline, *_retry_texts(step)]
    retried = {LAST_EXIT} if step.retries else set()
    _known(
        [tag for text in texts for tag in tags(text)], workflow | inputs | paths | retried, f"the template {step.name}"
    )


def _retry_texts(step: Step) -> list[str]:
    found = step.retries
    return [found.limit, found.pause, found.longest_pause, found.patience] if found else []


def _known(names: Iterable[str], known: Iterable[str], where: str) -> None:
    strange = unknown(names, known)
    if strange:
        raise Unsupported(f"{where}: nothing here is called {', '.join(strange)}")
