"""Small workflows of Hera objects whose steps are one-line Python programs, and the runner around them."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from hera.workflows import DAG, Container, Parameter, RetryStrategy, Task, WorkflowTemplate
from hera.workflows.models import Backoff, IntOrString, ValueFrom
from movalytics_workflows.local import scheduler, states
from movalytics_workflows.local.graph import read_graph
from movalytics_workflows.local.launch import Launcher
from movalytics_workflows.local.processes import base_environment, children
from movalytics_workflows.local.scheduler import Scheduler
from movalytics_workflows.local.scopes import Scope, resolve_parameters, verify
from movalytics_workflows.local.states import TaskState
from movalytics_workflows.retries import PASSES


def step(name: str, program: str = "", **options: object) -> Container:
    """A template that runs a Python program with the arguments in `options["args"]`."""
    arguments = options.pop("args", [])
    return Container(name=name, image="none", command=["python", "-c", program], args=arguments, **options)


def output(name: str) -> Parameter:
    """An output parameter that is read from a file."""
    return Parameter(name=name, value_from=ValueFrom(path=f"/tmp/{name}"))


def retried(limit: int, pause: str = "0", longest: str = "1", patience: str = "60") -> RetryStrategy:
    """Our steps' strategy with other numbers."""
    backoff = Backoff(duration=pause, factor=IntOrString(root=2), cap=longest, max_duration=patience)
    return RetryStrategy(limit=limit, retry_policy="Always", expression=PASSES, backoff=backoff)


def workflow(tasks: list[Task], templates: list[Container], **options: object) -> WorkflowTemplate:
    """A WorkflowTemplate with one DAG."""
    template = WorkflowTemplate(name="small", entrypoint="dag", **options)
    template.templates = [DAG(name="dag", tasks=tasks), *templates]
    return template


def runs(number: int) -> bool:
    """Whether the process is there and not a zombie; it may end while it is being asked."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass
class Finished:
    """How a run ended: the workflow's status, each task's state, and its home."""

    status: str
    states: dict[str, TaskState]
    home: Path

    @property
    def phases(self) -> dict[str, str]:
        """Task → phase."""
        return {name: state.phase for name, state in self.states.items()}


def _look_away(states: Sequence[TaskState]) -> None:
    """Watch nothing."""


Runner = Callable[..., Finished]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler's clock goes ten times as fast: for pauses, not for what a step must get done in time."""
    clock = SimpleNamespace(monotonic=lambda: 10 * time.monotonic(), sleep=time.sleep)
    for module in (scheduler, states):
        monkeypatch.setattr(module, "time", clock)


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Run a workflow to its end in a home of its own; `watch` is shown every state."""

    def run_it(template: WorkflowTemplate, settings: dict[str, str] | None = None, watch: object = None) -> Finished:
        graph = read_graph(template.to_dict())
        verify(graph)
        outputs = tmp_path / "outputs"
        outputs.mkdir(exist_ok=True)
        scope = Scope("small-1", outputs, resolve_parameters(graph, settings or {}, {}))
        with children(tmp_path) as processes:
            launcher = Launcher(processes, base_environment(PLACE=str(tmp_path), PYTHON=sys.executable), tmp_path)
            scheduled = Scheduler(graph, scope, launcher, watch or _look_away)
            return Finished(scheduled.run(), scheduled.states, tmp_path)

    return run_it
