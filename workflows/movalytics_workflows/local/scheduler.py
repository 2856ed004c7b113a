"""The DAG scheduled as by Argo's controller: start what may, watch what runs, try again what may pass."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from movalytics_workflows.local.endings import Ending, at_deadline, failed, without
from movalytics_workflows.local.events import Events
from movalytics_workflows.local.grammar import holds, said, substitute
from movalytics_workflows.local.graph import Graph, Step, Task
from movalytics_workflows.local.launch import Launcher
from movalytics_workflows.local.processes import Supervised
from movalytics_workflows.local.retrying import pause_after, seconds_of_patience
from movalytics_workflows.local.scopes import LAST_EXIT, Scope
from movalytics_workflows.local.states import OMITTED, PAUSING, SKIPPED, SUCCEEDED, WAITING, TaskState, status_of

Watch = Callable[[Sequence[TaskState]], None]
_INTERVAL = 0.05


@dataclass
class _Attempt:
    process: Supervised
    events: Events
    deadline: float
    is_late: bool = False


class Scheduler:
    """One run of a graph; `states` holds every task and the exit handler."""

    def __init__(self, graph: Graph, scope: Scope, launcher: Launcher, watch: Watch) -> None:
        self._graph, self._scope, self._launcher, self._watch = graph, scope, launcher, watch
        exit_task = [Task(graph.on_exit, graph.on_exit, {}, (), "")] if graph.on_exit else []
        self.states = {task.name: TaskState(task.name) for task in (*graph.tasks, *exit_task)}
        self._exit_task = exit_task
        self._attempts: dict[str, _Attempt] = {}
        self._exit_values: Mapping[str, str] = {}

    def run(self) -> str:
        """Run to the end, the exit handler included; the workflow's status: Succeeded, Failed or Error."""
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
            if self._attempts or self._pauses():
                time.sleep(_INTERVAL)
            elif not any(self._may_start(task) for task in tasks):
                break
        for task in tasks:
            if not self.states[task.name].is_over:
                self.states[task.name].end(OMITTED)

    def _pauses(self) -> bool:
        return any(state.phase == PAUSING for state in self.states.values())

    def _advance(self, task: Task) -> None:
        state = self.states[task.name]
        if task.name in self._attempts:
            self._follow(task, self._attempts[task.name])
        elif state.phase == WAITING and self._is_decided(task):
            self._decide(task, state)
        elif state.phase == PAUSING and time.monotonic() >= state.again_at:
            self._start(task)

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
            state.end(SKIPPED, sentence=said(task.when, self._scope.of_task()))
        elif not self._has_failed():  # after a failure nothing new starts (Argo's failFast)
            self._start(task)

    def _start(self, task: Task) -> None:
        step, state = self._graph.steps[task.step], self.states[task.name]
        values = self._values(task, step)
        for name in step.outputs:
            self._scope.output_path(step, name).unlink(missing_ok=True)
        state.begin()
        deadline = time.monotonic() + float(substitute(step.deadline, values) or "inf")
        if state.attempt > 1:
            deadline = min(deadline, state.started + seconds_of_patience(step.retries, values))
        events = Events(self._launcher.log(step))
        self._attempts[task.name] = _Attempt(self._launcher.start(step, values), events, deadline)

    def _values(self, task: Task, step: Step) -> Mapping[str, str]:
        own = {LAST_EXIT: self.states[task.name].last_exit}
        return {**self._scope.of_step(step, task.arguments), **self._exit_values, **own}

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
        step, state = self._graph.steps[task.step], self.states[task.name]
        self._launcher.clear(step)
        ending = self._ending(task, attempt, code)
        if ending is None:
            state.end(SUCCEEDED)
            return
        state.last_exit = ending.code
        pause = pause_after(step.retries, state.attempt, state.seconds, ending, self._values(task, step))
        if pause is None:
            tries = f" (after {state.attempt} attempts)" if state.attempt > 1 else ""
            state.end(ending.phase, ending.exit_code, f"{ending.sentence}{tries}")
        else:
            state.pause(pause, ending.sentence)

    def _ending(self, task: Task, attempt: _Attempt, code: int) -> Ending | None:
        step = self._graph.steps[task.step]
        log = self._launcher.log(step)
        if attempt.is_late:
            return at_deadline(step, log)
        if code:
            return failed(step, self.states[task.name], code, log)
        missing = self._scope.take_outputs(task, step)
        return without(step, missing, log) if missing else None
