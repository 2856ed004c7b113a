"""The walk through the DAG as Argo's controller does it: start what may start, watch what runs, retry what was lost."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from movalytics_workflows.local.events import Events, last_line
from movalytics_workflows.local.grammar import holds, substitute
from movalytics_workflows.local.graph import Graph, Step, Task
from movalytics_workflows.local.launch import Launcher
from movalytics_workflows.local.processes import Supervised
from movalytics_workflows.local.scopes import Scope
from movalytics_workflows.local.states import ERROR, FAILED, OMITTED, SKIPPED, SUCCEEDED, WAITING, TaskState, status_of

Watch = Callable[[Sequence[TaskState]], None]
_INTERVAL = 0.05


@dataclass
class _Attempt:
    process: Supervised
    events: Events
    deadline: float
    is_late: bool = False


class Walk:
    """One run of a graph; `states` holds every task and the exit handler."""

    def __init__(self, graph: Graph, scope: Scope, launcher: Launcher, watch: Watch) -> None:
        self._graph, self._scope, self._launcher, self._watch = graph, scope, launcher, watch
        exit_task = [Task(graph.on_exit, graph.on_exit, {}, (), "")] if graph.on_exit else []
        self.states = {task.name: TaskState(task.name) for task in (*graph.tasks, *exit_task)}
        self._exit_task = exit_task
        self._attempts: dict[str, _Attempt] = {}
        self._exit_values: Mapping[str, str] = {}

    def run(self) -> str:
        """Walk to the end, the exit handler included; the workflow's status: Succeeded, Failed or Error."""
        self._advance_all(self._graph.tasks)
        status = status_of(list(self.states.values()))
        self._exit_values = {"workflow.status": status}
        self._advance_all(self._exit_task)
        return status_of(list(self.states.values()))

    def _advance_all(self, tasks: Sequence[Task]) -> None:
        while True:
            for task in tasks:
                self._advance(task)
            self._watch(list(self.states.values()))
            if self._attempts:
                time.sleep(_INTERVAL)
            elif not any(self._may_start(task) for task in tasks):
                break
        for task in tasks:
            if not self.states[task.name].is_over:
                self.states[task.name].end(OMITTED)

    def _advance(self, task: Task) -> None:
        state = self.states[task.name]
        if task.name in self._attempts:
            self._follow(task, self._attempts[task.name])
        elif state.phase == WAITING and self._is_decided(task):
            self._decide(task, state)

    def _is_decided(self, task: Task) -> bool:
        return all(self.states[requirement.task].is_over for requirement in task.depends)

    def _may_start(self, task: Task) -> bool:
        return self.states[task.name].phase == WAITING and self._is_decided(task) and not self._has_failed()

    def _has_failed(self) -> bool:
        return not self._exit_values and status_of(list(self.states.values())) != SUCCEEDED

    def _decide(self, task: Task, state: TaskState) -> None:
        if not all(self.states[needed.task].phase in needed.states for needed in task.depends):
            state.end(OMITTED)
        elif task.when and not holds(task.when, self._scope.of_task()):
            state.end(SKIPPED)
        elif not self._has_failed():  # after a failure nothing new starts (Argo's failFast)
            self._start(task)

    def _start(self, task: Task) -> None:
        step = self._graph.steps[task.step]
        values = {**self._scope.of_step(step, task.arguments), **self._exit_values}
        for name in step.outputs:
            self._scope.output_path(step, name).unlink(missing_ok=True)
        self.states[task.name].begin()
        events = Events(self._launcher.log(step))
        seconds = float(substitute(step.deadline, values) or "inf")
        process = self._launcher.start(step, values)
        self._attempts[task.name] = _Attempt(process, events, time.monotonic() + seconds)

    def _follow(self, task: Task, attempt: _Attempt) -> None:
        state = self.states[task.name]
        code = attempt.process.poll()
        for event in attempt.events.new():
            state.heard(event)
        if code is not None:
            self._over(task, attempt, code)
        elif time.monotonic() > attempt.deadline and not attempt.is_late:
            attempt.is_late = True
            attempt.process.stop()

    def _over(self, task: Task, attempt: _Attempt, code: int) -> None:
        del self._attempts[task.name]
        state, step = self.states[task.name], self._graph.steps[task.step]
        self._launcher.clear(step)
        loss = _loss(code, step, state)
        if attempt.is_late:
            state.sentence = ""
            state.end(FAILED, 128 + signal.SIGTERM, f"{task.name} was ended at its deadline; {self._where(step)}")
        elif loss and state.attempt <= step.retries:
            self._start(task)
        elif loss:
            what = f"{task.name} {loss} in each of {state.attempt} attempts"
            state.sentence = ""
            state.end(ERROR, code if code > 0 else 128 - code, f"{what}; {self._where(step)}")
        elif code:
            state.end(FAILED, code, f"{task.name} ended with exit code {code} without saying why; {self._where(step)}")
        elif missing := self._scope.take_outputs(task, step):
            state.end(ERROR, 70, f"{task.name} did not write {', '.join(missing)}; {self._where(step)}")
        else:
            state.end(SUCCEEDED)

    def _where(self, step: Step) -> str:
        log = self._launcher.log(step)
        return f"its last words in {log}: {last_line(log) or 'none'}"


def _loss(code: int, step: Step, state: TaskState) -> str:
    """How the process was lost, the local form of a lost pod; empty when it ended by itself.

    A Spark application that ends without a word lost one of its processes: spark-submit's launcher, Spark's Python
    driver. The Spark Operator would start it again (restartPolicy OnFailure).
    """
    if code < 0:
        return f"was killed by signal {-code} ({'memory may have run out' if code == -signal.SIGKILL else 'not by us'})"
    return f"ended with exit code {code} and no word" if step.manifest and code and not state.sentence else ""
